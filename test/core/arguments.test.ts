import { runInNewContext } from 'node:vm';
import { Duration, Lazy } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { MeshService, QueueWorkerService } from 'cdk-ecs-mesh';
import { CDK_ENUMS } from '../../src/core/private/arguments/cdk-enums';
import { Faults } from '../../src/core/private/arguments/fault';
import { STRUCTS } from '../../src/core/private/arguments/structs';
import { propsOf, valuesOf } from '../../src/core/private/arguments/types';
import { WEB, newMesh, newStack } from '../helpers';

type Functions = Record<string, () => object | undefined>;

const inMesh = (props: object) => {
  const stack = newStack();
  return () => new MeshService(stack, 'It', { mesh: newMesh(stack), containers: [WEB], ...props });
};
const STRUCT_NAMES = Object.keys(STRUCTS);

describe('something else in the place of props', () => {
  const at = () => newStack();
  test.each(STRUCT_NAMES)('%s is no construct', (name) => {
    const type = { name, isList: false, isMap: false };
    for (const value of [new Queue(at(), 'Q', { fifo: true }), new Bucket(at(), 'B'), Duration.days(1), new Map()]) {
      expect(new Faults().inValue(type, value, 'it')).toMatchObject({ kind: 'type', prop: 'it' });
    }
  });

  test.each(STRUCT_NAMES)('%s is what a compiler, jsii or another realm makes of it', (name) => {
    const required = propsOf(name).props.filter(({ isOptional }) => !isOptional);
    const type = { name, isList: false, isMap: false };
    const otherRealm = runInNewContext('({})') as object;
    for (const value of [{}, Object.create(null), proxyOfJsii(name), otherRealm] as object[]) {
      const fault = new Faults().inValue(type, value, 'it');
      if (required.length === 0) expect(fault).toBeUndefined();
      else expect(fault).toMatchObject({ kind: 'missing' });
    }
  });

  test('a class that was written for the props', () => {
    class Small {
      public readonly cpu = 256;
      public readonly memoryMiB = 512;
    }
    expect(inMesh({ taskSize: new Small() })).not.toThrow();
  });

  test('a queue where the options of one belong', () => {
    const stack = newStack();
    const queue = new Queue(stack, 'Queue', { fifo: true });
    const make = () => new QueueWorkerService(stack, 'It', { mesh: newMesh(stack), containers: [WEB], queue });
    expect(make).toThrow(
      '`queue` must be an object with the props of WorkerQueueOptions, got "an instance of aws_sqs.Queue"; specify ' +
        '`queue: { existing: queue }` [ValueType at Shop/It]',
    );
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('a mesh where the props of a service belong', () => {
    const stack = newStack();
    expect(() => new MeshService(stack, 'It', newMesh(stack) as never)).toThrow(
      /^`props` must be an object with the props of MeshServiceProps, got "an instance of \w+"; specify `\{ mesh: ... \}` \[ValueType/,
    );
  });
});

/** What the kernel of jsii creates for a struct of another language: an object whose properties are accessors. */
function proxyOfJsii(struct: string): object {
  const proxy = new Object();
  for (const { name } of propsOf(struct).props) Object.defineProperty(proxy, name, { get: () => undefined, enumerable: false });
  return proxy;
}

describe.each(Object.keys(CDK_ENUMS))('the enum %s of the CDK', (name) => {
  const type = { name, isList: false, isMap: false };
  const of = (value: unknown) => new Faults().inValue(type, value, 'it');
  const members = Object.entries(CDK_ENUMS[name]!() as Record<string, string | number>).filter(([member]) => !/^\d/.test(member));

  test('has values', () => expect(valuesOf(name)!.length).toBeGreaterThan(1));
  test.each(members)('%s is one', (_, value) => expect(of(value)).toBeUndefined());
  test.each(members)('%s is the remedy for its name', (member, value) => {
    if (members.some(([, each]) => each === member)) return;
    const [, meant] = /^did you mean `\w+\.(\w+)`\?$/.exec(of(member)!.fix)!;
    // The name of an old member is the value of its successor here.
    if (name !== 'SubnetType') expect(Object.fromEntries(members)[meant]).toBe(value);
  });
  test('takes what only the deployment knows', () => {
    const token = typeof members[0][1] === 'number' ? Lazy.number({ produce: () => 1 }) : Lazy.string({ produce: () => 'a' });
    expect(of(token)).toBeUndefined();
  });
  test('takes any value of a newer CDK', () => {
    const grown = jest.spyOn(CDK_ENUMS as Functions, name).mockReturnValue({ NEW: 'new-value' });
    expect(of('new-value')).toBeUndefined();
    grown.mockRestore();
  });
  test('is not known in a CDK that lacks it', () => {
    const lacking = jest.spyOn(CDK_ENUMS as Functions, name).mockReturnValue(undefined);
    expect(of('anything')).toBeUndefined();
    lacking.mockRestore();
  });
});

test.each<[string, object, string]>([
  [
    'the name of a member',
    { lifecycle: { dependsOn: [{ container: 'a', condition: 'Healthy' }] } },
    '`containers[0].lifecycle.dependsOn[0].condition` must be one of "START", "COMPLETE", "SUCCESS", "HEALTHY", got "Healthy"; did you mean ' +
      '`ContainerDependencyCondition.HEALTHY`? [ValueType at Shop/It]',
  ],
  [
    'another case',
    { process: { ulimits: [{ name: 'NOFILE', softLimit: 1, hardLimit: 1 }] } },
    'got "NOFILE"; did you mean `UlimitName.NOFILE`? [ValueType at Shop/It]',
  ],
])('enums of the CDK: %s', (_, props, message) => {
  expect(inMesh({ containers: [{ ...WEB, ...props }] })).toThrow(message);
});

test.each<[string, string, unknown, string]>([
  ['a number that is none', 'RetentionDays', 42, 'specify a value of `RetentionDays`'],
  ['text of another kind', 'ContainerInsights', 'on', 'specify a value of `ContainerInsights`'],
  [
    'the start of a name',
    'DeploymentLifecycleStage',
    'POST_TEST',
    'did you mean `DeploymentLifecycleStage.POST_TEST_TRAFFIC_SHIFT`?',
  ],
  ['a name in the place of its value', 'RemovalPolicy', 'DESTROY', 'did you mean `RemovalPolicy.DESTROY`?'],
])('enums of the CDK: %s', (_, name, value, fix) => {
  expect(new Faults().inValue({ name, isList: false, isMap: false }, value, 'it')).toMatchObject({ kind: 'type', got: value, fix });
});

test('a security policy that is newer than the CDK', () => {
  const type = { name: 'SslPolicy', isList: false, isMap: false };
  expect(new Faults().inValue(type, 'ELBSecurityPolicy-TLS13-1-3-2031-01', 'it')).toBeUndefined();
  expect(new Faults().inValue(type, 'elbsecuritypolicy-2016-08', 'it')).toMatchObject({ kind: 'type' });
});

describe('remedies', () => {
  const fixOf = (name: string, value: unknown, prop = 'it') =>
    new Faults().inValue({ name, isList: false, isMap: false }, value, prop)?.fix;
  test.each<[string, unknown, string, string]>([
    ['Duration', 30, 'backupRetention', '`Duration.days(30)`'],
    ['Duration', 10, 'rollout.bakeTime', '`Duration.minutes(10)`'],
    ['Duration', '60', 'timeout', '`Duration.seconds(60)`'],
    ['Size', 512, 'memoryMin', '`Size.mebibytes(512)`'],
    ['WritablePath', '/tmp', 'writablePaths[0]', '`WritablePath.tmpfs("/tmp")`'],
    ['Compute', 'FARGATE_SPOT', 'compute', 'a value such as `Compute.fargateSpot()`'],
    ['Compute', 'fargate', 'compute', 'a value such as `Compute.fargate()`'],
    ['Rollout', 'blue-green', 'rollout', 'a value such as `Rollout.blueGreen()`'],
    ['Scaling', 2, 'scaling', '`Scaling.fixed(2)`'],
    ['IPeer', '10.0.0.0/8', 'peers[0]', '`ec2.Peer.ipv4("10.0.0.0/8")`'],
    ['IPeer', '::/0', 'peers[0]', '`ec2.Peer.ipv6("::/0")`'],
    ['IPeer', 'sg-1', 'peers[0]', '`ec2.Peer.securityGroupId("sg-1")`'],
    ['IPeer', 'pl-1', 'peers[0]', '`ec2.Peer.prefixList("pl-1")`'],
    ['ScheduleExpression', 'rate(1 hour)', 'schedule', '`ScheduleExpression.expression("rate(1 hour)")`'],
    ['Schedule', 'rate(1 hour)', 'schedule', '`Schedule.expression("rate(1 hour)")`'],
    ['PostgresEngineVersion', '17.4', 'version', '`rds.PostgresEngineVersion.VER_17`'],
    ['CpuArchitecture', 'ARM64', 'cpuArchitecture', 'a value such as `ecs.CpuArchitecture.ARM64`'],
    ['CpuArchitecture', 'x86_64', 'cpuArchitecture', '`ecs.CpuArchitecture.X86_64`'],
    ['string', new InstanceType('m7g.large'), 'nodeType', '`"cache.m7g.large"`'],
    ['ICertificate', 'arn:aws:acm:1', 'certificate', '`acm.Certificate.fromCertificateArn(this, "Certificate", "arn:aws:acm:1")`'],
    ['IRole', 'arn:aws:iam:1', 'taskRole', '`iam.Role.fromRoleArn(this, "Role", "arn:aws:iam:1")`'],
    ['IEndpoint', 'api.example.com', 'endpoint', '`Endpoint.externalHost("api.example.com")`'],
  ])('%s for %p', (name, value, prop, example) => expect(fixOf(name, value, prop)).toBe(`specify ${example}`));

  test('resources for what is made of them', () => {
    const stack = newStack();
    const secret = new Secret(stack, 'Secret');
    expect(new Faults().inValue({ name: 'Secret', isList: false, isMap: false }, secret, 'secrets.A')).toMatchObject({
      must: 'be an ecs.Secret',
      got: 'an instance of aws_secretsmanager.Secret',
      fix: 'specify `ecs.Secret.fromSecretsManager(secret)`',
    });
    expect(fixOf('Secret', Secret)).toBe('specify a value such as `ecs.Secret.fromSecretsManager(secret)`');
    const parameter = new StringParameter(stack, 'Parameter', { stringValue: '1' });
    expect(fixOf('Secret', parameter)).toBe('specify `ecs.Secret.fromSsmParameter(parameter)`');
    const topic = new Topic(stack, 'Topic');
    expect(fixOf('IAlarmAction', topic)).toBe('specify `new cloudwatch_actions.SnsAction(topic)`');
  });
});
