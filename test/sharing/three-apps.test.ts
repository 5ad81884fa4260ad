import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import { ApplicationProtocol } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ARecord, RecordTarget } from 'aws-cdk-lib/aws-route53';
import {
  Compliance,
  ExistingSideOptions,
  GatewaySide,
  MeshNetwork,
  PortProtocol,
  Reachability,
  SharedMeshOptions,
  ServiceConnect,
  ServiceConnectMesh,
  TopologyDiagram,
} from 'cdk-ecs-mesh';
import { assemblyOf, ordersApp, platform, TeamApp, usersApp } from './three-apps';
import { findings, newMesh, newService, newStack, only, openPaths, resources, templateOf, valueText } from '../helpers';

const { HTTP, HTTPS } = ApplicationProtocol;

/** A network without public subnets. */
const ISOLATED = {
  vpcId: 'vpc-1',
  availabilityZones: ['eu-west-1a', 'eu-west-1b'],
  privateSubnetIds: ['subnet-a', 'subnet-b'],
  privateSubnetRouteTableIds: ['rtb-a', 'rtb-b'],
};
const shared = platform();
const users = usersApp();
const orders = ordersApp();
const directories = [shared, users.stack, orders.stack].map(assemblyOf);
const template = templateOf(orders.stack);

describe('NU-2: a service of one app calls that of another one', () => {
  test('by its alias, with the port that the client states', () => {
    const { Environment } = only(template, 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions[0];
    const url = Environment.find(({ Name }: { Name: string }) => Name === 'USERS_URL').Value;
    expect(JSON.stringify(url)).toMatch(/\["http:\/\/",\{"Ref":"\w*usershttpdnsname\w*"\},":8080"\]/);
  });

  test('and all rules are in the stack of the client', () => {
    const short = openPaths(template).map((path) => path.replace(/\{"Ref":"SsmParameterValue(\w+?)securitygroupid\w*"\}/, '$1'));
    expect(short).toEqual(['Orders -> usershttp 8080', 'platformpublic -> Orders 8080']);
  });

  test('in the cluster and namespace of the platform, without a resource of its own for either', () => {
    const types = ['AWS::EC2::VPC', 'AWS::ECS::Cluster', 'AWS::ServiceDiscovery::HttpNamespace', 'AWS::EC2::Subnet'];
    expect(types.flatMap((type) => Object.keys(resources(template, type)))).toEqual([]);
    const { Cluster, ServiceConnectConfiguration } = only(template, 'AWS::ECS::Service').Properties;
    const parameter = (name: string) => ({ Ref: expect.stringContaining(`platformmesh${name}`) });
    expect([Cluster, ServiceConnectConfiguration.Namespace]).toEqual([parameter('clustername'), parameter('namespacearn')]);
  });

  test('what it does not use is no parameter of its template, so that an owner need not have it', () => {
    const { Parameters, ...rest } = template.toJSON();
    expect(Object.keys(Parameters).filter((name) => !JSON.stringify(rest).includes(`"${name}"`))).toEqual([]);
    expect(JSON.stringify(Parameters)).not.toContain('store-subnet-ids');
  });

  test('the owner publishes the alias although no client is in its app', () => {
    const [alias] = only(templateOf(users.stack), 'AWS::ECS::Service').Properties.ServiceConnectConfiguration.Services;
    expect(alias).toMatchObject({ DiscoveryName: 'users', ClientAliases: [{ Port: 8080 }] });
  });

  test('another client changes nothing in the owner', () => {
    const again = usersApp();
    new TeamApp('Third').service('Third').connectTo(new TeamApp('Other').users());
    expect(templateOf(again.stack).toJSON()).toEqual(templateOf(users.stack).toJSON());
  });

  test.each([
    ['platform', shared],
    ['users', users.stack],
    ['orders', orders.stack],
  ])('without findings: %s', (_, stack) => expect(findings(stack)).toEqual([]));
});

describe('the proof over three assemblies', () => {
  const reachability = Reachability.ofAssemblies(directories);

  test('follows calls from one app to another', () => {
    expect(() => reachability.expectReachable('OrdersApp/Orders', 'UsersApp/Users', 8080)).not.toThrow();
    expect(() => reachability.expectReachable(Reachability.INTERNET, 'OrdersApp/Orders', 8080)).not.toThrow();
  });

  test('and shows what is closed', () => {
    expect(() => reachability.expectUnreachable('OrdersApp/Orders', 'UsersApp/Users', 22)).not.toThrow();
    expect(() => reachability.expectUnreachable(Reachability.INTERNET, 'UsersApp/Users')).not.toThrow();
  });

  test('knows nothing of the others without their assemblies', () => {
    const [, , alone] = directories;
    expect(() => Reachability.ofAssemblies([alone]).expectReachable('OrdersApp/Orders', 'UsersApp/Users', 8080)).toThrow(
      /UnknownParty/,
    );
  });
});

describe('the picture of three assemblies', () => {
  const model = JSON.parse(TopologyDiagram.ofAssemblies(directories, { title: 'All' }).toJson());
  const calls = model.connections.map(({ client, server }: Record<string, string>) => `${client} -> ${server}`);

  test('what is shared is one component, with the facts of its owner', () => {
    expect(calls).toEqual(
      expect.arrayContaining(['OrdersApp/Orders -> UsersApp/Users', 'Platform/Gateway/External -> OrdersApp/Orders']),
    );
    const ids = model.components.map(({ id }: { id: string }) => id).sort();
    expect(ids).toEqual([
      'Internet',
      'OrdersApp/Orders',
      'Platform/Gateway/External',
      'Platform/Gateway/Internal',
      'UsersApp/Users',
    ]);
  });

  test.each([['the owner first'], ['the owner last']])('the owner knows who enters, and on which ports: %s', (order) => {
    const read = order === 'the owner first' ? directories : [...directories].reverse();
    const { components, connections } = JSON.parse(TopologyDiagram.ofAssemblies(read).toJson());
    const entrances = connections.filter(({ client }: { client: string }) => client === 'Internet');
    const onPort = (port: number, protocol: string) => ({ server: 'Platform/Gateway/External', port, protocol });
    expect(entrances).toEqual([expect.objectContaining(onPort(443, 'https')), expect.objectContaining(onPort(80, 'http'))]);
    const internet = components.filter(({ kind }: { kind: string }) => kind === 'internet');
    expect(internet.map(({ label }: { label: string }) => label)).toEqual(['Users']);
  });

  test('an app alone, of which nobody knows the clients, has an entrance without a port', () => {
    const own = JSON.parse(TopologyDiagram.ofAssemblies([directories[2]]).toJson());
    expect(own.connections).toContainEqual({ client: 'Internet', server: '/platform/public', protocol: 'public' });
  });

  test('an app alone draws what it calls', () => {
    const own = JSON.parse(readFileSync(join(directories[2], 'topology.json'), 'utf8'));
    expect(own.components.map(({ id }: { id: string }) => id)).toContain('/users/http');
  });

  test('two apps with equal paths stay two components', () => {
    const twins = [usersApp(), ordersApp(), usersApp()].map(({ stack }) => assemblyOf(stack));
    const text = TopologyDiagram.ofAssemblies(twins).toJson();
    expect(text).toContain('"id": "UsersApp/Users (2)"');
  });

  test('a directory without a picture is refused', () => {
    expect(() => TopologyDiagram.ofAssemblies(['/nowhere']).toJson()).toThrow(
      '`directories` must be cloud assemblies with a topology.json, got "/nowhere"; call TopologyDiagram.attach(app) in the app, and synthesize it again [TopologyMissing]',
    );
  });
});

describe('what a consumer states is held against the owner', () => {
  const [platformApp, usersAssembly] = directories;
  const disagreement = (team: TeamApp) => () => Reachability.ofAssemblies([platformApp, usersAssembly, assemblyOf(team.stack)]);
  const whole = (line: string) =>
    `\`directories\` must be of apps that agree about what they share; correct the app that is wrong, and synthesize it again:\n  ${line} [AppsDisagree]`;

  test('the port', () => {
    const team = ordersApp({ port: 80 });
    expect(disagreement(team)).toThrow(whole('OrdersApp/UsersShared states "80" for /users/http/port, and UsersApp shares "8080"'));
  });

  /** A side of the platform with what a team states about it, and a route. */
  const side = (prefix: string, options: Partial<ExistingSideOptions>) => (team: TeamApp) => {
    const { stack, mesh } = team;
    const stated = { network: mesh, internetFacing: true, ...options };
    GatewaySide.fromParameters(stack, 'Side', prefix, stated).route('Api', {
      target: team.api().port('http'),
      hosts: ['a.example.com'],
    });
  };

  test.each<[string, SharedMeshOptions, (team: TeamApp) => void, string]>([
    [
      'scheme',
      {},
      side('/platform/public', { internetFacing: false, protocol: HTTPS }),
      '"internal" for /platform/public/scheme, and Platform shares "internet-facing"',
    ],
    [
      'protocol',
      {},
      side('/platform/public', { protocol: HTTP, port: 443 }),
      '"HTTP" for /platform/public/protocol, and Platform shares "HTTPS"',
    ],
    ['port of a side', {}, side('/platform/public', { port: 8443 }), '"8443" for /platform/public/port, and Platform shares "443"'],
    [
      'idle timeout',
      {},
      side('/platform/public', { idleTimeout: Duration.minutes(5) }),
      '"300" for /platform/public/idle-timeout-seconds, and Platform shares "60"',
    ],
    [
      'internal side',
      {},
      side('/platform/inside', { internetFacing: false, port: 8080 }),
      '"8080" for /platform/inside/port, and Platform shares "80"',
    ],
    [
      'Container Insights',
      { containerInsights: ContainerInsights.ENHANCED },
      (team) => team.api(),
      '"enhanced" for /platform/mesh/container-insights, and Platform shares "enabled"',
    ],
    [
      'protocol of a port',
      {},
      (team) => team.api().connectTo(team.users({ port: 8080, protocol: PortProtocol.GRPC })),
      '"grpc" for /users/http/protocol, and UsersApp shares "http"',
    ],
  ])('%s', (_, options, use, line) => {
    const team = new TeamApp('Team', options);
    use(team);
    expect(disagreement(team)).toThrow(line);
  });

  test('the number of zones', () => {
    const team = new TeamApp('Wide', { availabilityZones: 3 });
    team.service('Api');
    expect(disagreement(team)).toThrow(/Wide\/MeshShared states 3 for \/platform\/mesh\/availability-zones, and Platform shares 2/);
  });

  test('a zone that the owner has under another name', () => {
    const team = new TeamApp('Named', { privateDomain: 'other.local' });
    team.service('Api');
    expect(disagreement(team)).toThrow(
      /states "other.local" for \/platform\/mesh\/private-domain, and Platform shares "corp.local"/,
    );
  });

  test('equal names in the namespace', () => {
    const team = new TeamApp('Twin');
    team.service('Users').port('http').share('/twin/users');
    expect(disagreement(team)).toThrow(
      whole('UsersApp/Users/Service and Twin/Users/Service both have the discovery name users in Platform/Mesh/Namespace'),
    );
  });

  test('equal priorities on a shared listener', () => {
    const teams = ['A', 'B'].map((name) => {
      const team = new TeamApp(name);
      team.external.route('Api', { target: team.service('Api').port('http'), hosts: [`${name}.example.com`], priority: 7 });
      return assemblyOf(team.stack);
    });
    expect(() => Reachability.ofAssemblies([platformApp, ...teams])).toThrow(
      /A\/Api\/Routes\/Public\/Api\/Rule and B\/Api\/Routes\/Public\/Api\/Rule both have priority 7 on Platform\/Gateway\/External\/LoadBalancer\/Port443/,
    );
  });

  test('subnets that nobody of the consumer uses are not its business', () => {
    const owner = newStack('Platform');
    const network = MeshNetwork.fromVpc(Vpc.fromVpcAttributes(owner, 'Vpc', ISOLATED));
    new ServiceConnectMesh(owner, 'Mesh', { network, namespaceName: 'platform' }).share('/platform/mesh');
    const team = new TeamApp('Inside');
    team.service('Api');
    expect(() => Reachability.ofAssemblies([owner, team.stack].map(assemblyOf))).not.toThrow();
  });

  test('a parameter that nobody shares', () => {
    const team = new TeamApp('Lost', { privateDomain: 'corp.local' });
    team.service('Api');
    const target = RecordTarget.fromIpAddresses('10.0.0.1');
    new ARecord(team.stack, 'Record', { zone: team.mesh.privateZone!, recordName: 'legacy', target });
    const owner = platform();
    owner.node.findChild('Mesh').node.findChild('Shared-platform-mesh').node.tryRemoveChild('private-zone-id');
    expect(() => Reachability.ofAssemblies([assemblyOf(owner), assemblyOf(team.stack)])).toThrow(
      /Lost reads \/platform\/mesh\/private-zone-id, which nobody shares/,
    );
  });
});

test.each(['platform', '/aws/mesh', '/ssm', '/a b', '/a/', `/${'x'.repeat(900)}`, '/a'.repeat(14)])(
  'is no prefix: %s',
  (prefix) => {
    const share = () => ServiceConnectMesh.fromParameters(newStack(), 'Mesh', prefix);
    expect(share).toThrow(
      `\`parameterPrefix\` must be a path of up to 13 parts with letters, digits, dots, hyphens and underscores, that starts with "/" and not with "/aws" or "/ssm", got ${JSON.stringify(prefix)}; write it like "/platform/mesh" [BadParameterPrefix at Shop/MeshShared]`,
    );
  },
);

test.each(['/platform', '/awsome/mesh', '/a'.repeat(13)])('a prefix: %s', (prefix) => {
  expect(() => ServiceConnectMesh.fromParameters(newStack(), 'Mesh', prefix)).not.toThrow();
});

test.each([0, 7, 1.5])('no number of zones: %d', (availabilityZones) => {
  const mesh = () => ServiceConnectMesh.fromParameters(newStack(), 'Mesh', '/a', { availabilityZones });
  expect(mesh).toThrow(/`availabilityZones` must be a whole number from 1 to 6.*AvailabilityZonesOutOfRange at Shop\/MeshShared/);
});

test('a port without an alias is not shared', () => {
  const api = newService(newMesh(), 'Api', { networking: { serviceConnect: ServiceConnect.client() } });
  expect(() => api.port('http').share('/shop/api')).toThrow(
    '`share` must be called for a port with a Service Connect alias, of tasks with their own address, got "http (awsvpc)"; use NetworkMode.AWS_VPC with ServiceConnect.onDemand(), or share a gateway side and route it there [PortNotShareable at Shop/Api]',
  );
});

test('one prefix is shared once', () => {
  const mesh = newMesh(new Stack(new App(), 'Shop', { env: { account: '111111111111', region: 'eu-west-1' } }));
  const api = newService(mesh, 'Api');
  mesh.share('/shop');
  expect(() => api.port('http').share('/shop')).toThrow(
    /`parameterPrefix` must be a prefix of shared parameters that nobody else uses/,
  );
});

describe('ECS Exec in the cluster of another app', () => {
  const shareOf = (strict: boolean) => {
    const stack = newStack('Owner');
    if (strict) Compliance.strict().applyTo(stack);
    newMesh(stack).share('/platform/mesh');
    const parameters = Object.values(resources(templateOf(stack), 'AWS::SSM::Parameter'));
    return parameters.find(({ Properties }) => Properties.Name === '/platform/mesh/exec-key-arn')!.Properties.Value;
  };
  const teamTemplate = (enableExecuteCommand: boolean) => {
    const team = new TeamApp('Team');
    team.service('Api', { operations: { enableExecuteCommand } });
    return templateOf(team.stack);
  };

  test('the owner shares the key of its sessions, or the ARN of none, which policies accept', () => {
    expect(shareOf(true)).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^ComplianceKey/), 'Arn'] });
    expect(valueText(shareOf(false))).toBe('arn:AWS::Partition:kms:eu-west-1:AWS::AccountId:key/none');
  });

  test('tasks decrypt their sessions with it', () => {
    const { Statement } = only(teamTemplate(true), 'AWS::IAM::Policy', 'ApiTaskRole').Properties.PolicyDocument;
    const Resource = { Ref: expect.stringContaining('platformmeshexeckeyarn') };
    expect(Statement).toContainEqual({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Effect: 'Allow', Resource });
  });

  test('without it, the parameter is not read', () => {
    expect(JSON.stringify(teamTemplate(false))).not.toContain('exec-key-arn');
  });
});
