import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ApplicationListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct, RootConstruct } from 'constructs';
import * as fc from 'fast-check';
import { arrange, ENV, newStack, RoutedService } from './fixtures';
import { RouteProps } from '../../src/gateway/gateway-route';
import { RouteConditions } from '../../src/gateway/private/route-conditions';
import { automaticPriority } from '../../src/gateway/private/route-priority';
import { RouteTable } from '../../src/gateway/private/route-table';
import { RouteCondition } from '../../src/gateway/route-condition';

type Conditions = Pick<RouteProps, 'hosts' | 'paths' | 'when' | 'priority'>;
type Shape = (name: string) => Conditions;

const FILE = 'cdk.route-priorities.json';
const HUNDRED = Array.from({ length: 100 }, (_, i) => `p${i}`);

/** The folder of an app, in which the record is. */
const cwd = process.cwd();
let folder: string;
beforeEach(() => process.chdir((folder = mkdtempSync(join(tmpdir(), 'routes-')))));
afterEach(() => {
  process.chdir(cwd);
  delete process.env.CDK_OUTDIR;
  rmSync(folder, { recursive: true });
});

/** The routes of one listener, in the order of the names. */
function listenerWith(names: string[], shape: Shape, app = new App()) {
  const stack = newStack('S', { env: ENV }, app);
  const listener = ApplicationListener.fromApplicationListenerAttributes(stack, 'Listener', {
    listenerArn: 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/lb/1/2',
    securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1'),
  });
  const add = (id: string) => {
    const route = new Construct(stack, id);
    const { hosts, paths, when, priority } = shape(id);
    return RouteTable.of(listener).place(route, new RouteConditions(route, hosts, paths, when), priority);
  };
  return { app, stack, priorities: new Map(names.map((name) => [name, add(name)] as const)) };
}

const prioritiesOf = (names: string[], shape: Shape) => listenerWith(names, shape).priorities;

/** Priorities of a run of `cdk synth`, which keeps the record, with its warnings. */
function run(names: string[], shape: Shape) {
  process.env.CDK_OUTDIR = join(folder, 'cdk.out');
  const { app, stack, priorities } = listenerWith(names, shape, new App({ autoSynth: false }));
  app.synth();
  delete process.env.CDK_OUTDIR;
  return { priorities, warned: warnings(stack) };
}

const synth = (names: string[], shape: Shape) => run(names, shape).priorities;

const folders: Shape = (name) => ({ paths: [`/${name}/*`] });
const warnings = (stack: Parameters<typeof Annotations.fromStack>[0]) =>
  Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp('RoutePriorit'))
    .map(({ entry }) => String(entry.data));

describe('PR-58: a hundred routes on one side, whose IDs differ in a number', () => {
  const shapes: [string, Shape][] = [
    ['folders', folders],
    ['folders of a folder', (name) => ({ paths: [`/api/${name}/*`] })],
    ['beginnings of paths', (name) => ({ paths: [`/${name}-*`] })],
    ['full paths', (name) => ({ paths: [`/${name}`] })],
    ['hosts', (name) => ({ hosts: [`${name}.example.com`] })],
    ['folders of hosts', (name) => ({ hosts: [`${name}.example.com`], paths: [`/${name}/*`] })],
    ['patterns of hosts', (name) => ({ hosts: [`*.${name}.example.com`] })],
    ['folders of patterns of hosts', (name) => ({ hosts: [`*.${name}.example.com`], paths: [`/${name}/*`] })],
    ['headers', (name) => ({ when: [RouteCondition.header('X-Tenant', [name])] })],
  ];

  test.each(shapes)('%s: all have priorities of their own, in every order and without any of them', (_, shape) => {
    const all = prioritiesOf(HUNDRED, shape);
    expect(new Set(all.values()).size).toBe(100);
    const others = prioritiesOf(HUNDRED.filter((name) => !/[37]/.test(name)).reverse(), shape);
    for (const [name, priority] of others) expect(priority).toBe(all.get(name));
  });

  test.each([
    ['numbers of equal width', Array.from({ length: 100 }, (_, i) => `p${String(i).padStart(3, '0')}`)],
    ['numbers inside', HUNDRED.map((name) => `Team${name}Api`)],
  ])('%s', (_, names) => {
    const all = prioritiesOf(names, folders);
    expect(new Set(all.values()).size).toBe(100);
    expect(prioritiesOf([...names].reverse(), folders)).toEqual(new Map([...all].reverse()));
  });

  test('the rules of a gateway have them', () => {
    const { stack, gateway, vpc } = arrange();
    const ids = HUNDRED.slice(0, 8);
    ids.forEach((id) => gateway.internal.route(id, { target: new RoutedService(stack, `${id}Service`, { vpc }), ...folders(id) }));
    const rules = Object.values(Template.fromStack(stack).findResources('AWS::ElasticLoadBalancingV2::ListenerRule'));
    const numbers = rules.map(({ Properties: { Priority } }) => Number(Priority));
    expect(numbers.sort((a, b) => a - b)).toEqual([...prioritiesOf(ids, folders).values()].sort((a, b) => a - b));
  });
});

