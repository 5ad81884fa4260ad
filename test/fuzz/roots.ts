import { Duration } from 'aws-cdk-lib';
import * as cdk from 'aws-cdk-lib';
import { InstanceClass, InstanceSize, InstanceType, InterfaceVpcEndpointAwsService, MachineImage } from 'aws-cdk-lib/aws-ec2';
import { TagMutability } from 'aws-cdk-lib/aws-ecr';
import { ContainerInsights, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import * as lib from 'cdk-ecs-mesh';
import * as fc from 'fast-check';
import { Root, removal, bool, domain, word } from './common';
import {
  existingDatabase,
  existingMesh,
  existingPort,
  existingSide,
  sharedDatabase,
  sharedMesh,
  sharedRedis,
} from './existing-roots';
import { gateway, origin, route } from './gateway-roots';
import { codeDeploy, hours, jobFields, service, serviceFields } from './service-props';
import {
  containerRedis,
  ec2Redis,
  elastiCache,
  serverless,
  imported,
  redisAlarms,
  database,
  settings,
  flags,
  endpoint,
} from './store-roots';
import { also, call, duration, either, list, made, map, number, oneOf, opt, plain, sample, size, struct, text } from './values';
import { useMesh, useService, withSidecar } from './wiring';

const ranges = (third: number) => list(text(`10.0.${third}.0/24`), 2, 2);
const nat = either(
  call('NatStrategy.perAz', lib.NatStrategy.perAz),
  call('NatStrategy.single', lib.NatStrategy.single),
  call(
    'NatStrategy.none',
    lib.NatStrategy.none,
    struct('NoNatOptions', { endpoints: opt(oneOf([], [InterfaceVpcEndpointAwsService.ECR])) }),
  ),
  call(
    'NatStrategy.instance',
    lib.NatStrategy.instance,
    struct('NatInstanceOptions', {
      machineImage: opt(oneOf(MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }))),
    }),
  ),
);
const network = call(
  'MeshNetwork.threeTier',
  lib.MeshNetwork.threeTier,
  struct('ThreeTierOptions', {
    cidr: also(opt(text('10.0.0.0/16')), plain('10.8.0.0/16')),
    availabilityZones: also(opt(number(2, 2)), plain(3)),
    zoneNames: also(opt(list(text('eu-west-1a'), 1, 1)), plain(['eu-west-1a', 'eu-west-1c'])),
    nat: opt(nat),
    subnets: opt(
      struct('SubnetCidrs', {
        publicSubnets: also(
          { ...ranges(1), simplest: undefined, good: fc.constant(plain(['10.0.1.0/24', '10.0.2.0/24'])) },
          plain(['10.0.11.0/24', '10.0.12.0/24']),
        ),
        taskSubnets: also(
          { ...ranges(3), simplest: undefined, good: fc.constant(plain(['10.0.3.0/24', '10.0.4.0/24'])) },
          plain(['10.0.13.0/24', '10.0.14.0/24']),
        ),
        storeSubnets: also(
          { ...ranges(5), simplest: undefined, good: fc.constant(plain(['10.0.5.0/24', '10.0.6.0/24'])) },
          plain(['10.0.15.0/24', '10.0.16.0/24']),
        ),
      }),
    ),
  }),
);

const mesh: Root = {
  props: struct('ServiceConnectMeshProps', {
    network: opt(network),
    meshName: opt(word()),
    namespaceName: opt(word()),
    privateDomain: opt(domain()),
    containerInsights: opt(oneOf(ContainerInsights.DISABLED, ContainerInsights.ENHANCED)),
    officeHours: opt(hours),
    removalPolicy: opt(removal),
  }),
  build: (s, props) => new lib.ServiceConnectMesh(s.stack, 'Root', props),
  wire: (s, props) => useMesh(s, new lib.ServiceConnectMesh(s.stack, 'Root', props)),
};

