import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Placer } from '../ecs/placement';
import { RunContext } from '../ecs/run-context';
import { ContainerPlan } from '../ecs/task-definition';
import { ContainerRuntime } from '../engine/engine';
import { JobPlan } from '../jobs/job-plan';
import { JobRunner } from '../jobs/job-runner';
import { requirementsOf } from '../python/environment';
import { TimeScale } from '../run/time-scale';

/** An engine whose container ends with a code, or never by itself. */
function runner(exitCode?: number) {
  const started: ContainerPlan[] = [];
  const start = async (plan: ContainerPlan): Promise<ContainerRuntime> => {
    started.push(plan);
    let end!: (code: number) => void;
    const exited = new Promise<number>((resolve) => (end = resolve));
    if (exitCode !== undefined) setTimeout(() => end(exitCode), 5);
    return {
      id: 'x',
      ended: false,
      exited,
      signal: () => Promise.resolve(),
      stop: () => Promise.resolve(end(137)),
      run: async () => 0,
    };
  };
  const engine = { open: async () => ({ ports: [], start, close: () => Promise.resolve() }) };
  const context = { engine, logDirectory: '/logs', time: new TimeScale(1000), region: 'r', account: 'a' } as unknown as RunContext;
  const placer = { place: () => ({ address: '127.0.0.1', zone: 'z' }), free: () => undefined } as unknown as Placer;
  return { jobs: new JobRunner([], placer, context), started };
}

function job(timeoutMs = 5000): JobPlan {
  const containers = [
    { name: 'app', essential: true, image: { kind: 'redis' }, dependsOn: [], environment: {}, stopTimeoutMs: 10 },
  ];
  const service = { key: 'Main/Run', label: 'migrate', cluster: 'mesh', task: { containers } };
  return {
    key: 'Main/Run',
    label: 'migrate',
    container: 'app',
    start: { kind: 'deployment', timeoutMs },
    service,
  } as unknown as JobPlan;
}

test('a job that ends with 0 is kept with its log, and is no running task afterwards', async () => {
  const { jobs, started } = runner(0);
  const run = await jobs.run(job(), { command: ['migrate'] });
  expect([run.exitCode, run.log, jobs.runs, jobs.tasks.size]).toEqual([0, '/logs/migrate-1.app.log', [run], 0]);
  expect(started[0].command).toEqual(['migrate']);
});

test('a job that ends with another code is an error that says where its log is', async () => {
  const { jobs } = runner(3);
  await expect(jobs.run(job())).rejects.toThrow('the job migrate failed: app ended with 3; see /logs/migrate-1.app.log');
  expect([jobs.runs[0].exitCode, jobs.tasks.size]).toEqual([3, 0]);
});

test('a job that does not end within its timeout is stopped, and has failed', async () => {
  const { jobs } = runner();
  await expect(jobs.run(job(30))).rejects.toThrow('app ended with 137');
});

test('the end of a run ends its jobs', async () => {
  const { jobs } = runner();
  const failed = expect(jobs.run(job())).rejects.toThrow('app ended with 137');
  await new Promise((resolve) => setTimeout(resolve, 5));
  await jobs.stop();
  await failed;
});

describe('the packages of an image', () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'local-test-'));
  afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));
  const of = (run: string, sources: string[]) => {
    const spec = { runs: [run], copies: [{ sources, destination: './', workdir: '/app' }] };
    return requirementsOf({ kind: 'asset', directory, hash: '', spec } as never);
  };

  test.each([
    ['pip install --require-hashes -r requirements.txt', ['app/requirements.txt'], 'app/requirements.txt', true],
    ['pip install -r /build/requirements.txt', ['manage.py', 'requirements.txt'], 'requirements.txt', false],
  ])('%s with %j', (run, sources, file, hashes) => {
    expect(of(run, sources)).toEqual({ requirements: path.join(directory, file), hashes });
  });

  test('are none where nothing installs them', () => expect(of('apt-get install nginx', [])).toBeUndefined());
});
