import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { ask } from '../check/http-client';
import { until, Visitor } from '../check/visitor';
import { Addresses } from '../net/addresses';
import { notEmulated } from '../report/not-emulated';
import { entryUrl, rowsOf } from '../report/rows';
import { renderTable } from '../report/table';
import { LocalRun } from '../run/local-run';
import { synthesiseConnectFixture } from './fixture/connect-app';
import { synthesiseFixture } from './fixture/fixture-app';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'local-test-'));
const root = path.join(__dirname, '..', '..');
const runs: LocalRun[] = [];
afterAll(async () => {
  await Promise.all(runs.map((run) => run.stop()));
  fs.rmSync(scratch, { recursive: true, force: true });
});

async function started(assembly: string): Promise<Visitor> {
  const options = { assembly, root, localDirectory: path.join(root, 'local'), overrides: {}, secrets: {}, say: () => undefined };
  const run = new LocalRun(options, await Addresses.claim());
  runs.push(run);
  await run.start();
  return new Visitor(run);
}

/** Every secret value of a run: the whole secret, and each field of it that was made up. */
function valuesOf(run: LocalRun): string[] {
  const fields = (text: string) => (text.startsWith('{') ? Object.values(json(text)) : [text]);
  return run.secrets.secrets.flatMap(({ value }) => [value, ...fields(value)]).filter((value) => value.length >= 16);
}

/** What `ps` would show of every process of this machine. */
function commandLines(): string[] {
  if (!fs.existsSync('/proc/self/cmdline')) return [execFileSync('ps', ['-axww', '-o', 'command='], { encoding: 'utf8' })];
  const ids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.map((id) => readIfThere(`/proc/${id}/cmdline`));
}

function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return ''; // it ended meanwhile
  }
}

function logsOf(run: LocalRun): string[] {
  const logs = fs
    .readdirSync(run.logDirectory, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(run.logDirectory, name));
  return logs.filter((file) => fs.statSync(file).isFile()).map((file) => fs.readFileSync(file, 'utf8'));
}

const json = (body: string) => JSON.parse(body) as Record<string, string>;

