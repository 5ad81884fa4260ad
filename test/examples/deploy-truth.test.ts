import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  Compliance,
  ContainerRedis,
  DualAlbGateway,
  GitHubDeployRole,
  GitHubSubject,
  InternalSide,
  PostgresDatabase,
  RedisExposure,
  Rollout,
} from 'cdk-ecs-mesh';
import { loadExample } from '../example-apps';
import { newMesh, newService, newStack, only, resources, templateOf } from '../helpers';

/** Rows whose mend is a sentence: the page says it, and the template is what the sentence is about. */
const ROOT = join(__dirname, '..', '..');
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');
/** A page of the documentation in one line. */
const page = (...path: string[]) => read(...path).replace(/\s+/g, ' ');
const templateIn = (name: string, settings: Record<string, string>) => {
  const [stack] = loadExample(name, settings).node.children.filter((child): child is Stack => Stack.isStack(child));
  return Template.fromStack(stack);
};

test.each(['docs/redis-stores.md', 'examples/voting/README.md'])('DT-23: %s: what a Network Load Balancer takes', (path) => {
  const mesh = newMesh();
  new ContainerRedis(Stack.of(mesh), 'Redis', { mesh, exposure: RedisExposure.networkLoadBalancer() });
  templateOf(mesh).hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Type: 'network' });
  expect(page(...path.split('/'))).toMatch(/two to four minutes/);
  expect(page('docs', 'redis-stores.md')).toContain('90 to 180 seconds to register and check a new target');
});

test.each([Rollout.blueGreen(), Rollout.canary(), Rollout.linear()])(
  'DT-24: the breaker is on, and nobody relies on it: %#',
  (rollout) => {
    const mesh = newMesh();
    const service = newService(mesh, 'Api', { rollout });
    new DualAlbGateway(Stack.of(mesh), 'Gateway', { network: mesh, internal: InternalSide.http() }).internal.route('Api', {
      target: service.port('http'),
    });
    const { DeploymentConfiguration } = only(templateOf(mesh), 'AWS::ECS::Service').Properties;
    expect(DeploymentConfiguration.DeploymentCircuitBreaker).toEqual({ Enable: true, Rollback: true });
    expect(page('docs', 'rollouts.md')).toContain('says rolling updates only, so do not rely on it');
  },
);

test('DT-25: Service Connect keeps calls in a zone with twice as many tasks as zones, which the default has not', () => {
  const target = only(templateOf(newService(newMesh(), 'Api')), 'AWS::ApplicationAutoScaling::ScalableTarget').Properties;
  expect([target.MinCapacity, target.MaxCapacity]).toEqual([2, 4]);
  expect(page('docs', 'services.md')).toContain('at least twice as many server tasks as zones');
  for (const name of ['network', 'scale', 'costs', 'what-breaks-when']) {
    expect(page('docs', `${name}.md`)).not.toMatch(/even(ly)? spread/);
  }
});

test('DT-40: what runs placeholders is released: the workflow deploys to development, too, and the page says so', () => {
  const parameters = templateIn('flask-nginx', { profile: 'development', github: 'acme/links' }).findParameters('*', {
    Default: 'placeholder',
  });
  expect(Object.keys(parameters)).toHaveLength(2);
  expect(read('examples', 'flask-nginx', 'github-actions', 'deploy.yml')).toContain('environment: development');
  expect(page('examples', 'flask-nginx', 'README.md')).toContain('releases each commit to development and then to production');
});

test('DT-41: nothing in development rotates on a schedule of ours at night', () => {
  const template = templateIn('flask-nginx', { profile: 'development' });
  template.hasResourceProperties('AWS::RDS::DBInstance', { ManageMasterUserPassword: true });
  template.resourceCountIs('AWS::SecretsManager::RotationSchedule', 0);
  expect(page('examples', 'flask-nginx', 'README.md')).toContain('a rotation that fails then is tried again');
});

test('DT-81: a release is more than an image, and the page and the docstring say so', () => {
  const stack = newStack();
  new GitHubDeployRole(stack, 'Deploy', {
    repository: 'acme/shop',
    subjects: [GitHubSubject.environment('production')],
  }).allowImageRelease(stack);
  expect(JSON.stringify(templateOf(stack).toJSON())).toContain('cloudformation:UpdateStack');
  for (const text of [page('docs', 'delivery.md'), page('src', 'delivery', 'github-deploy-role.ts').replaceAll(' * ', ' ')]) {
    for (const words of ['`ecs-tasks.amazonaws.com`', 'required reviewers', 'resolve any secret or parameter']) {
      expect(text).toContain(words);
    }
  }
});

