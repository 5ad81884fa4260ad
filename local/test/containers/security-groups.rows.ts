import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import Docker from 'dockerode';
import { Connections, Party } from './connections-of-run';
import { Resources, synthesiseSleeping } from './sleeping-example';
import { until } from '../../check/visitor';
import { Addresses } from '../../net/addresses';
import { LocalRun } from '../../run/local-run';
import { CONNECTED_EXAMPLES, connectionsOf, partOf } from '../fixture/connections';

// Who may connect to whom in each example, by real connections: an answer, even a refusal, means that the packet came through; silence
// means that a security group dropped it. The lane `containers` runs this.
jest.setTimeout(420_000);
const docker = new Docker({ socketPath: new URL(process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock').pathname });
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'groups-'));
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

/** A run whose services have started, and all its jobs as well. */
async function start(assembly: string): Promise<LocalRun> {
  const root = path.join(__dirname, '..', '..', '..');
  const options = { assembly, root, localDirectory: path.join(root, 'local'), overrides: {}, secrets: {}, say: () => undefined };
  const run = new LocalRun({ ...options, engine: 'container' }, await Addresses.claim());
  runs.push(run);
  // Jobs that sleep never end.
  const failed = run.start().catch((error: Error) => Promise.reject(error));
  await Promise.race([failed, until('jobs are known', 240_000, () => run.jobs !== undefined)]);
  const scheduled = run.jobs!.plans.filter((plan) => plan.start.kind === 'schedule');
  for (const plan of scheduled) void run.jobs!.run(plan).catch(() => undefined);
  return run;
}

const runs: LocalRun[] = [];
afterEach(() => Promise.all(runs.splice(0).map((run) => run.stop())));

/** Every port of the table of an example, and two that nobody has. */
function portsOf(texts: readonly string[]): number[] {
  const single = texts.flatMap((text) => text.split(', ')).filter((text) => /^\d+$/.test(text));
  return [...new Set([...single.map(Number), 22, 40_000])];
}

const holds = (ports: string, port: number) =>
  ports.split(', ').some((text) => {
    const [from, to = from] = text.split('-').map(Number);
    return from <= port && port <= to;
  });

describe.each(CONNECTED_EXAMPLES)('$name', (example) => {
  test('connections are those of the table, and no others', async () => {
    const run = await start(synthesiseSleeping(example, path.join(scratch, example.name)));
    const connections = new Connections(docker, run, (key) => partOf(example, key));
    const parties = await connections.parties(example.tasks);
    const table = connectionsOf(example);
    const ports = portsOf(table.map((row) => row.ports));
    const permitted = (from: Party, to: { part: string }, port: number) =>
      table.some((row) => row.from === from.part && row.to === to.part && holds(row.ports, port));
    const wanted = parties.flatMap((from) =>
      [...parties, ...connections.outside()]
        .filter(({ address }) => address !== from.address)
        .flatMap((to) => ports.filter((port) => permitted(from, to, port)).map((port) => `${from.part} -> ${to.part} ${port}`)),
    );
    const seen = await Promise.all(parties.map((from) => connections.reached(from, parties, ports)));
    expect([...new Set(seen.flat())].sort()).toEqual([...new Set(wanted)].sort());
  });
});

describe('one rule of a template', () => {
  const voting = CONNECTED_EXAMPLES.find(({ name }) => name === 'voting')!;
  const idOf = (part: string) => new RegExp(`^${part}SecurityGroup[0-9A-F]{8}$`);

  /** The lines of the table that a task of the page reaches, with a change of the template. */
  async function reachedByPage(name: string, change: (resources: Resources) => Resources): Promise<string[]> {
    const run = await start(synthesiseSleeping(voting, path.join(scratch, name), change));
    const connections = new Connections(docker, run, (key) => partOf(voting, key));
    const parties = await connections.parties(voting.tasks);
    return connections.reached(
      parties.find(({ part }) => part === 'page')!,
      parties,
      [443, 6379],
    );
  }

  /** The store lets the page in no more. */
  function less(resources: Resources): Resources {
    const names = (rule: unknown) => JSON.stringify(rule ?? '').includes('FrontendSecurityGroup');
    return Object.fromEntries(
      Object.entries(resources).filter(
        ([, { Type, Properties }]) =>
          !(Type === 'AWS::EC2::SecurityGroupIngress' && names(Properties?.SourceSecurityGroupId) && Properties?.FromPort === 6379),
      ),
    );
  }

  test('less is a connection less', async () => {
    expect(await reachedByPage('less', less)).toEqual(['page -> Internet 443']);
  });

  test('less in a second assembly is a connection less of the tasks that run', async () => {
    const run = await start(synthesiseSleeping(voting, path.join(scratch, 'first')));
    const connections = new Connections(docker, run, (key) => partOf(voting, key));
    const parties = await connections.parties(voting.tasks);
    const page = parties.find(({ part }) => part === 'page')!;
    expect(await connections.reached(page, parties, [6379])).toEqual(['page -> NLB 6379']);
    await run.deploy(synthesiseSleeping(voting, path.join(scratch, 'second'), less));
    expect(await connections.reached(page, parties, [6379])).toEqual([]);
  });

  test('more is a connection more', async () => {
    const reached = await reachedByPage('more', (resources) => {
      const [page, redis] = ['Frontend', 'RedisServer'].map((part) => Object.keys(resources).find((id) => idOf(part).test(id))!);
      const Properties = {
        ...{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, GroupId: { 'Fn::GetAtt': [redis, 'GroupId'] } },
        SourceSecurityGroupId: { 'Fn::GetAtt': [page, 'GroupId'] },
      };
      return { ...resources, More: { Type: 'AWS::EC2::SecurityGroupIngress', Properties } };
    });
    expect(reached.sort()).toEqual(['page -> Internet 443', 'page -> NLB 6379', 'page -> Redis 443']);
  });

  test('less keeps visitors out', async () => {
    const directory = synthesiseSleeping(voting, path.join(scratch, 'visitors'), (resources) => {
      const [id, door] = Object.entries(resources).find(([key]) => idOf('GatewayExternal').test(key))!;
      return { ...resources, [id]: { ...door, Properties: { ...door.Properties, SecurityGroupIngress: [] } } };
    });
    const closed = await start(directory);
    const open = await start(synthesiseSleeping(voting, path.join(scratch, 'open')));
    const visit = ({
      loadBalancers: [
        {
          listeners: [{ address, port }],
        },
      ],
    }: LocalRun) =>
      fetch(`http://${address}:${port}/`, { signal: AbortSignal.timeout(3000) }).then(
        () => 'an answer',
        () => 'none',
      );
    expect([await visit(open), await visit(closed)]).toEqual(['an answer', 'none']);
  });
});
