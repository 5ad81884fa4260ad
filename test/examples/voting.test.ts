import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { VotingStack } from '../../examples/voting/app';
import { findings, only, openPaths, resources } from '../helpers';

type Settings = Record<string, string>;

const made = new Map<string, { stack: VotingStack; template: Template }>();

/** The example with settings, as `-c name=value` gives them; each variant is synthesised once. */
function voting(settings: Settings = {}) {
  const key = JSON.stringify(settings);
  if (!made.has(key)) {
    const stack = new VotingStack(new App({ context: settings }), 'Voting');
    made.set(key, { stack, template: Template.fromStack(stack) });
  }
  return made.get(key)!;
}

const VARIANTS: Settings[] = [
  {},
  { persistence: 'none' },
  { redis: 'elasticache' },
  { database: 'postgres' },
  { database: 'postgres', redis: 'elasticache' },
  { mode: 'development' },
  { zoneName: 'votes.example', zoneId: 'Z00000000000000DEMO' },
];
const README = readFileSync(join(__dirname, '..', '..', 'examples', 'voting', 'README.md'), 'utf8');

const { template } = voting();
const frontend = (of = template) => only(of, 'AWS::ECS::TaskDefinition', 'Frontend').Properties.ContainerDefinitions[0];
const variables = (of = template): Record<string, unknown> =>
  Object.fromEntries(frontend(of).Environment.map((v: { Name: string; Value: unknown }) => [v.Name, v.Value]));
const secrets = (of = template): string[] => frontend(of).Secrets.map((s: { Name: string }) => s.Name);
const logicalIds = (of: Template) => Object.keys(of.toJSON().Resources);

test.each(VARIANTS)('%j: no finding of AwsSolutions that nobody acknowledged', (settings) => {
  expect(findings(voting(settings).stack)).toEqual([]);
});

