import { Duration } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Capability, ContainerImage, CpuArchitecture, NetworkMode, Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Compute, MeshServiceProps, PortProtocol, Rollout, Scaling, ServiceConnect } from 'cdk-ecs-mesh';
import { WEB, findings, newMesh, newService, only, openPaths, resources, templateOf } from '../helpers';

const IMAGE = ContainerImage.fromRegistry('my/web');

/** Renders one service and gives its template back. */
function render(props: Partial<MeshServiceProps> = {}) {
  return templateOf(newService(newMesh(), 'Api', props));
}

/** On hosts, in a network mode. */
function onHosts(networkMode: NetworkMode, props: Partial<MeshServiceProps> = {}) {
  const mesh = newMesh();
  return newService(mesh, 'Api', { compute: Compute.ec2(mesh.addEc2Capacity('Hosts'), { networkMode }), ...props });
}

describe('minimal props', () => {
  const template = render();
  const service = only(template, 'AWS::ECS::Service').Properties;
  const task = only(template, 'AWS::ECS::TaskDefinition').Properties;

  test('Fargate in private subnets, without public address', () => {
    expect(service.CapacityProviderStrategy).toEqual([{ CapacityProvider: 'FARGATE', Weight: 1 }]);
    expect(service.LaunchType).toBeUndefined();
    expect(service.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp).toBe('DISABLED');
    expect(JSON.stringify(service.NetworkConfiguration.AwsvpcConfiguration.Subnets)).not.toMatch(/Public|Isolated/);
    expect([service.PlatformVersion, service.AvailabilityZoneRebalancing]).toEqual(['LATEST', 'ENABLED']);
  });

  test('256 CPU units, 512 MiB, x86_64', () => {
    expect(task).toMatchObject({ Cpu: '256', Memory: '512', NetworkMode: 'awsvpc', RequiresCompatibilities: ['FARGATE'] });
    expect(task.RuntimePlatform).toEqual({ CpuArchitecture: 'X86_64', OperatingSystemFamily: 'LINUX' });
  });

  test('hardened container with non-blocking logs', () => {
    expect(task.ContainerDefinitions).toHaveLength(1);
    expect(task.ContainerDefinitions[0]).toMatchObject({
      Name: 'api',
      Essential: true,
      ReadonlyRootFilesystem: true,
      StopTimeout: 30,
      LinuxParameters: { InitProcessEnabled: true, Capabilities: { Drop: ['ALL'] } },
      LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-stream-prefix': 'api', mode: 'non-blocking' } },
      PortMappings: [{ ContainerPort: 8080, Name: 'http', AppProtocol: 'http', Protocol: 'tcp' }],
    });
    expect(task.ContainerDefinitions[0].User).toBeUndefined();
  });

  test('nothing may come in, HTTPS may go out', () => {
    const group = only(template, 'AWS::EC2::SecurityGroup', 'Api').Properties;
    expect(group.SecurityGroupIngress).toBeUndefined();
    expect(group.SecurityGroupEgress).toMatchObject([{ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 }]);
    expect(openPaths(template)).toEqual([]);
  });

  test('no ECS Exec, managed tags', () => {
    expect(service).toMatchObject({ EnableExecuteCommand: false, EnableECSManagedTags: true, PropagateTags: 'SERVICE' });
  });

  test('AwsSolutions finds nothing', () => expect(findings(newService(newMesh(), 'Api'))).toEqual([]));
});

