import { Duration, Stack } from 'aws-cdk-lib';
import {
  CfnRoute,
  CfnVPCEndpoint,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  PrivateSubnet,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { ContainerImage, LogDrivers, Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import {
  Compliance,
  ContainerOptions,
  DeploymentJob,
  Endpoint,
  ImageRepository,
  MeshNetwork,
  NatStrategy,
  OpenTelemetryOptions,
  PlaceholderImage,
  QueueWorkerService,
  ScheduledJob,
  ServiceConnectMesh,
  Tracing,
} from 'cdk-ecs-mesh';
import { newMesh, newService, newStack, templateOf, valueText } from '../helpers';

const ECR = [{ image: ContainerImage.fromRegistry('111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop:1') }];
const HUB = [{ image: ContainerImage.fromRegistry('nginx:1.30') }];

const closed = () => newMesh(newStack(), { network: MeshNetwork.threeTier({ nat: NatStrategy.none() }) });

/** A VPC of isolated subnets in the app, without any endpoint. */
function isolatedVpc(stack = newStack()): Vpc {
  return new Vpc(stack, 'Vpc', {
    natGateways: 0,
    subnetConfiguration: [{ name: 'Closed', subnetType: SubnetType.PRIVATE_ISOLATED }],
  });
}

function meshIn(vpc: Vpc): ServiceConnectMesh {
  const subnets = { subnetType: SubnetType.PRIVATE_ISOLATED };
  return newMesh(Stack.of(vpc), { network: MeshNetwork.fromVpc(vpc, { taskSubnets: subnets, storeSubnets: subnets }) });
}

/** Names of the endpoints of a network; also where its checks would stop the synthesis. */
function endpointsOf(mesh: ServiceConnectMesh): string[] {
  const found = mesh.node.findAll().filter(CfnVPCEndpoint.isCfnVPCEndpoint);
  return found
    .map(({ serviceName, stack }) => valueText(stack.resolve(serviceName)).replace(/^com\.amazonaws\.[^.]+\./, ''))
    .sort();
}

/** What the app says when it is synthesised. */
function complaints(mesh: ServiceConnectMesh): string {
  try {
    templateOf(mesh);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('T22: tasks that cannot reach their image registry', () => {
  test.each([
    ['nginx:1.30', 'Docker Hub'],
    ['my/web', 'Docker Hub'],
    ['public.ecr.aws/nginx/nginx:1.30', 'public.ecr.aws'],
    ['localhost/web', 'localhost'],
    ['registry:5000/web', 'registry:5000'],
  ])('%s without a way out is refused', (image, registry) => {
    const mesh = closed();
    newService(mesh, 'Web', { containers: [{ image: ContainerImage.fromRegistry(image) }] });
    expect(complaints(mesh)).toContain(
      `[Shop/Web] \`network\` must have a route from the tasks of web to ${registry}, which has the image of container web, got "${image}"; push the image to Amazon ECR (\`ContainerImage.fromEcrRepository\`, \`fromAsset\`, or a pull-through cache), or choose a NatStrategy with NAT [NoRouteToRegistry]`,
    );
  });

  test('a schedule is refused too', () => {
    const mesh = closed();
    new ScheduledJob(Stack.of(mesh), 'Report', { mesh, containers: HUB, schedule: ScheduleExpression.rate(Duration.days(1)) });
    expect(complaints(mesh)).toContain('from the tasks of report to Docker Hub');
  });

  test.each([[NatStrategy.perAz()], [NatStrategy.single()], [NatStrategy.instance()]])('with NAT any registry will do', (nat) => {
    const mesh = newMesh(newStack(), { network: MeshNetwork.threeTier({ nat }) });
    newService(mesh, 'Web', { containers: HUB });
    expect(complaints(mesh)).toBe('');
  });

  test('an image that is built from a folder goes to ECR', () => {
    const mesh = closed();
    newService(mesh, 'Web', { containers: [{ image: ContainerImage.fromAsset(__dirname, { file: 'task-egress.test.ts' }) }] });
    expect(complaints(mesh)).toBe('');
  });
});

describe('T22: tasks that cannot reach AWS', () => {
  test('a closed network without endpoints: every missing route, its purpose and the remedy', () => {
    const mesh = meshIn(isolatedVpc());
    const secrets = { KEY: ContainerSecret.fromSecretsManager(new Secret(mesh, 'Key')) };
    newService(mesh, 'Web', { containers: [{ ...ECR[0], secrets }] });
    const text = complaints(mesh);
    expect(text).toContain(
      "[Shop/Web] `network` must have a route from the tasks of web to ecr.api, for the image of container web; add `addInterfaceEndpoint('ECR', { service: InterfaceVpcEndpointAwsService.ECR })` to the VPC, or choose a NatStrategy with NAT [NoRouteToAws]",
    );
    expect(text).toContain(
      "to s3, for the image of container web; add `addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 })` to the VPC",
    );
    expect(text).toContain('to logs, for the logs of container web;');
    expect(text).toContain('to secretsmanager, for the secret KEY of container web;');
  });

  test('with all endpoints it is fine', () => {
    const vpc = isolatedVpc();
    vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    const { ECR: api, ECR_DOCKER, CLOUDWATCH_LOGS } = InterfaceVpcEndpointAwsService;
    [api, ECR_DOCKER, CLOUDWATCH_LOGS].forEach((service) => vpc.addInterfaceEndpoint(service.shortName, { service }));
    const mesh = meshIn(vpc);
    newService(mesh, 'Web', { containers: ECR });
    expect(complaints(mesh)).toBe('');
  });

  test('an endpoint without private DNS, or of another network, is none', () => {
    const vpc = isolatedVpc();
    vpc.addInterfaceEndpoint('Logs', { service: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS, privateDnsEnabled: false });
    new Vpc(vpc, 'Other').addInterfaceEndpoint('Logs', { service: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS });
    const mesh = meshIn(vpc);
    newService(mesh, 'Web', { containers: ECR });
    expect(complaints(mesh)).toContain('to logs, for the logs of container web;');
  });

  test('an S3 endpoint that is in other route tables is none', () => {
    const vpc = isolatedVpc();
    vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3, subnets: [{ subnets: [vpc.isolatedSubnets[0]] }] });
    const mesh = meshIn(vpc);
    newService(mesh, 'Web', { containers: ECR });
    expect(complaints(mesh)).toContain('to s3, for the image of container web;');
  });

  test('what connections call is looked for', () => {
    const mesh = meshIn(isolatedVpc());
    newService(mesh, 'Web', { containers: ECR }).connectTo(Endpoint.secret(new Secret(mesh, 'Key')));
    expect(complaints(mesh)).toContain('to secretsmanager, for calls to Shop/Mesh/Key;');
  });

  test('a container and a parameter that were added to the task definition itself are looked at', () => {
    const mesh = closed();
    const { taskDefinition } = newService(mesh, 'Web', { containers: ECR });
    const LEVEL = ContainerSecret.fromSsmParameter(StringParameter.fromStringParameterName(mesh, 'Level', '/level'));
    taskDefinition.addContainer('Side', { ...HUB[0], secrets: { LEVEL }, logging: LogDrivers.awsLogs({ streamPrefix: 'side' }) });
    expect(complaints(mesh)).toMatch(
      /Docker Hub, which has the image of container Side[^]*to ssm, for the secret LEVEL of container Side;/,
    );
  });
});

describe('ECS Exec without NAT', () => {
  /** Endpoints of a closed network with one service that asks for ECS Exec, or not. */
  function endpoints(strict: boolean, enableExecuteCommand: boolean): string[] {
    const stack = newStack();
    if (strict) Compliance.strict().applyTo(stack.node.root);
    const mesh = newMesh(stack, { network: MeshNetwork.threeTier({ nat: NatStrategy.none() }) });
    newService(mesh, 'Web', { containers: ECR, operations: { enableExecuteCommand } });
    return endpointsOf(mesh);
  }

  test.each([
    [false, false, []],
    [false, true, ['ssmmessages']],
    [true, false, []],
    [true, true, ['kms', 'ssmmessages']],
  ])('strict: %s, exec: %s', (strict, exec, more) => {
    expect(endpoints(strict, exec)).toEqual(['ecr.api', 'ecr.dkr', 'logs', 's3', ...more].sort());
  });
});

describe('DT-15: an image that a condition of the template chooses, in a network without NAT', () => {
  const MIRROR = '111111111111.dkr.ecr.eu-west-1.amazonaws.com/mirror/python:3.13-alpine';

  /** A mesh with a service or a job whose image comes from a repository. */
  function released(
    placeholder: PlaceholderImage | undefined,
    make: (mesh: ServiceConnectMesh, containers: ContainerOptions[]) => void,
  ) {
    const mesh = closed();
    const image = new ImageRepository(Stack.of(mesh), 'Images').image({ placeholder });
    make(mesh, [{ image }]);
    return mesh;
  }

  const schedule = ScheduleExpression.rate(Duration.days(1));
  const ALL: [string, (mesh: ServiceConnectMesh, containers: ContainerOptions[]) => void][] = [
    ['a service', (mesh, containers) => newService(mesh, 'Web', { containers })],
    ['a worker', (mesh, containers) => new QueueWorkerService(Stack.of(mesh), 'Web', { mesh, containers })],
    ['a schedule', (mesh, containers) => new ScheduledJob(Stack.of(mesh), 'Web', { mesh, containers, schedule })],
    ['a deployment job', (mesh, containers) => new DeploymentJob(Stack.of(mesh), 'Web', { mesh, containers })],
  ];

  test.each(ALL)('%s: its placeholder has no route', (_, make) => {
    expect(complaints(released(undefined, make))).toContain(
      '`network` must have a route from the tasks of web to public.ecr.aws, which has the placeholder of container web, got "public.ecr.aws/docker/library/python:3.13-alpine"; give `image()` a `PlaceholderImage.python` with a copy in Amazon ECR, or `PlaceholderImage.none()`, or choose a NatStrategy with NAT [NoRouteToRegistry]',
    );
  });

  test.each(ALL)('%s: a placeholder in ECR, and none', (_, make) => {
    for (const placeholder of [PlaceholderImage.python(MIRROR), PlaceholderImage.none()]) {
      expect(complaints(released(placeholder, make))).toBe('');
    }
  });

  test.each(ALL)('%s: the first release has its endpoints, whatever the placeholder', (_, make) => {
    const names = endpointsOf(released(PlaceholderImage.image('registry.example.com/page'), make));
    expect(names).toEqual(expect.arrayContaining(['ecr.api', 'ecr.dkr', 's3']));
  });
});

describe('DT-66: traces in a network without NAT', () => {
  const COPY = ContainerImage.fromRegistry('111111111111.dkr.ecr.eu-west-1.amazonaws.com/mirror/otel:1');
  const traced = (mesh: ServiceConnectMesh, options: OpenTelemetryOptions) =>
    newService(mesh, 'Web', { containers: ECR, operations: { tracing: Tracing.openTelemetry({ image: COPY, ...options }) } });

  test.each<[string, OpenTelemetryOptions, string[]]>([
    ['to X-Ray, as by default', {}, ['xray']],
    ['to X-Ray, by a configuration of its own', { collectorConfig: 'exporters: { awsxray: {} }' }, ['xray']],
    ['to elsewhere', { collectorConfig: 'exporters: { otlp: {} }' }, []],
  ])('%s', (_, options, more) => {
    const mesh = closed();
    traced(mesh, options);
    expect(endpointsOf(mesh)).toEqual(['ecr.api', 'ecr.dkr', 'logs', 's3', ...more]);
  });

  test('no endpoint unless traces are asked for', () => {
    const mesh = closed();
    newService(mesh, 'Web', { containers: ECR, operations: { tracing: Tracing.none() } });
    expect(endpointsOf(mesh)).not.toContain('xray');
  });

  test('a network of the user without the endpoint is refused', () => {
    const mesh = meshIn(isolatedVpc());
    traced(mesh, {});
    expect(complaints(mesh)).toContain(
      "`network` must have a route from the tasks of web to xray, for the traces of the collector; add `addInterfaceEndpoint('XRAY', { service: InterfaceVpcEndpointAwsService.XRAY })` to the VPC",
    );
  });
});

describe('T22: what cannot be known is not claimed', () => {
  test('routes of an imported network', () => {
    const vpc = Vpc.fromVpcAttributes(newStack(), 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['a', 'b'],
      isolatedSubnetIds: ['subnet-1', 'subnet-2'],
    }) as Vpc;
    const mesh = meshIn(vpc);
    newService(mesh, 'Web', { containers: HUB });
    expect(complaints(mesh)).toBe('');
  });

  test('a route to another network, which may have a way out', () => {
    const vpc = isolatedVpc();
    vpc.isolatedSubnets.forEach((subnet, i) => {
      const routeTableId = (subnet as PrivateSubnet).routeTable.routeTableId;
      new CfnRoute(vpc.stack, `Hub${i}`, { routeTableId, destinationCidrBlock: '10.0.0.0/8', transitGatewayId: 'tgw-1' });
    });
    const mesh = meshIn(vpc);
    newService(mesh, 'Web', { containers: HUB });
    expect(complaints(mesh)).toBe('');
  });

  test('public subnets are no way out, since tasks have no public address', () => {
    const vpc = new Vpc(newStack(), 'Vpc', { subnetConfiguration: [{ name: 'P', subnetType: SubnetType.PUBLIC }] });
    const mesh = newMesh(vpc.stack, { network: MeshNetwork.fromVpc(vpc, { taskSubnets: { subnetType: SubnetType.PUBLIC } }) });
    newService(mesh, 'Web', { containers: HUB });
    expect(complaints(mesh)).toContain('from the tasks of web to Docker Hub');
  });
});
