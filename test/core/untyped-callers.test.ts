import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Annotations as CdkAnnotations, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseInstance,
  DatabaseInstanceEngine,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import * as lib from 'cdk-ecs-mesh';
import { CALLS } from '../../src/core/private/arguments/calls';
import { CDK_ENUMS } from '../../src/core/private/arguments/cdk-enums';
import { ENUMS } from '../../src/core/private/arguments/enums';
import { Faults } from '../../src/core/private/arguments/fault';
import { INSTANCES } from '../../src/core/private/arguments/instances';
import { STRUCTS } from '../../src/core/private/arguments/structs';
import { canGrow, membersOf, propsOf } from '../../src/core/private/arguments/types';
import { WEB, newMesh, newService, newStack } from '../helpers';

type Callable = (...args: unknown[]) => unknown;
type Class = Record<string, Callable> & { readonly prototype: Record<string, Callable> } & (new (...args: unknown[]) => unknown);

/** The library as JavaScript sees it. */
const classOf = (name: string) => (lib as unknown as Record<string, Class>)[name];
const OURS = /\[(ValueMissing|ValueType|PropUnknown)( at [^\]]*)?\]$/;
const KEYS = Object.keys(CALLS);
const CONSTRUCTORS = KEYS.filter((key) => key.endsWith('.new')).map((key) => key.slice(0, -4));
/** A value that is nothing which the library takes anywhere. */
const NOTHING = [null, Symbol('odd'), () => 1];

