import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { bundleRunner, docker, ROOT, Runner } from './runner';
import { synthesiseSmall } from './small-app';
import { until } from '../../check/visitor';
import { removeLeftOvers } from '../../containers/cleaner';
import { processesOf } from '../fixture/processes-of';

// Ctrl-C at any moment, and a runner that is killed: nothing stays. The lane `containers` runs this.
jest.setTimeout(240_000);
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'signals-'));
const program = bundleRunner(path.join(scratch, 'runner.cjs'));
const assembly = synthesiseSmall(path.join(scratch, 'small'));
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

/** A local run with a root of its own, so that its processes can be told from those of others. */
function start(name: string, engine: string): Runner {
  const root = path.join(scratch, name);
  fs.mkdirSync(root, { recursive: true });
  fs.symlinkSync(path.join(ROOT, 'local'), path.join(root, 'local'));
  return new Runner([program, '--root', root, '--assembly', assembly, '--example', 'small', '--engine', engine]);
}

/** Moments of a start, by what can be seen from outside. */
const MOMENTS: Record<string, (root: string, runner: Runner) => Promise<void>> = {
  'before it does anything': async () => undefined,
  'when its directory is there': (root) => until('a directory', 60_000, () => filesBelow(root).length > 0),
  'when its first task starts': (root) => until('a log', 60_000, () => filesBelow(root).some((file) => file.includes('Small-'))),
  'when it is up': (_root, runner) => runner.says('Open '),
};

function filesBelow(root: string): string[] {
  const runs = path.join(root, '.cache', 'demo', 'runs');
  return fs.existsSync(runs) ? fs.readdirSync(runs, { recursive: true, encoding: 'utf8' }) : [];
}

describe.each(['container', 'process'])('a run of the %s engine', (engine) => {
  test.each(Object.entries(MOMENTS))('that hears Ctrl-C %s leaves nothing', async (name, moment) => {
    const mark = `${engine} ${name}`.replaceAll(' ', '-');
    const runner = start(mark, engine);
    await moment(path.join(scratch, mark), runner);
    runner.interrupt();
    await runner.ended;
    expect(await runner.leftOver(path.join(scratch, mark))).toEqual([]);
    expect(runner.output).not.toContain('    at ');
  });

  test.each(['when its first task starts', 'when it is up'])('that is killed %s leaves nothing to the next run', async (name) => {
    const mark = `${engine} killed ${name}`.replaceAll(' ', '-');
    const killed = start(mark, engine);
    await MOMENTS[name](path.join(scratch, mark), killed);
    killed.signal('SIGKILL');
    await killed.ended;
    await until('its processes are gone', 20_000, () => processesOf(path.join(scratch, mark)).length === 0).catch(() => undefined);
    expect(processesOf(path.join(scratch, mark))).toEqual([]);
    const next = start(`${mark}-next`, engine);
    await next.says('Open ');
    next.interrupt();
    expect(await next.ended).toBe(0);
    expect(await killed.leftOver(path.join(scratch, mark))).toEqual([]);
    if (engine === 'container') expect(next.output).toMatch(/removed what run \d+-\d+ left behind/);
    expect(await removeLeftOvers(docker)).toEqual([]);
  });
});
