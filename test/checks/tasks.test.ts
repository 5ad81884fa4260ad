import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnParameter, CfnResource, Stack } from 'aws-cdk-lib';
import { ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { NagRuleCompliance } from 'cdk-nag';
import { att, judge, ref, Resources, scalableTarget, service, task, UNKNOWN, variable } from './judge';
import { execOnReadOnlyRoot } from '../../src/checks/private/rules/exec-on-read-only-root';
import { instanceFollowsLatestImage } from '../../src/checks/private/rules/instance-follows-latest-image';
import { logsNeverExpire } from '../../src/checks/private/rules/logs-never-expire';
import { plainRedisUrlToTlsCache } from '../../src/checks/private/rules/plain-redis-url-to-tls-cache';
import { storeOnTaskVolume } from '../../src/checks/private/rules/store-on-task-volume';
import { tasksCannotReachRegistry } from '../../src/checks/private/rules/tasks-cannot-reach-registry';
import { twoWritersOnOneVolume } from '../../src/checks/private/rules/two-writers-on-one-volume';
import { volumeNotWritable } from '../../src/checks/private/rules/volume-not-writable';
import { readTree } from '../../src/template/private/construct-tree';

const log = (options: object, LogDriver = 'awslogs') => ({ LogConfiguration: { LogDriver, Options: options } });
const logs = (options: object, retention: object = {}): Resources => ({
  Logs: { Type: 'AWS::Logs::LogGroup', Properties: retention },
  Task: task(log(options)),
});
const GROUP = { 'awslogs-group': ref('Logs') };

judge(logsNeverExpire, {
  'a group with retention': ['compliant', logs(GROUP, { RetentionInDays: 30 })],
  'a group without': ['wrong', logs(GROUP)],
  'a group that the driver makes': ['wrong', logs({ 'awslogs-group': 'web', 'awslogs-create-group': 'true' })],
  'the proxy of Service Connect': [
    'wrong',
    { Logs: { Type: 'AWS::Logs::LogGroup' }, Task: task(), Api: service({ ServiceConnectConfiguration: log(GROUP) }) },
  ],
  'a group from elsewhere': ['not applicable', logs({ 'awslogs-group': 'web' })],
  'another driver': ['not applicable', { Task: task(log({}, 'awsfirelens')) }],
});

const exec = (container: object, EnableExecuteCommand = true): Resources => ({
  Task: task(container),
  Api: service({ EnableExecuteCommand }),
});
const mounts = (...paths: string[]) => ({
  ReadonlyRootFilesystem: true,
  MountPoints: paths.map((ContainerPath) => ({ ContainerPath, SourceVolume: 'v', ReadOnly: false })),
});
const execOn = (RequiresCompatibilities: string[], ...paths: string[]): Resources => ({
  Task: task(mounts(...paths), { RequiresCompatibilities }),
  Api: service({ EnableExecuteCommand: true }),
});
const [MOUNTED] = mounts('/managed-agents', '/var/lib/amazon/ssm', '/var/log/amazon/ssm').MountPoints;

judge(execOnReadOnlyRoot, {
  'the root is writable': ['compliant', exec({})],
  'all paths are mounted': ['compliant', exec(mounts('/managed-agents', '/var/lib/amazon/ssm/', '/var/log/amazon/ssm'))],
  'their parents are mounted': ['compliant', exec(mounts('/managed-agents', '/var'))],
  'nothing is mounted': ['wrong', exec({ ReadonlyRootFilesystem: true })],
  'on hosts, which mount the others': ['compliant', execOn(['EC2'], '/var/lib/amazon/ssm')],
  'on hosts without any': ['wrong', execOn(['EC2'])],
  'on hosts or Fargate': ['wrong', execOn(['EC2', 'FARGATE'], '/var/lib/amazon/ssm')],
  'one path is not mounted': ['wrong', exec(mounts('/managed-agents', '/var/lib/amazon/ssm'))],
  'a name that starts alike is mounted': ['wrong', exec(mounts('/managed-agents', '/var/l'))],
  'mounted read-only': ['wrong', exec({ ReadonlyRootFilesystem: true, MountPoints: [{ ...MOUNTED, ReadOnly: true }] })],
  'no exec': ['not applicable', exec({ ReadonlyRootFilesystem: true }, false)],
});

const DATA = { MountPoints: [{ ContainerPath: '/data', SourceVolume: 'data', ReadOnly: false }] };
const IN_PLACE = { DeploymentConfiguration: { MinimumHealthyPercent: 0, MaximumPercent: 100 } };
const onEfs = (image: string, properties: object = IN_PLACE, readOnly = false): Resources => ({
  Task: task(
    { Image: image, MountPoints: [{ ...DATA.MountPoints[0], ReadOnly: readOnly }] },
    { Volumes: [{ Name: 'data', EFSVolumeConfiguration: { FilesystemId: 'fs-0' } }] },
  ),
  Redis: service(properties),
});

const IMAGES = [
  ...['redis', 'redis-stack', 'redis-stack-server', 'valkey', 'postgres', 'postgresql', 'mysql', 'mariadb', 'mongo', 'mongodb'],
  ...['rabbitmq', 'valkey/valkey', 'mirror.example.com/library/postgres'],
];

judge(twoWritersOnOneVolume, {
  ...Object.fromEntries(
    IMAGES.map((image) => [`two tasks of ${image}`, ['wrong', onEfs(`${image}:1`, { ...IN_PLACE, DesiredCount: 2 })]]),
  ),
  'one task, replaced in place': ['compliant', onEfs('redis:8')],
  'a deployment starts the new one first': ['wrong', onEfs('valkey/valkey:9', {})],
  'two tasks': ['wrong', onEfs('redis/redis-stack-server:7.4.0-v7', { ...IN_PLACE, DesiredCount: 2 })],
  'scaled to two tasks': ['wrong', { ...onEfs('postgres'), Scaling: scalableTarget('Redis', 1, 2) }],
  'a program that shares files': ['not applicable', onEfs('my/redisplay', { DesiredCount: 2 })],
  'it only reads': ['not applicable', onEfs('redis:8', { DesiredCount: 2 }, true)],
  'tasks are known at deployment': ['not applicable', onEfs('redis:8', { DesiredCount: UNKNOWN })],
});

const onEbs = (image: string, name = 'data'): Resources => ({
  Task: task({ Image: image, ...DATA }, { Volumes: [{ Name: name, ConfiguredAtLaunch: true }] }),
  Redis: service({ VolumeConfigurations: [{ Name: name, ManagedEBSVolume: { SizeInGiB: 10 } }] }),
});

judge(storeOnTaskVolume, {
  'files on EFS': ['compliant', onEfs('redis:8')],
  'another volume of the task': ['compliant', onEbs('redis:8', 'scratch')],
  'files on EBS of the service': ['wrong', onEbs('redis:8')],
  'no store': ['not applicable', onEbs('my/video')],
});

interface Subnet {
  readonly routes?: object[];
  readonly publicIp?: unknown;
  readonly endpoint?: unknown;
  readonly subnet?: unknown;
}

function inSubnet({ routes = [], publicIp = 'DISABLED', endpoint, subnet = ref('Subnet') }: Subnet): Resources {
  const all = routes.map((route) => ({ DestinationCidrBlock: '0.0.0.0/0', RouteTableId: ref('Table'), ...route }));
  const endpoints = endpoint ? [{ VpcId: ref('Vpc'), ServiceName: endpoint, VpcEndpointType: 'Interface' }] : [];
  return {
    Vpc: { Type: 'AWS::EC2::VPC' },
    Internet: { Type: 'AWS::EC2::InternetGateway' },
    Nat: { Type: 'AWS::EC2::NatGateway' },
    Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Vpc') } },
    Table: { Type: 'AWS::EC2::RouteTable' },
    Association: {
      Type: 'AWS::EC2::SubnetRouteTableAssociation',
      Properties: { SubnetId: ref('Subnet'), RouteTableId: ref('Table') },
    },
    ...Object.fromEntries(all.map((Properties, i) => [`Route${i}`, { Type: 'AWS::EC2::Route', Properties }])),
    ...Object.fromEntries(endpoints.map((Properties, i) => [`Endpoint${i}`, { Type: 'AWS::EC2::VPCEndpoint', Properties }])),
    Task: task(),
    Api: service({ NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: publicIp, Subnets: [subnet] } } }),
  };
}

