import { DefaultTokenResolver, StringConcat, Token, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { assemblyScope } from './stage';
import { ComponentKind, TopologyComponent, TopologyConnection, TopologyRecord } from '../../core/topology-record';

/** The zones of the picture, in order from left to right, then downwards. */
export const ZONES = ['internet', 'public', 'private', 'data', 'aws', 'outside'] as const;
export type Zone = (typeof ZONES)[number];

/** The change of a part between two pictures; absent in the picture of one app. */
export type Change = 'added' | 'removed';

/** A component without tokens, and with its zone. */
export interface ModelComponent {
  readonly id: string;
  readonly kind: ComponentKind;
  readonly label: string;
  readonly details: string[];
  readonly publicFacing: boolean;
  readonly zone: Zone;
  readonly change?: Change;
}

/** A connection without tokens, between components that exist. */
export interface ModelConnection {
  readonly client: string;
  readonly server: string;
  readonly protocol: string;
  readonly dnsName?: string;
  readonly port?: number;
  readonly change?: Change;
}

/** The model that the three formats render: a closed graph of plain values. */
export interface TopologyModel {
  readonly components: ModelComponent[];
  readonly connections: ModelConnection[];
  /** The IDs of components that other apps use, by the prefix under which they are shared. */
  readonly shared?: { readonly [prefix: string]: string };
}

/** The kinds of components outside the network that can be clients. */
const OUTSIDE = [ComponentKind.INTERNET, ComponentKind.EXTERNAL];

/** The protocol of an entrance that nobody recorded: its port is not known. */
const ASSUMED = 'public';

const INTERNET: TopologyComponent = { id: 'Internet', kind: ComponentKind.INTERNET, label: 'Internet' };

/** Reads the record of the app that `scope` belongs to; of an app with stages, only the part in the stage of `scope`. */
export function readModel(scope: IConstruct): TopologyModel {
  const record = recordIn(scope);
  const components = new Map(record.components.map((component) => [component.id, component]));
  const endpointId = (id: string) => knownId(id, components) ?? addExternal(id, components);
  const connections = record.connections.map((c) => ({ ...c, client: endpointId(c.client), server: endpointId(c.server) }));
  connections.unshift(...callsFromInternet(components, connections));
  const externalZones = zonesOfExternals(components, connections);
  return {
    components: [...components.values()].map((one) => plainComponent(scope, one, externalZones.get(one.id) ?? zoneOf(one))),
    connections: unique(connections.map((connection) => plainConnection(scope, connection))),
    ...(Object.keys(record.shared).length > 0 ? { shared: record.shared } : {}),
  };
}

/** The components, connections and shares of an app or of one of its stages. */
interface RecordPart {
  readonly components: TopologyComponent[];
  readonly connections: TopologyConnection[];
  readonly shared: { readonly [prefix: string]: string };
}

/** Returns the record of the stage that contains `scope`: what is in it, and what is outside the app and connected to it. */
function recordIn(scope: IConstruct): RecordPart {
  const { components, connections, _shared: shared } = TopologyRecord.of(scope);
  const stage = assemblyScope(scope).node.path;
  if (stage === '') return { components, connections, shared };
  const isIn = (id: string) => `${id}/`.startsWith(`${stage}/`);
  const inside = connections.filter(({ client, server }) => isIn(client) || isIn(server));
  const named = new Set(inside.flatMap(({ client, server }) => [client, server]));
  return {
    components: components.filter(({ id }) => isIn(id) || named.has(id)),
    connections: inside,
    shared: Object.fromEntries(Object.entries(shared).filter(([, id]) => isIn(id))),
  };
}

/** Returns the ID of a component. A call of something inside a component, such as a route of a gateway, is a call of the component. */
function knownId(id: string, components: Map<string, TopologyComponent>): string | undefined {
  for (let path = id; path; path = path.slice(0, Math.max(0, path.lastIndexOf('/')))) {
    if (components.has(path)) return path;
  }
  return undefined;
}

function addExternal(id: string, components: Map<string, TopologyComponent>): string {
  components.set(id, { id, kind: ComponentKind.EXTERNAL, label: id });
  return id;
}

/** Adds a call from the internet to each public component for which nobody recorded a caller outside, so that the picture shows it. */
function callsFromInternet(components: Map<string, TopologyComponent>, connections: TopologyConnection[]): TopologyConnection[] {
  const all = [...components.values()];
  const outsiders = new Set(all.filter((c) => OUTSIDE.includes(c.kind)).map((c) => c.id));
  const called = new Set(connections.filter(({ client }) => outsiders.has(client)).map(({ server }) => server));
  const uncalled = all.filter(({ id, publicFacing }) => publicFacing && !called.has(id));
  if (uncalled.length === 0) return [];
  const internet = all.find((c) => c.kind === ComponentKind.INTERNET) ?? INTERNET;
  components.set(internet.id, internet);
  return uncalled.map((c) => ({ client: internet.id, server: c.id, protocol: ASSUMED }));
}

/** Returns true for a call from the internet that the picture shows because nobody recorded a caller. */
export function isAssumedEntrance({ protocol, port }: ModelConnection): boolean {
  return protocol === ASSUMED && port === undefined;
}

function plainComponent(scope: IConstruct, component: TopologyComponent, zone: Zone): ModelComponent {
  const { id, kind } = component;
  return {
    id,
    kind,
    label: plain(scope, id, component.label) ?? id.split('/').pop()!,
    details: (component.details ?? []).map((line) => plain(scope, id, line)).filter((line) => line !== undefined),
    publicFacing: component.publicFacing ?? false,
    zone,
  };
}

/**
 * Returns the zones of external components: a host that is called is on the far side, a client of something public is with the internet, and
 * a client of private components alone is in the network or in one joined to it.
 */
function zonesOfExternals(components: Map<string, TopologyComponent>, connections: TopologyConnection[]): Map<string, Zone> {
  const servers = new Set(connections.map(({ server }) => server));
  const clients = new Set(connections.map(({ client }) => client));
  const clientsOfPublic = new Set(
    connections.filter(({ server }) => components.get(server)!.publicFacing).map(({ client }) => client),
  );
  const zone = ({ id }: TopologyComponent): Zone => {
    if (servers.has(id) || !clients.has(id)) return 'outside';
    return clientsOfPublic.has(id) ? 'internet' : 'private';
  };
  const externals = [...components.values()].filter(({ kind }) => kind === ComponentKind.EXTERNAL);
  return new Map(externals.map((one) => [one.id, zone(one)]));
}

function zoneOf({ kind, publicFacing }: TopologyComponent): Zone {
  switch (kind) {
    case ComponentKind.INTERNET:
    case ComponentKind.DISTRIBUTION:
      return 'internet';
    case ComponentKind.AWS_API:
      return 'aws';
    case ComponentKind.REDIS:
    case ComponentKind.DATABASE:
      return publicFacing ? 'public' : 'data';
    default:
      return publicFacing ? 'public' : 'private';
  }
}

function plainConnection(scope: IConstruct, connection: TopologyConnection): ModelConnection {
  const dnsName = plain(scope, connection.client, connection.dnsName);
  const port = plain(scope, connection.client, connection.port);
  return {
    client: connection.client,
    server: connection.server,
    protocol: connection.protocol,
    ...(dnsName === undefined ? {} : { dnsName }),
    ...(port === undefined ? {} : { port }),
  };
}

function unique(connections: ModelConnection[]): ModelConnection[] {
  return [...new Map(connections.map((connection) => [JSON.stringify(connection), connection])).values()];
}

/** Returns a plain value; undefined if only CloudFormation knows it. */
function plain<T extends string | number>(scope: IConstruct, path: string, value: T | undefined): T | undefined {
  if (value === undefined || !Token.isUnresolved(value)) return value;
  try {
    const resolved: unknown = Tokenization.resolve(value, {
      scope: deepest(scope.node.root, path),
      resolver: new DefaultTokenResolver(new StringConcat()),
      preparing: false,
    });
    return typeof resolved === typeof value ? (resolved as T) : undefined;
  } catch {
    return undefined; // a lazy value that cannot be produced yet is no reason to fail over a picture
  }
}

/** Returns the construct at `path`, or the nearest one above it: references resolve as seen from the stack of the client. */
function deepest(root: IConstruct, path: string): IConstruct {
  let found = root;
  for (const id of path.split('/')) found = (found.node.tryFindChild(id) as IConstruct | undefined) ?? found;
  return found;
}
