import { Duration } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { UserPool, UserPoolClient, UserPoolDomain } from 'aws-cdk-lib/aws-cognito';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ContainerImage, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import * as lib from 'cdk-ecs-mesh';
import { Root, certificate, domain, removal, word, zone } from './common';
import { Scene } from './scene';
import { storedSecret } from './service-props';
import { call, duration, either, list, made, oneOf, opt, plain, sample, struct, text } from './values';

const queueNamed = (name: string) =>
  sample(`queue ${name}`, (s) => Queue.fromQueueArn(s.stack, s.nextId(), `arn:aws:sqs:eu-west-1:111111111111:${name}`));
const key = made(sample('a key', (s) => Key.fromKeyArn(s.stack, s.nextId(), 'arn:aws:kms:eu-west-1:111111111111:key/a')));
const groupNamed = (subnetGroupName: string) => plain({ subnetGroupName });
const given = [{ image: ContainerImage.fromRegistry('my/web'), ports: [{ name: 'http', containerPort: 8080 }] }];
const othersGroup = made(sample('a group', (s) => SecurityGroup.fromSecurityGroupId(s.stack, s.nextId(), 'sg-others')));
const othersRole = (name: string) =>
  made(sample(name, (s) => Role.fromRoleArn(s.stack, s.nextId(), `arn:aws:iam::111111111111:role/apps/${name}`)));
const existing = opt(
  struct('ExistingTaskResources', {
    taskRole: opt(othersRole('task')),
    executionRole: opt(othersRole('execution')),
    logGroup: opt(made(sample('a log group', (s) => LogGroup.fromLogGroupName(s.stack, s.nextId(), '/apps/a')))),
    securityGroup: opt(othersGroup),
  }),
);
const choices = {
  existing,
  sidecars: opt(made(sample('an agent', () => [{ name: 'agent', image: ContainerImage.fromRegistry('my/agent') }]))),
  compute: opt(made(sample('ARM', () => lib.Compute.fargate({ cpuArchitecture: CpuArchitecture.ARM64 })))),
  taskSize: opt(oneOf({ cpu: 512, memoryMiB: 1024 })),
  scaling: opt(made(sample('three', () => lib.Scaling.fixed(3)))),
  rollout: opt(made(sample('rolling', () => lib.Rollout.rolling({ minHealthyPercent: 50 })))),
  networking: opt(oneOf({ discoveryName: 'other' })),
  operations: opt(oneOf({ enableExecuteCommand: true })),
};

const network: Root = {
  props: struct('ExistingNetworkOptions', {
    externalLoadBalancerSubnets: opt(made(groupNamed('Edge'))),
    internalLoadBalancerSubnets: opt(made(groupNamed('Apps'))),
    taskSubnets: opt(made(groupNamed('Apps'))),
    storeSubnets: opt(made(groupNamed('Data'))),
  }),
  build: (s, options: lib.ExistingNetworkOptions) => {
    const groups = { private: ['Main', 'Apps', 'Data'], public: ['Open', 'Edge'] };
    const ids = (names: string[]) => names.flatMap((name) => [1, 2].map((i) => `subnet-${name}${i}`));
    const vpc = Vpc.fromVpcAttributes(s.stack, 'GivenVpc', {
      vpcId: 'vpc-2',
      availabilityZones: ['eu-west-1a', 'eu-west-1b'],
      privateSubnetIds: ids(groups.private),
      privateSubnetNames: groups.private,
      publicSubnetIds: ids(groups.public),
      publicSubnetNames: groups.public,
    });
    const mesh = new lib.ServiceConnectMesh(s.stack, 'Root', { network: lib.MeshNetwork.fromVpc(vpc, options) });
    const target = s.newService('Used', mesh).port('http');
    const sides = { external: lib.ExternalSide.http({ waf: lib.Waf.none() }), internal: lib.InternalSide.http() };
    const gateway = new lib.DualAlbGateway(s.stack, 'Gateway', { network: mesh, ...sides });
    gateway.external.route('Out', { target });
    gateway.internal.route('In', { target });
    return new lib.ElastiCacheRedis(s.stack, 'Store', { mesh });
  },
};

const cognito: Root = {
  props: call(
    'RouteAuthentication.cognito',
    lib.RouteAuthentication.cognito,
    struct('CognitoOptions', {
      userPool: made(...pools((s, id) => UserPool.fromUserPoolId(s.stack, id, id))),
      userPoolClient: made(...pools((s, id) => UserPoolClient.fromUserPoolClientId(s.stack, id, id))),
      userPoolDomain: made(...pools((s, id) => UserPoolDomain.fromDomainName(s.stack, id, id))),
      scope: opt(text('openid email')),
      sessionTimeout: opt(duration(1, 604800)),
      onUnauthenticated: opt(oneOf('authenticate', 'deny')),
    }),
  ),
  build: (s, authentication: lib.RouteAuthentication) => {
    const side = { certificate: lib.SideCertificate.given(certificate.simplest!().make(s) as never), waf: lib.Waf.none() };
    const gateway = new lib.DualAlbGateway(s.stack, 'Gateway', { network: s.network, external: lib.ExternalSide.https(side) });
    return gateway.external.route('Root', { target: s.service.port('http'), authentication });
  },
};