const ECR = { 'Fn::Join': ['', ['com.amazonaws.', ref('AWS::Region'), '.ecr.dkr']] };

judge(tasksCannotReachRegistry, {
  'through NAT': ['compliant', inSubnet({ routes: [{ NatGatewayId: ref('Nat') }] })],
  'an address in a public subnet': ['compliant', inSubnet({ routes: [{ GatewayId: ref('Internet') }], publicIp: 'ENABLED' })],
  'an endpoint of ECR': ['compliant', inSubnet({ endpoint: ECR })],
  'no way out': ['wrong', inSubnet({})],
  'a way to another network, which may have one out': [
    'compliant',
    inSubnet({ routes: [{ DestinationCidrBlock: '10.1.0.0/16' }] }),
  ],
  'an endpoint of something else': ['wrong', inSubnet({ endpoint: 'com.amazonaws.eu-west-1.logs' })],
  'a public subnet without an address': ['wrong', inSubnet({ routes: [{ GatewayId: ref('Internet') }] })],
  'the subnet is not in the app': ['not applicable', inSubnet({ subnet: 'subnet-0' })],
  'the address is known at deployment': ['not applicable', inSubnet({ publicIp: UNKNOWN })],
});

const calling = (scheme: string, cache: string, properties: object = {}): Resources => ({
  Cache: { Type: `AWS::ElastiCache::${cache}`, Properties: properties },
  Task: task(variable('REDIS_URL', { 'Fn::Join': ['', [`${scheme}://`, att('Cache', 'Endpoint.Address'), ':6379']] })),
});