describe('PR-58: a hundred routes of any names', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{3,8}$/), { minLength: 100, maxLength: 100 });

  test('no rule moves, whatever comes or goes, in any order: the file keeps the numbers', () => {
    fc.assert(
      fc.property(names, fc.infiniteStream(fc.nat(99)), (all, picks) => {
        writeFileSync(FILE, '{}');
        const first = synth(all.slice(0, 60), folders);
        const kept = [...first.keys()].filter(() => picks.next().value % 4 !== 0);
        const second = synth([...all.slice(60), ...kept].reverse(), folders);
        expect(new Set(second.values()).size).toBe(second.size);
        for (const name of kept) expect(second.get(name)).toBe(first.get(name));
        // A route that was away has its number back.
        const third = synth(all, folders);
        for (const [name, priority] of [...first, ...second]) expect(third.get(name)).toBe(priority);
      }),
      { numRuns: 5 },
    );
  });

  test('a new route never takes the number of one that is known, though it comes first', () => {
    const [old, other] = twins();
    const before = synth([...HUNDRED.slice(0, 20), old], folders);
    const after = synth([other, ...HUNDRED.slice(0, 20), old], folders);
    expect(after.get(old)).toBe(before.get(old));
    expect(after.get(other)).not.toBe(before.get(old));
  });
});

describe('two IDs that yield one number', () => {
  test('without the file it is an error, whichever comes first: nobody knows which of the two is deployed', () => {
    const [first, second] = twins();
    const number = prioritiesByHand(first);
    for (const [holder, taker] of [twins(), twins().reverse()]) {
      expect(() => listenerWith([holder, taker], folders)).toThrow(
        new Error(
          `\`route('${taker}')\` must have a priority of its own, and its ID yields that of S/${holder}, got ${number}; set ` +
            `\`priority: ${number + 1}\` on the newer of the two, or, if neither is deployed, create ${FILE} with {} beside cdk.json, in which ` +
            `\`cdk synth\` keeps the numbers [RoutePriorityShared at S/${taker}]`,
        ),
      );
    }
    expect(second).not.toBe(first);
  });

  test('a number by hand that is that of another ID is the same error, in both orders', () => {
    const [first, second] = twins();
    const number = prioritiesByHand(first);
    const shape: Shape = (name) => ({ ...folders(name), ...(name === second && { priority: number }) });
    expect(() => listenerWith([second, first], shape)).toThrow(/RoutePriorityShared/);
    expect(() => listenerWith([first, second], shape)).toThrow(/RoutePriorityTaken/);
  });

  test('with the file, the one that it lacks is new and has the next number', () => {
    const [first, second] = twins();
    writeFileSync(FILE, '{}');
    const number = synth([first], folders).get(first)!;
    expect(synth([second, first], folders)).toEqual(
      new Map([
        [second, number + 2],
        [first, number],
      ]),
    );
    expect(prioritiesOf([second], folders).get(second)).toBe(number + 2);
  });

  test('a route with other conditions has a number of its own again', () => {
    const [first, second] = twins();
    writeFileSync(FILE, '{}');
    synth([first, second], folders);
    const hosts: Shape = (name) => ({ hosts: [`${name}.example.com`] });
    expect(prioritiesOf([second], hosts)).toEqual(listenerWith([second], hosts).priorities);
    expect(prioritiesOf([second], hosts).get(second)).toBeLessThan(prioritiesOf([second], folders).get(second)!);
  });

  test('`priority` stays an answer', () => {
    const [first, second] = twins();
    const shape: Shape = (name) => ({ ...folders(name), ...(name === second && { priority: 7 }) });
    expect(() => listenerWith([first, second], shape)).not.toThrow();
  });
});

