import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { TopologyRecord } from 'cdk-ecs-mesh';
import { app } from '../../examples/care/app';
import { only, openPaths, resources } from '../helpers';

const template = Template.fromStack((app as App).node.findChild('Care') as never);
const containers = (service: string) => only(template, 'AWS::ECS::TaskDefinition', service).Properties.ContainerDefinitions;
const service = (name: string) => only(template, 'AWS::ECS::Service', name).Properties;
const variable = (container: { Environment: { Name: string; Value: unknown }[] }, name: string) =>
  container.Environment.find((v) => v.Name === name)?.Value;

test('CARE-1: Cloud Map namespace care-ns', () => {
  template.hasResourceProperties('AWS::ServiceDiscovery::HttpNamespace', { Name: 'care-ns' });
});

test('CARE-2: Redis with modules on Fargate: 1 vCPU, 3 GB, x86_64, awsvpc, port mapping redis 6379/tcp', () => {
  expect(only(template, 'AWS::ECS::TaskDefinition', 'Redis').Properties).toMatchObject({
    Cpu: '1024',
    Memory: '3072',
    NetworkMode: 'awsvpc',
    RequiresCompatibilities: ['FARGATE'],
    RuntimePlatform: { CpuArchitecture: 'X86_64' },
  });
  const [redis] = containers('Redis');
  expect(redis.Image).toBe('redis/redis-stack-server:7.4.0-v3');
  expect(redis.PortMappings).toEqual([{ ContainerPort: 6379, Name: 'redis', Protocol: 'tcp' }]);
});

test('CARE-3: client and server: discovery name redis, alias redis.care-ns:6379', () => {
  expect(service('Redis').ServiceConnectConfiguration).toMatchObject({
    Enabled: true,
    Services: [{ PortName: 'redis', DiscoveryName: 'redis', ClientAliases: [{ DnsName: 'redis.care-ns', Port: 6379 }] }],
  });
});

test('CARE-4: the web service is behind the public load balancer, and a client in the same namespace', () => {
  expect(service('Care').LoadBalancers).toHaveLength(1);
  expect(service('Care').ServiceConnectConfiguration.Namespace).toEqual(service('Redis').ServiceConnectConfiguration.Namespace);
});

test('CARE-5: worker and beat in one task, no load balancer, client only', () => {
  expect(containers('Celery').map((c: { Name: string }) => c.Name)).toEqual(['worker', 'beat']);
  expect([service('Celery').LoadBalancers, service('Celery').DesiredCount]).toEqual([undefined, 1]);
  expect(service('Celery').ServiceConnectConfiguration.Enabled).toBe(true);
  expect(service('Celery').ServiceConnectConfiguration.Services).toBeUndefined();
});

test('CARE-6: REDIS_URL reaches all three containers, the password as a secret', () => {
  const all = [...containers('Care'), ...containers('Celery')];
  expect(all.length).toBeGreaterThanOrEqual(3);
  for (const container of all) {
    expect(variable(container, 'REDIS_URL')).toBe('redis://redis.care-ns:6379');
    expect(container.Secrets.map((s: { Name: string }) => s.Name)).toContain('REDIS_PASSWORD');
  }
});

test.each(['Care', 'Celery'])('CARE-7: %s may use the bucket and read the database secret, and nothing else', (name) => {
  const statements = only(template, 'AWS::IAM::Policy', `${name}TaskRole`).Properties.PolicyDocument.Statement;
  expect(statements.map((s: { Action: unknown }) => s.Action)).toEqual([
    ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
    's3:ListBucket',
    ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
  ]);
  expect(JSON.stringify(statements)).not.toContain('"*"');
  expect(variable(containers(name)[0], 'DATABASE_NAME')).toBe('care');
  expect(variable(containers(name)[0], 'UPLOADS_BUCKET')).toEqual({
    Ref: Object.keys(resources(template, 'AWS::S3::Bucket', 'Uploads'))[0],
  });
});

test('CARE-8: Redis is reachable from Care and Celery, and from nobody else', () => {
  expect(openPaths(template).filter((path) => / -> Redis/.test(path))).toEqual([
    'Care -> RedisServer 6379',
    'Celery -> RedisServer 6379',
  ]);
  const clients = TopologyRecord.of(app).connections.filter((c) => c.server === 'Care/Redis/Server');
  expect(clients.map((c) => c.client)).toEqual(['Care/Care', 'Care/Celery']);
});

test('T1: Redis is deployed before its clients, so that their proxies know it', () => {
  const [redis] = Object.keys(resources(template, 'AWS::ECS::Service', 'Redis'));
  for (const name of ['Care', 'Celery']) expect(only(template, 'AWS::ECS::Service', name).DependsOn).toContain(redis);
});
