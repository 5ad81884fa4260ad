import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CostReport, NatStrategy } from 'cdk-ecs-mesh';
import { FlaskStack } from '../../examples/flask-nginx/app';
import { MANAGED_RULES, Profile } from '../../examples/flask-nginx/profile';
import { loadExample } from '../example-apps';
import { findings, only, openPaths, resources } from '../helpers';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'flask-nginx');
const README = readFileSync(join(EXAMPLE, 'README.md'), 'utf8');
const file = (name: string) => readFileSync(join(EXAMPLE, name), 'utf8');

function flask(profile: Profile, context: Record<string, string> = {}) {
  const stack = new FlaskStack(new App({ context }), 'Flask', profile);
  return { stack, template: Template.fromStack(stack) };
}

const PROFILES = [Profile.production(), Profile.development()].map((profile) => ({ name: profile.name, ...flask(profile) }));
const [production, development] = PROFILES.map(({ template }) => template);
const task = (of: Template, id: string) => only(of, 'AWS::ECS::TaskDefinition', id).Properties;
const service = (of: Template, id: string) => only(of, 'AWS::ECS::Service', id).Properties;
const variables = (container: { Environment: { Name: string; Value: unknown }[] }) =>
  Object.fromEntries(container.Environment.map(({ Name, Value }) => [Name, Value]));
const count = (of: Template, type: string) => Object.keys(resources(of, type)).length;
const statements = (of: Template, id: string) => only(of, 'AWS::IAM::Policy', id).Properties.PolicyDocument.Statement;

test.each(PROFILES)('$name: no finding of AwsSolutions that nobody acknowledged', ({ stack }) => {
  expect(findings(stack)).toEqual([]);
});

describe.each(PROFILES)('FLASK-1 in $name', ({ template }) => {
  test('VPC 10.0.0.0/16 with names, and a public, a private and a database subnet in each of two zones', () => {
    template.hasResourceProperties('AWS::EC2::VPC', {
      CidrBlock: '10.0.0.0/16',
      EnableDnsSupport: true,
      EnableDnsHostnames: true,
    });
    const tiers = Object.values(resources(template, 'AWS::EC2::Subnet')).map(
      ({ Properties: p }) => p.Tags.find((tag: { Key: string }) => tag.Key === 'aws-cdk:subnet-name').Value,
    );
    expect(tiers.sort()).toEqual(['Isolated', 'Isolated', 'Private', 'Private', 'Public', 'Public']);
  });
});

test('FLASK-1: the address ranges of the original', () => {
  const ranges = Object.values(resources(production, 'AWS::EC2::Subnet')).map(({ Properties: p }) => p.CidrBlock);
  expect(ranges.sort()).toEqual(['10.0.1.0/24', '10.0.11.0/24', '10.0.12.0/24', '10.0.2.0/24', '10.0.21.0/24', '10.0.22.0/24']);
});

test('FLASK-2: a NAT gateway per zone in production, one NAT instance in development', () => {
  expect([count(production, 'AWS::EC2::NatGateway'), count(production, 'AWS::EC2::Instance')]).toEqual([2, 0]);
  expect([count(development, 'AWS::EC2::NatGateway'), count(development, 'AWS::EC2::Instance')]).toEqual([0, 1]);
  const { template } = flask(Profile.production(NatStrategy.instancePerAz()));
  expect([count(template, 'AWS::EC2::NatGateway'), count(template, 'AWS::EC2::Instance')]).toEqual([0, 2]);
});

test('FLASK-3: both Fargate providers, and Container Insights where customers are', () => {
  for (const { template } of PROFILES) {
    template.hasResourceProperties('AWS::ECS::ClusterCapacityProviderAssociations', {
      CapacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    });
  }
  const insights = (value: string) => ({ ClusterSettings: [{ Name: 'containerInsights', Value: value }] });
  production.hasResourceProperties('AWS::ECS::Cluster', insights('enabled'));
  development.hasResourceProperties('AWS::ECS::Cluster', insights('disabled'));
});

test.each([
  ['Nginx', '256', '512'],
  ['Flask', '512', '1024'],
  ['Redis', '256', '512'],
])('FLASK-4: %s tasks have %s CPU units and %s MiB', (id, Cpu, Memory) => {
  for (const { template } of PROFILES) expect(task(template, id)).toMatchObject({ Cpu, Memory });
});