test('all props', () => {
  const mesh = newMesh();
  const service = newService(mesh, 'Api', {
    discoveryName: 'shop-api',
    compute: Compute.fargate({ cpuArchitecture: CpuArchitecture.ARM64 }),
    cpu: 1024,
    memoryMiB: 3072,
    scaling: Scaling.between(1, 9, {
      cpuPercent: 50,
      memoryPercent: 60,
      scaleOutCooldown: Duration.seconds(30),
      scaleInCooldown: Duration.seconds(90),
    }),
    rollout: Rollout.rolling({ minHealthyPercent: 50, maxHealthyPercent: 150 }),
    serviceConnect: ServiceConnect.client(),
    enableExecuteCommand: true,
    containers: [
      {
        image: IMAGE,
        name: 'main',
        ports: [{ name: 'grpc', containerPort: 9000, protocol: PortProtocol.GRPC }],
        environment: { LEVEL: 'info' },
        secrets: { TOKEN: EcsSecret.fromSecretsManager(Secret.fromSecretNameV2(mesh, 'Imported', 'token')) },
        command: ['serve'],
        user: '1000:1000',
        writablePaths: ['/tmp'],
        dropCapabilities: [Capability.NET_RAW],
        stopTimeout: Duration.seconds(120),
      },
      { image: IMAGE, name: 'helper', essential: false, readonlyRootFilesystem: false, dropCapabilities: [] },
    ],
  });
  const template = templateOf(service);
  const task = only(template, 'AWS::ECS::TaskDefinition').Properties;
  expect(task).toMatchObject({ Cpu: '1024', Memory: '3072', RuntimePlatform: { CpuArchitecture: 'ARM64' } });
  expect(task.ContainerDefinitions[0]).toMatchObject({ Name: 'main', Command: ['serve'], User: '1000:1000', StopTimeout: 120 });
  expect(task.ContainerDefinitions[0].LinuxParameters.Capabilities).toEqual({ Drop: ['NET_RAW'] });
  expect(task.ContainerDefinitions[1]).toMatchObject({ Name: 'helper', Essential: false, ReadonlyRootFilesystem: false });
  expect(task.ContainerDefinitions[1].LinuxParameters.Capabilities).toEqual({});
  expect(task.ContainerDefinitions[0].MountPoints[0]).toEqual({
    ContainerPath: '/tmp',
    ReadOnly: false,
    SourceVolume: 'main-writable-0',
  });
  expect(only(template, 'AWS::ECS::Service').Properties.ServiceConnectConfiguration.Services).toBeUndefined();
  template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: '/ecs/shop-mesh/shop-api' });
  expect([service.taskCount !== undefined, service.containers.length]).toEqual([true, 2]);
  expect(findings(service)).toEqual([]);
});

describe('T3: a namespace passed by name races and is duplicated', () => {
  test('Service Connect gets the ARN of the namespace', () => {
    const config = only(render(), 'AWS::ECS::Service').Properties.ServiceConnectConfiguration;
    expect(config.Namespace).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^MeshNamespace/), 'Arn'] });
  });
});

describe('T5: silent 15 s request timeout', () => {
  const servicesOf = (props: Partial<MeshServiceProps>) =>
    only(render(props), 'AWS::ECS::Service').Properties.ServiceConnectConfiguration.Services;

  test('idle and request timeout are 60 s, on purpose', () => {
    expect(servicesOf({})).toEqual([
      {
        PortName: 'http',
        DiscoveryName: 'api',
        ClientAliases: [{ DnsName: 'api.shop-mesh', Port: 8080 }],
        Timeout: { IdleTimeoutSeconds: 60, PerRequestTimeoutSeconds: 60 },
      },
    ]);
  });

  test('both can be chosen', () => {
    const serviceConnect = ServiceConnect.clientAndServer({
      idleTimeout: Duration.minutes(10),
      requestTimeout: Duration.minutes(5),
    });
    expect(servicesOf({ serviceConnect })[0].Timeout).toEqual({ IdleTimeoutSeconds: 600, PerRequestTimeoutSeconds: 300 });
  });

  test('TCP keeps idle connections for an hour and knows no requests', () => {
    const ports = [{ name: 'redis', containerPort: 6379, protocol: PortProtocol.TCP }];
    expect(servicesOf({ containers: [{ image: IMAGE, ports }] })[0].Timeout).toEqual({ IdleTimeoutSeconds: 3600 });
  });
});

