import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import {
  Compliance,
  ConnectOptions,
  EndpointBinding,
  IEndpoint,
  MeshService,
  TopologyComponent,
  TopologyConnection,
  TopologyRecord,
} from 'cdk-ecs-mesh';
import * as lib from 'cdk-ecs-mesh';
import { Construct, IConstruct } from 'constructs';
import { isClassDeclaration, isMethodDeclaration, SyntaxKind } from 'typescript';
import { CALLS } from '../../src/core/private/arguments/calls';
import { eachNode, readRepository } from '../architecture/sources';
import { ENDPOINTS } from '../endpoints';
import { newMesh, newService, newStack } from '../helpers';

const NAMES = Object.keys(ENDPOINTS);

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
  const EVERYWHERE = ['Redis that exists', 'external route', 'secret', 'external host'];

  test.each(endpoints)('is refused where the server is bound to its own: $name', ({ name, endpoint }) => {
    const message =
      /must name a server in the account(?: and|,) Region(?: and stage)? of its client \(not known, us-east-1\).*\[OtherEnvironment at Far\/Client\]/;
    if (EVERYWHERE.includes(name)) expect(() => endpoint.bindEndpoint(far, {})).not.toThrow('OtherEnvironment');
    else expect(() => endpoint.bindEndpoint(far, {})).toThrow(message);
  });
});

test('this contract holds every endpoint of the library', () => {
  const classes = new Set<string>();
  const bases = new Set<string>();
  const heirs: [string, string][] = [];
  eachNode(readRepository(join(__dirname, '..', '..', 'src')), (node) => {
    if (!isClassDeclaration(node)) return;
    const isBound = node.members.some((each) => isMethodDeclaration(each) && each.body && each.name.getText() === 'bindEndpoint');
    const isBase = node.modifiers?.some(({ kind }) => kind === SyntaxKind.AbstractKeyword);
    if (isBound) (isBase ? bases : classes).add(node.name!.text);
    for (const { types } of node.heritageClauses ?? []) heirs.push([node.name!.text, types[0].getText()]);
  });
  for (const [heir, base] of heirs) if (bases.has(base)) classes.add(heir);
  const held = new Set(arrange().endpoints.map(({ endpoint }) => endpoint.constructor.name));
  expect([...held].sort()).toEqual([...classes].sort());
});

/** How an app comes to an endpoint, by the row that holds it; several ways can lead to the same kind. */
const WAYS: Record<string, string[]> = {
  'Redis on a host': ['Ec2HostRedis.new'],
  'Redis in a container': ['ContainerRedis.new'],
  ElastiCache: ['ElastiCacheRedis.new'],
  'ElastiCache Serverless': ['ServerlessRedis.new'],
  'Redis that exists': ['ImportedRedis.new', 'ImportedRedis.fromParameters'],
  database: ['PostgresDatabase.new'],
  'database that exists': ['new', 'fromDatabaseCluster', 'fromDatabaseInstance', 'fromParameters'].map(
    (way) => `ImportedDatabase.${way}`,
  ),
  'port of another app': ['ServicePort.fromParameters', 'ServicePort.fromServicePortAttributes'],
  'queue of others': ['Endpoint.queue'],
  table: ['Endpoint.table'],
  topic: ['Endpoint.topic'],
  bucket: ['Endpoint.bucket'],
  parameter: ['Endpoint.parameter'],
  settings: ['ParameterSettings.new'],
  'feature flags': ['FeatureFlags.new'],
  secret: ['Endpoint.secret'],
  'external host': ['Endpoint.externalHost'],
};

test('each way to an endpoint has a row', () => {
  const exported = Object.entries(lib as Record<string, unknown>).flatMap(([name, one]) =>
    typeof one === 'function' && (one === lib.Endpoint || 'bindEndpoint' in ((one.prototype ?? {}) as object)) ? [name] : [],
  );
  const ways = Object.keys(CALLS).filter((call) => exported.includes(call.split(/[.#]/)[0]) && !call.includes('#'));
  expect(Object.values(WAYS).flat().sort()).toEqual(ways.sort());
  expect(Object.keys(WAYS).filter((name) => !NAMES.includes(name))).toEqual([]);
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