function pools(make: (s: Scene, id: string) => unknown) {
  return ['one', 'two'].map((id) => sample(id, (s) => make(s, `${id}${s.nextId()}`)));
}

const sides: Root = {
  props: struct('Sides', {
    external: struct('ExternalHttpsOptions', { sslPolicy: opt(oneOf(SslPolicy.TLS13_13)) }),
    internal: struct('InternalHttpsOptions', { sslPolicy: opt(oneOf(SslPolicy.TLS13_13)) }),
  }),
  build: (s, { external, internal }: { external: object; internal: object }) => {
    const side = { certificate: lib.SideCertificate.given(certificate.simplest!().make(s) as never) };
    const options = {
      external: lib.ExternalSide.https({ ...side, ...external }),
      internal: lib.InternalSide.https({ ...side, ...internal }),
    };
    const gateway = new lib.DualAlbGateway(s.stack, 'Gateway', { network: s.network, ...options });
    const target = s.service.port('http');
    gateway.external.route('Out', { target });
    return gateway.internal.route('In', { target });
  },
};

const worker: Root = {
  props: struct('QueueWorkerServiceProps', {
    ...choices,
    queue: opt(struct('WorkerQueueOptions', { encryptionKey: opt(key), existing: opt(made(queueNamed('a'), queueNamed('b'))) })),
  }),
  build: (s, props: object) => new lib.QueueWorkerService(s.stack, 'Root', { mesh: s.mesh, containers: given, ...props }),
};

const backed: Root = {
  props: struct('RedisBackedEcsServiceProps', {
    ...choices,
    containers: list(struct('ContainerOptions', { image: made(...images('a', 'b')) }), 1, 1),
    redis: opt(made(sample('a store', (s) => new lib.ServerlessRedis(s.stack, 'Given', { mesh: s.mesh })))),
    redisConnection: opt(oneOf({ as: 'CACHE' })),
  }),
  build: (s, props: object) => new lib.RedisBackedEcsService(s.stack, 'Root', { mesh: s.mesh, ...props } as never),
};

function images(...names: string[]) {
  return names.map((name) => sample(name, () => ContainerImage.fromRegistry(`my/${name}`)));
}

const geolocation: Root = {
  props: struct('GeolocationReferenceAppProps', {
    compute: opt(oneOf(...Object.values(lib.GeolocationCompute))),
    redis: opt(oneOf(...Object.values(lib.GeolocationRedis))),
    page: opt(
      either(
        call('GeolocationPage.withCertificate', lib.GeolocationPage.withCertificate, certificate),
        call(
          'GeolocationPage.inZone',
          lib.GeolocationPage.inZone,
          zone,
          struct('GeolocationPageOptions', { recordName: opt(word()), certificate: opt(certificate) }),
        ),
      ),
    ),
    privateDomain: opt(domain()),
    internalName: opt(word()),
    network: opt(made(sample('given', (s) => s.network))),
    upstream: opt(struct('GeolocationUpstream', { secret: storedSecret, secretField: opt(text('key')) })),
    removalPolicy: opt(removal),
  }),
  build: (s, props: object) => new lib.GeolocationReferenceApp(s.stack, 'Root', props),
};

/** Servers and jobs with a security group of others. */
const others: Root = {
  props: struct('Others', {
    host: opt(struct('Ec2HostRedisProps', { securityGroup: opt(othersGroup) })),
    container: opt(struct('RedisLoadBalancerOptions', { securityGroup: opt(othersGroup) })),
    files: opt(struct('AppendOnlyOptions', { securityGroup: opt(othersGroup) })),
    cache: opt(struct('ElastiCacheRedisProps', { securityGroup: opt(othersGroup) })),
    serverless: opt(struct('ServerlessRedisProps', { securityGroup: opt(othersGroup) })),
    database: opt(struct('PostgresDatabaseProps', { securityGroup: opt(othersGroup) })),
    service: opt(struct('MeshServiceProps', { existing })),
    schedule: opt(struct('ScheduledJobProps', { existing })),
    deployment: opt(struct('DeploymentJobProps', { existing })),
    external: opt(struct('ExternalHttpOptions', { securityGroup: opt(othersGroup) })),
    externalTls: opt(struct('ExternalHttpsOptions', { securityGroup: opt(othersGroup) })),
    internal: opt(struct('InternalHttpOptions', { securityGroup: opt(othersGroup) })),
    internalTls: opt(struct('InternalHttpsOptions', { securityGroup: opt(othersGroup) })),
  }),
  build: (s, props: Record<string, object>) => {
    const { stack, mesh } = s;
    new lib.Ec2HostRedis(stack, 'Host', { mesh, ...props.host });
    const exposure = lib.RedisExposure.networkLoadBalancer(props.container);
    new lib.ContainerRedis(stack, 'Container', { mesh, exposure, persistence: lib.RedisPersistence.appendOnly(props.files) });
    new lib.ElastiCacheRedis(stack, 'Cache', { mesh, ...props.cache });
    new lib.ServerlessRedis(stack, 'Serverless', { mesh, ...props.serverless });
    new lib.PostgresDatabase(stack, 'Database', { mesh, ...props.database });
    new lib.MeshService(stack, 'Service', { mesh, containers: given, ...props.service });
    const containers = [{ image: given[0].image }];
    const schedule = ScheduleExpression.rate(Duration.hours(1));
    new lib.ScheduledJob(stack, 'Schedule', { mesh, containers, schedule, ...props.schedule });
    new lib.DeploymentJob(stack, 'Deployment', { mesh, containers, ...props.deployment });
    const waf = lib.Waf.none();
    const side = { certificate: lib.SideCertificate.given(certificate.simplest!().make(s) as never) };
    new lib.DualAlbGateway(stack, 'Plain', {
      network: s.network,
      external: lib.ExternalSide.http({ waf, ...props.external }),
      internal: lib.InternalSide.http({ ...props.internal }),
    });
    new lib.DualAlbGateway(stack, 'Tls', {
      network: s.network,
      external: lib.ExternalSide.https({ waf, ...side, ...props.externalTls }),
      internal: lib.InternalSide.https({ ...side, ...props.internalTls }),
    });
  },
};