judge(plainRedisUrlToTlsCache, {
  'TLS to a serverless cache': ['compliant', calling('rediss', 'ServerlessCache')],
  'plain to a serverless cache': ['wrong', calling('redis', 'ServerlessCache')],
  'plain, by Fn::Sub': [
    'wrong',
    {
      ...calling('redis', 'ServerlessCache'),
      Task: task(variable('REDIS_URL', { 'Fn::Sub': 'redis://${Cache.Endpoint.Address}:6379' })),
    },
  ],
  'plain to an encrypted group': ['wrong', calling('redis', 'ReplicationGroup', { TransitEncryptionEnabled: true })],
  'plain to a plain group': ['not applicable', calling('redis', 'ReplicationGroup')],
  'plain while both are allowed': [
    'not applicable',
    calling('redis', 'ReplicationGroup', { TransitEncryptionEnabled: true, TransitEncryptionMode: 'preferred' }),
  ],
  'another variable': ['not applicable', { ...calling('redis', 'ServerlessCache'), Task: task(variable('PORT', '6379')) }],
});

const image = (ImageId: string, more: object = {}): Resources => ({
  Host: { Type: 'AWS::EC2::Instance', Properties: { ImageId, ...more } },
});
const LATEST = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64';
const fromTemplate = (Version: unknown): Resources => ({
  Template: {
    Type: 'AWS::EC2::LaunchTemplate',
    Properties: { LaunchTemplateData: { ImageId: `{{resolve:ssm:${LATEST}}}` } },
  },
  Host: { Type: 'AWS::EC2::Instance', Properties: { LaunchTemplate: { LaunchTemplateId: ref('Template'), Version } } },
});

judge(instanceFollowsLatestImage, {
  'an image of a date': ['compliant', image('{{resolve:ssm:/aws/service/ecs/optimized-ami/al2023.20261113/image_id}}')],
  'a fixed version of a launch template': ['compliant', fromTemplate('1')],
  'the newest image': ['wrong', image(`{{resolve:ssm:${LATEST}}}`)],
  'the newest version of a launch template': ['wrong', fromTemplate(att('Template', 'LatestVersionNumber'))],
  'an instance that forwards packets': ['not applicable', image(`{{resolve:ssm:${LATEST}}}`, { SourceDestCheck: false })],
  'a literal image': ['not applicable', image('ami-0123456789abcdef0')],
});

test('T19: an image behind a parameter of the template', () => {
  const stack = new Stack(new App(), 'Shop');
  const type = 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>';
  const parameter = new CfnParameter(stack, 'Image', { type, default: LATEST });
  const host = new CfnResource(stack, 'Host', { type: 'AWS::EC2::Instance', properties: { ImageId: parameter.valueAsString } });
  expect(instanceFollowsLatestImage.check(readTree(stack).resourceAt(host.node.path)!)).toBe('Non-Compliant');
});

