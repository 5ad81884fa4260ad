import { Stack, TimeZone } from 'aws-cdk-lib';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import {
  ContainerRedis,
  RedisPersistence,
  DualAlbGateway,
  Ec2HostRedis,
  ElastiCacheRedis,
  ExternalSide,
  InternalSide,
  OfficeHours,
  PostgresDatabase,
  RedisExposure,
  ScheduledJob,
  ServerlessRedis,
} from 'cdk-ecs-mesh';
import { Construct } from 'constructs';
import { newMesh, newService, newStack, templateOf } from '../helpers';

/** Everything of which ids or paths get into a description, in a scope that is called `id`. */
function everything(id: string): Stack {
  const stack = newStack();
  const scope = new Construct(stack, id);
  const mesh = newMesh(stack, { officeHours: OfficeHours.weekdays(TimeZone.EUROPE_BERLIN) });
  new PostgresDatabase(scope, id, { mesh });
  new ElastiCacheRedis(scope, `${id}1`, { mesh });
  new ServerlessRedis(scope, `${id}2`, { mesh });
  new Ec2HostRedis(scope, `${id}3`, { mesh });
  const [exposure, persistence] = [RedisExposure.networkLoadBalancer(), RedisPersistence.appendOnly()];
  new ContainerRedis(scope, `${id}4`, { mesh, exposure, persistence, discoveryName: 'four' });
  const containers = [{ image: ContainerImage.fromRegistry('my/report') }];
  new ScheduledJob(scope, `${id}5`, {
    mesh,
    containers,
    discoveryName: 'five',
    schedule: ScheduleExpression.expression('rate(1 day)'),
  });
  const gateway = new DualAlbGateway(scope, `${id}6`, {
    network: mesh,
    external: ExternalSide.http(),
    internal: InternalSide.http(),
  });
  const target = newService(mesh, 'Web').port('http');
  gateway.external.route('Web', { target });
  gateway.internal.route('Web', { target });
  return stack;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html; ElastiCache refuses less. */
const EC2 = /^[A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]{1,255}$/;

/** The longest that the services of other types take. */
const LONGEST: Record<string, number> = { 'AWS::Scheduler::Schedule': 512, 'AWS::IAM::Role': 1000 };

describe.each([
  ['signs', `<a> 'b' "c" \u00e9 ? %`],
  ['a long id', 'x'.repeat(240)],
])('DT-70: descriptions of constructs whose ids have %s', (_, id) => {
  const { Resources } = templateOf(everything(id)).toJSON() as {
    Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
  };
  const found = Object.entries(Resources).flatMap(([logicalId, { Type, Properties = {} }]) =>
    Object.entries(Properties)
      .filter(([name, value]) => /Description$/.test(name) && typeof value === 'string')
      .map(([name, value]) => ({ what: `${logicalId}.${name}`, Type, text: value as string })),
  );

  test('EC2 and ElastiCache take them', () => {
    const strict = found.filter(({ Type }) => /^AWS::(EC2|ElastiCache|RDS)::/.test(Type));
    expect(strict.length).toBeGreaterThan(12);
    expect(strict.filter(({ text }) => !EC2.test(text))).toEqual([]);
  });

  test('the others are not too long', () => {
    expect(found.filter(({ Type, text }) => text.length > (LONGEST[Type] ?? Infinity))).toEqual([]);
  });
});