test('FLASK-4: redis:7-alpine, one task; two to four of Nginx and of Flask', () => {
  expect(task(production, 'Redis').ContainerDefinitions[0].Image).toMatch(/\/redis:7-alpine$/);
  expect(service(production, 'Redis').DesiredCount).toBe(1);
  for (const id of ['Nginx', 'Flask']) {
    const target = only(production, 'AWS::ApplicationAutoScaling::ScalableTarget', id).Properties;
    expect([target.MinCapacity, target.MaxCapacity]).toEqual([2, 4]);
  }
});

test('FLASK-5: Nginx calls flask-app:5000 and Flask calls redis:6379, by Service Connect', () => {
  const aliases = (id: string) => service(production, id).ServiceConnectConfiguration.Services?.[0].ClientAliases;
  expect(aliases('Flask')).toEqual([{ DnsName: 'flask-app', Port: 5000 }]);
  expect(aliases('Redis')).toEqual([{ DnsName: 'redis', Port: 6379 }]);
  expect(aliases('Nginx')).toBeUndefined();
  expect(service(production, 'Nginx').ServiceConnectConfiguration.Enabled).toBe(true);
  expect(variables(task(production, 'Flask').ContainerDefinitions[0])).toMatchObject({ REDIS_HOST: 'redis', REDIS_PORT: '6379' });
});

test('FLASK-5: the literal name of the Nginx configuration is the alias of the template', () => {
  const [{ DnsName, Port }] = service(production, 'Flask').ServiceConnectConfiguration.Services[0].ClientAliases;
  const upstreams = [...file('nginx/nginx.conf').matchAll(/^\s+server ([\w.-]+:\d+)/gm)].map(([, name]) => name);
  expect(new Set(upstreams)).toEqual(new Set([`${DnsName}:${Port}`]));
});

describe('DT-3: a Service Connect name has an address of IPv6, too, which leads nowhere', () => {
  const directory = mkdtempSync(join(tmpdir(), 'nginx-'));
  const script = join(EXAMPLE, 'nginx/start.sh');
  afterAll(() => rmSync(directory, { recursive: true }));

  /** What Nginx is started with, and the upstreams of the configuration that it reads. */
  const started = (hosts: string) => {
    const hostsFile = join(directory, 'hosts');
    writeFileSync(hostsFile, hosts);
    const env = {
      PATH: process.env.PATH,
      HOSTS_FILE: hostsFile,
      NGINX_CONFIGURATION: join(EXAMPLE, 'nginx/nginx.conf'),
      TMPDIR: directory,
    };
    const command = execFileSync('/bin/sh', [script, 'echo', '-g', 'daemon off;'], { env, encoding: 'utf8' });
    const written = readFileSync(join(directory, 'nginx.conf'), 'utf8');
    return { command, written, upstreams: [...written.matchAll(/^\s+server (\S+:\d+)/gm)].map(([, name]) => name) };
  };

  test.each([
    ['IPv4 first', '127.0.0.1 localhost\n127.255.0.1 flask-app\n2600:f0f0::1 flask-app\n'],
    ['IPv6 first', '::1 localhost\n2600:f0f0::1 flask-app\n127.255.0.1 other flask-app # ours\n'],
  ])('Nginx calls the one of IPv4: %s', (_, hosts) => {
    const { command, upstreams, written } = started(hosts);
    expect(upstreams).toEqual(Array(3).fill('127.255.0.1:5000'));
    expect(command).toBe(`-c ${join(directory, 'nginx.conf')} -g daemon off;\n`);
    expect(written.replaceAll('127.255.0.1:5000', 'flask-app:5000')).toBe(file('nginx/nginx.conf'));
  });

  test('a name without an address of IPv4 stays a name, as in a network that has IPv6 only', () => {
    expect(started('2600:f0f0::1 flask-app\n').upstreams).toEqual(Array(3).fill('flask-app:5000'));
  });

  test('the image starts with the script', () => {
    const dockerfile = file('nginx/Dockerfile');
    expect(dockerfile).toContain('COPY start.sh /start.sh');
    expect(dockerfile).toContain('ENTRYPOINT ["/bin/sh", "/start.sh"]\nCMD ["nginx", "-g", "daemon off;"]');
  });
});

test('FLASK-6: public load balancer to Nginx, checked at /nginx-health; Flask is checked at /health', () => {
  expect(only(production, 'AWS::ElasticLoadBalancingV2::LoadBalancer').Properties.Scheme).toBe('internet-facing');
  expect(only(production, 'AWS::ElasticLoadBalancingV2::TargetGroup').Properties).toMatchObject({
    HealthCheckPath: '/nginx-health',
    HealthCheckIntervalSeconds: 30,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 3,
  });
  const [{ HealthCheck }] = task(production, 'Flask').ContainerDefinitions;
  expect(HealthCheck).toMatchObject({ Command: ['CMD', 'python', '/app/healthcheck.py'], Interval: 30 });
  expect(file('flask/healthcheck.py')).toContain('/health"');
});