test('DT-84: the shared function may shorten any retention, which the acknowledgement says; strict compliance has none', () => {
  const made = (strict: boolean) => {
    const stack = newStack();
    if (strict) Compliance.strict().applyTo(stack);
    new PostgresDatabase(stack, 'Database', { mesh: newMesh(stack) });
    return JSON.stringify(templateOf(stack).toJSON()).includes('logs:PutRetentionPolicy');
  };
  expect([made(false), made(true)]).toEqual([true, false]);
  expect(page('docs', 'acknowledgements.md')).toContain('it can set the retention of any log group, which deletes older events');
});

test('DT-86: the vault denies deletion without a lock, and the page says what that leaves', () => {
  const stack = newStack();
  Compliance.strict().applyTo(stack);
  new PostgresDatabase(stack, 'Database', { mesh: newMesh(stack) });
  const { AccessPolicy, LockConfiguration } = only(templateOf(stack), 'AWS::Backup::BackupVault').Properties;
  expect([AccessPolicy.Statement[0].Effect, LockConfiguration]).toEqual(['Deny', undefined]);
  expect(page('docs', 'compliance.md')).toMatch(
    /change that policy can still delete recovery points, because the vault is not \[locked\]/,
  );
});

test.each(['care', 'flask-nginx', 'geolocation', 'platform', 'voting'])('%s: old versions of objects expire', (name) => {
  const buckets = loadExample(name)
    .node.children.filter((child): child is Stack => Stack.isStack(child))
    .flatMap((stack) => Object.values(resources(Template.fromStack(stack), 'AWS::S3::Bucket')));
  const versioned = buckets.filter(({ Properties }) => Properties.VersioningConfiguration?.Status === 'Enabled');
  expect(versioned).toHaveLength(name === 'care' ? 1 : 0);
  for (const { Properties } of versioned) {
    expect(Properties.LifecycleConfiguration.Rules[0].NoncurrentVersionExpiration).toEqual({ NoncurrentDays: 90 });
  }
});

describe('DT-87: choices that are said', () => {
  const mesh = newMesh();
  new PostgresDatabase(Stack.of(mesh), 'Database', { mesh });
  const instance = only(templateOf(mesh), 'AWS::RDS::DBInstance').Properties;

  test.each([
    ['no Database Insights', instance.DatabaseInsightsMode, 'docs/data.md', '**No Database Insights or Performance Insights**'],
    ['no storage autoscaling', instance.MaxAllocatedStorage, 'docs/data.md', '**No storage autoscaling** (`MaxAllocatedStorage`)'],
    [
      'no choice about Extended Support',
      instance.EngineLifecycleSupport,
      'docs/data.md',
      '**No choice about Extended Support** (`EngineLifecycleSupport`)',
    ],
  ])('DT-87: %s', (_, value, path, says) => {
    expect(value).toBeUndefined();
    expect(page(...path.split('/'))).toContain(says);
  });

  test.each([
    ['no connection logs of load balancers', 'docs/gateway.md', 'Connection logs (TLS handshakes that failed) are not configured'],
    [
      'ECS Exec in the Flask example',
      'examples/flask-nginx/README.md',
      '`enableExecuteCommand` is on for both services in both profiles',
    ],
    ['tasks that the function of jobs may stop', 'docs/jobs.md', 'all tasks of the cluster, also of other services'],
    [
      'tasks that a worker may protect',
      'docs/jobs.md',
      'for every task of the cluster, since no task knows its ID before it starts',
    ],
    ['the secret of a deleted database', 'docs/data.md', '**The generated secret is deleted with the stack**'],
  ])('DT-87: %s', (_, path, says) => expect(page(...path.split('/'))).toContain(says));

  test('DT-87: ECS Exec is on in the Flask example as it says', () => {
    const services = Object.values(resources(templateIn('flask-nginx', { profile: 'production' }), 'AWS::ECS::Service'));
    const shells = services.filter(({ Properties }) => Properties.EnableExecuteCommand === true);
    expect(shells).toHaveLength(2);
  });

  test.each([
    '.github/workflows/build.yml',
    '.github/workflows/release.yml',
    '.github/workflows/test.yml',
    'examples/flask-nginx/github-actions/deploy.yml',
  ])('DT-87: %s: every job says what it may do', (path) => {
    const jobs = read(...path.split('/'))
      .split(/^jobs:$/m)[1]
      .split(/^ {2}(?=[\w-]+:$)/m)
      .slice(1);
    expect(jobs.length).toBeGreaterThan(0);
    expect(jobs.filter((job) => !/^ {4}permissions:/m.test(job)).map((job) => job.split(':')[0])).toEqual([]);
  });
});

test('DT-88: what ages is in the dated table, with the collector and the host images as they are now', () => {
  const table = page('docs', 'ends-of-support.md');
  for (const row of [
    'AWS Distro for OpenTelemetry Collector',
    'Bottlerocket, variant',
    'ElastiCache for Valkey | 8.2',
    '.NET SDK',
  ]) {
    expect(table).toContain(row);
  }
  expect(read('src', 'service', 'private', 'collector.ts')).toContain('aws-otel-collector:v0.50.0');
});