/** Calls a factory, or a method of an object that no constructor made: the arguments are looked at first. */
function call(key: string, value: unknown): void {
  const [name, member] = key.split(/[.#]/);
  const owner = classOf(name);
  if (key.includes('#')) owner.prototype[member].call(Object.create(owner.prototype), value);
  else owner[member](value);
}

test('the tables are those of the types in src/ (npx projen facts:arguments)', () => {
  const script = join(__dirname, '../../scripts/facts/arguments.mjs');
  const now = JSON.parse(execFileSync(process.execPath, [script, '--stdout'], { encoding: 'utf8' })) as { cdkEnums: object };
  const { cdkEnums, ...tables } = now;
  expect({ calls: CALLS, structs: STRUCTS, instances: INSTANCES, enums: ENUMS }).toEqual(tables);
  expect(Object.keys(CDK_ENUMS)).toEqual(Object.keys(cdkEnums).sort());
});

describe.each(KEYS.filter((key) => CALLS[key] !== '' && !key.endsWith('.new')))('%s', (key) => {
  const [first] = membersOf(CALLS[key]!);
  const odd = first.type.name === 'any' ? [] : NOTHING;
  test.each(odd)('refuses %p', (value) => expect(() => call(key, value)).toThrow(OURS));
  if (!first.isOptional) test('needs its first argument', () => expect(() => call(key, undefined)).toThrow(OURS));
});

const GUARDED = KEYS.filter((key) => !key.endsWith('.new') && !canGrow(CALLS[key]!));
test.each(GUARDED)('%s refuses an argument that it does not have', (key) => {
  const wrapped = jest.spyOn(Faults.prototype, 'inValue').mockReturnValue(undefined);
  const [name, member] = key.split(/[.#]/);
  const owner = classOf(name);
  const values = [...membersOf(CALLS[key]!).map(() => undefined), { cpuPercent: 60 }];
  const target = key.includes('#') ? owner.prototype : owner;
  expect(() => target[member].apply(Object.create(target as object), values)).toThrow(/\[ArgumentUnknown( at [^\]]*)?\]$/);
  wrapped.mockRestore();
});

test('methods of lists add a position and the list', () => {
  expect(['main', 'next'].map(lib.GitHubSubject.branch)).toHaveLength(2);
});

describe.each(CONSTRUCTORS)('new %s', (name) => {
  const make = (props: unknown) => () => new (classOf(name))(newStack(), 'It', props);
  test.each([null, 'text', 1, [], Symbol('odd')])('refuses %p as its props', (props) => expect(make(props)).toThrow(OURS));
  test.each([[undefined], ['text']])('refuses the scope %p', (scope) => {
    expect(() => new (classOf(name))(scope, 'It', {})).toThrow(/^`scope` must be a construct; .* \[ValueType\]$/);
  });
  test('refuses an ID that is no text', () => {
    expect(() => new (classOf(name))(newStack(), 7, {})).toThrow('`id` must be a string, got "a number"; ');
  });
});

describe.each(Object.keys(STRUCTS))('%s', (name) => {
  const { props } = propsOf(name);
  const typed = props.filter(({ type }) => type.name !== 'any');
  test.each(typed)('$name is of its type', ({ name: prop, type }) => {
    for (const value of NOTHING) expect(new Faults().inValue(type, value, prop)).toMatchObject({ kind: 'type', prop });
  });
  const required = props.filter(({ isOptional }) => !isOptional);
  test('has its required props', () => {
    for (const { name: prop, type } of required) {
      expect(new Faults().inValue(type, undefined, prop)).toMatchObject({ kind: 'missing', prop });
    }
  });
});

const service = (props: object) => () => new (classOf('MeshService'))(newStack(), 'It', props);
const inMesh = (props: object) => {
  const stack = newStack();
  return () => new (classOf('MeshService'))(stack, 'It', { mesh: newMesh(stack), containers: [WEB], ...props });
};
const port = (props: object) => inMesh({ containers: [{ ...WEB, ports: [{ name: 'http', containerPort: 80, ...props }] }] });

test.each<[string, string, () => unknown]>([
  ['a required prop', '`mesh` must be specified; specify an IMesh [ValueMissing at Shop/It]', service({ containers: [WEB] })],
  [
    'a misspelt prop',
    '`containres` must be a prop of MeshServiceProps, got []; did you mean `containers`? [PropUnknown at Shop/It]',
    inMesh({ containres: [] }),
  ],
  [
    'text for a number',
    '`containers[0].ports[0].containerPort` must be a finite number, got "8080"; omit the quotes [ValueType at Shop/It]',
    port({ containerPort: '8080' }),
  ],
  [
    'a number that is none',
    '`containers[0].ports[0].containerPort` must be a finite number, got NaN; specify a finite number [ValueType at Shop/It]',
    port({ containerPort: NaN }),
  ],
  [
    'a number for text',
    '`containers[0].ports[0].name` must be a string, got 80; put it in quotes [ValueType at Shop/It]',
    port({ name: 80 }),
  ],
  [
    'another value of a choice',
    '`containers[0].ports[0].protocol` must be one of "http", "http2", "grpc", "tcp", got "HTTP"; did you mean "http"? ' +
      '[ValueType at Shop/It]',
    port({ protocol: 'HTTP' }),
  ],
  [
    'one for a list',
    '`containers` must be a list of ContainerOptions, got "{ image, ports }"; put it in brackets: `[...]` [ValueType at Shop/It]',
    inMesh({ containers: WEB }),
  ],
  [
    'an object for a value class',
    '`scaling` must be a Scaling, got "{ min, max }"; specify a value such as `Scaling.between(...)` [ValueType at Shop/It]',
    inMesh({ scaling: { min: 1, max: 2 } }),
  ],
  [
    'another value class',
    '`scaling` must be a Scaling, got "an instance of Rollout"; specify a value such as `Scaling.between(...)` ' +
      '[ValueType at Shop/It]',
    inMesh({ scaling: lib.Rollout.rolling() }),
  ],
  [
    'null',
    '`taskSize` must be an object with the props of TaskSize, got null; specify an object with the props of TaskSize, or omit it if ' +
      'it is optional [ValueType at Shop/It]',
    inMesh({ taskSize: null }),
  ],
  [
    'a number for a duration, in a factory',
    '`Scaling.between(targets).scaleOutCooldown` must be a Duration, got 60; specify `Duration.seconds(60)` [ValueType]',
    () => classOf('Scaling').between(1, 2, { scaleOutCooldown: 60 }),
  ],
  [
    'a prop that a factory does not know',
    '`ServiceConnect.onDemand(timeouts).tls` must be a prop of ServiceConnectTimeouts, got true; its props are `idleTimeout`, `requestTimeout` ' +
      '[PropUnknown]',
    () => classOf('ServiceConnect').onDemand({ tls: true }),
  ],
])('%s', (_, message, build) => expect(build).toThrow(message));

test('more arguments than a factory has', () => {
  expect(() => classOf('Scaling').fixed(1, { cpuPercent: 60 })).toThrow(
    '`Scaling.fixed(...)` must be called with no other arguments than `count`, got "{ cpuPercent }"; omit what comes after, which would ' +
      'have no effect [ArgumentUnknown]',
  );
  expect(() => classOf('RedisMode').single('a')).toThrow('`RedisMode.single(...)` must be called without arguments, got "a"; ');
});

test('NU-10: a service instead of its port', () => {
  const mesh = newMesh(newStack());
  const [api, web] = [newService(mesh, 'Api'), newService(mesh, 'Web')];
  expect(() => web.connectTo(api as never)).toThrow(
    '`MeshService.connectTo(endpoint)` must be an IEndpoint, got "an instance of MeshService"; specify one of its ports: ' +
      '`.port("http")` [ValueType at Shop/Web]',
  );
});

const databaseOf = (stack: Stack) =>
  new DatabaseInstance(stack, 'It', {
    engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17 }),
    vpc: new Vpc(stack, 'Vpc'),
  });
const databaseClusterOf = (stack: Stack) =>
  new DatabaseCluster(stack, 'It', {
    engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_4 }),
    vpc: new Vpc(stack, 'Vpc'),
    writer: ClusterInstance.serverlessV2('Writer'),
  });