describe('T8: Service Connect on EC2 needs task-level memory', () => {
  test.each([NetworkMode.AWS_VPC, NetworkMode.BRIDGE])('%s', (mode) => {
    const template = templateOf(onHosts(mode, { serviceConnect: ServiceConnect.clientAndServer() }));
    expect(only(template, 'AWS::ECS::TaskDefinition').Properties).toMatchObject({ Cpu: '256', Memory: '512', NetworkMode: mode });
  });
});

describe('T12: desiredCount fights autoscaling', () => {
  test('not rendered while scaling is on; 2 to 4 tasks at 70 % CPU, out after 60 s, in after 300 s', () => {
    const template = render();
    expect(only(template, 'AWS::ECS::Service').Properties.DesiredCount).toBeUndefined();
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 2, MaxCapacity: 4 });
    template.resourceCountIs('AWS::ApplicationAutoScaling::ScalingPolicy', 1);
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 70,
        ScaleOutCooldown: 60,
        ScaleInCooldown: 300,
        PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
      },
    });
  });

  test('a fixed count is rendered, and nothing scales it', () => {
    const template = render({ scaling: Scaling.fixed(3) });
    expect(only(template, 'AWS::ECS::Service').Properties.DesiredCount).toBe(3);
    template.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
  });
});

describe('T13: deployments that hang for hours, or at half capacity', () => {
  test('circuit breaker with rollback; never below the desired tasks', () => {
    const config = only(render(), 'AWS::ECS::Service').Properties.DeploymentConfiguration;
    expect(config.DeploymentCircuitBreaker).toEqual({ Enable: true, Rollback: true });
    expect([config.MinimumHealthyPercent, config.MaximumPercent]).toEqual([100, 200]);
  });
});

describe('T15: tasks start before their policies exist', () => {
  test('the service waits for both roles, their policies and the way out', () => {
    const mesh = newMesh();
    const template = templateOf(newService(mesh, 'Api', { enableExecuteCommand: true }));
    const waits = only(template, 'AWS::ECS::Service').DependsOn!;
    for (const type of ['AWS::IAM::Role', 'AWS::IAM::Policy']) {
      for (const id of Object.keys(resources(template, type, 'Api'))) expect(waits).toContain(id);
    }
    expect(Object.keys(resources(template, 'AWS::IAM::Policy', 'Api'))).toHaveLength(2);
    expect(waits.filter((id) => /PrivateSubnet\dDefaultRoute/.test(id))).toHaveLength(2);
  });
});

describe('T16: log groups that never expire', () => {
  test('one log group per service, 30 days, gone with the stack', () => {
    const group = resources(render(), 'AWS::Logs::LogGroup', 'Api');
    expect(Object.values(group)).toEqual([
      {
        Type: 'AWS::Logs::LogGroup',
        Properties: { LogGroupName: '/ecs/shop-mesh/api', RetentionInDays: 30 },
        DeletionPolicy: 'Delete',
        UpdateReplacePolicy: 'Delete',
      },
    ]);
  });
});