const capacity: Root = {
  props: struct('Ec2CapacityOptions', {
    instanceType: opt(oneOf(InstanceType.of(InstanceClass.M7G, InstanceSize.LARGE))),
    otherInstanceTypes: opt(list(oneOf(InstanceType.of(InstanceClass.M6G, InstanceSize.LARGE)), 0, 1)),
    purchase: opt(
      either(
        call('Ec2PurchaseOption.onDemand', lib.Ec2PurchaseOption.onDemand),
        call(
          'Ec2PurchaseOption.spot',
          lib.Ec2PurchaseOption.spot,
          struct('Ec2SpotOptions', {
            maxPrice: opt(text('0.05')),
            allocationStrategy: opt(oneOf('price-capacity-optimized', 'capacity-optimized')),
          }),
        ),
      ),
    ),
    image: opt(
      either(
        call(
          'HostImage.amazonLinux2023',
          lib.HostImage.amazonLinux2023,
          struct('HostImageOptions', { amiByRegion: opt(map(text('eu-west-1'), text('ami-0123456789abcdef0'), 1)) }),
        ),
        call('HostImage.bottlerocket', lib.HostImage.bottlerocket),
      ),
    ),
    diskSize: opt(size(30, 16384)),
    minInstances: opt(number(0, 3)),
    maxInstances: opt(number(3, 5000)),
    targetCapacityPercent: opt(number(1, 100)),
    scaleIn: opt(oneOf(lib.HostScaleIn.WHEN_EMPTY)),
  }),
  build: (s, props) => s.mesh.addEc2Capacity('Root', props),
};

const managed: Root = {
  props: struct('ManagedInstancesOptions', {
    requirements: opt(made(sample('requirements', () => ({ vCpuCountMin: 2, memoryMin: cdk.Size.gibibytes(4) })))),
    cpuArchitecture: opt(oneOf(CpuArchitecture.ARM64)),
    purchase: opt(oneOf('SPOT', 'ON_DEMAND')),
    diskSize: opt(size(30, 16384)),
  }),
  build: (s, props) => s.mesh.addManagedInstances('Root', props),
};

const meshService: Root = {
  props: service,
  build: (s, props: object) => new lib.MeshService(s.stack, 'Root', { mesh: s.mesh, ...props } as never),
  wire: (s, props) => useService(s, (given) => new lib.MeshService(s.stack, 'Root', given), props),
};

const QUEUE = 'arn:aws:sqs:eu-west-1:111111111111:orders';

const worker: Root = {
  props: struct('QueueWorkerServiceProps', {
    containers: serviceFields.containers,
    sidecars: serviceFields.sidecars,
    queue: opt(
      struct('WorkerQueueOptions', {
        longestProcessing: opt(duration(1, 43200)),
        visibilityTimeout: opt(duration(1, 43200)),
        maxReceiveCount: opt(number(1, 1000)),
        retention: opt(duration(60, 1209600)),
        fifo: opt(bool),
        contentBasedDeduplication: opt(bool),
        existing: opt(made(sample('a queue', (s) => Queue.fromQueueArn(s.stack, s.nextId(), QUEUE)))),
      }),
    ),
    backlog: opt(
      struct('BacklogOptions', {
        acceptableLatency: opt(duration(600, 3600)),
        averageProcessing: opt(duration(1, 600)),
        messagesAtOnce: opt(number(1, 1000)),
      }),
    ),
  }),
  build: (s, props: object) => new lib.QueueWorkerService(s.stack, 'Root', { mesh: s.mesh, ...props } as never),
  wire: (s, props) => useService(s, (given) => new lib.QueueWorkerService(s.stack, 'Root', given), props),
};

const job: Root = {
  props: struct('ScheduledJobProps', {
    ...jobFields,
    schedule: made(
      sample('rate', () => ScheduleExpression.rate(Duration.hours(1))),
      sample('another rate', () => ScheduleExpression.rate(Duration.hours(2))),
    ),
    discoveryName: opt(word()),
    cpuArchitecture: opt(oneOf(CpuArchitecture.ARM64)),
    flexibleWindow: opt(duration(60, 86400, 60)),
    retryAttempts: opt(number(0, 185)),
    maxEventAge: opt(duration(60, 86400)),
    enabled: opt(bool),
  }),
  build: (s, props: object) => new lib.ScheduledJob(s.stack, 'Root', { mesh: s.mesh, ...props } as never),
  wire: (s, props) => new lib.ScheduledJob(s.stack, 'Root', withSidecar(s, props)),
};

const deploymentJob: Root = {
  props: struct('DeploymentJobProps', {
    ...jobFields,
    discoveryName: opt(word()),
    cpuArchitecture: opt(oneOf(CpuArchitecture.ARM64)),
    timeout: opt(duration(60, 840)),
  }),
  build: (s, props: object) => new lib.DeploymentJob(s.stack, 'Root', { mesh: s.mesh, ...props } as never),
  wire: (s, props) => new lib.DeploymentJob(s.stack, 'Root', withSidecar(s, props)),
};

