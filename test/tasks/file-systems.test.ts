import { App, Stack } from 'aws-cdk-lib';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { AccessPoint, FileSystem, IAccessPoint } from 'aws-cdk-lib/aws-efs';
import { Compute, DeploymentJob, Reachability, TopologyRecord, WritablePath } from 'cdk-ecs-mesh';
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