describe('T17: ECS Exec needs to write', () => {
  test('the paths of its agent are writable, the rest stays read-only', () => {
    const [container] = only(render({ enableExecuteCommand: true }), 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions;
    expect(container.ReadonlyRootFilesystem).toBe(true);
    expect(container.MountPoints.map((m: { ContainerPath: string }) => m.ContainerPath)).toEqual([
      '/managed-agents',
      '/var/lib/amazon/ssm',
      '/var/log/amazon/ssm',
    ]);
  });

  test('without Exec nothing is writable', () => {
    expect(only(render(), 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions[0].MountPoints).toBeUndefined();
  });
});

describe('T7: host network', () => {
  test('one task per host, port of the host, no proxy and no port name', () => {
    const template = templateOf(onHosts(NetworkMode.HOST));
    const service = only(template, 'AWS::ECS::Service').Properties;
    expect(service.PlacementConstraints).toEqual([{ Type: 'distinctInstance' }]);
    expect(service.ServiceConnectConfiguration).toBeUndefined();
    const [container] = only(template, 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions;
    expect(container.PortMappings).toEqual([{ ContainerPort: 8080, HostPort: 8080, Protocol: 'tcp' }]);
  });

  test('a port of the hosts is given out once', () => {
    const mesh = newMesh();
    const compute = Compute.ec2(mesh.addEc2Capacity('Hosts'), { networkMode: NetworkMode.HOST });
    newService(mesh, 'Api', { compute });
    expect(() => newService(mesh, 'Web', { compute })).toThrow(
      '`containers[].ports[].hostPort` must be free on Shop/Mesh/Hosts, and Shop/Api holds it, got 8080; choose another port, use NetworkMode.BRIDGE with dynamic ports, or give the service hosts of its own [HostPortTaken at Shop/Web]',
    );
  });

  test('more tasks than hosts are refused', () => {
    expect(() => onHosts(NetworkMode.HOST, { scaling: Scaling.between(2, 5) })).toThrow(
      '`scaling` must be at most 4 tasks, the most hosts of Shop/Mesh/Hosts, since port 8080 exists once on each, got 5; allow more hosts with `maxInstances`, or use NetworkMode.BRIDGE without `hostPort` [HostPortClash at Shop/Api]',
    );
  });

  test('asking for a proxy is refused', () => {
    expect(() => onHosts(NetworkMode.HOST, { serviceConnect: ServiceConnect.client() })).toThrow(
      '`serviceConnect` must be ServiceConnect.none() in host network mode, where AWS has no proxy; use NetworkMode.BRIDGE or AWS_VPC, or call the service through a gateway route [NoServiceConnectInHostMode at Shop/Api]',
    );
  });
});

describe('EC2 in the other modes', () => {
  test('GEO-5: bridge mode, dynamic host port, spread over zones and hosts', () => {
    const template = templateOf(onHosts(NetworkMode.BRIDGE));
    const task = only(template, 'AWS::ECS::TaskDefinition').Properties;
    expect([task.NetworkMode, task.RequiresCompatibilities]).toEqual(['bridge', ['EC2']]);
    expect(task.ContainerDefinitions[0].PortMappings).toEqual([
      { AppProtocol: 'http', ContainerPort: 8080, HostPort: 0, Name: 'http', Protocol: 'tcp' },
    ]);
    const service = only(template, 'AWS::ECS::Service').Properties;
    expect(service.PlacementStrategies).toEqual([
      { Type: 'spread', Field: 'attribute:ecs.availability-zone' },
      { Type: 'spread', Field: 'instanceId' },
    ]);
    expect(service.CapacityProviderStrategy).toEqual([
      { CapacityProvider: { Ref: expect.stringMatching(/^MeshHosts/) }, Weight: 1 },
    ]);
    expect([service.NetworkConfiguration, service.ServiceConnectConfiguration, service.PlacementConstraints]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(Object.keys(resources(template, 'AWS::EC2::SecurityGroup', 'Api'))).toEqual([]);
  });

  test('awsvpc: own security group and proxy, as on Fargate', () => {
    const template = templateOf(onHosts(NetworkMode.AWS_VPC));
    const service = only(template, 'AWS::ECS::Service').Properties;
    expect(service.NetworkConfiguration.AwsvpcConfiguration.SecurityGroups).toHaveLength(1);
    expect(service.ServiceConnectConfiguration.Enabled).toBe(true);
  });

  test('no network is refused', () => {
    expect(() => onHosts(NetworkMode.NONE)).toThrow(
      '`compute.networkMode` must be AWS_VPC, BRIDGE or HOST, got "none"; a task without one of these networks cannot be called or scaled [NetworkModeUnsupported at Shop/Api]',
    );
  });

  test.each([
    [{ cpu: 127 }, { cpu: 127, memoryMiB: 512 }],
    [{ cpu: 10241 }, { cpu: 10241, memoryMiB: 512 }],
    [{ memoryMiB: 5 }, { cpu: 256, memoryMiB: 5 }],
  ])('size %p is refused', (props, got) => {
    expect(() => onHosts(NetworkMode.BRIDGE, props)).toThrow(
      `\`cpu\` and \`memoryMiB\` must be 128 to 10240 CPU units and 6 MiB or more on EC2, got ${JSON.stringify(got)}; choose a size that leaves room on the hosts [Ec2TaskSizeOutOfRange at Shop/Api]`,
    );
  });
});

describe('Fargate sizes', () => {
  test.each([
    [256, 512],
    [256, 2048],
    [512, 1024],
    [512, 4096],
    [1024, 2048],
    [1024, 8192],
    [2048, 16384],
    [4096, 30720],
    [8192, 61440],
    [16384, 122880],
  ])('%d units with %d MiB exist', (cpu, memoryMiB) => {
    expect(only(render({ cpu, memoryMiB }), 'AWS::ECS::TaskDefinition').Properties).toMatchObject({
      Cpu: String(cpu),
      Memory: String(memoryMiB),
    });
  });

  test.each([
    [256, 256, 'the smallest that fits is cpu: 256, memoryMiB: 512'],
    [256, 4096, 'the smallest that fits is cpu: 512, memoryMiB: 4096'],
    [300, 1024, 'the smallest that fits is cpu: 512, memoryMiB: 1024'],
    [1024, 1024, 'the smallest that fits is cpu: 1024, memoryMiB: 2048'],
    [8192, 17000, 'the smallest that fits is cpu: 8192, memoryMiB: 20480'],
    [32768, 1, 'the largest is cpu: 16384, memoryMiB: 122880; use Compute.ec2 for more'],
  ])('%d units with %d MiB do not; %s', (cpu, memoryMiB, fix) => {
    expect(() => render({ cpu, memoryMiB })).toThrow(
      `\`cpu\` and \`memoryMiB\` must be a size that Fargate has, got {"cpu":${cpu},"memoryMiB":${memoryMiB}}; ${fix} [FargateSizeUnknown at Shop/Api]`,
    );
  });
});

describe('bad input', () => {
  const port = (name: string, containerPort: number, more = {}) => ({ name, containerPort, ...more });
  const one = (...ports: ReturnType<typeof port>[]) => ({ containers: [{ image: IMAGE, ports }] });

  test.each<[string, Partial<MeshServiceProps>, string]>([
    [
      'no containers',
      { containers: [] },
      '`containers` must have one container at least, got []; describe the image to run [NoContainers at Shop/Api]',
    ],
    [
      'second container without a name',
      { containers: [WEB, { image: IMAGE }] },
      '`containers[1].name` must be given and unique in the task, got null; name the container after what it does, such as "worker" [ContainerNameNeeded at Shop/Api]',
    ],
    [
      'container name used twice',
      { containers: [WEB, { image: IMAGE, name: 'api' }] },
      '`containers[1].name` must be given and unique in the task, got "api"; name the container after what it does, such as "worker" [ContainerNameNeeded at Shop/Api]',
    ],
    [
      'port name in capitals',
      one(port('HTTP', 80)),
      '`containers[0].ports[0].name` must be 1 to 64 lower-case letters, digits, hyphens and underscores, got "HTTP"; name it after what it speaks, such as "http" [BadPortName at Shop/Api]',
    ],
    [
      'port 0',
      one(port('http', 0)),
      '`containers[0].ports[0].containerPort` must be a whole number from 1 to 65535, got 0; choose a value in that range [PortOutOfRange at Shop/Api]',
    ],
    [
      'port 65536',
      one(port('http', 65536)),
      '`containers[0].ports[0].containerPort` must be a whole number from 1 to 65535, got 65536; choose a value in that range [PortOutOfRange at Shop/Api]',
    ],
    [
      'port name twice',
      one(port('http', 80), port('http', 81)),
      '`containers[0].ports[1].name` must be unique in the task, whose containers share one network, got "http"; choose another one than api has [PortTaken at Shop/Api]',
    ],
    [
      'container port twice',
      one(port('http', 80), port('admin', 80)),
      '`containers[0].ports[1].containerPort` must be unique in the task, whose containers share one network, got 80; choose another one than api has [PortTaken at Shop/Api]',
    ],
    [
      'host port on Fargate',
      one(port('http', 80, { hostPort: 8080 })),
      '`containers[0].ports[0].hostPort` must equal containerPort (80) in awsvpc network mode, got 8080; leave `hostPort` out, or run on Compute.ec2 with NetworkMode.BRIDGE [HostPortNotPossible at Shop/Api]',
    ],
    [
      'bad discovery name',
      { discoveryName: 'Api_1' },
      '`discoveryName` must be 1 to 63 lower-case letters, digits and hyphens, got "Api_1"; write it like "api" [BadDiscoveryName at Shop/Api]',
    ],
    [
      'negative count',
      { scaling: Scaling.fixed(-1) },
      '`scaling.count` must be a whole number from 0 to 5000, got -1; choose a value in that range [TaskCountOutOfRange at Shop/Api]',
    ],
    [
      '5001 tasks',
      { scaling: Scaling.between(0, 5001) },
      '`scaling.max` must be a whole number from 1 to 5000, got 5001; choose a value in that range [TaskCountOutOfRange at Shop/Api]',
    ],
    [
      'bounds reversed',
      { scaling: Scaling.between(4, 4) },
      '`scaling.max` must be above `scaling.min` (4), got 4; use Scaling.fixed(count) for a constant number of tasks [ScalingBoundsReversed at Shop/Api]',
    ],
    [
      '0 percent',
      { scaling: Scaling.between(1, 2, { cpuPercent: 0 }) },
      '`scaling.cpuPercent` must be a whole number from 1 to 100, got 0; choose a value in that range [PercentOutOfRange at Shop/Api]',
    ],
    [
      '101 percent',
      { scaling: Scaling.between(1, 2, { memoryPercent: 101 }) },
      '`scaling.memoryPercent` must be a whole number from 1 to 100, got 101; choose a value in that range [PercentOutOfRange at Shop/Api]',
    ],
    [
      'no requests',
      { scaling: Scaling.between(1, 2, { requestsPerTarget: 0 }) },
      '`scaling.requestsPerTarget` must be a whole number from 1 to 1000000, got 0; choose a value in that range [RequestsOutOfRange at Shop/Api]',
    ],
    [
      'rollout that cannot move',
      { rollout: Rollout.rolling({ minHealthyPercent: 100, maxHealthyPercent: 100 }) },
      '`rollout.maxHealthyPercent` must be above `rollout.minHealthyPercent`, or no task can be replaced, got 100; lower `minHealthyPercent` to replace in place, or raise `maxHealthyPercent` [RolloutCannotMove at Shop/Api]',
    ],
    [
      'rollout above 200',
      { rollout: Rollout.rolling({ maxHealthyPercent: 201 }) },
      '`rollout.maxHealthyPercent` must be a whole number from 100 to 200, got 201; choose a value in that range [PercentOutOfRange at Shop/Api]',
    ],
  ])('%s', (_, props, message) => {
    expect(() => newService(newMesh(), 'Api', props)).toThrow(message);
  });

  test('a secret-like variable in plain text is warned of', () => {
    const service = newService(newMesh(), 'Api', {
      containers: [{ ...WEB, environment: { DB_PASSWORD: 'x', API_KEY_SOURCE: 'y' } }],
    });
    const warnings = Annotations.fromStack(service.node.scope as never).findWarning('*', Match.stringLikeRegexp('PlainSecret'));
    expect(warnings.map((w) => w.entry.data)).toEqual([
      '`environment.DB_PASSWORD` of api looks like a secret in plain text; pass it in `secrets`, by reference [ack: cdk-ecs-mesh:PlainSecret]',
    ]);
  });

  test('scaling on requests without a route is reported at synthesis', () => {
    const service = newService(newMesh(), 'Api', { scaling: Scaling.between(1, 2, { requestsPerTarget: 100 }) });
    expect(() => templateOf(service)).toThrow(
      '`scaling.requestsPerTarget` must have a gateway route whose requests it can count, got 100; add `gateway.external.route(...)` or `gateway.internal.route(...)` for the service, or scale on cpuPercent [RequestScalingWithoutRoute]',
    );
  });
});
