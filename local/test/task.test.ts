import * as http from 'node:http';
import { AddressInfo } from 'node:net';
import { readSettings } from '../ecs/container-settings';
import { metadataEndpoint } from '../ecs/metadata-endpoint';
import { Placer } from '../ecs/placement';
import { RunContext } from '../ecs/run-context';
import { ServicePlan } from '../ecs/service-plan';
import { Task } from '../ecs/task';
import { ContainerPlan } from '../ecs/task-definition';
import { ContainerRuntime } from '../engine/engine';
import { Reader } from '../intrinsics/reader';
import { Addresses } from '../net/addresses';
import { TimeScale } from '../run/time-scale';

const aMoment = () => new Promise((resolve) => setTimeout(resolve, 30));
const checked = { command: ['check'], intervalMs: 10, timeoutMs: 1000, retries: 3, startPeriodMs: 0 };
const container = (name: string, more: object = {}): ContainerPlan =>
  ({
    ...{ name, essential: true, image: { kind: 'redis', image: 'redis' }, dependsOn: [], stopTimeoutMs: 10, ports: [] },
    settings: readSettings(new Reader({}, 'here', (value) => value)),
    ...more,
  }) as unknown as ContainerPlan;
const on = (name: string, condition: string) => ({ dependsOn: [{ container: name, condition }] });

/** A task whose containers do as the test says, and what became of them in order. */
function taskOf(...containers: ContainerPlan[]) {
  const heard: string[] = [];
  const ends = new Map<string, (code: number) => void>();
  const healthy = new Set<string>();
  const start = async ({ name }: ContainerPlan): Promise<ContainerRuntime> => {
    heard.push(`${name} starts`);
    let end!: (code: number) => void;
    const runtime = { ended: false, exited: new Promise<number>((resolve) => (end = resolve)) };
    ends.set(name, (code) => {
      runtime.ended = true;
      end(code);
    });
    const stop = async () => {
      if (runtime.ended) return;
      await aMoment();
      heard.push(`${name} stops`);
      ends.get(name)!(143);
    };
    return Object.assign(runtime, { id: name, signal: async () => undefined, stop, run: async () => (healthy.has(name) ? 0 : 1) });
  };
  const site = { ports: [], address: '10.0.20.1', start, close: async () => undefined };
  const context = { engine: { open: async () => site }, time: TimeScale.REAL, region: 'r', account: 'a' } as unknown as RunContext;
  const task = { family: 'f', networkMode: 'awsvpc', containers, volumes: [], cpu: 256, memory: 512 };
  const service = { label: 'Api', cluster: 'mesh', fargate: true, task } as unknown as ServicePlan;
  const subject = new Task(service, 1, { address: '127.20.0.1', zone: 'z' }, context);
  return { task: subject, heard, end: (name: string, code: number) => ends.get(name)!(code), healthy };
}

