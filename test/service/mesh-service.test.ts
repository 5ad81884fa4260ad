import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Capability, ContainerImage, CpuArchitecture, NetworkMode, Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Compute, MeshServiceProps, PortProtocol, Rollout, Scaling, ServiceConnect, WritablePath } from 'cdk-ecs-mesh';
import { findings, newMesh, newService, newStack, only, openPaths, resources, templateOf } from '../helpers';

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
    networking: { discoveryName: 'shop-api', serviceConnect: ServiceConnect.client() },
    compute: Compute.fargate({ cpuArchitecture: CpuArchitecture.ARM64 }),
    taskSize: { cpu: 1024, memoryMiB: 3072 },
    scaling: Scaling.between(1, 9, {
      cpuPercent: 50,
      memoryPercent: 60,
      scaleOutCooldown: Duration.seconds(30),
      scaleInCooldown: Duration.seconds(90),
    }),
    rollout: Rollout.rolling({ minHealthyPercent: 50, maxHealthyPercent: 200 }),
    operations: { enableExecuteCommand: true },
    containers: [
      {
        image: IMAGE,
        name: 'main',
        ports: [{ name: 'grpc', containerPort: 9000, protocol: PortProtocol.GRPC }],
        environment: { LEVEL: 'info' },
        secrets: { TOKEN: EcsSecret.fromSecretsManager(Secret.fromSecretNameV2(mesh, 'Imported', 'token')) },
        process: { command: ['serve'], user: '1000:1000', dropCapabilities: [Capability.NET_RAW] },
        storage: { writablePaths: [WritablePath.tmpfs('/tmp')] },
        lifecycle: { stopTimeout: Duration.seconds(120) },
      },
      {
        image: IMAGE,
        name: 'helper',
        lifecycle: { essential: false },
        storage: { readonlyRootFilesystem: false },
        process: { dropCapabilities: [] },
      },
    ],
  });
  const template = templateOf(service);
  const task = only(template, 'AWS::ECS::TaskDefinition').Properties;
  expect(task).toMatchObject({ Cpu: '1024', Memory: '3072', RuntimePlatform: { CpuArchitecture: 'ARM64' } });
  expect(task.ContainerDefinitions[0]).toMatchObject({ Name: 'main', Command: ['serve'], User: '1000:1000', StopTimeout: 120 });
  expect(task.ContainerDefinitions[0].LinuxParameters.Capabilities).toEqual({ Drop: ['NET_RAW'] });
  expect(task.ContainerDefinitions[1]).toMatchObject({ Name: 'helper', Essential: false, ReadonlyRootFilesystem: false });
  expect(task.ContainerDefinitions[1].LinuxParameters.Capabilities).toEqual({});
  expect(task.ContainerDefinitions[0].LinuxParameters.Tmpfs).toEqual([
    { ContainerPath: '/tmp', Size: 64, MountOptions: ['rw', 'noexec', 'nosuid', 'nodev', 'mode=1777'] },
  ]);
  expect(only(template, 'AWS::ECS::Service').Properties.ServiceConnectConfiguration.Services).toBeUndefined();
  template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: '/ecs/shop-mesh/shop-api' });
  const policies = Object.values(resources(template, 'AWS::ApplicationAutoScaling::ScalingPolicy')).map(
    ({ Properties }) => Properties.TargetTrackingScalingPolicyConfiguration,
  );
  const cooldowns = { ScaleOutCooldown: 30, ScaleInCooldown: 90 };
  expect(policies).toEqual([
    { TargetValue: 50, ...cooldowns, PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' } },
    {
      TargetValue: 60,
      ...cooldowns,
      PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageMemoryUtilization' },
    },
  ]);
  template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 1, MaxCapacity: 9 });
  template.hasResourceProperties('AWS::ECS::Service', {
    DeploymentConfiguration: Match.objectLike({ MinimumHealthyPercent: 50, MaximumPercent: 200 }),
    EnableExecuteCommand: true,
  });
  expect(task.ContainerDefinitions[0]).toMatchObject({
    PortMappings: [{ Name: 'grpc', ContainerPort: 9000, AppProtocol: 'grpc', Protocol: 'tcp' }],
    Environment: [{ Name: 'LEVEL', Value: 'info' }],
    Secrets: [{ Name: 'TOKEN', ValueFrom: expect.anything() }],
  });
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

  test('a request may take 60 s, on purpose, and a connection lives longer', () => {
    expect(servicesOf({ networking: { serviceConnect: ServiceConnect.clientAndServer() } })).toEqual([
      {
        PortName: 'http',
        DiscoveryName: 'api',
        ClientAliases: [{ DnsName: 'api.shop-mesh', Port: 8080 }],
        Timeout: { IdleTimeoutSeconds: 300, PerRequestTimeoutSeconds: 60 },
      },
    ]);
  });

  test('both can be chosen', () => {
    const serviceConnect = ServiceConnect.clientAndServer({
      idleTimeout: Duration.minutes(10),
      requestTimeout: Duration.minutes(5),
    });
    expect(servicesOf({ networking: { serviceConnect } })[0].Timeout).toEqual({
      IdleTimeoutSeconds: 600,
      PerRequestTimeoutSeconds: 300,
    });
  });

  test('TCP keeps idle connections for an hour and knows no requests', () => {
    const ports = [{ name: 'redis', containerPort: 6379, protocol: PortProtocol.TCP }];
    const serviceConnect = ServiceConnect.clientAndServer();
    expect(servicesOf({ containers: [{ image: IMAGE, ports }], networking: { serviceConnect } })[0].Timeout).toEqual({
      IdleTimeoutSeconds: 3600,
    });
  });
});

