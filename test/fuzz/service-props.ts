import { Duration, TimeZone } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { EcsDeploymentConfig } from 'aws-cdk-lib/aws-codedeploy';
import {
  Capability,
  ContainerDependencyCondition,
  ContainerImage,
  CpuArchitecture,
  DeploymentLifecycleStage,
  NetworkMode,
  Secret,
  UlimitName,
} from 'aws-cdk-lib/aws-ecs';
import { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Secret as StoredSecret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  CapacityShare,
  Compute,
  ContainerLogging,
  DeploymentHook,
  OfficeHours,
  PortProtocol,
  Rollout,
  Scaling,
  ServiceConnect,
  ServiceDiscovery,
  TestTraffic,
  Tracing,
  WritablePath,
} from 'cdk-ecs-mesh';
import * as fc from 'fast-check';
import { Scene } from './scene';
import {
  Fields,
  Spec,
  also,
  call,
  duration,
  either,
  list,
  made,
  map,
  matching,
  mebibytes,
  name,
  number,
  oneOf,
  opt,
  plain,
  sample,
  struct,
  text,
} from './values';

const IMAGE = 'my/web';
const image = made(
  sample('image', () => ContainerImage.fromRegistry(IMAGE)),
  sample('another image', () => ContainerImage.fromRegistry('my/other')),
);
const variable = () => matching(fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/));
const bool = oneOf(true, false);

export const storedSecret = made(
  sample('secret', (s) => storedSecretOf(s)),
  sample('another secret', (s) => s.once('another', () => StoredSecret.fromSecretNameV2(s.stack, 'OtherSecret', 'other'))),
);
const secret = made(sample('ecs secret', (s) => Secret.fromSecretsManager(storedSecretOf(s))));

function storedSecretOf(s: Scene) {
  return s.once('secret', () => StoredSecret.fromSecretNameV2(s.stack, 'GivenSecret', 'given'));
}

const port = struct('PortOptions', {
  name: name(),
  containerPort: number(1, 65535),
  protocol: opt(oneOf(...Object.values(PortProtocol))),
  hostPort: opt(number(1, 65535)),
  discoveryName: opt(name()),
  dnsName: opt(name()),
});

const healthCheck = struct('HealthCheck', {
  command: list(text('true', 'false'), 1),
  interval: opt(duration(5, 300)),
  timeout: opt(duration(2, 60)),
  retries: opt(number(1, 10)),
  startPeriod: opt(duration(0, 300)),
});

const containerFields: Fields = {
  image,
  environment: opt(map(variable(), text('1', 'info', 'a b'))),
  secrets: opt(map(variable(), secret)),
  healthCheck: opt(healthCheck),
  process: opt(
    struct('ContainerProcess', {
      entryPoint: opt(list(text('/entrypoint.sh', 'sh'), 1)),
      command: opt(list(text('serve', '--port=80'), 1)),
      workingDirectory: opt(text('/srv', '/app/src')),
      user: opt(text('1000', '1000:1000', 'app')),
      initProcessEnabled: opt(bool),
      ulimits: opt(
        list(
          struct('Ulimit', {
            name: oneOf(UlimitName.NOFILE, UlimitName.CORE),
            softLimit: number(1, 1024),
            hardLimit: number(1024, 1_048_576),
          }),
          1,
          1,
        ),
      ),
      dropCapabilities: opt(oneOf([Capability.ALL], [Capability.CHOWN, Capability.KILL])),
    }),
  ),
  logging: opt(
    either(
      call(
        'ContainerLogging.nonBlocking',
        ContainerLogging.nonBlocking,
        struct('NonBlockingLogOptions', {
          streamPrefix: opt(name()),
          multilinePattern: opt(text('^\\d{4}-')),
          maxBufferSize: opt(mebibytes(1, 64)),
        }),
      ),
      call(
        'ContainerLogging.blocking',
        ContainerLogging.blocking,
        struct('BlockingLogOptions', { streamPrefix: opt(name()), multilinePattern: opt(text('^\\d{4}-')) }),
      ),
    ),
  ),
  storage: opt(
    struct('ContainerStorage', {
      writablePaths: opt(
        list(
          either(
            call(
              'WritablePath.tmpfs',
              WritablePath.tmpfs,
              text('/tmp', '/var/cache'),
              struct('TmpfsOptions', { size: opt(mebibytes(1, 64)), executable: opt(bool) }),
            ),
            call('WritablePath.volume', WritablePath.volume, text('/data', '/var/lib/app')),
          ),
          1,
          1,
        ),
      ),
      readonlyRootFilesystem: opt(bool),
    }),
  ),
  resources: opt(
    struct('ContainerResources', {
      cpu: opt(number(1, 64)),
      memoryLimitMiB: opt(number(65, 128)),
      memoryReservationMiB: opt(number(6, 64)),
      gpuCount: also(opt({ good: fc.constant(sample('undefined', () => undefined)), hostile: number(1, 16).hostile }), plain(1)),
    }),
  ),
};

