import { Json, JsonObject } from '../../assembly/json';
import { ResourceBody } from '../../assembly/stack-template';
import { writeAssembly } from '../fixture/write-assembly';

/** Images that the lane `containers` has under these names. */
export const NODE = 'node:24-alpine';
export const VALKEY = 'valkey/valkey:8.1-alpine';

/** The first process of a container hears no signal that it does not ask for: each stop waits until the container is killed. */
export const ASLEEP = { Command: ['sleep', '1000'], StopTimeout: 2 };
/** Answers its path; `/slow` after three seconds. */
const ECHO = `require('http').createServer((q, r) => setTimeout(() => r.end(q.url + ' from ' + q.socket.remoteAddress), q.url === '/slow' ? 3000 : 0)).listen(8080)`;

interface TaskOptions {
  readonly containers: readonly JsonObject[];
  readonly properties?: JsonObject;
  readonly service?: JsonObject;
  readonly dependsOn?: readonly string[];
}

function task(
  id: string,
  { containers, properties = {}, service = {}, dependsOn = [] }: TaskOptions,
): Record<string, ResourceBody> {
  const ContainerDefinitions: Json[] = containers.map((container) => ({ Image: NODE, ...ASLEEP, ...container }));
  return {
    [`${id}Task`]: {
      Type: 'AWS::ECS::TaskDefinition',
      Properties: { Family: id, NetworkMode: 'awsvpc', Cpu: '1024', Memory: '512', ContainerDefinitions, ...properties },
    },
    [id]: {
      Type: 'AWS::ECS::Service',
      Properties: { LaunchType: 'FARGATE', DesiredCount: 1, TaskDefinition: { Ref: `${id}Task` }, ...service },
      DependsOn: [...dependsOn],
    },
  };
}

const connect = (services: JsonObject[] = []): JsonObject => ({
  ServiceConnectConfiguration: { Enabled: true, Namespace: 'space', Services: services },
});
const serves = (name: string, timeout?: JsonObject): JsonObject => ({
  PortName: 'http',
  ClientAliases: [{ DnsName: name, Port: 80 }],
  ...(timeout && { Timeout: timeout }),
});
/** Tasks in a security group of their own. */
const inGroup = (id: string): JsonObject => ({
  NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: [{ 'Fn::GetAtt': [id, 'GroupId'] }] } },
});
const http = { ContainerPort: 8080, Name: 'http', AppProtocol: 'http' };

const confined = task('Confined', {
  properties: {
    Volumes: [
      { Name: 'plain' },
      { Name: 'declared' },
      { Name: 'kept', EFSVolumeConfiguration: { FilesystemId: 'fs-1', AuthorizationConfig: { AccessPointId: { Ref: 'Point' } } } },
    ],
  },
  containers: [
    {
      Name: 'app',
      User: '1000:1000',
      ReadonlyRootFilesystem: true,
      WorkingDirectory: '/home/node',
      DockerLabels: { team: 'rows' },
      Ulimits: [{ Name: 'nofile', SoftLimit: 1024, HardLimit: 2048 }],
      SystemControls: [{ Namespace: 'net.core.somaxconn', Value: '2048' }],
      LinuxParameters: {
        Capabilities: { Drop: ['ALL'] },
        InitProcessEnabled: true,
        Tmpfs: [{ ContainerPath: '/scratch', Size: 16 }],
      },
      Memory: 128,
      MountPoints: [
        { SourceVolume: 'plain', ContainerPath: '/plain' },
        { SourceVolume: 'kept', ContainerPath: '/kept' },
        { SourceVolume: 'plain', ContainerPath: '/shown', ReadOnly: true },
      ],
      // What another container of the task serves is on localhost.
      HealthCheck: {
        Command: ['CMD-SHELL', `node -e "fetch('http://localhost:6380').then(() => 0, () => process.exit(1))"`],
        Interval: 5,
      },
      DependsOn: [{ ContainerName: 'store', Condition: 'HEALTHY' }],
    },
    {
      Name: 'store',
      Image: VALKEY,
      Command: ['valkey-server', '--save', ''],
      MountPoints: [{ SourceVolume: 'declared', ContainerPath: '/data' }],
      HealthCheck: { Command: ['CMD', 'valkey-cli', 'ping'], Interval: 5 },
    },
    {
      Name: 'neighbor',
      Essential: false,
      Command: ['node', '-e', `require('http').createServer((q, r) => r.end('hi')).listen(6380, '127.0.0.1')`],
    },
    { Name: 'first', Essential: false, Command: ['sh', '-c', 'exit 0'] },
    { Name: 'open', Essential: false, DependsOn: [{ ContainerName: 'first', Condition: 'SUCCESS' }] },
  ],
});

/** The template of the rows: one assembly on disk. */
export function synthesiseRows(directory: string): string {
  const resources: Record<string, ResourceBody> = {
    Point: {
      Type: 'AWS::EFS::AccessPoint',
      Properties: {
        FileSystemId: 'fs-1',
        RootDirectory: { Path: '/data', CreationInfo: { OwnerUid: '1000', OwnerGid: '1000', Permissions: '0750' } },
      },
    },
    ...confined,
    ...task('Greedy', {
      containers: [
        {
          Name: 'app',
          Memory: 48,
          Command: ['node', '-e', 'const kept = []; setInterval(() => kept.push(Buffer.alloc(8 << 20, 1)), 20)'],
        },
      ],
    }),
    ...task('Stubborn', {
      containers: [{ Name: 'app', StopTimeout: 2, Command: ['sh', '-c', `trap '' TERM; while :; do sleep 1; done`] }],
    }),
    ...task('Polite', {
      containers: [{ Name: 'app', Command: ['sh', '-c', `trap 'echo goodbye; exit 7' TERM; while :; do sleep 0.1; done`] }],
    }),
    ...task('Echo', {
      service: connect([serves('echo', { IdleTimeoutSeconds: 60, PerRequestTimeoutSeconds: 1 })]),
      containers: [{ Name: 'app', Command: ['node', '-e', ECHO], PortMappings: [http] }],
    }),
    ...task('Client', { service: connect(), dependsOn: ['Echo', 'Guarded'], containers: [{ Name: 'app' }] }),
    // Lets in its friend alone.
    ...task('Guarded', {
      service: { ...connect([serves('guarded', { PerRequestTimeoutSeconds: 2 })]), ...inGroup('GuardedGroup') },
      containers: [{ Name: 'app', Command: ['node', '-e', ECHO], PortMappings: [http] }],
    }),
    ...task('Friend', {
      service: { ...connect(), ...inGroup('FriendGroup') },
      dependsOn: ['Guarded'],
      containers: [{ Name: 'app' }],
    }),
    FriendGroup: { Type: 'AWS::EC2::SecurityGroup' },
    GuardedGroup: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        SecurityGroupIngress: [
          { IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080, SourceSecurityGroupId: { 'Fn::GetAtt': ['FriendGroup', 'GroupId'] } },
        ],
      },
    },
    ...task('Late', {
      service: connect([serves('late')]),
      containers: [{ Name: 'app', Command: ['node', '-e', ECHO], PortMappings: [http] }],
    }),
  };
  return writeAssembly(directory, { Rows: { Resources: resources } });
}