/** A task on Fargate with a volume at /data and a container for each of `containers`. */
function scratch(containers: object[], volume: object = {}, more: object = { RequiresCompatibilities: ['FARGATE'] }): Resources {
  const mounted = containers.map((container, i) => ({ Name: `c${i}`, Image: 'my/web', ...onData, ...container }));
  return { Task: task({}, { ContainerDefinitions: mounted, Volumes: [{ Name: 'data', ...volume }], ...more }) };
}
const onData = { MountPoints: [{ ContainerPath: '/data', SourceVolume: 'data', ReadOnly: false }] };
const LOCKED = { User: '101', ReadonlyRootFilesystem: true };
const at = (ContainerPath: string) => ({ ...LOCKED, MountPoints: [{ ContainerPath, SourceVolume: 'data' }] });
const launchedOn = (properties: object): Resources => ({ ...scratch([LOCKED], {}, {}), Api: service(properties) });

judge(volumeNotWritable, {
  'nobody is root': ['wrong', scratch([LOCKED])],
  'nobody is root, with an empty host': ['wrong', scratch([LOCKED], { Host: {} })],
  'nobody of two is root': ['wrong', scratch([LOCKED, { User: 'app:app' }])],
  'on Managed Instances': ['wrong', scratch([LOCKED], {}, { RequiresCompatibilities: ['MANAGED_INSTANCES'] })],
  'launched on Fargate': ['wrong', launchedOn({ LaunchType: 'FARGATE' })],
  'launched on Fargate Spot': ['wrong', launchedOn({ CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT' }] })],
  'it is root': ['compliant', scratch([{ ...LOCKED, User: '0' }])],
  'it may be root': ['compliant', scratch([{ ReadonlyRootFilesystem: true }])],
  'the user is known at deployment': ['compliant', scratch([{ ...LOCKED, User: UNKNOWN }])],
  'another container may give it away': ['compliant', scratch([LOCKED, {}])],
  'the root file system is writable': ['wrong', scratch([{ User: '101' }])],
  'the agent of ECS Exec, which is root': ['compliant', scratch([at('/var/lib/amazon/ssm/')])],
  'it only reads': ['not applicable', scratch([{ ...LOCKED, MountPoints: [{ ...onData.MountPoints[0], ReadOnly: true }] }])],
  'memory instead': ['not applicable', { Task: task({ ...LOCKED, LinuxParameters: { Tmpfs: [{ ContainerPath: '/data' }] } }) }],
  'a volume on EFS': ['not applicable', scratch([LOCKED], { EFSVolumeConfiguration: { FilesystemId: 'fs-0' } })],
  'a volume on EBS': ['not applicable', scratch([LOCKED], { ConfiguredAtLaunch: true })],
  'a folder of the host': ['not applicable', scratch([LOCKED], { Host: { SourcePath: '/srv' } })],
  'on EC2 hosts': ['not applicable', scratch([LOCKED], {}, { RequiresCompatibilities: ['EC2'] })],
  'launched on hosts': ['not applicable', launchedOn({ CapacityProviderStrategy: [{ CapacityProvider: 'Hosts' }] })],
  'launched from elsewhere': ['not applicable', scratch([LOCKED], {}, {})],
});

describe('T27: VolumeNotWritable reads the Dockerfiles of image assets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'image-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ['the path is declared', 'FROM x\nUSER 101\nVOLUME /data', NagRuleCompliance.COMPLIANT],
    ['another path is declared', 'FROM x\nUSER 101\nVOLUME /other', NagRuleCompliance.NON_COMPLIANT],
    ['root', 'FROM x\nUSER root', NagRuleCompliance.COMPLIANT],
  ])('%s', (_, dockerfile, expected) => {
    writeFileSync(join(folder, 'Dockerfile'), dockerfile);
    const taskDefinition = new FargateTaskDefinition(new Stack(new App(), 'Shop'), 'Task', { volumes: [{ name: 'data' }] });
    const built = ContainerImage.fromAsset(folder);
    const container = taskDefinition.addContainer('web', { image: built, readonlyRootFilesystem: true });
    container.addMountPoints({ sourceVolume: 'data', containerPath: '/data', readOnly: false });
    const resource = taskDefinition.node.defaultChild as CfnResource;
    expect(volumeNotWritable.check(readTree(resource.node.root).resourceAt(resource.node.path)!)).toBe(expected);
  });
});
