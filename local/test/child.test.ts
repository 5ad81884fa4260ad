import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { until } from '../check/visitor';
import { Child, runOnce } from '../process/child';
import { ProcessTable } from '../process/process-table';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'local-test-'));
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

describe('processes', () => {
  const table = new ProcessTable(path.join(__dirname, '..'));
  afterAll(() => table.killAll());
  const options = (program: string) => ({
    command: [process.execPath, '-e', program],
    cwd: scratch,
    env: { PATH: process.env.PATH ?? '' },
    log: path.join(scratch, 'log'),
    table,
  });
  const alive = (pid: number) => {
    try {
      process.kill(pid, 0);
      // A dead process that nobody has waited for yet still has its id; it cannot hold anything.
      return process.platform !== 'linux' || !/\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return false;
    }
  };
  const contentOf = (file: string) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '');
  /** A child that is told of as soon as its program has come to `ready(text)`, with that text. */
  const startedChild = async (program: string) => {
    const file = path.join(fs.mkdtempSync(path.join(scratch, 'child-')), 'ready');
    const ready = `const ready = (text) => {
      require('fs').writeFileSync(${JSON.stringify(`${file}.new`)}, String(text));
      require('fs').renameSync(${JSON.stringify(`${file}.new`)}, ${JSON.stringify(file)});
    };`;
    const child = new Child(options(`${ready} ${program}; setInterval(() => {}, 1000);`));
    await until('the child is ready', 60_000, () => contentOf(file) !== '');
    return { child, text: contentOf(file) };
  };

  test('end with SIGTERM when they listen to it', async () => {
    const { child } = await startedChild("process.on('SIGTERM', () => process.exit(7)); ready('up')");
    await child.stop(60_000);
    expect(await child.exited).toBe(7);
  });

  test('end with SIGKILL when they do not', async () => {
    const { child } = await startedChild("process.on('SIGTERM', () => {}); ready('up')");
    await child.stop(100);
    expect(await child.exited).toBe('SIGKILL');
  });

  test('take their helpers along', async () => {
    const { child, text } = await startedChild(
      "ready(require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']).pid)",
    );
    expect(alive(Number(text))).toBe(true);
    child.signal('SIGKILL');
    await child.exited;
    await until('nothing is left', 60_000, () => !alive(Number(text)));
    expect(table.size).toBe(0);
  });

  test('that cannot start say so in their log', async () => {
    expect(await runOnce({ ...options(''), command: ['/no/such/program'], log: path.join(scratch, 'missing') }, 60_000)).toBe(127);
    expect(fs.readFileSync(path.join(scratch, 'missing'), 'utf8')).toMatch(/cannot start.* \/no\/such\/program/);
  });

  test('are bounded where they should end by themselves', async () => {
    expect(await runOnce(options('setInterval(() => {}, 1000)'), 200)).toBe(137);
  });

  test('end with the process that they run beside, as health checks do', async () => {
    const { child } = await startedChild("ready('up')");
    const beside = runOnce(options('setInterval(() => {}, 1000)'), 60_000, child);
    await child.stop(60_000);
    expect(await beside).toBe(137);
    expect(table.size).toBe(0);
  });

  test('do not outlive a runner that is killed', async () => {
    // The runner of this test: it holds the reaper's only input, and dies without a word.
    const runner = `
      const { spawn } = require('child_process');
      const reaper = spawn(process.execPath, [${JSON.stringify(path.join(__dirname, '..', 'process', 'reaper.cjs'))}], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
      const orphan = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
      reaper.stdin.write('+' + orphan.pid + '\\n', () => ready(orphan.pid))`;
    const { child, text } = await startedChild(runner);
    expect(alive(Number(text))).toBe(true);
    child.signal('SIGKILL');
    await until('nothing is left', 60_000, () => !alive(Number(text)));
  });
});
