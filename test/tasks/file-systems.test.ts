import { App, Duration, Fn, Stack } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { AccessPoint, FileSystem, FileSystemProps, IAccessPoint } from 'aws-cdk-lib/aws-efs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import {
  Compute,
  DeploymentJob,
  MeshNetwork,
  QueueWorkerService,
  Reachability,
  ScheduledJob,
  ServiceConnectMesh,
  TopologyRecord,
  WritablePath,
} from 'cdk-ecs-mesh';
import { findings, newMesh, newService, newStack, only, openPaths, resources, templateOf, WEB } from '../helpers';

const ARN = 'arn:aws:elasticfilesystem:eu-west-1:111122223333';

/** The access point of a file system of others. */
function ofOthers(stack: Stack): IAccessPoint {
  const securityGroup = SecurityGroup.fromSecurityGroupId(stack, 'FilesGroup', 'sg-files');
  const fileSystem = FileSystem.fromFileSystemAttributes(stack, 'Files', {
    fileSystemArn: `${ARN}:file-system/fs-1`,
    securityGroup,
  });
  return AccessPoint.fromAccessPointAttributes(stack, 'Point', { accessPointArn: `${ARN}:access-point/fsap-1`, fileSystem });
}

const withFiles = (accessPoint: IAccessPoint, more: WritablePath[] = []) => [
  { ...WEB, storage: { writablePaths: [WritablePath.fileSystem('/uploads', accessPoint), ...more] } },
];

describe('PR-43, NU-22: a file system of others', () => {
  const stack = newStack();
  newService(newMesh(stack), 'Api', { containers: withFiles(ofOthers(stack), [WritablePath.tmpfs('/tmp')]) });
  const template = templateOf(stack);
  const { Volumes, ContainerDefinitions } = only(template, 'AWS::ECS::TaskDefinition').Properties;

  test('is mounted through its access point, encrypted, with the role of the task', () => {
    expect(Volumes).toEqual([
      {
        Name: 'api-files-0',
        EFSVolumeConfiguration: {
          FilesystemId: 'fs-1',
          TransitEncryption: 'ENABLED',
          AuthorizationConfig: { AccessPointId: 'fsap-1', IAM: 'ENABLED' },
        },
      },
    ]);
    expect(ContainerDefinitions[0].MountPoints).toEqual([
      { ContainerPath: '/uploads', ReadOnly: false, SourceVolume: 'api-files-0' },
    ]);
  });

  test('the task may mount and write through this access point only', () => {
    const [{ Properties }] = Object.values(resources(template, 'AWS::IAM::Policy', 'ApiTaskRole'));
    expect(Properties.PolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
        Resource: `${ARN}:file-system/fs-1`,
        Condition: { StringEquals: { 'elasticfilesystem:AccessPointArn': `${ARN}:access-point/fsap-1` } },
      },
    ]);
  });

  test('the way is open, and in the picture', () => {
    expect(openPaths(template)).toEqual(['Api -> "sg-files" 2049']);
    expect(TopologyRecord.of(stack).connections).toContainEqual(
      expect.objectContaining({ client: 'Shop/Api', server: 'Shop/Files', protocol: 'nfs', port: 2049 }),
    );
  });

  test('without findings', () => expect(findings(stack)).toEqual([]));
});

describe('PR-43: a file system of the app', () => {
  const stack = newStack();
  const mesh = newMesh(stack);
  const files = new FileSystem(stack, 'Files', { vpc: mesh.vpc, encrypted: true });
  const accessPoint = files.addAccessPoint('Uploads', { path: '/uploads', posixUser: { uid: '1000', gid: '1000' } });
  newService(mesh, 'Api', { containers: withFiles(accessPoint) });
  new DeploymentJob(stack, 'Import', { mesh, containers: withFiles(accessPoint).map(({ ports, ...rest }) => rest) });
  const template = templateOf(stack);

  test('services and jobs wait for its mount targets', () => {
    const targets = Object.keys(resources(template, 'AWS::EFS::MountTarget'));
    expect(only(template, 'AWS::ECS::Service', 'Api').DependsOn).toEqual(expect.arrayContaining(targets));
    const runs = Object.values(template.toJSON().Resources as Record<string, { Type: string; DependsOn?: string[] }>);
    const [run] = runs.filter(({ Type }) => Type.startsWith('Custom::EcsMeshDeploymentJob'));
    expect(run.DependsOn).toEqual(expect.arrayContaining(targets));
  });

  test('is reachable in the proof', () => {
    expect(() => Reachability.of(stack).expectReachable('Shop/Api', 'Shop/Files', 2049)).not.toThrow();
  });
});

test('PR-43: on EC2, the hosts mount', () => {
  const stack = newStack();
  const mesh = newMesh(stack);
  const compute = Compute.ec2(mesh.addEc2Capacity('Hosts'), { networkMode: NetworkMode.AWS_VPC });
  newService(mesh, 'Api', { compute, containers: withFiles(ofOthers(stack)) });
  expect(openPaths(templateOf(stack))).toEqual(['MeshHosts -> "sg-files" 2049']);
});