/** Which containers a good one may wait for depends on the others, so it waits for none. */
const dependency = struct('ContainerDependency', {
  container: text('other', 'agent'),
  condition: opt(oneOf(...Object.values(ContainerDependencyCondition))),
});
const lifecycle = (essential: Spec): Spec =>
  struct('ContainerLifecycle', {
    essential: opt(essential),
    dependsOn: also(
      opt(list(dependency, 0, 0)),
      sample('another', () => [{ container: 'other' }]),
    ),
    startTimeout: opt(duration(2, 120)),
    stopTimeout: opt(duration(2, 120)),
    restartAttemptPeriod: opt(duration(60, 1800)),
  });
/** Sidecars have names of their own. */
const sidecars = list(
  struct('ContainerOptions', { ...containerFields, name: text('agent', 'other'), lifecycle: opt(lifecycle(bool)) }),
  0,
  1,
);
const taskSize = struct('TaskSize', {
  cpu: also(number(256, 256), plain(512)),
  memoryMiB: oneOfWithBad(number(512, 512), 512, 1024),
});
/** Jobs: containers without ports, and what goes beside them. */
export const jobFields: Fields = {
  containers: list(
    struct('ContainerOptions', {
      ...containerFields,
      name: opt(name()),
      lifecycle: opt(lifecycle(also(oneOf(true), plain(false)))),
    }),
    1,
    1,
  ),
  sidecars: opt(sidecars),
  taskSize: opt(taskSize),
};
const container = struct('ContainerOptions', {
  ...containerFields,
  name: opt(name()),
  ports: opt(list(port, 0, 2)),
  lifecycle: opt(lifecycle(also(oneOf(true), plain(false)))),
});

export const hours: Spec = either(
  call(
    'OfficeHours.weekdays',
    OfficeHours.weekdays,
    oneOf(TimeZone.ETC_UTC, TimeZone.ASIA_TOKYO),
    struct('OfficeHoursOptions', { opens: opt(text('08:00', '07:30')), closes: opt(text('18:00', '23:59')) }),
  ),
  call('OfficeHours.everyDay', OfficeHours.everyDay, oneOf(TimeZone.EUROPE_BERLIN, TimeZone.ASIA_TOKYO)),
  call('OfficeHours.always', OfficeHours.always),
);

const targets = struct('ScalingTargets', {
  cpuPercent: opt(number(1, 100)),
  memoryPercent: opt(number(1, 100)),
  requestsPerTarget: also(
    opt({ good: fc.constant(sample('undefined', () => undefined)), hostile: number(1, 1_000_000).hostile }),
    plain(100),
  ),
  scaleOutCooldown: opt(duration(0, 3600)),
  scaleInCooldown: opt(duration(0, 3600)),
});
const bounds = struct('ScheduledBounds', {
  schedule: made(
    sample('cron', () => Schedule.cron({ minute: '0', hour: '8' })),
    sample('rate', () => Schedule.rate(Duration.days(1))),
  ),
  minTasks: number(0, 10),
  maxTasks: opt(number(10, 20)),
  timeZone: opt(oneOf(TimeZone.ETC_UTC, TimeZone.ASIA_TOKYO)),
});
const between = call('Scaling.between', Scaling.between, number(0, 20), number(21, 5000), targets);
const scaling = either(
  call('Scaling.fixed', Scaling.fixed, number(1, 5000)),
  between,
  call('onSchedule', (changes: never) => Scaling.between(1, 20).onSchedule(changes), map(name(), bounds, 1)),
  call('during', (open: OfficeHours) => Scaling.between(1, 20).during(open), hours),
);

const bake = duration(0, 600, 60);
const testTraffic = either(
  call('TestTraffic.header', TestTraffic.header, text('X-Version', 'X-Next'), text('green', 'blue')),
  call('TestTraffic.port', TestTraffic.port, number(1024, 65535)),
);
const handlerNamed = (id: string) =>
  sample(`function ${id}`, (s) =>
    s.once(`handler ${id}`, () =>
      Lambda.fromFunctionAttributes(s.stack, `Given${id}`, {
        functionArn: `arn:aws:lambda:eu-west-1:111111111111:function:${id}`,
        sameEnvironment: true,
      }),
    ),
  );
const handler = made(handlerNamed('hook'), handlerNamed('other'));
const hook = call(
  'DeploymentHook.lambda',
  DeploymentHook.lambda,
  matching(fc.stringMatching(/^[A-Z][a-z]{2,8}$/)),
  handler,
  struct('LambdaHookOptions', {
    stages: list(oneOf(DeploymentLifecycleStage.PRE_SCALE_UP, DeploymentLifecycleStage.POST_SCALE_UP), 1, 1),
  }),
);
const shift: Fields = { bakeTime: opt(bake), testTraffic: opt(testTraffic), hooks: opt(list(hook, 1, 1)) };
const rollout = either(
  call(
    'Rollout.rolling',
    Rollout.rolling,
    struct('RollingOptions', { minHealthyPercent: opt(number(0, 100)), maxHealthyPercent: opt(number(101, 200)) }),
  ),
  call('Rollout.blueGreen', Rollout.blueGreen, struct('BlueGreenOptions', shift)),
  call(
    'Rollout.canary',
    Rollout.canary,
    struct('CanaryOptions', { ...shift, percent: opt(number(1, 100)), canaryTime: opt(bake) }),
  ),
  call(
    'Rollout.linear',
    Rollout.linear,
    struct('LinearOptions', { ...shift, stepPercent: opt(number(3, 100)), stepTime: opt(bake) }),
  ),
);
/** CodeDeploy wants no Service Connect and one route. */
export const codeDeploy = call(
  'Rollout.codeDeploy',
  Rollout.codeDeploy,
  struct('CodeDeployOptions', {
    deploymentConfig: opt(oneOf(EcsDeploymentConfig.CANARY_10PERCENT_5MINUTES)),
    bakeTime: opt(bake),
    approvalTime: opt(bake),
    testTraffic: opt(call('TestTraffic.port', TestTraffic.port, number(1024, 65535))),
  }),
);

