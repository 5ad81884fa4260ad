import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { inside } from './connections-of-run';
import { NODE } from './rows-app';
import { docker, ROOT } from './runner';
import { Json, JsonObject } from '../../assembly/json';
import { until } from '../../check/visitor';
import { Task } from '../../ecs/task';
import { Addresses } from '../../net/addresses';
import { notEmulated } from '../../report/not-emulated';
import { LocalRun } from '../../run/local-run';
import { writeAssembly } from '../fixture/write-assembly';

// Tasks in the network of their container instance, and in none: `NetworkMode: host` and `none`. The lane `containers` runs this.
jest.setTimeout(180_000);
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'host-'));
const PORT = 8080;
const HELLO = `require('http').createServer((q, r) => r.end('hello')).listen(${PORT})`;
let run: LocalRun;
let outcome: Promise<string>;

beforeAll(async () => {
  const options = { assembly: synthesise(path.join(scratch, 'assembly')), root: ROOT, localDirectory: path.join(ROOT, 'local') };
  run = new LocalRun(
    { ...options, overrides: {}, secrets: {}, engine: 'container', say: () => undefined },
    await Addresses.claim(),
  );
  let ended: string | undefined;
  outcome = run.start().then(
    () => 'everything runs',
    (error: Error) => (ended = error.message),
  );
  const wanted = ['Server', 'Neighbor', 'Friend', 'Stranger', 'Sealed'];
  const allRun = () => wanted.every((label) => taskOf(label)?.state === 'RUNNING');
  await until('the tasks run', 120_000, () => allRun() || ended !== undefined);
  if (!allRun()) throw new Error(ended);
});
afterAll(async () => {
  await run.stop();
  fs.rmSync(scratch, { recursive: true, force: true });
});

const idOf = (group: string): Json => ({ 'Fn::GetAtt': [group, 'GroupId'] });

function service(
  id: string,
  container: JsonObject,
  more: { task?: JsonObject; service?: JsonObject; after?: string[] },
): JsonObject {
  const ContainerDefinitions = [{ Name: 'app', Image: NODE, Command: ['sleep', '1000'], Memory: 64, ...container }];
  return {
    [`${id}Task`]: {
      Type: 'AWS::ECS::TaskDefinition',
      Properties: { Family: id, NetworkMode: 'host', ContainerDefinitions, ...more.task },
    },
    [id]: {
      Type: 'AWS::ECS::Service',
      Properties: { Cluster: { Ref: 'Cluster' }, DesiredCount: 1, TaskDefinition: { Ref: `${id}Task` }, ...more.service },
      DependsOn: more.after ?? [],
    },
  };
}

/** A task with an address and a group of its own. */
const apart = (id: string) => ({
  [`${id}Group`]: { Type: 'AWS::EC2::SecurityGroup' },
  ...service(
    id,
    {},
    {
      task: { NetworkMode: 'awsvpc' },
      service: { NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: [idOf(`${id}Group`)] } } },
    },
  ),
});

/** A load balancer whose targets are ports of instances. */
const door = () => ({
  DoorGroup: { Type: 'AWS::EC2::SecurityGroup' },
  Door: {
    Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    Properties: { Type: 'application', Scheme: 'internal', SecurityGroups: [idOf('DoorGroup')] },
  },
  Targets: {
    Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    Properties: { Port: PORT, Protocol: 'HTTP', TargetType: 'instance', HealthCheckPath: '/' },
  },
  Listener: {
    Type: 'AWS::ElasticLoadBalancingV2::Listener',
    Properties: {
      ...{ LoadBalancerArn: { Ref: 'Door' }, Port: 8090, Protocol: 'HTTP' },
      DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: 'Targets' } }],
    },
  },
});

