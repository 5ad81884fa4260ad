import { AdmissionIndex } from './admission-index';
import { AppTemplates } from './app-templates';
import { EcsParties } from './ecs-nodes';
import { EdgeParties, pathFromEdge } from './edge-nodes';
import { INTERNET, ExternalPeer, externalPeersOf, NetworkPath, pathFrom, pathTo } from './external-peer';
import { LoadBalancerParties } from './load-balancer-nodes';
import { MachineParties } from './machine-nodes';
import { Network } from './network';
import { NetworkNode } from './network-node';
import { pathBetween } from './paths';
import { covers, single } from './port-range';
import { Groups } from './security-group';
import { StoreParties } from './store-nodes';

export type Node = NetworkNode | ExternalPeer;

/** A step: a client that opens a connection to a server. */
export interface Step extends NetworkPath {
  readonly from: Node;
  readonly to: Node;
}

/** All nodes in the templates of an app, and the connections that they can open. */
export class ReachGraph {
  public readonly components: NetworkNode[];
  public readonly externalPeers: ExternalPeer[];
  private readonly network: Network;

  constructor(app: AppTemplates) {
    const groups = new Groups(app);
    this.network = new Network(app, groups);
    const ecs = new EcsParties(app, groups, this.network);
    const services = ecs.services();
    const machines = new MachineParties(app, groups, this.network).all();
    const loadBalancers = new LoadBalancerParties(app, groups, this.network, services, machines).all();
    const inNetworks = [
      ...services.map(({ component }) => component),
      ...ecs.scheduled(),
      ...ecs.jobs(),
      ...ecs.hosts(),
      ...machines,
      ...loadBalancers,
      ...new StoreParties(app, groups, this.network).all(),
    ];
    const gateways = app
      .all('AWS::EC2::VPCEndpoint')
      .filter((endpoint) => (endpoint.at('VpcEndpointType') ?? 'Gateway') === 'Gateway');
    this.components = [...inNetworks, ...new EdgeParties(app, this.network, loadBalancers).all()];
    this.externalPeers = externalPeersOf(inNetworks, this.network, gateways);
  }

  /** The names that a test can use. */
  public get names(): string[] {
    return [...this.externalPeers, ...this.components].map(({ name }) => name);
  }

  /** Returns the nodes with this path or below it. */
  public named(name: string): Node[] {
    const below = this.components.filter((component) => `${component.path}/`.startsWith(`${name}/`));
    return [...below, ...this.externalPeers.filter((outside) => outside.name === name)];
  }

  /** Returns all connections that can be opened. */
  public steps(): Step[] {
    const index = new AdmissionIndex(this.components, this.network);
    const nodes: Node[] = [...this.externalPeers, ...this.components];
    const targets = (from: Node) => {
      if (isExternal(from)) return nodes;
      return from.atEdge ? new Set(from.forwards!.map(({ to }) => to)) : [...this.externalPeers, ...index.candidates(from)];
    };
    return nodes.flatMap((from) => [...targets(from)].map((to) => this.step(from, to)).filter(({ ports }) => ports.length > 0));
  }

  public step(from: Node, to: Node): Step {
    return { from, to, ...this.path(from, to) };
  }

  /** Returns the steps from one node to another on the port that the last one listens on, directly or through load balancers. */
  public chain(from: Node, to: Node, port?: number, seen: Node[] = []): Step[] | undefined {
    const direct = this.step(from, to);
    if (port === undefined ? direct.ports.length > 0 : covers(direct.ports, single(port))) return [direct];
    for (const relay of this.components.filter(
      (component) => component.forwards && component !== to && component !== from && !seen.includes(component),
    )) {
      const first = this.step(from, relay);
      const used = relay.forwards!.filter(({ listener }) => covers(first.ports, single(listener)));
      const rest = used.length > 0 ? this.chain({ ...relay, forwards: used }, to, port, [...seen, relay]) : undefined;
      if (rest) return [{ ...first, ports: used.map(({ listener }) => single(listener)) }, ...rest];
    }
    return undefined;
  }

  private path(from: Node, to: Node): NetworkPath {
    if (isExternal(from)) {
      if (isExternal(to)) return { ports: [], path: [], blocked: 'both are outside' };
      return pathFrom(from, to, this.network);
    }
    if (from.atEdge && !isExternal(to)) return pathFromEdge(from, to, this.network);
    return isExternal(to) ? pathTo(from, to, this.network) : pathBetween(from, to, this.network);
  }
}

export function isExternal(node: Node): node is ExternalPeer {
  return 'isMeant' in node;
}

export const INTERNET_NAME = INTERNET.name;
