import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { requireAgreement } from './private/agreement';
import { AppTemplates } from './private/app-templates';
import { portText } from './private/port-range';
import { INTERNET_NAME, Node, ReachGraph, Step } from './private/reach-graph';
import { ReachablePair } from './reachable-pair';
import { validationError } from '../core/private/errors';
import { guard } from '../core/private/guard';
import { closest } from '../core/private/names';

/** Properties for a reachability proof. */
export interface ReachabilityProps {
  /**
   * The stacks that are deployed, including their nested stacks: the state after they are deployed and before the others are.
   *
   * @default - all stacks in the app
   */
  readonly stacks?: Stack[];
}

/**
 * Proves which components can open a TCP connection to which others, and on which port. It reads the synthesized templates of an app:
 * subnets, routes, NAT, endpoints, listeners, and security groups on both sides, in every stack. Use it in tests of your own, in any
 * language.
 *
 * Names are construct paths: `Shop/Redis` means everything in that construct that can open or accept connections. `Internet` means all
 * addresses outside the network.
 *
 * It synthesizes the app if that has not happened yet. It creates no resources and is free of charge. It does not read network ACLs,
 * peering and IPv6 addresses inside the network; see https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/reachability.md.
 *
 * @example
 * const reachability = Reachability.of(this);
 * reachability.expectReachable('Shop/Api', 'Shop/Redis', 6379);
 * reachability.expectUnreachable(Reachability.INTERNET, 'Shop/Redis');
 */
export class Reachability {
  /** All addresses outside the network. */
  public static readonly INTERNET = INTERNET_NAME;

  /**
   * Returns the proof for the app that contains `scope`.
   *
   * @param scope any construct of the app
   * @param props stacks that are deployed
   */
  public static of(scope: IConstruct, props: ReachabilityProps = {}): Reachability {
    return new Reachability(AppTemplates.of(scope, props.stacks), scope.node.root);
  }

  /**
   * Returns the proof for several apps that were synthesized each alone, such as a platform's app and the apps of its teams: references by
   * parameters in Parameter Store and by exports lead from one app to the other.
   *
   * It throws if the apps contradict each other: a client states another port, protocol or number of zones than the owner shares, or reads
   * a parameter that the owner does not share; two apps have the same priority on one listener, or the same name in one namespace.
   *
   * @param directories cloud assemblies, such as `platform/cdk.out`
   */
  public static ofAssemblies(directories: string[]): Reachability {
    const templates = AppTemplates.ofAssemblies(directories);
    requireAgreement(templates.templates);
    return new Reachability(templates);
  }

  private readonly graph: ReachGraph;

  private constructor(
    templates: AppTemplates,
    private readonly scope?: IConstruct,
  ) {
    this.graph = new ReachGraph(templates);
  }

  /** The construct paths of all nodes that can open or accept connections, and the peers outside the app that a rule names. */
  public components(): string[] {
    return this.graph.names.sort();
  }

  /**
   * Returns all connections that can be opened, sorted. A load balancer terminates connections and opens its own, so that a call through it
   * is two pairs, and so is a call that leaves through the internet and comes back.
   */
  public pairs(): ReachablePair[] {
    return this.graph
      .steps()
      .map(pairOf)
      .sort((a, b) => (`${a.from} -> ${a.to}` < `${b.from} -> ${b.to}` ? -1 : 1));
  }

  /**
   * Returns the path from a component in `from` to a component in `to`, with one pair for each connection on it: one, or more with load
   * balancers in between. It is empty if there is none.
   *
   * @param from construct path, or `Reachability.INTERNET`
   * @param to construct path, or `Reachability.INTERNET`
   * @param port port that `to` listens on; any port by default
   */
  public path(from: string, to: string, port?: number): ReachablePair[] {
    return this.chain(from, to, port)?.map(pairOf) ?? [];
  }

  /**
   * Throws unless a component in `from` can open a connection to a component in `to`, directly or through load balancers. The message names
   * what blocks it.
   *
   * @param from construct path, or `Reachability.INTERNET`
   * @param to construct path, or `Reachability.INTERNET`
   * @param port port that `to` listens on; behind a load balancer, the port of the container; any port by default
   */
  public expectReachable(from: string, to: string, port?: number): void {
    if (this.chain(from, to, port)) return;
    throw validationError(this.scope, 'NotReachable', {
      prop: from,
      must: `reach ${to}${onPort(port)}`,
      fix: `open the way, such as with connectTo(); now\n${this.blocks(from, to).join('\n')}`,
    });
  }

  /**
   * Throws if a component in `from` can open a connection to a component in `to`, directly or through load balancers. The message shows the
   * whole path.
   *
   * @param from construct path, or `Reachability.INTERNET`
   * @param to construct path, or `Reachability.INTERNET`
   * @param port port that `to` listens on; any port by default
   */
  public expectUnreachable(from: string, to: string, port?: number): void {
    const chain = this.chain(from, to, port);
    if (!chain) return;
    throw validationError(this.scope, 'Reachable', {
      prop: from,
      must: `not reach ${to}${onPort(port)}`,
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

  /** Returns the reasons why the components in one construct cannot reach those in the other. */
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
      must: 'be the path of a component that can open or accept connections in a network',
      got: name,
      fix: meant ? `did you mean "${meant}"?` : `choose of ${this.components().join(', ')}, or a construct that holds one of them`,
    });
  }
}

guard({ Reachability });

function onPort(port: number | undefined): string {
  return port === undefined ? '' : ` on port ${port}`;
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
