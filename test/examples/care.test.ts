import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { TopologyRecord } from 'cdk-ecs-mesh';
import { app } from '../../examples/care/app';
import { CareImage } from '../../examples/care/care-image';
import { CloudAssembly } from '../../local/assembly/cloud-assembly';
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
  expect(redis.Image).toBe('public.ecr.aws/docker/library/redis:8.10-alpine');
  expect(redis.PortMappings).toEqual([{ ContainerPort: 6379, Name: 'redis', Protocol: 'tcp' }]);
});

test('CARE-3: client and server: discovery name redis, alias redis.care-ns:6379', () => {
  expect(service('Redis').ServiceConnectConfiguration).toMatchObject({
    Enabled: true,
    Services: [{ PortName: 'redis', DiscoveryName: 'redis', ClientAliases: [{ DnsName: 'redis.care-ns', Port: 6379 }] }],
  });
});

test('CARE-4: the web service is behind the public load balancer, and a client only in the same namespace', () => {
  expect(service('Care').LoadBalancers).toHaveLength(1);
  expect(service('Care').ServiceConnectConfiguration.Namespace).toEqual(service('Redis').ServiceConnectConfiguration.Namespace);
  expect(service('Care').ServiceConnectConfiguration.Services).toBeUndefined();
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

test('CARE-7: what the small app does with its bucket is what the roles allow', () => {
  const code = readFileSync(join(__dirname, '../../examples/care/app/care/files/bucket.py'), 'utf8');
  const calls = [...new Set(code.match(/\b(get|put|delete|copy|head)_object\w*|\blist_objects\w*/g))].sort();
  expect(calls).toEqual(['delete_object', 'get_object', 'put_object']);
  const [, , objects] = only(template, 'AWS::IAM::Policy', 'CareTaskRole').Properties.PolicyDocument.Statement;
  expect(objects.Action).toEqual(expect.arrayContaining(['s3:DeleteObject', 's3:GetObject', 's3:PutObject']));
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

const uploads = { Ref: Object.keys(resources(template, 'AWS::S3::Bucket', 'Uploads'))[0] };
const processes = () => [...containers('Care'), ...containers('Celery'), ...containers('Migrate')];

/** Names and files as of https://github.com/ohcnetwork/care: release v24.43.0 (69c2b83), or develop where it says so. */
test.each<[string, unknown, string]>([
  ['DJANGO_SETTINGS_MODULE', 'config.settings.production', 'config/settings/production.py'],
  ['DJANGO_SECURE_SSL_REDIRECT', 'False', 'config/settings/deployment.py: True without it, and /ping/ is redirected as well'],
  ['DJANGO_ALLOWED_HOSTS', '["*"]', 'config/settings/base.py, read as JSON; a health check names an address'],
  ['CORS_ALLOWED_ORIGINS', '["http://localhost:4000"]', 'config/settings/deployment.py, read as JSON'],
  ['CSRF_TRUSTED_ORIGINS', '["http://localhost:4000"]', 'config/settings/base.py, read as JSON'],
  ['CURRENT_DOMAIN', 'http://localhost:4000', 'care/users/signals.py: links in mails begin with it'],
  ['BUCKET_PROVIDER', 'aws_role_based', 'care/utils/csp/config.py of develop: no static keys'],
  ['BUCKET_REGION', 'us-east-1', 'config/settings/base.py: ap-south-1 without it'],
  ['FILE_UPLOAD_BUCKET', uploads, 'config/settings/base.py: empty without it'],
  ['FACILITY_S3_BUCKET', uploads, 'config/settings/base.py: empty without it'],
  ['SNS_ROLE_BASED_MODE', 'True', 'config/settings/deployment.py of develop'],
  ['SNS_REGION', 'us-east-1', 'config/settings/deployment.py of develop: ap-south-1 without it'],
  ['AUDIT_LOG_ENABLED', 'True', 'config/settings/base.py: off without it'],
  ['HOME', '/tmp', 'docker/prod.Dockerfile of develop: a system user, who has no home'],
])('DT-2: every process has %s=%j (%s)', (name, value) => {
  for (const container of processes()) expect(variable(container, name)).toEqual(value);
});

test('DT-2: keys, and the parts of the URLs that the entry point composes, reach each process; no password is a variable', () => {
  const names = (container: { Secrets: { Name: string }[] }) => container.Secrets.map(({ Name }) => Name).sort();
  const keys = ['DATABASE_PASSWORD', 'DATABASE_USERNAME', 'DJANGO_SECRET_KEY', 'JWKS_BASE64'];
  for (const container of [...containers('Care'), ...containers('Celery')]) {
    expect(names(container)).toEqual([...keys, 'REDIS_PASSWORD', 'REDIS_USERNAME']);
  }
  expect(names(containers('Migrate')[0])).toEqual(keys);
  for (const { Environment } of processes()) {
    expect(JSON.stringify(Environment)).not.toMatch(/DATABASE_URL|CELERY_BROKER_URL|_PASSWORD|JWKS|SECRET_KEY|BUCKET_(KEY|SECRET)/);
  }
});

test('DT-2: each process starts with one program that SIGTERM reaches, and writes to /tmp alone', () => {
  expect(processes().map(({ Command }) => Command[0])).toEqual(['gunicorn', 'celery', 'sh', 'python']);
  expect(containers('Celery')[1].Command[2]).toMatch(
    / && exec celery --app=config\.celery_app beat .*--schedule=\$HOME\/celerybeat-schedule$/,
  );
  for (const container of processes()) {
    expect(container.ReadonlyRootFilesystem).toBe(true);
    expect(JSON.stringify([container.MountPoints, container.LinuxParameters.Tmpfs])).toMatch(/"\/tmp"/);
  }
});

test('DT-2: migrations are in the job alone; what needs Redis is done by the beat, since jobs do not reach it', () => {
  expect(containers('Migrate')[0].Command).toEqual([
    'python',
    '/opt/care/signing_keys.py',
    'python',
    'manage.py',
    'migrate',
    '--noinput',
  ]);
  expect(containers('Celery')[1].Command[2]).toMatch(
    /^python manage\.py sync_permissions_roles && python manage\.py sync_valueset && /,
  );
  expect(processes().filter(({ Command }) => JSON.stringify(Command).includes('migrate'))).toHaveLength(1);
});

test('DT-2: the load balancer asks /ping/, and a redirect is no answer', () => {
  const [group] = Object.values(resources(template, 'AWS::ElasticLoadBalancingV2::TargetGroup'));
  expect(group.Properties).toMatchObject({ HealthCheckPath: '/ping/', Port: 9000, Matcher: { HttpCode: '200-299' } });
});

test('DT-2: the worker is asked for an answer through Redis, with the URLs that its own process has', () => {
  const [worker, beat] = containers('Celery');
  expect(worker.HealthCheck).toEqual({
    Command: [
      'CMD-SHELL',
      'python /opt/care/entrypoint.py celery --app=config.celery_app inspect ping --timeout=10 --destination="celery@$(hostname)"',
    ],
    Interval: 60,
    Retries: 3,
    StartPeriod: 180,
    Timeout: 30,
  });
  expect([worker.StopTimeout, beat.HealthCheck]).toEqual([120, undefined]);
});

test('DT-2: browsers on the pages of CARE may use links to the bucket, and nobody else', () => {
  expect(only(template, 'AWS::S3::Bucket', 'Uploads').Properties.CorsConfiguration.CorsRules).toEqual([
    { AllowedHeaders: ['content-type'], AllowedMethods: ['PUT', 'GET'], AllowedOrigins: ['http://localhost:4000'] },
  ]);
});

test('DT-2: clinical forms over 8 KB are let in, and no other rule is', () => {
  const groups = only(template, 'AWS::WAFv2::WebACL').Properties.Rules.map(
    (rule: { Statement: { ManagedRuleGroupStatement?: { RuleActionOverrides?: unknown[] } } }) =>
      rule.Statement.ManagedRuleGroupStatement?.RuleActionOverrides ?? [],
  );
  expect(groups.flat()).toEqual([{ ActionToUse: { Count: {} }, Name: 'SizeRestrictions_BODY' }]);
});

test('DT-2: the migration job may write the one secret that it makes keys for, before anything reads it', () => {
  const [keys] = Object.keys(resources(template, 'AWS::SecretsManager::Secret', 'Keys'));
  expect(only(template, 'AWS::IAM::Policy', 'MigrateTaskRole').Properties.PolicyDocument.Statement).toContainEqual({
    Action: 'secretsmanager:PutSecretValue',
    Effect: 'Allow',
    Resource: { Ref: keys },
  });
  expect(variable(containers('Migrate')[0], 'KEYS_NAME')).toEqual({ Ref: keys });
});

test('DT-36: the processes name the secret that their engine reads again after a rotation', () => {
  for (const container of processes()) expect(variable(container, 'DATABASE_SECRET_ARN')).toBeDefined();
});

test('DT-37: the task with the beat stops before the next one starts, in deployments and between zones', () => {
  expect(service('Celery').DeploymentConfiguration).toMatchObject({ MinimumHealthyPercent: 0, MaximumPercent: 100 });
  expect(service('Celery').AvailabilityZoneRebalancing).toBe('DISABLED');
});

/** The image of a task in a stack of its own, whose warnings can be read too. */
function built(version?: string) {
  const stack = new Stack();
  const task = new FargateTaskDefinition(stack, 'Task');
  task.addContainer('care', { image: CareImage.build(stack, 'registry.example/care', version) });
  return {
    stack,
    image: JSON.stringify(only(Template.fromStack(stack), 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions[0].Image),
  };
}

test('DT-38: another version of CARE is another image, in every process', () => {
  expect(built('26.30.0').image).toBe(built('26.30.0').image);
  expect(built('26.30.0').image).not.toBe(built('26.31.0').image);
  Annotations.fromStack(built('26.30.0').stack).hasNoWarning('*', Match.anyValue());
  expect(new Set(processes().map(({ Image }) => JSON.stringify(Image))).size).toBe(1);
});

test('the default is the small app, which is built beside what CARE needs on ECS and has no warning', () => {
  const stack = new Stack();
  new FargateTaskDefinition(stack, 'Task').addContainer('care', { image: CareImage.build(stack) });
  const { directory } = new CloudAssembly(App.of(stack)!.synth().directory).images.values().next().value!;
  expect(readdirSync(directory).sort()).toEqual(['app', 'image']);
  expect(existsSync(join(directory, 'app', 'tests'))).toBe(false);
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

test('DT-38: no version is a warning', () => {
  const warning = 'names no release of CARE: production-latest is built once, and what it becomes later is not noticed';
  Annotations.fromStack(built().stack).hasWarning('*', Match.stringLikeRegexp(warning));
});

test('DT-80: Redis has the fix of CVE-2025-49844, and the modules', () => {
  const [, major, minor] = /redis:(\d+)\.(\d+)-alpine$/.exec(containers('Redis')[0].Image)!.map(Number);
  // Fixed in 8.0.4 and 8.2.2, so in each release of the lines after those; modules are part of the image from 8 on.
  expect(major).toBe(8);
  expect(minor).toBeGreaterThan(2);
});
