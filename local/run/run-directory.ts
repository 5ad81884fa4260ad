import * as fs from 'node:fs';
import * as path from 'node:path';
import { isAlive } from '../process/alive';
import { removeDeadScratch } from '../process/scratch';

const RUNS_KEPT = 20;
const MIB = 1024 * 1024;
/** Logs, files of images, and the data of stores. */
const NEEDED_MIB = 64;

/** Makes the directory of a run. Logs of the last runs are useful, those of all runs only fill the disk. */
export function makeRunDirectory(root: string, run: number | undefined): string {
  const started = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const runs = path.join(root, '.cache', 'demo', 'runs');
  // Names begin with the time, so they sort by age.
  const old = fs.existsSync(runs) ? fs.readdirSync(runs).sort().slice(0, -RUNS_KEPT) : [];
  for (const name of old.filter((each) => !isAlive(Number(each.split('-')[2])))) {
    fs.rmSync(path.join(runs, name), { recursive: true, force: true });
  }
  removeDeadScratch();
  needSpace(root);
  const directory = path.join(runs, `${started}-${process.pid}-${run ?? 'shared'}`);
  fs.mkdirSync(path.join(directory, 'logs'), { recursive: true });
  return directory;
}

/** A disk that is full in the middle of a run shows itself as servers that do not start. */
function needSpace(folder: string): void {
  const { bavail, bsize } = fs.statfsSync(folder);
  const left = Math.floor((bavail * bsize) / MIB);
  if (left >= NEEDED_MIB) return;
  throw new Error(`the disk of ${folder} has ${left} MiB left, and a run needs ${NEEDED_MIB} MiB at least; free space there`);
}