describe('T8: Service Connect on EC2 needs task-level memory', () => {
  test.each([NetworkMode.AWS_VPC, NetworkMode.BRIDGE])('%s', (mode) => {
    const template = templateOf(onHosts(mode, { networking: { serviceConnect: ServiceConnect.clientAndServer() } }));
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

test.each([{}, { '@aws-cdk/core:enablePartitionLiterals': true }])(
  'with %j, ECS Exec leaves AwsSolutions nothing to find',
  (context) => {
    const mesh = newMesh(newStack('Shop', new App({ context })));
    expect(findings(newService(mesh, 'Api', { operations: { enableExecuteCommand: true } }))).toEqual([]);
  },
);

describe('T15: tasks start before their policies exist', () => {
  test('the service waits for both roles, their policies and the way out', () => {
    const mesh = newMesh();
    const template = templateOf(newService(mesh, 'Api', { operations: { enableExecuteCommand: true } }));
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
    const [container] = only(render({ operations: { enableExecuteCommand: true } }), 'AWS::ECS::TaskDefinition').Properties
      .ContainerDefinitions;
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
      '`containers[].ports[].hostPort` must be free on Shop/Mesh/Hosts, and Shop/Api holds it, got 8080; choose another port, use NetworkMode.BRIDGE with dynamic ports, or use a separate group of hosts [HostPortTaken at Shop/Web]',
    );
  });

  test('more tasks than hosts are refused', () => {
    expect(() => onHosts(NetworkMode.HOST, { scaling: Scaling.between(2, 5) })).toThrow(
      '`scaling` must be at most 4 tasks, the most hosts of Shop/Mesh/Hosts, since port 8080 exists once on each, got 5; allow more hosts with `maxInstances`, or use NetworkMode.BRIDGE without `hostPort` [HostPortClash at Shop/Api]',
    );
  });

  test.each<[string, Partial<MeshServiceProps>, number]>([
    ['as many tasks as hosts, none may stop', {}, 1],
    ['one host to spare', { scaling: Scaling.between(2, 3) }, 0],
    ['half may stop', { rollout: Rollout.rolling({ minHealthyPercent: 50, maxHealthyPercent: 100 }) }, 0],
  ])('%s: %# a deployment that could not start is warned of', (_, props, warnings) => {
    const service = onHosts(NetworkMode.HOST, props);
    expect(Annotations.fromStack(Stack.of(service)).findWarning('*', Match.stringLikeRegexp('NoSpareHost'))).toHaveLength(warnings);
  });

  test('asking for a proxy is refused', () => {
    expect(() => onHosts(NetworkMode.HOST, { networking: { serviceConnect: ServiceConnect.client() } })).toThrow(
      '`networking.serviceConnect` must be ServiceConnect.none() in host network mode, which AWS does not support; use NetworkMode.BRIDGE or AWS_VPC, or call the service through a gateway route [NoServiceConnectInHostMode at Shop/Api]',
    );
  });
});

describe('PLAT-1, FLASK-3: Fargate Spot', () => {
  test.each([
    [undefined, 1],
    [0, 0],
    [3, 3],
  ])('base %p on demand, the rest on Spot', (onDemandBase, base) => {
    expect(
      only(render({ compute: Compute.fargateSpot({ onDemandBase }) }), 'AWS::ECS::Service').Properties.CapacityProviderStrategy,
    ).toEqual([
      { CapacityProvider: 'FARGATE', Base: base, Weight: 0 },
      { CapacityProvider: 'FARGATE_SPOT', Weight: 1 },
    ]);
  });

  test('a base below 0 is refused', () => {
    expect(() => render({ compute: Compute.fargateSpot({ onDemandBase: -1 }) })).toThrow(
      '`compute.onDemandBase` must be a whole number from 0 to 100000, got -1; choose a value in that range [OnDemandBaseOutOfRange at Shop/Api]',
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
    { cpu: 127, memoryMiB: 512 },
    { cpu: 10241, memoryMiB: 512 },
    { cpu: 256, memoryMiB: 5 },
  ])('size %p is refused', (taskSize) => {
    expect(() => onHosts(NetworkMode.BRIDGE, { taskSize })).toThrow(
      `\`taskSize\` must be 128 to 10240 CPU units and 6 MiB or more on EC2, got ${JSON.stringify(taskSize)}; choose a size that leaves room on the hosts [Ec2TaskSizeOutOfRange at Shop/Api]`,
    );
  });
});
