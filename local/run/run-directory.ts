import * as fs from 'node:fs';
import * as path from 'node:path';

const RUNS_KEPT = 20;

/** Makes the directory of a run. Logs of the last runs are useful, those of all runs only fill the disk. */
export function makeRunDirectory(root: string, run: number | undefined): string {
  const started = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const runs = path.join(root, '.cache', 'demo', 'runs');
  // Names begin with the time, so they sort by age.
  const old = fs.existsSync(runs) ? fs.readdirSync(runs).sort().slice(0, -RUNS_KEPT) : [];
  for (const name of old) fs.rmSync(path.join(runs, name), { recursive: true, force: true });
  const directory = path.join(runs, `${started}-${process.pid}-${run ?? 'shared'}`);
  fs.mkdirSync(path.join(directory, 'logs'), { recursive: true });
  return directory;
}
