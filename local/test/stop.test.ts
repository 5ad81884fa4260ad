import { ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { bundleRunner } from './containers/runner';
import { synthesiseSmall } from './containers/small-app';
import { synthesiseConnectFixture } from './fixture/connect-app';
import { processesOf } from './fixture/processes-of';
import { until } from '../check/visitor';
import { RunContext } from '../ecs/run-context';
import { ServiceScheduler } from '../ecs/scheduler';
import { ServicePlan } from '../ecs/service-plan';
import { Task } from '../ecs/task';
import { Work } from '../engine/work';
import { Addresses } from '../net/addresses';
import { LocalRun } from '../run/local-run';
import { TimeScale } from '../run/time-scale';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'local-test-'));
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

/** A promise that the test ends. */
function pending<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let [resolve, reject]: [(value: T) => void, (error: Error) => void] = [() => undefined, () => undefined];
  const promise = new Promise<T>((fulfil, fail) => ([resolve, reject] = [fulfil, fail]));
  return { promise, resolve, reject };
}
const aMoment = () => new Promise((resolve) => setImmediate(resolve));

describe('the work of a run', () => {
  test('that is closed begins nothing more', async () => {
    const work = new Work();
    work.close();
    const make = jest.fn();
    await expect(work.begin(make)).rejects.toThrow('the run is over; nothing is started');
    expect([make.mock.calls, work.signal.aborted]).toEqual([[], true]);
  });

  test('is settled when the last of it has ended, and so is what fails', async () => {
    const work = new Work();
    const [first, second] = [pending<void>(), pending<void>()];
    const heard: string[] = [];
    void work.begin(() => first.promise);
    void work.begin(() => second.promise).catch(() => heard.push('failed'));
    work.close();
    const settled = work.settled().then(() => heard.push('settled'));
    second.reject(new Error());
    await aMoment();
    expect(heard).toEqual(['failed']);
    first.resolve();
    await settled;
    expect(heard).toEqual(['failed', 'settled']);
  });
});

describe('a task that is stopped while a container of it is being created', () => {
  const container = { name: 'app', essential: true, image: { kind: 'redis' }, dependsOn: [], stopTimeoutMs: 10 };
  const service = { label: 'Api', cluster: 'mesh', task: { containers: [container] } } as unknown as ServicePlan;
  const heard: string[] = [];
  const created = pending<object>();
  const runtime = { ended: false, exited: pending<number>().promise, stop: async () => void heard.push('container stopped') };
  const site = { ports: [], start: () => created.promise, close: async () => void heard.push('network removed') };
  const context = { engine: { open: async () => site }, time: TimeScale.REAL } as unknown as RunContext;

  test('stops the container, and gives its network back only then', async () => {
    const task = new Task(service, 1, { address: '127.0.0.1', zone: 'z' } as never, context);
    const started = task.start();
    await aMoment();
    const stopped = task.stop('test');
    await aMoment();
    expect(heard).toEqual([]);
    created.resolve(runtime);
    await Promise.all([started, stopped]);
    expect([heard, task.state]).toEqual([['container stopped', 'network removed'], 'STOPPED']);
  });
});

describe('a host that is lost while a container is being created on it', () => {
  const container = { name: 'app', essential: true, image: { kind: 'redis' }, dependsOn: [], stopTimeoutMs: 10 };
  const deployment = { minimumHealthyPercent: 100, maximumPercent: 200, strategy: 'ROLLING' };
  const plan = { label: 'Api', cluster: 'mesh', desiredCount: 1, deployment, task: { containers: [container] }, targets: [{}] };
  const heard: string[] = [];
  const created = pending<object>();
  const runtime = { ended: false, exited: pending<number>().promise, stop: async () => void heard.push('container stopped') };
  const site = { ports: [], start: () => created.promise, close: async () => undefined };
  const context = { engine: { open: async () => site }, time: TimeScale.REAL } as unknown as RunContext;
  const placer = { place: () => ({ address: '127.0.0.1', zone: 'z', host: 'i-1' }), free: () => undefined };
  const registry = { deregister: async () => undefined, register: () => undefined, healthOf: () => 'UNKNOWN' };

  test('keeps no container', async () => {
    const service = new ServiceScheduler(plan as never, placer as never, registry as never, context);
    const started = service.start();
    await aMoment();
    const [task] = service.tasks;
    const lost = service.loseHost('i-1');
    await aMoment();
    created.resolve(runtime);
    await Promise.all([lost, started]);
    expect([heard, task.state]).toEqual([['container stopped'], 'STOPPED']);
    await service.stop();
  });
});

describe('a run of processes', () => {
  const root = path.join(__dirname, '..', '..');
  const assembly = synthesiseConnectFixture(path.join(scratch, 'connect'));

  test.each([0, 50, 200, 400, 800, 1600])('that is stopped %i ms after its start leaves no process', async (afterMs) => {
    const options = { assembly, root, localDirectory: path.join(root, 'local'), overrides: {}, secrets: {}, say: () => undefined };
    const run = new LocalRun(options, await Addresses.claim());
    let starting = true;
    void run
      .start()
      .catch(() => undefined)
      .finally(() => (starting = false));
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    await run.stop();
    expect([starting, processesOf(run.directory), run.tasks, run.leftOver]).toEqual([false, [], [], 0]);
  });
});

test.each([
  ['whose starter was killed', (runner: ChildProcess) => runner.disconnect()],
  ['whose output nobody reads', stopReading],
])('the program %s ends, and so does everything that it started', async (why, lose) => {
  const home = path.join(scratch, why.replace(/ /g, '-'));
  fs.mkdirSync(home);
  fs.symlinkSync(path.join(__dirname, '..'), path.join(home, 'local'));
  const program = bundleRunner(path.join(scratch, 'runner.cjs'));
  const words = ['--root', home, '--assembly', synthesiseSmall(path.join(home, 'small')), '--engine', 'process'];
  const runner = fork(program, words, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  await new Promise<void>((resolve) => {
    runner.stdout!.on('data', (text) => String(text).includes('Open ') && resolve());
  });
  expect(processesOf(home)).not.toEqual([]);
  const ended = once(runner, 'exit');
  lose(runner, home);
  expect(await ended).toEqual([143, null]);
  await until('what watched over it has ended', 10_000, () => processesOf(home).length === 0);
});

/** The runner notices when it has something to say: that a task ended. */
function stopReading(runner: ChildProcess, home: string): void {
  runner.stdout!.destroy();
  const [task] = processesOf(home).filter((line) => line.includes('node index.js'));
  process.kill(parseInt(task, 10), 'SIGKILL');
}