test.each(['Nginx', 'Flask'])('FLASK-7: %s keeps 70 %% CPU, out after 60 s, in after 300 s', (id) => {
  for (const { template } of PROFILES) {
    expect(
      only(template, 'AWS::ApplicationAutoScaling::ScalingPolicy', id).Properties.TargetTrackingScalingPolicyConfiguration,
    ).toMatchObject({
      PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
      TargetValue: 70,
      ScaleOutCooldown: 60,
      ScaleInCooldown: 300,
    });
  }
});

test.each([
  ['production', production, true],
  ['development', development, false],
])('FLASK-8: PostgreSQL in %s: encrypted, 20 GB gp3, 7 days of backups, database subnets only', (_name, template, MultiAZ) => {
  const database = only(template, 'AWS::RDS::DBInstance').Properties;
  expect(database).toMatchObject({ Engine: 'postgres', MultiAZ, StorageEncrypted: true, PubliclyAccessible: false });
  expect(database).toMatchObject({ AllocatedStorage: '20', StorageType: 'gp3', BackupRetentionPeriod: 7 });
  const { SubnetIds } = only(template, 'AWS::RDS::DBSubnetGroup').Properties;
  expect(SubnetIds.map((subnet: { Ref: string }) => /Isolated/.test(subnet.Ref))).toEqual([true, true]);
});

describe('with a GitHub repository', () => {
  const { stack, template } = flask(Profile.production(), { github: 'acme/links' });

  test('FLASK-9: repositories that scan, encrypt and keep the last 10 images', () => {
    const repositories = Object.values(resources(template, 'AWS::ECR::Repository'));
    expect(repositories.map(({ Properties: p }) => p.RepositoryName).sort()).toEqual(['production/flask', 'production/nginx']);
    for (const { Properties: p } of repositories) {
      expect(p).toMatchObject({
        ImageScanningConfiguration: { ScanOnPush: true },
        EncryptionConfiguration: { EncryptionType: 'AES256' },
      });
      expect(JSON.parse(p.LifecyclePolicy.LifecyclePolicyText).rules[1].selection).toMatchObject({ countNumber: 10 });
    }
  });

  test('FLASK-13: a role for one repository and environment, which may push there and release here', () => {
    const role = only(template, 'AWS::IAM::Role', 'ImagesDeployRole').Properties.AssumeRolePolicyDocument.Statement[0];
    expect(role.Condition.StringEquals['token.actions.githubusercontent.com:sub']).toEqual([
      'repo:acme/links:environment:production',
    ]);
    const actions = statements(template, 'ImagesDeployRole').flatMap((s: { Action: string | string[] }) => s.Action);
    expect(actions).toEqual(expect.arrayContaining(['ecr:PutImage', 'cloudformation:UpdateStack']));
    expect(actions.filter((action: string) => /^(ecs|iam):/.test(action))).toEqual([]);
  });

  test('FLASK-13: the tag of each image is a parameter, which a release sets', () => {
    expect(Object.keys(template.findParameters('*')).filter((name) => /Tag$/.test(name))).toEqual([
      'FlaskImagesTag',
      'NginxImagesTag',
    ]);
  });

  test('DT-40: with -c natImage=... no NAT instance follows an image that a release may not change', () => {
    const pinned = loadExample('flask-nginx', { github: 'acme/links', nat: 'instance', natImage: 'ami-0123456789abcdef0' }).synth();
    for (const { template: one } of pinned.stacks) {
      expect(Object.keys(one.Parameters as object).sort()).toEqual(['BootstrapVersion', 'FlaskImagesTag', 'NginxImagesTag']);
      expect(JSON.stringify(one)).toContain('"ImageId":"ami-0123456789abcdef0"');
    }
  });

  test('no finding of AwsSolutions that nobody acknowledged', () => expect(findings(stack)).toEqual([]));
});

test('FLASK-10: who reaches whom, and nobody else', () => {
  expect(openPaths(production)).toEqual([
    'Flask -> Database 5432',
    'Flask -> RedisServer 6379',
    'GatewayExternal -> Nginx 8080',
    'Nginx -> Flask 5000',
  ]);
});