const several: Root = {
  props: struct('Several', {
    redis: opt(struct('ContainerRedisProps', { image: opt(made(...images('valkey:8'))), existing })),
    imported: opt(
      struct('ImportedRedisProps', {
        host: text('redis.example.com', 'redis.example.org'),
        tls: oneOf(true, false),
        securityGroup: opt(made(sample('sg', (s) => SecurityGroup.fromSecurityGroupId(s.stack, 'Sg', 'sg-9')))),
      }),
    ),
    images: opt(struct('ImageRepositoryProps', { encryptionKey: opt(key) })),
    release: opt(struct('ImageReleaseOptions', { resourceTypes: opt(oneOf(['AWS::ECS::Service'])) })),
    parameter: opt(struct('ParameterEndpointOptions', { read: opt(oneOf(...Object.values(lib.ParameterRead))) })),
    alarms: opt(struct('RedisAlarmOptions', { actions: opt(made(action())) })),
    all: opt(struct('MeshAlarmsProps', { actions: opt(made(action())) })),
    dashboard: opt(
      struct('MeshDashboardProps', {
        alarms: opt(made(sample('alarms', (s) => new lib.MeshAlarms(s.stack, 'Alarms', { mesh: s.mesh })))),
      }),
    ),
    strict: opt(
      struct('StrictComplianceOptions', {
        key: opt(key),
        logRetention: opt(oneOf(RetentionDays.TEN_YEARS)),
        backupRetention: opt(made(sample('40 days', () => Duration.days(40)))),
      }),
    ),
  }),
  build: buildSeveral,
};

function action() {
  return sample('a topic', (s) => new SnsAction(Topic.fromTopicArn(s.stack, s.nextId(), 'arn:aws:sns:eu-west-1:111111111111:a')));
}

function buildSeveral(s: Scene, props: Record<string, object | undefined>): void {
  const { stack } = s;
  if (props.strict) lib.Compliance.strict(props.strict).applyTo(stack);
  const { mesh } = s;
  if (props.redis) s.service.connectTo(new lib.ContainerRedis(stack, 'Redis', { mesh, ...props.redis }));
  if (props.imported) s.service.connectTo(new lib.ImportedRedis(stack, 'Imported', props.imported as never));
  if (props.images) new lib.ImageRepository(stack, 'Images', props.images);
  if (props.release) role(s).allowImageRelease(stack, props.release);
  if (props.parameter) {
    const parameter = StringParameter.fromStringParameterName(stack, 'Parameter', '/a');
    s.service.connectTo(lib.Endpoint.parameter(parameter, props.parameter), { as: 'P' });
  }
  if (props.alarms) new lib.ElastiCacheRedis(stack, 'Store', { mesh }).addAlarms(props.alarms);
  if (props.all && s.service) new lib.MeshAlarms(stack, 'Alarms', { mesh, ...props.all });
  if (props.dashboard && s.service) new lib.MeshDashboard(stack, 'Dashboard', { mesh, ...props.dashboard });
  if (props.strict) new lib.PostgresDatabase(stack, 'Database', { mesh });
}

function role({ stack }: Scene): lib.GitHubDeployRole {
  return new lib.GitHubDeployRole(stack, 'Role', { repository: 'a/b', subjects: [lib.GitHubSubject.branch('main')] });
}

/** Constructs and props in which values are planted and nothing is fuzzed: their values are choices of which none is wrong. */
export const PLANTED_ROOTS: Record<string, Root> = { network, cognito, sides, worker, backed, geolocation, several, others };
