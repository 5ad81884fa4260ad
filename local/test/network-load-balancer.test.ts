import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseDockerfile } from '../assembly/dockerfile';
import { installPackages } from '../ecs/packages';
import { NetworkLoadBalancer } from '../elb/network-load-balancer';
import { LoadBalancerPlan, TargetGroupPlan } from '../elb/plan';
import { Target, TargetGroup } from '../elb/target-group';
import { redisContainer } from '../redis/redis-container';

const GROUP: TargetGroupPlan = {
  arn: 'group',
  label: 'group',
  deregistrationDelayMs: 0,
  check: { tcp: true, path: '/', intervalMs: 50, timeoutMs: 5000, healthyThreshold: 2, unhealthyThreshold: 2, matcher: '200' },
};
const LISTENER = {
  port: 6379,
  https: false,
  responseHeaders: {},
  serverHeader: true,
  rules: [
    {
      arn: 'listener',
      priority: Infinity,
      conditions: [],
      action: { kind: 'forward' as const, targets: [{ arn: 'group', weight: 1 }] },
    },
  ],
};
const PLAN: LoadBalancerPlan = {
  ...{ key: 'k', arn: 'a', label: 'internal NLB', dnsName: 'nlb', external: false, type: 'network', idleTimeoutMs: 60_000 },
  listeners: [LISTENER],
};

describe('a network load balancer', () => {
  const group = new TargetGroup(GROUP);
  let server: net.Server;
  let balancer: NetworkLoadBalancer;
  const listen = async (to: net.Server) => {
    await new Promise<void>((resolve) => to.listen(0, '127.0.0.1', resolve));
    return (to.address() as net.AddressInfo).port;
  };

  beforeEach(async () => {
    server = net.createServer((socket) =>
      socket.on('data', (data) => socket.write(`echo ${String(data)}`)).on('error', () => undefined),
    );
    const spare = net.createServer();
    const port = await listen(spare);
    await new Promise((resolve) => spare.close(resolve));
    balancer = new NetworkLoadBalancer(PLAN, [{ plan: LISTENER, address: '127.0.0.1', port }], new Map([['group', group]]));
    await balancer.start();
  });

  afterEach(() => {
    balancer.stop();
    group.close();
    server.close();
  });

  const say = (words: string) =>
    new Promise<string>((resolve) => {
      const socket = net.connect(balancer.listeners[0].port, '127.0.0.1', () => socket.write(words));
      socket.once('data', (data) => {
        resolve(String(data));
        socket.destroy();
      });
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    });

  test('passes bytes to a target that accepts connections', async () => {
    const target = new Target('t', '127.0.0.1', await listen(server));
    group.register(target);
    await new Promise<void>((resolve) => group.once('change', () => resolve()));
    expect(target.state).toBe('healthy');
    expect(await say('PING')).toBe('echo PING');
  });

  test.each([
    ['resets the connections of a target that becomes unhealthy', {}, ['healthy'], 'ECONNRESET'],
    ['leaves them where its group says so', { keepsConnections: true }, ['healthy'], 'open'],
    ['leaves them where no other target is well', {}, [], 'open'],
  ])('%s', async (_what, attributes, others, outcome) => {
    const target = new Target('t', '127.0.0.1', await listen(server));
    group.plan = { ...GROUP, ...attributes };
    Object.assign(target, { state: 'healthy' });
    group.targets.splice(0, group.targets.length, target);
    const socket = net.connect(balancer.listeners[0].port, '127.0.0.1', () => socket.write('PING'));
    await new Promise((resolve) => socket.once('data', resolve));
    const end = new Promise<string>((resolve) => {
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
      setTimeout(() => resolve('open'), 300).unref();
    });
    for (const state of others) group.targets.push(Object.assign(new Target('o', '127.0.0.1', 1), { state }));
    target.state = 'unhealthy';
    group.emit('change');
    expect(await end).toBe(outcome);
    socket.destroy();
    group.plan = GROUP;
  });

  test('resets a connection that nobody takes', async () => {
    expect(await say('PING')).toBe('ECONNRESET');
  });
});

describe('what an image needs of this machine', () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'image-'));
  afterAll(() => fs.rmSync(directory, { recursive: true }));
  const write = (file: string, text: string) => {
    fs.mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
    fs.writeFileSync(path.join(directory, file), text);
  };

  test('RUN npm ci takes the packages that the repository has, and only those that are named', () => {
    const dockerfile = 'FROM node:24-alpine\nWORKDIR /app\nRUN npm ci --omit=dev\nCMD ["node", "server.js"]\n';
    write('context/Dockerfile', dockerfile);
    write('root/app/package.json', '{"dependencies":{"here":"1","@scope/here":"1","missing":"1"}}');
    for (const name of ['here', '@scope/here', 'unnamed']) write(`repository/node_modules/${name}/index.js`, '');
    const image = {
      kind: 'asset',
      directory: path.join(directory, 'context'),
      hash: 'h',
      spec: parseDockerfile(dockerfile, 'f'),
    } as const;
    installPackages(image, path.join(directory, 'root'), path.join(directory, 'repository'));
    const modules = path.join(directory, 'root', 'app', 'node_modules');
    expect(fs.readdirSync(modules).sort()).toEqual(['@scope', 'here']);
    expect(fs.existsSync(path.join(modules, '@scope', 'here', 'index.js'))).toBe(true);
  });

  test('a Redis container writes to the folder of its file system, wherever its configuration says', () => {
    const engine = { description: 'Redis', binary: '/bin/true', tls: false };
    const script = 'exec redis-server --include /dev/stdin <<CONF\ndir /data\nappendonly yes\nCONF';
    const data = path.join(directory, 'efs');
    const { command } = redisContainer(engine, ['sh', '-c', script], path.join(directory, 'task-1'), data);
    expect(command[2]).toContain(`\ndir ${data}\nappendonly yes\n`);
    expect(fs.existsSync(data)).toBe(true);
  });
});