test('a file system of another Region is refused', () => {
  const stack = new Stack(new App(), 'Shop', { env: { account: '111122223333', region: 'us-east-1' } });
  const elsewhere = new Stack(stack.node.root as App, 'Elsewhere', { env: { account: '111122223333', region: 'eu-west-1' } });
  const create = () => newService(newMesh(stack), 'Api', { containers: withFiles(ofOthers(elsewhere)) });
  expect(create).toThrow(/must name a server in the account and Region of its client.*OtherEnvironment at Shop\/Api/);
});

describe('the mount targets of a file system of the app', () => {
  const containersOf = (accessPoint: IAccessPoint) => [
    { image: WEB.image, storage: { writablePaths: [WritablePath.fileSystem('/uploads', accessPoint)] } },
  ];
  const schedule = ScheduleExpression.rate(Duration.hours(1));
  type Make = (mesh: ServiceConnectMesh, containers: ReturnType<typeof containersOf>) => unknown;
  const CLIENTS: Record<string, [string, Make]> = {
    MeshService: ['containers[0]', (mesh, containers) => newService(mesh, 'Web', { containers })],
    'a sidecar': [
      'sidecars[0]',
      (mesh, [one]) => newService(mesh, 'Web', { sidecars: [{ ...one, name: 'files', lifecycle: { essential: false } }] }),
    ],
    'MeshService on hosts': [
      'containers[0]',
      (mesh, containers) => newService(mesh, 'Web', { containers, compute: Compute.ec2(mesh.addEc2Capacity('Hosts')) }),
    ],
    QueueWorkerService: [
      'containers[0]',
      (mesh, containers) => new QueueWorkerService(Stack.of(mesh), 'Web', { mesh, containers }),
    ],
    ScheduledJob: ['containers[0]', (mesh, containers) => new ScheduledJob(Stack.of(mesh), 'Web', { mesh, containers, schedule })],
    DeploymentJob: ['containers[0]', (mesh, containers) => new DeploymentJob(Stack.of(mesh), 'Web', { mesh, containers })],
  };
  const withFileSystem =
    (make: Make, props: (mesh: ServiceConnectMesh) => Partial<FileSystemProps>, env = {}) =>
    () => {
      const mesh = newMesh(new Stack(new App(), 'Shop', { env }));
      const fileSystem = new FileSystem(Stack.of(mesh), 'Files', { vpc: mesh.vpc, ...props(mesh) });
      make(mesh, containersOf(fileSystem.addAccessPoint('Point')));
    };
  const ENVIRONMENTS = [{}, { region: 'eu-west-1', account: '111111111111' }];
  const cells = Object.entries(CLIENTS).flatMap(([name, row]) => ENVIRONMENTS.map((env) => [name, env, ...row] as const));

  test.each(cells)('%s, in %j: one in each zone of the tasks', (_, env, prop, make) => {
    expect(withFileSystem(make, () => ({}), env)).not.toThrow();
    expect(withFileSystem(make, ({ vpc }) => ({ vpcSubnets: { subnets: vpc.publicSubnets } }), env)).not.toThrow();
    const message = (missing: string) =>
      `\`${prop}.storage.writablePaths[0]\` must be on a file system with a mount target in each Availability Zone of the tasks, got "none for ${missing}"; ` +
      'create the file system with `vpcSubnets: mesh.taskSubnets` and without `oneZone`, or choose `taskSubnets` in its zone [FileSystemZones at Shop/Web]';
    const inFirst = ({ vpc }: ServiceConnectMesh) => ({ vpcSubnets: { subnets: vpc.isolatedSubnets.slice(0, 1) } });
    expect(withFileSystem(make, inFirst, env)).toThrow(message('Shop/Mesh/Vpc/PrivateSubnet2'));
    expect(withFileSystem(make, () => ({ oneZone: true }), env)).toThrow('[FileSystemZones at Shop/Web]');
  });

  test.each(Object.entries(CLIENTS))('%s: one in the network of the tasks', (_, [prop, make]) => {
    expect(withFileSystem(make, (mesh) => ({ vpc: new Vpc(Stack.of(mesh), 'Other') }))).toThrow(
      `\`${prop}.storage.writablePaths[0]\` must be on a file system with a mount target in Shop/Mesh/Vpc, the network of the tasks, got "Shop/Files"; create it ` +
        'with `vpc: mesh.vpc`; tasks cannot mount it by another address [FileSystemZones at Shop/Web]',
    );
  });

  test('in a network whose zones are not known are not judged', () => {
    const stack = newStack();
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: Fn.split(',', Fn.importValue('Zones')),
      privateSubnetIds: Fn.split(',', Fn.importValue('Subnets')),
    });
    const mesh = newMesh(stack, { network: MeshNetwork.fromVpc(vpc) });
    const fileSystem = new FileSystem(stack, 'Files', { vpc: new Vpc(stack, 'Twin', { maxAzs: 2 }) });
    expect(() => newService(mesh, 'Web', { containers: containersOf(fileSystem.addAccessPoint('Point')) })).not.toThrow();
  });
});