function synthesise(directory: string): string {
  const PortMappings = [{ ContainerPort: PORT }];
  const EFSVolumeConfiguration = { FilesystemId: 'fs-1', AuthorizationConfig: { AccessPointId: { Ref: 'Point' } } };
  const ingress = ['FriendGroup', 'DoorGroup'].map((id) => ({
    ...{ IpProtocol: 'tcp', FromPort: PORT, ToPort: PORT, SourceSecurityGroupId: idOf(id) },
  }));
  const Resources = {
    Cluster: { Type: 'AWS::ECS::Cluster' },
    HostGroup: { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupIngress: ingress } },
    Launch: {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: { LaunchTemplateData: { SecurityGroupIds: [idOf('HostGroup')] } },
    },
    Instances: {
      Type: 'AWS::AutoScaling::AutoScalingGroup',
      Properties: { MinSize: '1', MaxSize: '1', LaunchTemplate: { LaunchTemplateId: { Ref: 'Launch' }, Version: '1' } },
    },
    Capacity: {
      Type: 'AWS::ECS::CapacityProvider',
      Properties: { AutoScalingGroupProvider: { AutoScalingGroupArn: { Ref: 'Instances' } } },
    },
    Capacities: {
      Type: 'AWS::ECS::ClusterCapacityProviderAssociations',
      Properties: { Cluster: { Ref: 'Cluster' }, CapacityProviders: [{ Ref: 'Capacity' }] },
    },
    Point: {
      Type: 'AWS::EFS::AccessPoint',
      Properties: {
        FileSystemId: 'fs-1',
        RootDirectory: { Path: '/data', CreationInfo: { OwnerUid: '1000', OwnerGid: '1000', Permissions: '0750' } },
      },
    },
    ...door(),
    ...service(
      'Server',
      { Command: ['node', '-e', HELLO], PortMappings },
      {
        service: { LoadBalancers: [{ ContainerName: 'app', ContainerPort: PORT, TargetGroupArn: { Ref: 'Targets' } }] },
        after: ['Listener'],
      },
    ),
    ...service(
      'Neighbor',
      { User: '1000', MountPoints: [{ SourceVolume: 'kept', ContainerPath: '/kept' }] },
      { task: { Volumes: [{ Name: 'kept', EFSVolumeConfiguration }] } },
    ),
    ...service(
      'Sealed',
      { User: '1000', MountPoints: [{ SourceVolume: 'plain', ContainerPath: '/plain' }] },
      { task: { NetworkMode: 'none', Volumes: [{ Name: 'plain' }] } },
    ),
    ...apart('Friend'),
    ...apart('Stranger'),
    ...service('Second', { PortMappings }, { after: ['Server', 'Neighbor', 'Friend', 'Stranger', 'Sealed'] }),
  };
  return writeAssembly(directory, { Stack: { Resources } });
}

const taskOf = (label: string): Task | undefined => run.services.find(({ plan }) => plan.label === label)?.running[0];

/** What a shell in a task prints. */
const shell = (label: string, command: string) =>
  inside(docker, taskOf(label)!.containers[0].runtime.id, ['sh', '-c', `${command} 2>&1`]);

/** Whether a task hears the server at an address. */
const ask = (label: string, host: string) =>
  shell(
    label,
    `node -e "fetch('http://${host}:${PORT}', { signal: AbortSignal.timeout(3000) }).then(async (r) => console.log(await r.text()), (e) => console.log(e.name))"`,
  );

/** The address of the instance in the network of the tasks. */
async function instance(): Promise<string> {
  const own = await shell(
    'Friend',
    `node -p "Object.values(os.networkInterfaces()).flat().find(({ address }) => address.startsWith('10.')).address"`,
  );
  const [, , , last] = taskOf('Server')!.placement.address.split('.');
  return [...own.split('.').slice(0, 2), '30', last].join('.');
}

describe('a task in host mode', () => {
  test('shares localhost with the others of its instance', async () => {
    expect(await ask('Neighbor', 'localhost')).toBe('hello');
    expect(await ask('Friend', 'localhost')).toBe('TypeError');
  });

  test('is reached at the address of its instance, by whom the groups of the instance let in', async () => {
    const host = await instance();
    expect(await ask('Friend', host)).toBe('hello');
    expect(await ask('Stranger', host)).toBe('TimeoutError');
  });

  test('is reached there by the others of its instance, without passing its groups', async () => {
    expect(await ask('Neighbor', await instance())).toBe('hello');
  });

  test('is behind a load balancer by the port of its instance', async () => {
    const [{ address, port }] = run.loadBalancers[0].listeners;
    const answer = await fetch(`http://${address}:${port}`, { signal: AbortSignal.timeout(3000) });
    expect(await answer.text()).toBe('hello');
  });

  test('has its volumes, and its metadata', async () => {
    expect(await shell('Neighbor', 'stat -c "%u:%g %a" /kept; touch /kept/x && echo written')).toBe('1000:1000 750\nwritten');
    const metadata = `node -e "fetch(process.env.ECS_CONTAINER_METADATA_URI_V4 + '/task').then((r) => r.json()).then((t) => console.log(t.Family))"`;
    expect(await shell('Neighbor', metadata)).toBe('Neighbor');
  });

  test('is told not to have ports without a mapping, nor extra hosts', () => {
    const sentence = 'ports of Neighbor that its task definition does not map, and its extra hosts (host mode)';
    expect(notEmulated(run)).toContain(sentence);
  });

  test('does not start where another one has its port', async () => {
    expect(await outcome).toBe('Stack/Second: no container instance has host port 8080 free, which one task there can have');
  });
});

test('a task in network mode none has its own localhost alone, and its volumes', async () => {
  expect(await shell('Sealed', `node -p "Object.keys(os.networkInterfaces()).join()"`)).toBe('lo');
  expect(await ask('Sealed', 'localhost')).toBe('TypeError');
  expect(await shell('Sealed', 'stat -c "%u:%g %a" /plain')).toBe('0:0 755');
});
