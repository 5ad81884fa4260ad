import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Function as LambdaFunction, InlineCode, Runtime } from 'aws-cdk-lib/aws-lambda';
import { PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import {
  BucketAccess,
  Compliance,
  ConnectOptions,
  ContainerRedis,
  DatabaseEngine,
  DatabaseRotation,
  DualAlbGateway,
  Ec2HostRedis,
  ElastiCacheRedis,
  Endpoint,
  EndpointBinding,
  ExternalSide,
  FeatureFlags,
  IEndpoint,
  ImportedDatabase,
  ImportedRedis,
  InternalSide,
  MeshService,
  MeshServiceProps,
  ParameterRead,
  PostgresDatabase,
  QueueWorkerService,
  RedisExposure,
  ServerlessRedis,
  ServiceConnect,
  ServiceConnectMesh,
  ServiceDiscovery,
  ServicePort,
  ParameterSettings,
  TopologyComponent,
  TopologyConnection,
  TopologyRecord,
} from 'cdk-ecs-mesh';
import { Construct, IConstruct } from 'constructs';
import { isClassDeclaration, isMethodDeclaration } from 'typescript';
import { QueueEndpoint } from '../../src/jobs/private/queue-endpoint';
import { eachNode, readRepository } from '../architecture/sources';
import { newMesh, newService, newStack, WEB } from '../helpers';

/** Where a row makes its endpoint: a scope, and a name, of its own. */
interface Place {
  readonly mesh: ServiceConnectMesh;
  readonly scope: Construct;
  readonly name: string;
}

const service = ({ mesh, scope, name }: Place, props: Partial<MeshServiceProps> = {}) => newService(mesh, name, props, scope);
const worker = ({ mesh, scope, name }: Place) => new QueueWorkerService(scope, name, { mesh, containers: [{ image: WEB.image }] });

/** Every kind of endpoint. */
const ENDPOINTS: Record<string, (place: Place) => IEndpoint> = {
  'Redis on a host': ({ mesh, scope }) => new Ec2HostRedis(scope, 'Host', { mesh }),
  'Redis in a container': ({ mesh, scope }) => new ContainerRedis(scope, 'Container', { mesh }),
  'Redis behind a load balancer': ({ mesh, scope }) =>
    new ContainerRedis(scope, 'Balanced', { mesh, exposure: RedisExposure.networkLoadBalancer() }),
  ElastiCache: ({ mesh, scope }) => new ElastiCacheRedis(scope, 'Redis', { mesh }),
  'ElastiCache Serverless': ({ mesh, scope }) => new ServerlessRedis(scope, 'Redis', { mesh }),
  'Redis that exists': ({ scope }) =>
    new ImportedRedis(scope, 'Redis', {
      host: 'redis.example.com',
      tls: true,
      credentials: { secret: new Secret(scope, 'Secret') },
    }),
  'port by alias': (place) => service(place).port('http'),
  'port by an alias that is always there': (place) =>
    service(place, { networking: { serviceConnect: ServiceConnect.clientAndServer() } }).port('http'),
  'port by its name in DNS': (place) => {
    const names = place.mesh.addDnsNamespace('Names', 'svc.shop.local');
    const discovery = ServiceDiscovery.privateDns(names);
    return service(place, { networking: { serviceConnect: ServiceConnect.none(), discovery } }).port('http');
  },
  'internal route': (place) => gatewayOf(place).internal.route('Api', { target: service(place).port('http') }),
  'external route': (place) => gatewayOf(place).external.route('Api', { target: service(place).port('http') }),
  'internal route with a record': (place) => {
    const privateZone = new PrivateHostedZone(place.scope, 'Zone', { vpc: place.mesh.vpc, zoneName: 'routes.local' });
    return gatewayOf(place, privateZone).internal.route('Api', { target: service(place).port('http'), recordName: 'api' });
  },
  database: ({ mesh, scope }) => new PostgresDatabase(scope, 'Database', { mesh }),
  'database with a function that rotates': ({ mesh, scope }) => {
    const code = new InlineCode('exports.handler = async () => {};');
    const settings = { code, handler: 'index.handler', runtime: Runtime.NODEJS_24_X, vpc: mesh.vpc };
    const rotation = DatabaseRotation.byFunction(new LambdaFunction(scope, 'Rotate', settings));
    return new PostgresDatabase(scope, 'Database', { mesh, rotation });
  },
  'database with one password': ({ mesh, scope }) =>
    new PostgresDatabase(scope, 'Database', { mesh, rotation: DatabaseRotation.none('a test reads it once') }),
  'database that exists': ({ scope }) =>
    new ImportedDatabase(scope, 'Database', {
      engine: DatabaseEngine.MYSQL,
      host: 'db.example.com',
      databaseName: 'orders',
      secret: new Secret(scope, 'Secret'),
      securityGroup: SecurityGroup.fromSecurityGroupId(scope, 'Group', 'sg-1'),
    }),
  'port of another app': ({ scope }) =>
    ServicePort.fromServicePortAttributes(scope, 'Users', {
      dnsName: 'users.shop',
      port: 8080,
      securityGroup: SecurityGroup.fromSecurityGroupId(scope, 'Group', 'sg-1'),
    }),
  'queue of its senders': (place) => worker(place).queueEndpoint,
  'queue of its worker': (place) => new QueueEndpoint(worker(place).queue, 'worker', 'consume'),
  bucket: ({ scope }) =>
    Endpoint.bucket(new Bucket(scope, 'Uploads', { encryptionKey: new Key(scope, 'Key') }), { access: BucketAccess.READ_WRITE }),
  'some keys of a bucket': ({ scope }) => Endpoint.bucket(new Bucket(scope, 'Uploads'), { keyPrefix: 'images/' }),
  parameter: ({ scope }) => Endpoint.parameter(new StringParameter(scope, 'Level', { stringValue: 'info' })),
  'parameter at run time': ({ scope }) =>
    Endpoint.parameter(new StringParameter(scope, 'Level', { stringValue: 'info' }), { read: ParameterRead.AT_RUN_TIME }),
  settings: ({ mesh, scope }) => new ParameterSettings(scope, 'Settings', { mesh, values: { LOG_LEVEL: 'info' } }),
  'feature flags': ({ mesh, scope }) => new FeatureFlags(scope, 'Flags', { mesh, flags: { newCheckout: false } }),
  secret: ({ scope }) => Endpoint.secret(new Secret(scope, 'Token', { encryptionKey: new Key(scope, 'Key') })),
  'external host': () => Endpoint.externalHost('smtp.example.com', { port: 587 }),
};

const NAMES = Object.keys(ENDPOINTS);

function gatewayOf({ mesh, scope }: Place, privateZone?: PrivateHostedZone): DualAlbGateway {
  return new DualAlbGateway(scope, 'Gateway', {
    network: mesh,
    external: ExternalSide.http(),
    internal: InternalSide.http({ zone: privateZone }),
  });
}

/** All endpoints, each with a prefix for its variables, and a client in another stack. */
function arrange(app = new App(), names = NAMES) {
  const stack = newStack('Shop', app);
  const mesh = newMesh(stack, { privateDomain: 'nidhin.local' });
  const endpoints = names.map((name, i) => {
    const place = { mesh, scope: new Construct(stack, `E${i}`), name: `Server${i}` };
    return { name, endpoint: ENDPOINTS[name](place), options: { as: `E${i}` } };
  });
  return { app, endpoints, client: newService(mesh, 'Caller', {}, newStack('Callers', app)) };
}

/** Everything that an app deploys and reports after `act`. */
function outcome(act: (endpoint: IEndpoint, client: MeshService, options: ConnectOptions) => void) {
  const { app, endpoints, client } = arrange();
  for (const { endpoint, options } of endpoints) act(endpoint, client, options);
  const { components, connections } = TopologyRecord.of(app);
  return {
    components: Stack.of(client).resolve(components) as TopologyComponent[],
    connections: Stack.of(client).resolve(connections) as TopologyConnection[],
    findings: app.node
      .findAll()
      .flatMap(({ node }) =>
        node.metadata.filter(({ type }) => !/logicalId|creationStack/.test(type)).map(({ type, data }) => [node.path, type, data]),
      ),
    stacks: app.synth().stacks.map(({ id, template, dependencies }) => [id, template, dependencies.map((stack) => stack.id)]),
  };
}

/** What can be compared of a binding; constructs are named by their paths. */
function plain(client: MeshService, { reaches, dependencies, calledPort, secrets, rotatedSecrets, ...rest }: EndpointBinding) {
  const constructs = [
    ...(reaches ?? []).map(({ server }) => server),
    ...(dependencies ?? []),
    ...(rotatedSecrets ?? []),
    calledPort?.service,
  ];
  return {
    ...(Stack.of(client).resolve(rest) as Partial<EndpointBinding>),
    ports: [...(reaches ?? []).map(({ port }) => `${port}`), calledPort?.name],
    constructs: constructs.map((each) => (each as Partial<IConstruct> | undefined)?.node?.path),
    secrets: Object.entries(secrets ?? {}).map(([name, { arn }]) => [name, Stack.of(client).resolve(arn)]),
  };
}

const bind = (endpoint: IEndpoint, client: MeshService, options: ConnectOptions) => {
  endpoint.bindEndpoint(client, options);
  endpoint.bindEndpoint(client, { as: 'OTHER' });
};

describe('bindEndpoint of every endpoint', () => {
  const untouched = outcome(() => {});
  const connected = outcome((endpoint, client, options) => client.connectTo(endpoint, options));

  test('leaves no trace where nobody connects', () => {
    expect(outcome(bind)).toEqual(untouched);
  });

  test('leaves no trace in what connections make', () => {
    const outcomeOfBoth = outcome((endpoint, client, options) => {
      bind(endpoint, client, options);
      client.connectTo(endpoint, options);
      bind(endpoint, client, options);
    });
    expect(outcomeOfBoth).toEqual(connected);
  });

  test('gives what can be applied twice, which makes no more than once', () => {
    const { findings, ...twice } = outcome((endpoint, client, options) => {
      client.connectTo(endpoint, options);
      client.connectTo(endpoint, options);
    });
    const { findings: once, ...expected } = connected;
    expect(twice).toEqual(expected);
    expect(new Set(findings.map((each) => JSON.stringify(each)))).toEqual(new Set(once.map((each) => JSON.stringify(each))));
  });

  test('names a server that the topology knows, or brings it along', () => {
    const { app, client, endpoints } = arrange();
    const recorded = TopologyRecord.of(app).components.map(({ id }) => id);
    const unknown = endpoints.filter(({ endpoint }) => {
      const { facts, components = [] } = endpoint.bindEndpoint(client, {});
      return ![...recorded, ...components.map(({ id }) => id)].includes(facts.server);
    });
    expect(unknown.map(({ name }) => name)).toEqual([]);
    expect(connected.connections.length).toBeGreaterThanOrEqual(untouched.connections.length + NAMES.length);
  });

  const { client, endpoints } = arrange();

  test.each(endpoints)('gives the same data every time: $name', ({ endpoint, options }) => {
    const first = plain(client, endpoint.bindEndpoint(client, options));
    expect(plain(client, endpoint.bindEndpoint(client, options))).toEqual(first);
    expect(first.facts).toBeDefined();
  });

  test.each(endpoints)('is of plain data, and names the port of an alias: $name', ({ name, endpoint }) => {
    const { calledPort } = endpoint.bindEndpoint(client, {});
    const expected: Record<string, string> = {
      'Redis in a container': 'redis',
      'port by alias': 'http',
      'port by an alias that is always there': 'http',
    };
    expect(calledPort?.name).toBe(expected[name]);
  });
});

describe('bindEndpoint for a client in another Region', () => {
  const { app, endpoints } = arrange();
  const far = newService(newMesh(new Stack(app, 'Far', { env: { region: 'us-east-1' } })), 'Client');

  /** What has one address, or one name, in every Region. */
  const EVERYWHERE = ['Redis that exists', 'external route', 'bucket', 'some keys of a bucket', 'secret', 'external host'];

  test.each(endpoints)('is refused where the server is bound to its own: $name', ({ name, endpoint }) => {
    const message =
      /must name a server in the account and Region of its client \(not known, us-east-1\).*\[OtherEnvironment at Far\/Client\]/;
    if (EVERYWHERE.includes(name)) expect(() => endpoint.bindEndpoint(far, {})).not.toThrow('OtherEnvironment');
    else expect(() => endpoint.bindEndpoint(far, {})).toThrow(message);
  });
});

test('this contract holds every endpoint of the library', () => {
  const classes = new Set<string>();
  eachNode(readRepository(join(__dirname, '..', '..', 'src')), (node) => {
    if (!isClassDeclaration(node)) return;
    const isBound = node.members.some((each) => isMethodDeclaration(each) && each.body && each.name.getText() === 'bindEndpoint');
    if (isBound) classes.add(node.name!.text);
  });
  const held = new Set(arrange().endpoints.map(({ endpoint }) => endpoint.constructor.name));
  expect([...held].sort()).toEqual([...classes].sort());
});

describe('DT-52: a connection across stacks is taken away in two deployments', () => {
  type Written = { Outputs?: Record<string, { Export?: { Name: string } }> };
  /** The exports of the stack with the servers, and what the stack with the client imports. */
  function deployed(strict: boolean, act: (endpoint: IEndpoint, client: MeshService, options: ConnectOptions) => void) {
    const app = new App();
    if (strict) Compliance.strict().applyTo(app);
    // There, a gateway wants a certificate, which is nothing that a connection imports.
    const { endpoints, client } = arrange(app, strict ? NAMES.filter((name) => !name.includes('route')) : NAMES);
    for (const { endpoint, options } of endpoints) act(endpoint, client, options);
    const [servers, clients] = ['Shop', 'Callers'].map((id) => app.synth().getStackByName(id).template as Written);
    const exported = Object.values(servers.Outputs ?? {}).flatMap(({ Export }) => Export?.Name ?? []);
    const imported = [...JSON.stringify(clients).matchAll(/"Fn::ImportValue":"([^"]+)"/g)].map(([, name]) => name);
    return { exported: new Set(exported), imported: new Set(imported) };
  }
  const missing = (wanted: Set<string>, there: Set<string>) => [...wanted].filter((name) => !there.has(name));

  test.each([false, true])('DT-52: with strict compliance: %s', (strict) => {
    const before = deployed(strict, (endpoint, client, options) => client.connectTo(endpoint, options));
    const between = deployed(strict, (endpoint, client) => client.disconnectFrom(endpoint));
    const after = deployed(strict, () => undefined);
    expect(missing(before.imported, after.exported).length).toBeGreaterThan(20);
    expect(missing(before.imported, between.exported)).toEqual([]);
    expect(missing(between.imported, after.exported)).toEqual([]);
  });
});