const codeDeployed: Root = {
  props: codeDeploy,
  build: (s, rollout: lib.Rollout) => {
    const { containers } = {
      containers: [{ image: cdk.aws_ecs.ContainerImage.fromRegistry('my/web'), ports: [{ name: 'http', containerPort: 8080 }] }],
    };
    const rolled = new lib.MeshService(s.stack, 'Root', { mesh: s.mesh, containers, rollout });
    return new lib.DualAlbGateway(s.stack, 'Gateway', { network: s.network, internal: lib.InternalSide.http() }).internal.route(
      'Api',
      {
        target: rolled.port('http'),
      },
    );
  },
};

const alarms: Root = {
  props: struct('MeshAlarmsProps', {
    actions: opt(oneOf([])),
    overrides: opt(
      list(
        either(
          call(
            'AlarmOverride.threshold',
            lib.AlarmOverride.threshold,
            made(
              sample('helper', (s) => s.service),
              sample('another', (s) => s.once('another service', () => s.newService('Another'))),
            ),
            text('Cpu', 'Memory'),
            number(1, 100),
          ),
          call(
            'AlarmOverride.leaveOut',
            lib.AlarmOverride.leaveOut,
            made(
              sample('helper', (s) => s.service),
              sample('another', (s) => s.once('another service', () => s.newService('Another'))),
            ),
            text('Cpu', 'Memory'),
            text('not needed', 'not yet'),
          ),
        ),
        0,
        1,
      ),
    ),
  }),
  build: (s, props: object) => s.service && new lib.MeshAlarms(s.stack, 'Root', { mesh: s.mesh, ...props }),
};

const dashboard: Root = {
  props: struct('MeshDashboardProps', { dashboardName: opt(word()) }),
  build: (s, props: object) => s.service && new lib.MeshDashboard(s.stack, 'Root', { mesh: s.mesh, ...props }),
};

const repository: Root = {
  props: struct('ImageRepositoryProps', {
    repositoryName: opt(word()),
    keptImages: opt(number(1, 1000)),
    untaggedExpiration: opt(duration(86400, 864000, 86400)),
    tagMutability: opt(oneOf(TagMutability.MUTABLE, TagMutability.IMMUTABLE)),
    removalPolicy: opt(removal),
  }),
  build: (s, props) => new lib.ImageRepository(s.stack, 'Root', props),
};

const deployedImage: Root = {
  props: struct('DeployedImageOptions', {
    tagParameter: opt(text('/app/tag')),
    placeholder: opt(
      either(
        call('PlaceholderImage.python', lib.PlaceholderImage.python),
        call('PlaceholderImage.image', lib.PlaceholderImage.image, text('nginx:1', 'nginx:2')),
        call('PlaceholderImage.none', lib.PlaceholderImage.none),
      ),
    ),
  }),
  build: (s, options) =>
    new lib.MeshService(s.stack, 'Root', {
      mesh: s.mesh,
      containers: [
        {
          image: new lib.ImageRepository(s.stack, 'Repository').image(options) as never,
          ports: [{ name: 'http', containerPort: 80 }],
        },
      ],
    }),
};

const githubRole: Root = {
  props: struct('GitHubDeployRoleProps', {
    repository: text('owner/name', 'owner/other'),
    subjects: list(
      either(
        call('GitHubSubject.branch', lib.GitHubSubject.branch, text('main', 'next')),
        call('GitHubSubject.tag', lib.GitHubSubject.tag, text('v1', 'v2')),
        call('GitHubSubject.environment', lib.GitHubSubject.environment, text('production', 'test')),
      ),
      1,
      2,
    ),
    provider: opt(
      either(
        call('GitHubProvider.create', lib.GitHubProvider.create),
        call('GitHubProvider.existing', lib.GitHubProvider.existing),
      ),
    ),
    maxSessionDuration: opt(duration(3600, 43200)),
  }),
  build: (s, props) => new lib.GitHubDeployRole(s.stack, 'Root', props),
};

export const ROOTS: Record<string, Root> = {
  mesh,
  existingMesh,
  existingSide,
  existingPort,
  existingDatabase,
  sharedMesh,
  sharedDatabase,
  sharedRedis,
  capacity,
  managed,
  service: meshService,
  worker,
  job,
  deploymentJob,
  containerRedis,
  ec2Redis,
  elastiCache,
  serverless,
  imported,
  redisAlarms,
  database,
  settings,
  flags,
  endpoint,
  gateway,
  origin,
  route,
  codeDeployed,
  alarms,
  dashboard,
  repository,
  deployedImage,
  githubRole,
};