test('FLASK-10: the world reaches the load balancer, on 80 and 443', () => {
  const { template } = flask(Profile.production(), { zoneName: 'example.com', zoneId: 'Z00000000000000DEMO' });
  const world = Object.values(resources(template, 'AWS::EC2::SecurityGroup'))
    .flatMap(({ Properties: p }) => p.SecurityGroupIngress ?? [])
    .filter((rule: { CidrIp?: string; CidrIpv6?: string }) => rule.CidrIp === '0.0.0.0/0' || rule.CidrIpv6 === '::/0');
  expect(new Set(world.map((rule: { FromPort: number }) => rule.FromPort))).toEqual(new Set([80, 443]));
});

test('FLASK-11: the execution role pulls, logs and reads the secrets of its own containers', () => {
  const actions = statements(production, 'FlaskExecutionRole').flatMap((s: { Action: string | string[] }) => s.Action);
  expect(actions.filter((action: string) => !/^(ecr|logs|secretsmanager):/.test(action))).toEqual([]);
  const wide = statements(production, 'FlaskExecutionRole').filter((s: { Resource: unknown }) => s.Resource === '*');
  expect(wide.map((s: { Action: string }) => s.Action)).toEqual(['ecr:GetAuthorizationToken']);
});

test('FLASK-11: the task role may open ECS Exec sessions and read the one database secret', () => {
  const actions = statements(production, 'FlaskTaskRole').flatMap((s: { Action: string | string[] }) => s.Action);
  expect(actions).toEqual(expect.arrayContaining(['ssmmessages:OpenDataChannel', 'secretsmanager:GetSecretValue']));
  expect(statements(production, 'NginxTaskRole').flatMap((s: { Action: string | string[] }) => s.Action)).not.toContain(
    'secretsmanager:GetSecretValue',
  );
});

test('FLASK-12: log groups /ecs/<app>/<service> and /ecs/<app>/exec, kept for 30 days', () => {
  for (const { name, template } of PROFILES) {
    for (const part of ['nginx', 'flask-app', 'redis', 'exec']) {
      template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: `/ecs/flask-${name}/${part}`, RetentionInDays: 30 });
    }
  }
});

test('FLASK-14: rolling deployments with circuit breaker and rollback', () => {
  for (const id of ['Nginx', 'Flask', 'Redis']) {
    expect(service(production, id).DeploymentConfiguration.DeploymentCircuitBreaker).toEqual({ Enable: true, Rollback: true });
  }
});

test('FLASK-14: with -c rollout=blueGreen Nginx changes over at once, after both versions ran', () => {
  const { stack, template } = flask(Profile.production(), { rollout: 'blueGreen' });
  expect(service(template, 'Nginx').DeploymentConfiguration).toMatchObject({ Strategy: 'BLUE_GREEN', BakeTimeInMinutes: 10 });
  expect(count(template, 'AWS::ElasticLoadBalancingV2::TargetGroup')).toBe(2);
  expect(findings(stack)).toEqual([]);
});

test.each([
  ['production', Profile.production(), 1],
  ['production with NAT instances', Profile.production(NatStrategy.instancePerAz()), 2],
  ['development', Profile.development(), 3],
])(
  'FLASK-16: the sums of the README for %s are those of CostReport, and so is the number of resources',
  (_name, profile, column) => {
    const { stack, template } = flask(profile);
    const report = CostReport.fromAssembly((stack.node.root as App).synth().directory);
    const cell = (row: string) =>
      README.split('\n')
        .find((line) => line.startsWith(`| ${row}`))!
        .split('|')
        [column + 1].replace(/[ *]/g, '');
    expect(cell('**fixed**')).toBe(report.fixed.toFixed(2));
    expect(cell('**sum**')).toBe(report.total.toFixed(2));
    expect(cell('resources in the template')).toBe(String(Object.keys(template.toJSON().Resources).length));
    expect(report.missingPrices).toEqual([]);
  },
);

test('FLASK-17: outside of office hours development has no task and its database is stopped', () => {
  for (const id of ['Nginx', 'Flask', 'Redis']) {
    const { ScheduledActions } = only(development, 'AWS::ApplicationAutoScaling::ScalableTarget', id).Properties;
    const bounds = ScheduledActions.map((action: { ScalableTargetAction: object }) => action.ScalableTargetAction);
    expect(bounds).toContainEqual({ MinCapacity: 0, MaxCapacity: 0 });
  }
  const targets = Object.values(resources(development, 'AWS::Scheduler::Schedule')).map(({ Properties: p }) => p.Target.Arn);
  expect(JSON.stringify(targets)).toMatch(/rds:startDBInstance.*rds:stopDBInstance|rds:stopDBInstance.*rds:startDBInstance/);
  expect(count(production, 'AWS::Scheduler::Schedule')).toBe(0);
});

