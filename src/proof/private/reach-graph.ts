import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { AppTemplates } from './app-templates';
import { EcsParties } from './ecs-parties';
import { LoadBalancerParties } from './load-balancer-parties';
import { MachineParties } from './machine-parties';
import { Network } from './network';
import { INTERNET, Outside, outsidesOf, Way, wayFrom, wayTo } from './outside';
import { Party } from './party';
import { covers, single } from './port-range';
import { Groups } from './security-group';
import { StoreParties } from './store-parties';
import { wayBetween } from './ways';

export type Node = Party | Outside;

/** One step: who opens a connection to whom. */
export interface Step extends Way {
  readonly from: Node;
  readonly to: Node;
}

/** Everybody in the templates of an app, and who can open connections to whom. */
export class ReachGraph {
  public readonly parties: Party[];
  public readonly outsides: Outside[];
  private readonly network: Network;

  public constructor(scope: IConstruct, stacks?: Stack[]) {
    const app = new AppTemplates(scope, stacks);
    const groups = new Groups(app);
    this.network = new Network(app, groups);
    const ecs = new EcsParties(app, groups, this.network);
    const services = ecs.services();
    const machines = new MachineParties(app, groups, this.network).all();
    this.parties = [
      ...services.map(({ party }) => party),
      ...ecs.scheduled(),
      ...ecs.jobs(),
      ...ecs.hosts(),
      ...machines,
      ...new LoadBalancerParties(app, groups, this.network, services, machines).all(),
      ...new StoreParties(app, groups, this.network).all(),
    ];
    const gateways = app
      .all('AWS::EC2::VPCEndpoint')
      .filter((endpoint) => (endpoint.at('VpcEndpointType') ?? 'Gateway') === 'Gateway');
    this.outsides = outsidesOf(this.parties, this.network, gateways);
  }

  /** Names that a test may use. */
  public get names(): string[] {
    return [...this.outsides, ...this.parties].map(({ name }) => name);
  }

  /** Whoever has this path or stands below it. */
  public named(name: string): Node[] {
    const below = this.parties.filter((party) => `${party.path}/`.startsWith(`${name}/`));
    return [...below, ...this.outsides.filter((outside) => outside.name === name)];
  }

  /** Every connection that can be opened. */
  public steps(): Step[] {
    const nodes: Node[] = [...this.outsides, ...this.parties];
    return nodes.flatMap((from) => nodes.map((to) => this.step(from, to)).filter(({ ports }) => ports.length > 0));
  }

  public step(from: Node, to: Node): Step {
    return { from, to, ...this.way(from, to) };
  }

  /** The steps from one to the other on the port that the last one answers on: directly, or through load balancers. */
  public chain(from: Node, to: Node, port?: number, seen: Node[] = []): Step[] | undefined {
    const direct = this.step(from, to);
    if (port === undefined ? direct.ports.length > 0 : covers(direct.ports, single(port))) return [direct];
    for (const relay of this.parties.filter((party) => party.forwards && party !== to && party !== from && !seen.includes(party))) {
      const first = this.step(from, relay);
      const used = relay.forwards!.filter(({ listener }) => covers(first.ports, single(listener)));
      const rest = used.length > 0 ? this.chain({ ...relay, forwards: used }, to, port, [...seen, relay]) : undefined;
      if (rest) return [{ ...first, ports: used.map(({ listener }) => single(listener)) }, ...rest];
    }
    return undefined;
  }

  private way(from: Node, to: Node): Way {
    if (isOutside(from)) {
      if (isOutside(to)) return { ports: [], path: [], blocked: 'both are outside' };
      return wayFrom(from, to, this.network);
    }
    return isOutside(to) ? wayTo(from, to, this.network) : wayBetween(from, to, this.network);
  }
}

export function isOutside(node: Node): node is Outside {
  return 'isMeant' in node;
}

export const INTERNET_NAME = INTERNET.name;
