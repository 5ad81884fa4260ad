import { execFile } from 'node:child_process';
import { EventEmitter } from 'node:events';
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { proxyHttp } from '../containers/helper/http-proxy.cjs';
import { ConnectProxy } from '../dns/connect-proxy';
import { NamesTable } from '../dns/names-table';
import { readDiscoveryServices, readRecords } from '../dns/records';
import { Task } from '../ecs/task';
import { LoadBalancer } from '../elb/load-balancer';
import { Ports } from '../net/ports';
import { publishNames } from '../run/publish-names';
import { LocalTaskRegistry } from '../run/task-registry';
import { resolverOf } from './fixture/resolver-of';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'local-test-'));
const names = new NamesTable(path.join(scratch, 'names.json'));
let port = 0;
const server = http.createServer((request, response) => response.end(`${request.headers.host} ${request.url}`));
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as net.AddressInfo).port;
  names.set('api.nidhin.local', [{ address: '127.0.0.1', ports: { 80: port, 443: port } }]);
  names.set('plain.nidhin.local', [{ address: '127.0.0.1' }, { address: '127.0.0.2' }]);
  names.set('empty.nidhin.local', []);
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  fs.rmSync(scratch, { recursive: true, force: true });
});

/** Run a program as a task runs: with the preload and nothing else. */
function run(program: string, env: Record<string, string> = {}): Promise<string> {
  const preload = path.join(__dirname, '..', 'dns', 'names.cjs');
  const base = { PATH: process.env.PATH ?? '', MESH_NAMES: names.file, NODE_OPTIONS: `--require ${JSON.stringify(preload)}` };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['-e', program], { env: { ...base, ...env }, timeout: 8000 }, (error, stdout, stderr) =>
      error ? reject(new Error(stderr || error.message)) : resolve(stdout.trim()),
    );
  });
}

describe('a process with the preload', () => {
  test.each<[string, string]>([
    ['fetch', "fetch('http://api.nidhin.local/a').then((r) => r.text()).then(console.log)"],
    ['node:http', "require('http').get('http://api.nidhin.local/a', (r) => r.on('data', (d) => console.log(String(d))))"],
    [
      'node:http with a keep-alive agent',
      "const http = require('http'); http.get({ host: 'API.nidhin.local', path: '/a', agent: new http.Agent({ keepAlive: true }), headers: { host: 'api.nidhin.local' } }, (r) => r.on('data', (d) => { console.log(String(d)); process.exit() }))",
    ],
  ])('%s reaches a private name on a moved port, with the name as Host', async (_name, program) => {
    expect(await run(program)).toBe('api.nidhin.local /a');
  });

  test('net.connect by port and host, with a callback', async () => {
    const program = `const s = require('net').connect(80, 'api.nidhin.local', () => { console.log(s.remotePort); s.destroy() })`;
    expect(await run(program)).toBe(String(port));
  });

  test('undici, as the frontend uses it', async () => {
    const program = `const { Pool } = require(${JSON.stringify(require.resolve('undici'))}); new Pool('http://api.nidhin.local').request({ path: '/a', method: 'GET' }).then(({ body }) => body.text()).then((t) => { console.log(t); process.exit() })`;
    expect(await run(program)).toBe('api.nidhin.local /a');
  });

  test('lookups give one address or all', async () => {
    const program = `const dns = require('dns');
      dns.lookup('plain.nidhin.local.', (e, address, family) => dns.lookup('plain.nidhin.local', { all: true }, (e2, all) =>
        dns.promises.lookup('plain.nidhin.local').then((one) => console.log(JSON.stringify([address, family, all.length, one])))))`;
    expect(JSON.parse(await run(program))).toEqual(['127.0.0.1', 4, 2, { address: '127.0.0.1', family: 4 }]);
  });

  test('a name without targets is not found, and other names are left alone', async () => {
    const program = `const dns = require('dns'); dns.lookup('empty.nidhin.local', (e) => dns.lookup('localhost', { family: 4 }, (e2, address) => console.log(e.code, address)))`;
    expect(await run(program)).toBe('ENOTFOUND 127.0.0.1');
  });

  test('a changed table is seen by a running process', async () => {
    const program = `const dns = require('dns'); const ask = () => dns.lookup('late.nidhin.local', (e, a) => a ? console.log(a) : setTimeout(ask, 50)); ask(); console.error('up')`;
    names.set('late.nidhin.local', []);
    const answer = run(program);
    await new Promise((resolve) => setTimeout(resolve, 400));
    names.set('late.nidhin.local', [{ address: '127.0.0.9' }]);
    expect(await answer).toBe('127.0.0.9');
  });

  test.each(["'8080'", '8080', "8080, '0.0.0.0'", "{ port: 8080, host: '::' }", '{ port: 8080 }', '8080, 511'])(
    'listen(%s) binds the task, and its own localhost finds it there',
    async (args) => {
      const free = await new Ports().dynamic('127.0.0.1');
      const self = { MESH_BIND: '127.0.0.1', MESH_SELF: JSON.stringify({ 8080: { address: '127.0.0.1', port: free } }) };
      const program = `const server = require('http').createServer((q, r) => r.end('me')).listen(${args});
        server.on('listening', () => fetch('http://localhost:8080').then((r) => r.text()).then((t) => { console.log(t, server.address().address, server.address().port); process.exit() }))`;
      expect(await run(program, self)).toBe(`me 127.0.0.1 ${free}`);
    },
  );
});