test('FLASK-15: alarms of the load balancer, the services, Redis and the database, and a dashboard of them', () => {
  const metrics = Object.values(resources(production, 'AWS::CloudWatch::Alarm')).flatMap(({ Properties: p }) => [
    p.MetricName,
    ...(p.Metrics ?? []).map((m: { MetricStat?: { Metric: { MetricName: string } } }) => m.MetricStat?.Metric.MetricName),
  ]);
  for (const metric of ['HTTPCode_ELB_5XX_Count', 'UnHealthyHostCount', 'CPUUtilization', 'FreeStorageSpace', 'FlaskErrors']) {
    expect(metrics).toContain(metric);
  }
  expect([count(production, 'AWS::CloudWatch::Dashboard'), count(production, 'AWS::SNS::Topic')]).toEqual([1, 1]);
  expect([count(development, 'AWS::CloudWatch::Dashboard'), count(development, 'AWS::SNS::Topic')]).toEqual([0, 0]);
});

test('FLASK-16: development has one task of each, all on Spot, and nothing that must be kept', () => {
  const spot = { CapacityProvider: 'FARGATE_SPOT', Weight: 1 };
  for (const id of ['Nginx', 'Flask', 'Redis']) expect(service(development, id).CapacityProviderStrategy).toContainEqual(spot);
  expect(only(development, 'AWS::RDS::DBInstance').Properties.DeletionProtection).toBe(false);
  for (const id of ['Nginx', 'Flask']) {
    expect(only(development, 'AWS::ApplicationAutoScaling::ScalableTarget', id).Properties.MinCapacity).toBe(1);
  }
});

test.each(['Nginx', 'Flask'])('DT-1: %s is not root, nothing writable but /tmp, no capabilities', (id) => {
  const [container] = task(production, id).ContainerDefinitions;
  expect(container).toMatchObject({ ReadonlyRootFilesystem: true, LinuxParameters: { Capabilities: { Drop: ['ALL'] } } });
  expect(container.User).toBe(id === 'Nginx' ? '101' : '1000');
  expect(container.LinuxParameters.Tmpfs).toMatchObject([
    { ContainerPath: '/tmp', MountOptions: expect.arrayContaining(['mode=1777']) },
  ]);
  // ECS Exec is on, and its agent is root.
  const mounted = container.MountPoints.map((mount: { ContainerPath: string }) => mount.ContainerPath);
  expect(mounted).toEqual(['/managed-agents', '/var/lib/amazon/ssm', '/var/log/amazon/ssm']);
});

test('DT-22: a posted link with an address in it is counted, not blocked, wherever there is a web ACL', () => {
  for (const found of [production, flask(Profile.development(MANAGED_RULES)).template]) {
    const { Rules } = only(found, 'AWS::WAFv2::WebACL').Properties;
    const common = Rules.find(({ Name }: { Name: string }) => Name === 'AWSManagedRulesCommonRuleSet');
    expect(common.Statement.ManagedRuleGroupStatement.RuleActionOverrides).toEqual([
      { Name: 'GenericRFI_BODY', ActionToUse: { Count: {} } },
    ]);
  }
});

test('T5: each link of the chain gives up before the one in front of it', () => {
  const seconds = (text: string, pattern: RegExp) => Number(pattern.exec(text)?.[1]);
  const nginx = file('nginx/nginx.conf');
  const gunicorn = file('flask/gunicorn.conf.py');
  const { Timeout } = service(production, 'Flask').ServiceConnectConfiguration.Services[0];
  const read = seconds(nginx, /proxy_read_timeout (\d+)s/);
  expect(seconds(gunicorn, /^timeout = (\d+)/m)).toBeLessThan(read);
  expect(read).toBeLessThan(Timeout.PerRequestTimeoutSeconds);
  expect(seconds(nginx, /^ {4}keepalive_timeout (\d+)s/m)).toBeLessThan(Timeout.IdleTimeoutSeconds);
  expect(seconds(gunicorn, /^keepalive = (\d+)/m)).toBeGreaterThan(Timeout.IdleTimeoutSeconds);
  expect(seconds(gunicorn, /^graceful_timeout = (\d+)/m)).toBeLessThan(30);
});

test('the connections of all Flask tasks fit into the database', () => {
  const threads = Number(/"THREADS", "(\d+)"/.exec(file('flask/gunicorn.conf.py'))![1]);
  const workers = Number(/"WORKERS", "(\d+)"/.exec(file('flask/gunicorn.conf.py'))![1]);
  // RDS gives a db.t4g.micro about 80: LEAST(DBInstanceClassMemory / 9531392, 5000).
  expect(2 * 4 * workers * threads).toBeLessThan(80);
});