const share = struct('ShareOptions', { base: opt(number(0, 100_000)), weight: opt(number(1, 1000)) });
const architecture = oneOf(CpuArchitecture.ARM64, CpuArchitecture.X86_64);
const awsvpc = oneOf(NetworkMode.AWS_VPC, NetworkMode.BRIDGE);
const hosts = made(
  sample('hosts', (s) => s.once('hosts', () => s.mesh.addEc2Capacity('GivenHosts'))),
  sample('other hosts', (s) => s.once('other hosts', () => s.mesh.addEc2Capacity('OtherHosts'))),
);
const managed = made(
  sample('managed', (s) => s.once('managed', () => s.mesh.addManagedInstances('GivenManaged'))),
  sample('other managed', (s) => s.once('other managed', () => s.mesh.addManagedInstances('OtherManaged'))),
);
export const fargateComputes = either(
  call('Compute.fargate', Compute.fargate, struct('FargateOptions', { cpuArchitecture: opt(architecture) })),
  call(
    'Compute.fargateSpot',
    Compute.fargateSpot,
    struct('FargateSpotOptions', { cpuArchitecture: opt(architecture), onDemandBase: opt(number(0, 100_000)) }),
  ),
  call(
    'Compute.mix',
    (options: never, mixOptions: never) => Compute.mix([CapacityShare.fargate(options)], mixOptions),
    share,
    struct('MixOptions', {
      networkMode: also(opt(oneOf(NetworkMode.AWS_VPC)), plain(NetworkMode.BRIDGE)),
      cpuArchitecture: opt(architecture),
    }),
  ),
);
const compute = either(
  fargateComputes,
  call('Compute.ec2', Compute.ec2, hosts, struct('Ec2Options', { networkMode: opt(awsvpc) })),
  call(
    'Compute.managedInstances',
    Compute.managedInstances,
    managed,
    struct('ManagedInstancesComputeOptions', { networkMode: also(opt(oneOf(NetworkMode.AWS_VPC)), plain(NetworkMode.BRIDGE)) }),
  ),
);

const timeouts = struct('ServiceConnectTimeouts', { idleTimeout: opt(duration(0, 3600)), requestTimeout: opt(duration(0, 3600)) });
const connect = either(
  call('ServiceConnect.clientAndServer', ServiceConnect.clientAndServer, timeouts),
  call('ServiceConnect.client', ServiceConnect.client),
  call('ServiceConnect.none', ServiceConnect.none),
);
const dns = call(
  'ServiceDiscovery.privateDns',
  ServiceDiscovery.privateDns,
  made(
    sample('dns', (s) => s.once('dns', () => s.mesh.addDnsNamespace('Dns', 'svc.fuzz.local'))),
    sample('other dns', (s) => s.once('other dns', () => s.mesh.addDnsNamespace('OtherDns', 'other.fuzz.local'))),
  ),
  struct('PrivateDnsOptions', {
    ttl: opt(duration(0, 86400)),
    port: also(opt({ good: fc.constant(sample('undefined', () => undefined)), hostile: name().hostile }), plain('none')),
  }),
);
const tracing = either(
  call('Tracing.none', Tracing.none),
  call(
    'Tracing.openTelemetry',
    Tracing.openTelemetry,
    struct('OpenTelemetryOptions', {
      sampleRatio: opt(oneOf(0, 0.5, 1)),
      image: opt(image),
      collectorConfig: opt(text('receivers: {}')),
      memoryMiB: opt(number(64, 128)),
    }),
  ),
);

export const serviceFields: Fields = {
  containers: list(container, 1, 1),
  sidecars: opt(sidecars),
  compute: opt(compute),
  taskSize: opt(taskSize),
  scaling: opt(scaling),
  rollout: opt(rollout),
  networking: opt(struct('ServiceNetworking', { discoveryName: opt(name()), serviceConnect: opt(connect), discovery: opt(dns) })),
  operations: opt(
    struct('ServiceOperations', {
      tracing: opt(tracing),
      enableExecuteCommand: opt(bool),
      healthCheckGracePeriod: opt(duration(0, 600)),
    }),
  ),
};

function oneOfWithBad(bad: Spec, ...good: number[]): Spec {
  return { good: oneOf(...good).good, hostile: bad.hostile };
}

export const service = struct('MeshServiceProps', serviceFields);