describe('names of a template', () => {
  const zone = { HostedZoneId: 'Z' };
  const record = (Name: string, properties: Record<string, string | string[] | Record<string, string | object>>) => ({
    Type: 'AWS::Route53::RecordSet',
    Properties: { ...zone, Name, Type: 'A', ...properties },
  });
  const resolver = resolverOf({
    Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: {} },
    Host: { Type: 'AWS::EC2::Instance' },
    Api: record('api.nidhin.local.', {
      AliasTarget: { DNSName: { 'Fn::Join': ['', ['dualstack.', { 'Fn::GetAtt': ['Balancer', 'DNSName'] }]] } },
    }),
    Api6: record('api.nidhin.local.', { Type: 'AAAA', AliasTarget: { DNSName: { 'Fn::GetAtt': ['Balancer', 'DNSName'] } } }),
    Other: record('other.nidhin.local', { Type: 'CNAME', ResourceRecords: ['api.nidhin.local'] }),
    Redis: record('redis.nidhin.local', { ResourceRecords: ['127.30.0.1'] }),
    Mail: record('nidhin.local', { Type: 'MX', ResourceRecords: ['10 mail'] }),
    Space: { Type: 'AWS::ServiceDiscovery::PrivateDnsNamespace', Properties: { Name: 'svc.local' } },
    Found: {
      Type: 'AWS::ServiceDiscovery::Service',
      Properties: { Name: 'catalog', DnsConfig: { NamespaceId: { 'Fn::GetAtt': ['Space', 'Id'] } } },
    },
  });

  test('records lead to load balancers and machines, through other records', () => {
    const table = new NamesTable(path.join(scratch, 'records.json'));
    const dnsName = 'balancer.main.elb.local';
    const listener = { plan: { port: 80, https: false, rules: [] }, address: '127.10.0.1', port: 8080 };
    const balancer = { plan: { dnsName }, listeners: [listener] } as unknown as LoadBalancer;
    const recordsOf = publishNames(table, readRecords(resolver), [balancer], []);
    const target = { address: '127.10.0.1', ports: { 80: 8080 } };
    expect(table.get('API.nidhin.local.')).toEqual([target]);
    expect(table.get('other.nidhin.local')).toEqual([target]);
    expect(table.get('redis.nidhin.local')).toEqual([{ address: '127.30.0.1' }]);
    expect(table.get('nidhin.local')).toEqual([]);
    expect(recordsOf.get(dnsName)).toEqual(['api.nidhin.local', 'other.nidhin.local']);
  });

  test('Cloud Map services have names in their namespace', () => {
    expect(readDiscoveryServices(resolver)).toEqual([
      { id: expect.stringMatching(/service\/Found$/), name: 'catalog.svc.local', checked: false },
    ]);
  });
});

test('a Service Connect alias takes turns, and drops connections when nobody is there', async () => {
  const proxy = new ConnectProxy('catalog', 8081, 'http');
  const address = '127.0.0.1';
  const bound = await new Ports().dynamic(address);
  expect(await proxy.start(address, bound)).toEqual({ address, ports: { 8081: bound } });
  const refused = net.connect(bound, address);
  await new Promise((resolve) => refused.once('close', resolve));
  proxy.add('task', address, port);
  expect(await (await fetch(`http://${address}:${bound}/x`)).text()).toBe(`${address}:${bound} /x`);
  proxy.remove('task');
  proxy.stop();
});

test('the proxy of Service Connect passes the answer of a server that does not upgrade', async () => {
  const proxy = proxyHttp(() => ({ address: '127.0.0.1', port }), { idleMs: 0, requestMs: 0 });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const headers = { connection: 'Upgrade', upgrade: 'websocket' };
  const request = http.get({ port: (proxy.address() as net.AddressInfo).port, host: '127.0.0.1', path: '/x', headers });
  const [status, body] = await new Promise<[number | undefined, string]>((resolve) =>
    request.once('response', (answer) => answer.once('data', (data) => resolve([answer.statusCode, String(data)]))),
  );
  expect([status, body]).toEqual([200, expect.stringMatching(/ \/x$/)]);
  proxy.close();
  proxy.closeAllConnections();
});

test.each([
  [true, ['127.20.0.1']],
  [false, ['127.20.0.1', '127.20.0.2']],
])(
  'Cloud Map names healthy tasks alone where ECS tells it of their health (%p), and all where none is healthy',
  async (checked, some) => {
    const table = new NamesTable(path.join(scratch, 'health.json'));
    const discovery = [{ id: 'arn', name: 'catalog.svc.local', checked }];
    const registry = new LocalTaskRegistry(new Map(), [], discovery, table);
    const taskOf = (address: string) =>
      Object.assign(new EventEmitter(), {
        ...{ service: { targets: [], registries: ['arn'], aliases: [] }, placement: { address }, ports: [] },
        ...{ checked: true, health: 'UNKNOWN' },
      }) as unknown as Task;
    const [one, two] = ['127.20.0.1', '127.20.0.2'].map(taskOf);
    const seen = () => table.get('catalog.svc.local').map(({ address }) => address);
    for (const task of [one, two]) registry.register(task);
    expect(seen()).toEqual(['127.20.0.1', '127.20.0.2']);
    Object.assign(one, { health: 'HEALTHY' });
    one.emit('health');
    expect(seen()).toEqual(some);
    await registry.deregister(one);
    one.emit('health');
    expect(seen()).toEqual(['127.20.0.2']);
  },
);
