import { Annotations, App, CfnParameter, Duration, Fn, Stack } from 'aws-cdk-lib';
import { CfnSecurityGroup, CfnSecurityGroupIngress, IConnectable, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { DatabaseCluster, DatabaseClusterEngine, AuroraPostgresEngineVersion, ClusterInstance } from 'aws-cdk-lib/aws-rds';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import {
  DeploymentJob,
  ElastiCacheRedis,
  IEndpoint,
  MeshService,
  PostgresDatabase,
  QueueWorkerService,
  ScheduledJob,
  ServerlessRedis,
  ServiceConnectMesh,
} from 'cdk-ecs-mesh';
import { Construct } from 'constructs';
import { newMesh, newService, newStack, WEB } from '../helpers';

interface Server {
  readonly host: string;
  readonly server: Construct & IConnectable;
  readonly endpoint?: IEndpoint;
}

const ours = (server: PostgresDatabase | ElastiCacheRedis | ServerlessRedis): Server => ({
  server,
  host: server.host,
  endpoint: server,
});

const SERVERS: Record<string, (mesh: ServiceConnectMesh, stack: Stack) => Server> = {
  PostgresDatabase: (mesh, stack) => ours(new PostgresDatabase(stack, 'Server', { mesh })),
  ElastiCacheRedis: (mesh, stack) => ours(new ElastiCacheRedis(stack, 'Server', { mesh })),
  ServerlessRedis: (mesh, stack) => ours(new ServerlessRedis(stack, 'Server', { mesh })),
  'a cluster of the CDK': ({ vpc }, stack) => {
    const engine = DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_4 });
    const server = new DatabaseCluster(stack, 'Server', { engine, vpc, writer: ClusterInstance.serverlessV2('Writer') });
    return { server, host: server.clusterEndpoint.hostname };
  },
};

type Client = MeshService | QueueWorkerService | ScheduledJob | DeploymentJob;
const schedule = ScheduleExpression.rate(Duration.hours(1));
const containers = (STORE: string) => [{ image: WEB.image, environment: { STORE } }];
const CLIENTS: Record<string, (mesh: ServiceConnectMesh, stack: Stack, value: string) => Client> = {
  MeshService: (mesh, stack, value) => newService(mesh, 'Client', { containers: containers(value) }, stack),
  QueueWorkerService: (mesh, stack, value) => new QueueWorkerService(stack, 'Client', { mesh, containers: containers(value) }),
  ScheduledJob: (mesh, stack, value) => new ScheduledJob(stack, 'Client', { mesh, containers: containers(value), schedule }),
  DeploymentJob: (mesh, stack, value) => new DeploymentJob(stack, 'Client', { mesh, containers: containers(value) }),
};

function arrange(client = 'DeploymentJob', server = 'PostgresDatabase', value = (host: string) => `tls://${host}:1`, own = false) {
  const app = new App();
  const stack = newStack('Shop', app);
  const mesh = newMesh(stack);
  const found = SERVERS[server](mesh, own ? newStack('Data', app) : stack);
  return { ...found, client: CLIENTS[client](mesh, own ? newStack('Client', app) : stack, value(found.host)) };
}

/** What the tasks are warned of now, in a synthesis of their own. */
function faults({ client }: { client: Client }): string[] {
  const { node } = client;
  const before = node.metadata.length;
  expect(node.validate()).toEqual([]);
  return node.metadata.slice(before).flatMap(({ data }) => (String(data).includes('NotConnected') ? [String(data)] : []));
}

const said = (path: string, client = 'Shop/Client') =>
  `\`containers[0].environment.STORE\` of ${client} has the address of ${path}, and no security group rule opens that to these tasks: they start, ` +
  'and fail after the timeout of their client. Connect them with `connectTo(...)`, which injects the address as well; for a rule of your own, ' +
  'use `connections.allowTo(...)`; or acknowledge this if the tasks hand the address to another program. [ack: cdk-ecs-mesh:NotConnected]';

const pairs = Object.keys(CLIENTS).flatMap((client) => Object.keys(SERVERS).map((server) => [client, server] as const));

describe('an address without a connection', () => {
  test.each(pairs)('%s, %s: is warned of until a rule is there', (name, server) => {
    const app = arrange(name, server);
    expect(faults(app)).toEqual([said(server === 'PostgresDatabase' ? 'Shop/Server/Instance' : 'Shop/Server')]);
    if (app.endpoint) app.client.connectTo(app.endpoint);
    else app.client.connections.allowTo(app.server, Port.tcp(5432));
    expect(faults(app)).toEqual([]);
  });

  test.each(pairs)('%s, %s: an address for another program is acknowledged', (name, server) => {
    const app = arrange(name, server);
    Annotations.of(app.client).acknowledgeWarning('cdk-ecs-mesh:NotConnected', 'a page that shows it');
    expect(faults(app)).toEqual([]);
  });

  test.each(['MeshService', 'DeploymentJob'])('%s in a stack of its own', (name) => {
    const app = arrange(name, 'PostgresDatabase', undefined, true);
    expect(faults(app)).toEqual([said('Data/Server/Instance', 'Client/Client')]);
    app.client.connectTo(app.endpoint!);
    expect(faults(app)).toEqual([]);
  });

  test('a range that the server admits may be that of the tasks', () => {
    const app = arrange();
    app.server.connections.allowFrom(Peer.ipv4('10.0.0.0/16'), Port.tcp(5432));
    expect(faults(app)).toEqual([]);
  });

  test.each<[string, (group: SecurityGroup, stack: Stack) => string]>([
    ['a resource', ({ node }) => (node.defaultChild as CfnSecurityGroup).ref],
    ['an export', () => Fn.importValue('ServerGroup')],
    ['a parameter', (_, stack) => new CfnParameter(stack, 'ServerGroup').valueAsString],
  ])('a rule that names the group by %s may open it', (_, groupId) => {
    const app = arrange();
    const [group] = app.server.connections.securityGroups;
    const [source] = app.client.connections.securityGroups;
    const stack = Stack.of(app.client);
    new CfnSecurityGroupIngress(stack, 'Rule', {
      groupId: groupId(group as SecurityGroup, stack),
      sourceSecurityGroupId: (source.node.defaultChild as CfnSecurityGroup).ref,
      ipProtocol: 'tcp',
    });
    expect(faults(app)).toEqual([]);
  });

  test('a rule of another client is none', () => {
    const app = arrange();
    const [{ securityGroupId: groupId }] = app.server.connections.securityGroups;
    const other = new SecurityGroup(Stack.of(app.client), 'Other', { vpc: app.client.mesh.vpc });
    const sourceSecurityGroupId = (other.node.defaultChild as CfnSecurityGroup).ref;
    new CfnSecurityGroupIngress(Stack.of(app.client), 'Rule', { groupId, sourceSecurityGroupId, ipProtocol: 'tcp' });
    expect(faults(app)).toHaveLength(1);
  });

  test('a connection to another server is none', () => {
    const app = arrange();
    app.client.connectTo(new ServerlessRedis(Stack.of(app.client), 'Other', { mesh: app.client.mesh }));
    expect(faults(app)).toHaveLength(1);
  });

  test.each([() => 'db.example.com', (host: string) => `${host.length}`])('another text is no address: %#', (value) =>
    expect(faults(arrange('DeploymentJob', 'PostgresDatabase', value))).toEqual([]),
  );
});