describe.each([
  ['EC2 in bridge mode', false],
  ['Fargate', true],
])('a template with %s', (name, fargate) => {
  let visitor: Visitor;
  beforeAll(async () => {
    visitor = await started(synthesiseFixture({ outdir: path.join(scratch, name), fargate }));
  });

  test("has every task running and healthy, in the template's numbers", () => {
    expect(visitor.run.unready()).toEqual([]);
    expect(visitor.run.services.map(({ plan, running }) => [plan.label, running.length])).toEqual([
      ['Api', 2],
      ['Frontend', 2],
    ]);
    expect(new Set(visitor.run.tasks.map(({ placement }) => placement.zone)).size).toBe(2);
  });

  test('answers through both load balancers, by private name, from both API tasks', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => visitor.front('/v1/x')));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(new Set(answers.map(({ body }) => json(body).task)).size).toBe(2);
    expect(answers[0].headers['x-proto']).toBe('https');
    expect(json(answers[0].body)).toMatchObject({ greeting: 'hello there', host: 'api.nidhin.local' });
  });

  test('falls to the default action where no rule holds', async () => {
    const [listener] = visitor.internal.listeners;
    expect((await visitor.through(listener, 'other.local', '/v1/x')).body).toBe('no route');
    expect((await visitor.through(listener, 'api.nidhin.local', '/elsewhere')).status).toBe(404);
  });

  test('DT-20: a web ACL that blocks answers 403 to a client without User-Agent, and nothing to health checks', async () => {
    const [listener] = visitor.internal.listeners;
    const send = (headers: Record<string, string | undefined>, body?: string) =>
      visitor.through(listener, 'api.nidhin.local', '/v1/x', headers, body);
    expect([(await send({ 'user-agent': undefined })).status, (await send({})).status]).toEqual([403, 200]);
    expect([(await send({}, 'x'.repeat(8193))).status, (await send({}, 'x'.repeat(8192))).status]).toEqual([403, 200]);
    expect((await send({ cookie: 'x'.repeat(10_241) })).status).toBe(200);
    expect(visitor.run.unready()).toEqual([]);
  });

  test('redirects HTTP to HTTPS', async () => {
    const listener = visitor.external.listeners.find(({ plan }) => plan.port === 80)!;
    const { status, headers } = await visitor.through(listener, 'geo.example.com', '/a?b=c');
    expect(status).toBe(301);
    expect(new URL(String(headers.location)).pathname).toBe('/a');
  });

  test('reaches Redis with the generated password, configured as the user data says', async () => {
    const { reply } = json((await visitor.front('/v1/redis/CONFIG%20GET%20maxmemory-policy')).body);
    expect(reply).toContain('allkeys-lru');
  });

  test('shows no value of a secret in command lines and logs', () => {
    const { run } = visitor;
    expect(valuesOf(run)).not.toEqual([]);
    for (const text of [...commandLines(), ...logsOf(run)]) for (const value of valuesOf(run)) expect(text).not.toContain(value);
  });

  test('replaces a task that crashes, and drops it from the load balancer', async () => {
    const [api] = visitor.run.services;
    await visitor.front('/v1/crash').catch(() => undefined);
    await until('a new task', 20_000, () => api.restarts === 1 && visitor.run.unready().length === 0);
    expect(api.running).toHaveLength(2);
  });

  test('stops a task without failing the requests under way', async () => {
    const [api] = visitor.run.services;
    const slow = Array.from({ length: 4 }, () => visitor.front('/v1/slow'));
    await new Promise((resolve) => setTimeout(resolve, 250));
    await api.stopTask(api.running[0], 'asked for by a test');
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  test('replaces each task of a service by one that is healthy first, and starts no more', async () => {
    await visitor.run.untilHealthy(30_000);
    const service = visitor.serviceBehind(visitor.internal);
    const before = [...service.running];
    await visitor.run.deployer.redeploy(service);
    expect(service.tasks.filter((task) => before.includes(task))).toEqual([]);
    expect(service.tasks).toHaveLength(before.length);
  });

  test('is described by its table', () => {
    const table = renderTable(rowsOf(visitor.run));
    for (const part of ['external ALB HTTPS :443', 'internal ALB HTTP :80', 'Redis on EC2', 'name api.nidhin.local']) {
      expect(table).toContain(part);
    }
    expect(table).toContain(fargate ? '(Fargate, awsvpc)' : '(EC2 i-local1, bridge)');
    expect(notEmulated(visitor.run)).toContain('IAM roles and policies (every call is allowed)');
    expect(notEmulated(visitor.run)).toContain('security groups (every port is reachable)');
    expect(notEmulated(visitor.run)).toContain('WAF rules (but for missing User-Agent and sizes, of the common rule set)');
    expect(entryUrl(visitor.run)).toMatch(/^https:\/\/127\./);
  });

  test('lets a browser in by address', async () => {
    const url = entryUrl(visitor.run)!;
    expect((await ask({ url: `${url}v1/x`, ca: visitor.run.certificate?.cert })).status).toBe(200);
  });

  test('stops without leaving a process', async () => {
    await visitor.run.stop();
    expect(visitor.run.leftOver).toBe(0);
    await expect(visitor.front('/v1/x')).rejects.toThrow('ECONNREFUSED');
  });
});

describe('a template with Service Connect and a Redis container, in two stacks', () => {
  let visitor: Visitor;
  beforeAll(async () => {
    visitor = await started(synthesiseConnectFixture(path.join(scratch, 'connect')));
  });

  test('aliases lead to the tasks in turn, on the ports of the aliases', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => visitor.inside('http://api/v1/x')));
    expect(answers.every((answer) => answer.startsWith('200 '))).toBe(true);
    expect(new Set(answers.map((answer) => json(answer.slice(4)).task)).size).toBe(2);
  });

  test('the container runs its own command, found by its alias', async () => {
    expect(await visitor.inside('http://api/v1/redis/CONFIG%20GET%20maxmemory')).toContain('67108864');
    expect(visitor.run.unready()).toEqual([]);
  });

  test('a side-car that cannot run here is listed as not emulated', () => {
    expect(notEmulated(visitor.run)).toContain('container public.ecr.aws/xray/aws-xray-daemon:latest (AWS side-car)');
  });

  test('names of the table say where the aliases are', () => {
    expect(renderTable(rowsOf(visitor.run))).toContain('Service Connect redis:6379');
    expect(entryUrl(visitor.run)).toBeUndefined();
  });
});
