import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { portText } from './private/port-range';
import { INTERNET_NAME, Node, ReachGraph, Step } from './private/reach-graph';
import { ReachablePair } from './reachable-pair';
import { validationError } from '../core/private/errors';
import { closest } from '../core/private/names';

/** Choices of a reachability proof. */
export interface ReachabilityProps {
  /**
   * Only these stacks count, with the nested stacks in them: the state after they are deployed and before the others are.
   *
   * @default - every stack of the app
   */
  readonly stacks?: Stack[];
}

/**
 * Who can open a TCP connection to whom, and on which port, read from the synthesised templates of an app: subnets, routes, NAT, endpoints,
 * listeners, and security groups on both sides, in every stack. For tests of your own, in any language.
 *
 * Names are construct paths: `Shop/Redis` means everything in that construct which can call or be called. `Internet` is everybody outside.
 *
 * It synthesises the app if that has not happened yet. It creates no resources and costs nothing. Network ACLs, peering and IPv6 addresses
 * inside the network are not read; see docs/reachability.md.
 *
 * @example
 * const reachability = Reachability.of(this);
 * reachability.expectReachable('Shop/Api', 'Shop/Redis', 6379);
 * reachability.expectUnreachable(Reachability.INTERNET, 'Shop/Redis');
 */
export class Reachability {
  /** Everybody outside the network. */
  public static readonly INTERNET = INTERNET_NAME;

  /**
   * The proof for the app that `scope` belongs to.
   *
   * @param scope any construct of the app
   * @param props which stacks count
   */
  public static of(scope: IConstruct, props: ReachabilityProps = {}): Reachability {
    return new Reachability(scope, props);
  }

  private readonly scope: IConstruct;
  private readonly graph: ReachGraph;

  private constructor(scope: IConstruct, props: ReachabilityProps) {
    this.scope = scope.node.root;
    this.graph = new ReachGraph(scope, props.stacks);
  }

  /** Everyone who can call or be called, by their construct paths, and those outside whom a rule means. */
  public components(): string[] {
    return this.graph.names.sort();
  }

  /**
   * Every connection that can be opened, sorted; nothing else can. A load balancer ends connections and opens its own, so that a call
   * through it is two pairs, and so is a call that leaves through the internet and comes back.
   */
  public pairs(): ReachablePair[] {
    return this.graph
      .steps()
      .map(pairOf)
      .sort((a, b) => (`${a.from} -> ${a.to}` < `${b.from} -> ${b.to}` ? -1 : 1));
  }

  /**
   * The way on which something in `from` calls something in `to`, one pair for each connection on it: one, or more where load balancers
   * stand between. Empty if there is none.
   *
   * @param from construct path, or `Reachability.INTERNET`
   * @param to construct path, or `Reachability.INTERNET`
   * @param port the port that `to` answers on; any port if it is left out
   */
  public path(from: string, to: string, port?: number): ReachablePair[] {
    return this.chain(from, to, port)?.map(pairOf) ?? [];
  }

  /**
   * Throws unless something in `from` can open a connection to something in `to`, directly or through load balancers; the message says
   * what blocks it.
   *
   * @param from construct path, or `Reachability.INTERNET`
   * @param to construct path, or `Reachability.INTERNET`
   * @param port the port that `to` answers on; behind a load balancer that of the container
   */
  public expectReachable(from: string, to: string, port: number): void {
    if (this.chain(from, to, port)) return;
    throw validationError(this.scope, 'NotReachable', {
      prop: from,
      must: `reach ${to} on port ${port}`,
      fix: `open the way, such as with connectTo(); now\n${this.blocks(from, to).join('\n')}`,
    });
  }

  /**
   * Throws if something in `from` can open a connection to something in `to`, directly or through load balancers; the message shows the
   * whole way.
   *
   * @param from construct path, or `Reachability.INTERNET`
   * @param to construct path, or `Reachability.INTERNET`
   * @param port the port that `to` answers on; any port if it is left out
   */
  public expectUnreachable(from: string, to: string, port?: number): void {
    const chain = this.chain(from, to, port);
    if (!chain) return;
    throw validationError(this.scope, 'Reachable', {
      prop: from,
      must: `not reach ${to}${port === undefined ? '' : ` on port ${port}`}`,
      fix: `close one of\n  ${chain.map(stepText).join('\n  ')}`,
    });
  }

  private chain(from: string, to: string, port?: number): Step[] | undefined {
    for (const client of this.named(from)) {
      for (const server of this.named(to)) {
        const chain = client === server && from !== to ? undefined : this.graph.chain(client, server, port);
        if (chain) return chain;
      }
    }
    return undefined;
  }

  /** Why each component in the one does not reach each in the other. */
  private blocks(from: string, to: string): string[] {
    return this.named(from).flatMap((client) =>
      this.named(to)
        .map((server) => this.graph.step(client, server))
        .map((step) => `  ${step.from.name} -> ${step.to.name}: ${step.blocked ?? `only on ${portsText(step)}`}`),
    );
  }

  private named(name: string): Node[] {
    const found = this.graph.named(name);
    if (found.length > 0) return found;
    const meant = closest(name, this.graph.names);
    throw validationError(this.scope, 'UnknownParty', {
      prop: 'from, to',
      must: 'be the path of something that calls or is called in a network',
      got: name,
      fix: meant ? `did you mean "${meant}"?` : `choose of ${this.components().join(', ')}, or a construct that holds one of them`,
    });
  }
}

function portsText({ ports }: Step): string {
  return ports.map(portText).join(', ');
}

function stepText(step: Step): string {
  return [step.from.name, ...step.path.map((part) => `(${part})`), `${step.to.name} :${portsText(step)}`].join(' -> ');
}

function pairOf(step: Step): ReachablePair {
  return { from: step.from.name, to: step.to.name, ports: portsText(step), path: step.path };
}