test.each(VARIANTS.slice(0, -1))('%j: as many resources as the README says', (settings) => {
  const words = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  const row = README.split('\n').find((line) => line.startsWith(`| ${words.length ? `\`${words.join(' ')}\`` : 'none'} |`));
  expect(row?.split('|')[3].trim()).toBe(String(logicalIds(voting(settings).template).length));
});

test('VOTE-1: Redis on Fargate behind an internal load balancer of its own that carries TCP', () => {
  const balancer = only(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'Redis').Properties;
  expect(balancer).toMatchObject({ Type: 'network', Scheme: 'internal' });
  expect(only(template, 'AWS::ElasticLoadBalancingV2::Listener', 'Redis').Properties).toMatchObject({
    Port: 6379,
    Protocol: 'TCP',
  });
  const task = only(template, 'AWS::ECS::TaskDefinition', 'Redis').Properties;
  expect(task.RequiresCompatibilities).toEqual(['FARGATE']);
  expect(task.ContainerDefinitions[0].Image).toBe('valkey/valkey:8.1-alpine');
});

test('VOTE-1: only the page reaches the load balancer of Redis, and only that reaches Redis', () => {
  expect(openPaths(template).filter((path) => / 6379$/.test(path))).toEqual([
    'Frontend -> Redis 6379',
    'Redis -> RedisServer 6379',
  ]);
});

test('VOTE-2: the page is built from the local Dockerfile, behind the public load balancer, its URL an output', () => {
  const image = JSON.stringify(frontend().Image);
  expect(image).toMatch(/cdk-hnb659fds-container-assets-.*:[0-9a-f]{64}/);
  expect(only(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'Gateway').Properties.Scheme).toBe('internet-facing');
  const [balancer] = Object.keys(resources(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'Gateway'));
  expect(template.findOutputs('Url').Url.Value).toEqual({ 'Fn::Join': ['', ['http://', { 'Fn::GetAtt': [balancer, 'DNSName'] }]] });
});

test('VOTE-2: with a domain the page speaks HTTPS under its name', () => {
  const { template: own } = voting({ zoneName: 'votes.example', zoneId: 'Z00000000000000DEMO' });
  expect(own.findOutputs('Url').Url.Value).toBe('https://vote.votes.example');
  own.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 443, Protocol: 'HTTPS' });
});

test('VOTE-3: the page learns the DNS name of the load balancer from a variable, and carries no proxy', () => {
  const [balancer] = Object.keys(resources(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'Redis'));
  expect(variables().REDIS_HOST).toEqual({ 'Fn::GetAtt': [balancer, 'DNSName'] });
  expect([variables().REDIS_PORT, variables().REDIS_TLS]).toEqual(['6379', 'false']);
  expect(secrets()).toEqual(['REDIS_PASSWORD', 'REDIS_USERNAME']);
  template.resourcePropertiesCountIs('AWS::ECS::Service', { ServiceConnectConfiguration: { Enabled: true } }, 0);
});

test('VOTE-4: the page scales from 2 to 10 tasks on CPU and requests; Redis is one task of its own size', () => {
  const target = only(template, 'AWS::ApplicationAutoScaling::ScalableTarget').Properties;
  expect([target.MinCapacity, target.MaxCapacity]).toEqual([2, 10]);
  const metrics = Object.values(resources(template, 'AWS::ApplicationAutoScaling::ScalingPolicy')).map(
    ({ Properties: p }) => p.TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification.PredefinedMetricType,
  );
  expect(metrics.sort()).toEqual(['ALBRequestCountPerTarget', 'ECSServiceAverageCPUUtilization']);
  const redis = only(template, 'AWS::ECS::Service', 'Redis').Properties;
  expect(redis).toMatchObject({ DesiredCount: 1, DeploymentConfiguration: { MinimumHealthyPercent: 0, MaximumPercent: 100 } });
});

test('VOTE-5: with ElastiCache everything that is not the store keeps its logical id, and the image stays', () => {
  const { template: managed } = voting({ redis: 'elasticache' });
  const others = (of: Template) => logicalIds(of).filter((id) => !/Redis|SecurityGroup.*to/.test(id));
  expect(others(managed)).toEqual(others(template));
  expect(frontend(managed).Image).toEqual(frontend().Image);
  expect(only(managed, 'AWS::ElastiCache::ReplicationGroup').Properties).toMatchObject({
    MultiAZEnabled: true,
    AutomaticFailoverEnabled: true,
    NumCacheClusters: 2,
    SnapshotRetentionLimit: 15,
  });
  expect(variables(managed).REDIS_TLS).toBe('true');
});

test('VOTE-6: with PostgreSQL the page gets the database beside Redis', () => {
  const { template: durable } = voting({ database: 'postgres' });
  expect(only(durable, 'AWS::RDS::DBInstance').Properties).toMatchObject({
    MultiAZ: true,
    StorageEncrypted: true,
    DBName: 'votes',
  });
  expect(variables(durable)).toMatchObject({ DATABASE_NAME: 'votes', DATABASE_PORT: '5432', DATABASE_SSLMODE: 'require' });
  expect(Object.keys(variables(durable))).toEqual(expect.arrayContaining(['REDIS_HOST', 'DATABASE_HOST', 'DATABASE_SECRET_ARN']));
  expect(secrets(durable)).toEqual(expect.arrayContaining(['REDIS_PASSWORD', 'DATABASE_USERNAME', 'DATABASE_PASSWORD']));
  expect(openPaths(durable)).toContain('Frontend -> Database 5432');
  expect(Object.keys(variables()).filter((name) => name.startsWith('DATABASE'))).toEqual([]);
});

test('VOTE-7: health check of the page with its own path, interval and thresholds; Redis has another', () => {
  const group = (prefix: string) => only(template, 'AWS::ElasticLoadBalancingV2::TargetGroup', prefix).Properties;
  expect(group('Frontend')).toMatchObject({
    HealthCheckPath: '/healthz',
    HealthCheckIntervalSeconds: 15,
    HealthCheckTimeoutSeconds: 4,
    HealthyThresholdCount: 3,
    UnhealthyThresholdCount: 2,
  });
  expect(group('Redis')).toMatchObject({ HealthCheckProtocol: 'TCP', HealthCheckIntervalSeconds: 10, UnhealthyThresholdCount: 2 });
  expect(frontend().HealthCheck).toMatchObject({ Command: ['CMD', 'node', '/app/healthcheck.js'], Interval: 10, Retries: 3 });
});

test('VOTE-8: REDIS_READER_HOST beside the writer where the store has replicas, and only there', () => {
  const { template: managed } = voting({ redis: 'elasticache' });
  const [group] = Object.keys(resources(managed, 'AWS::ElastiCache::ReplicationGroup'));
  expect(variables(managed).REDIS_READER_HOST).toEqual({ 'Fn::GetAtt': [group, 'ReaderEndPoint.Address'] });
  expect(variables(managed).REDIS_HOST).toEqual({ 'Fn::GetAtt': [group, 'PrimaryEndPoint.Address'] });
  expect(variables().REDIS_READER_HOST).toBeUndefined();
});

test('T18: votes on EFS have one writer; without persistence there is no file system', () => {
  expect(resources(template, 'AWS::EFS::FileSystem')).not.toEqual({});
  expect(resources(voting({ persistence: 'none' }).template, 'AWS::EFS::FileSystem')).toEqual({});
});