test.each<[string, (stack: Stack) => unknown]>([
  ['its `queueEndpoint`', (stack) => new lib.QueueWorkerService(stack, 'It', { mesh: newMesh(stack), containers: [WEB] })],
  ['`Endpoint.bucket(...)` with it', (stack) => new Bucket(stack, 'It')],
  ['`Endpoint.secret(...)` with it', (stack) => new Secret(stack, 'It')],
  ['`Endpoint.queue(...)` with it', (stack) => new Queue(stack, 'It')],
  ['`Endpoint.topic(...)` with it', (stack) => new Topic(stack, 'It')],
  ['`Endpoint.table(...)` with it', (stack) => Table.fromTableName(stack, 'It', 'names')],
  ['`ImportedDatabase.fromDatabaseInstance(...)` with it', databaseOf],
  ['`ImportedDatabase.fromDatabaseCluster(...)` with it', databaseClusterOf],
  ['`Endpoint.parameter(...)` with it', (stack) => new StringParameter(stack, 'It', { stringValue: '1' })],
])('NU-10: something that has an endpoint: %s', (fix, create) => {
  const web = newService(newMesh(newStack('Web')), 'Web');
  const message = new RegExp(
    `must be an IEndpoint, got "an instance of [\\w.]+"; specify ${fix.replace(/[.()]/g, '\\$&')} \\[ValueType at Web/Web`,
  );
  expect(() => web.connectTo(create(newStack()) as never)).toThrow(message);
});

test('a prop of a wrapper is a warning, as it may be meant for the wrapper alone', () => {
  const stack = newStack();
  new (classOf('MeshService'))(stack, 'It', { mesh: newMesh(stack), containers: [WEB], costCenter: 'a' });
  const text =
    '`costCenter` of Shop/It is "a" and has no effect: it must be a prop of MeshServiceProps; its props are .*cdk-ecs-mesh:PropIgnored';
  Annotations.fromStack(stack).hasWarning('/Shop/It', Match.stringLikeRegexp(text));
});

test('the warning of a prop is acknowledged on the construct that it names', () => {
  const stack = newStack();
  const made = new (classOf('MeshService'))(stack, 'It', { mesh: newMesh(stack), containers: [{ ...WEB, costCenter: 'a' }] });
  CdkAnnotations.of(made as lib.MeshService).acknowledgeWarning('cdk-ecs-mesh:PropIgnored');
  Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('PropIgnored'));
});

test('a derived construct has props of its own', () => {
  const stack = newStack();
  const props = { mesh: newMesh(stack), containers: [WEB], costCenter: 'a' };
  class Team extends lib.MeshService {}
  new Team(stack, 'It', props);
  Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('PropIgnored'));
});