describe('the file', () => {
  test('a change is a warning, so that `--strict` demands the commit; no change is none', () => {
    const text = `${FILE} has new routes of S/Listener: commit it before you deploy them. [ack: cdk-ecs-mesh:RoutePrioritiesToCommit]`;
    const many = HUNDRED.slice(0, 20);
    expect(run(many, folders).warned).toEqual([text]);
    expect(run(many, folders).warned).toEqual([]);
    expect(run(many.slice(1), folders).warned).toEqual([]);
    expect(run(['more', ...many], folders).warned).toEqual([text]);
  });

  test('a checkout that cannot be written is a warning', () => {
    writeFileSync(FILE, '{}');
    process.env.CDK_OUTDIR = join(folder, 'cdk.out');
    const { app, stack } = listenerWith(['p1'], folders, new App({ autoSynth: false }));
    rmSync(FILE);
    mkdirSync(FILE);
    app.synth();
    expect(warnings(stack)).toEqual([
      `${FILE} lacks routes of S/Listener and cannot be written here: run \`cdk synth\` where it can, and commit the file. ` +
        '[ack: cdk-ecs-mesh:RoutePrioritiesToCommit]',
    ]);
  });

  test('once it exists it has every route, also of listeners with few', () => {
    writeFileSync(FILE, '{}');
    synth(['p1'], folders);
    expect(Object.keys((JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, object>)['S/Listener'])).toEqual(['S/p1']);
  });

  test('is not written for few routes with numbers of their own, and not by tests', () => {
    synth(HUNDRED.slice(0, 19), folders);
    listenerWith(HUNDRED, folders).app.synth();
    expect(() => readFileSync(FILE)).toThrow(/ENOENT/);
  });

  test('has the routes of a listener in alphabetical order', () => {
    const priorities = synth(HUNDRED.slice(0, 20), folders);
    const [[listener, routes]] = Object.entries(JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, object>);
    expect(listener).toBe('S/Listener');
    expect(Object.entries(routes)[0]).toEqual(['S/p0', { automatic: priorities.get('p0'), priority: priorities.get('p0') }]);
  });

  test.each(['{', '[1]', '{"L":{"R":{"automatic":1,"priority":60000}}}', '{"L":{"R":null}}', 'null'])('%s is refused', (text) => {
    writeFileSync(FILE, text);
    expect(() => listenerWith(['p0'], folders)).toThrow(
      new Error(
        '`cdk.route-priorities.json` must have `automatic` and `priority`, from 1 to 50000, for each route of each listener; restore it ' +
          'from the version control; without it, routes that are deployed can get other priorities [RoutePriorityFile at App]',
      ),
    );
  });
});

/** Two names that yield one number. */
function twins(): [string, string] {
  const seen = new Map<number, string>();
  for (let i = 0; ; i++) {
    const name = `t${[...String(i)].map((digit) => 'abcdefghij'[Number(digit)]).join('')}`;
    const priority = prioritiesByHand(name);
    const twin = seen.get(priority);
    if (twin) return [twin, name];
    seen.set(priority, name);
  }
}

function prioritiesByHand(name: string): number {
  return automaticPriority(name, new RouteConditions(new RootConstruct(), undefined, [`/${name}/*`]));
}