describe('containers of a task', () => {
  test('start when their own dependencies are as they want them, and not after those of others', async () => {
    const waiting = container('app', on('init', 'SUCCESS'));
    const { task, heard, end } = taskOf(waiting, container('init', { essential: false }), container('proxy'));
    const started = task.start();
    await aMoment();
    expect(heard).toEqual(['init starts', 'proxy starts']);
    end('init', 0);
    await started;
    expect([heard.at(-1), task.state]).toEqual(['app starts', 'RUNNING']);
    await task.stop('test');
  });

  test('stop after those that depend on them', async () => {
    const { task, heard } = taskOf(container('proxy'), container('app', on('proxy', 'START')), container('log'));
    await task.start();
    await task.stop('test');
    expect(heard.filter((line) => line.endsWith('stops'))).toEqual(['app stops', 'log stops', 'proxy stops']);
  });

  test.each([
    ['SUCCESS', {}, 3, 'container init failed (3), and others wait for its success'],
    ['HEALTHY', { healthCheck: checked }, 0, 'container init ended before it was healthy'],
  ])('that wait for %s of one that will never have it end their task', async (condition, more, code, reason) => {
    const { task, end } = taskOf(container('init', { essential: false, ...more }), container('app', on('init', condition)));
    const started = task.start();
    await aMoment();
    end('init', code);
    await started;
    await task.stop('late');
    expect([task.state, task.stoppedReason]).toEqual(['STOPPED', `container app cannot start: ${reason}`]);
  });

  test('that are not essential are left out then, with those that wait for them', async () => {
    const app = container('extra', { essential: false, ...on('init', 'SUCCESS') });
    const last = container('last', { essential: false, ...on('extra', 'START') });
    const { task, heard, end } = taskOf(container('init', { essential: false }), app, last, container('main'));
    const started = task.start();
    await aMoment();
    end('init', 1);
    await started;
    expect([heard, task.state]).toEqual([['init starts', 'main starts'], 'RUNNING']);
    await task.stop('test');
  });

  test('wait for a dependency no longer than its start timeout', async () => {
    const slow = container('init', { startTimeoutMs: 20, healthCheck: { ...checked, intervalMs: 60_000 } });
    const { task } = taskOf(slow, container('app', on('init', 'HEALTHY')));
    await task.start();
    await task.stop('late');
    expect(task.stoppedReason).toBe(
      'container app cannot start: container init is not as others want it after 0.02 s, its start timeout',
    );
  });

  test('start once a dependency is healthy', async () => {
    const { task, heard, healthy } = taskOf(container('db', { healthCheck: checked }), container('app', on('db', 'HEALTHY')));
    healthy.add('db');
    await task.start();
    expect(heard).toEqual(['db starts', 'app starts']);
    await task.stop('test');
  });
});

test('the metadata of a task have the address that it has itself, its ARNs and its limits', async () => {
  const { task } = taskOf(container('app'));
  await task.start();
  const server = http.createServer(metadataEndpoint(() => task));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v4/${task.id}/app`;
  const [own, whole] = await Promise.all([url, `${url}/task`].map(async (each) => (await fetch(each)).json()));
  server.close();
  server.closeAllConnections();
  expect(own).toMatchObject({
    Image: 'redis',
    Networks: [{ NetworkMode: 'awsvpc', IPv4Addresses: ['10.0.20.1'] }],
    ContainerARN: `arn:aws:ecs:r:a:container/mesh/${task.id}/app`,
    Labels: { 'com.amazonaws.ecs.cluster': 'mesh', 'com.amazonaws.ecs.task-definition-family': 'f' },
  });
  expect(whole).toMatchObject({ Limits: { CPU: 0.25, Memory: 512 }, TaskARN: task.arn });
  await task.stop('test');
});

describe('hosts', () => {
  const placerOf = (hosts: number) => new Placer({ allocate: () => '127.30.0.1' } as unknown as Addresses, 'r', hosts);
  const service = (key: string, hostPort: number, more: object = {}) =>
    ({
      key,
      task: { networkMode: 'bridge', containers: [container('app', { ports: [{ containerPort: 80, hostPort }] })] },
      ...more,
    }) as unknown as ServicePlan;

  test('have one task for each port that a template names, and the next one is placed where it is free', () => {
    const placer = placerOf(2);
    const one = service('one', 8080);
    const first = placer.place(one);
    expect([first.host, placer.place(service('other', 8080)).host]).toEqual(['i-local1', 'i-local2']);
    expect(() => placer.place(one)).toThrow('one: no container instance has host port 8080 free, which one task there can have');
    placer.free(one, first);
    expect(placer.place(one).host).toBe('i-local1');
  });

  test('have as many tasks with ports of their choice as there are', () => {
    const placer = placerOf(1);
    expect([1, 2].map(() => placer.place(service('one', 0)).host)).toEqual(['i-local1', 'i-local1']);
  });

  test('have one task of a service that wants distinct ones', () => {
    const placer = placerOf(1);
    const apart = service('one', 0, { distinctInstance: true });
    placer.place(apart);
    expect(() => placer.place(apart)).toThrow('one: each container instance has a task of it, and no other may be there');
  });
});
