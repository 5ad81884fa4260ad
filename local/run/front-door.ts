import { isDeepStrictEqual } from 'node:util';
import { publishNames } from './publish-names';
import { TimeScale } from './time-scale';
import { NamesTable } from '../dns/names-table';
import { readRecords } from '../dns/records';
import { Certificate, selfSigned } from '../elb/certificate';
import { LiveRules } from '../elb/live-rules';
import { BoundListener, LoadBalancer } from '../elb/load-balancer';
import { NetworkLoadBalancer } from '../elb/network-load-balancer';
import { LoadBalancerPlan, RulePlan, readLoadBalancers, readTargetGroups, targetsOf } from '../elb/plan';
import { TargetGroup } from '../elb/target-group';
import { Resolver } from '../intrinsics/resolver';
import { Addresses } from '../net/addresses';
import { Ports } from '../net/ports';
import { RedisServer } from '../redis/redis-server';

export interface FrontDoorOptions {
  readonly resolver: Resolver;
  readonly names: NamesTable;
  readonly addresses: Addresses;
  readonly ports: Ports;
  readonly time: TimeScale;
}

/** The load balancers of a template with their target groups, and the records that point at them. */
export class FrontDoor {
  public readonly loadBalancers: LoadBalancer[] = [];
  public readonly networkLoadBalancers: NetworkLoadBalancer[] = [];
  public readonly groups = new Map<string, TargetGroup>();
  /** The weights that deployments have set. */
  public readonly live = new LiveRules();
  /** The records of the template that point at a machine or load balancer, by its own name. */
  public recordsOf: ReadonlyMap<string, readonly string[]> = new Map();
  public certificate?: Certificate;

  constructor(private readonly options: FrontDoorOptions) {}

  /** @param redis servers whose records are published with those of the load balancers */
  public async start(redis: readonly RedisServer[]): Promise<void> {
    const { resolver, names, time } = this.options;
    for (const plan of readTargetGroups(resolver)) this.groups.set(plan.arn, new TargetGroup(plan, time));
    await this.bind();
    this.recordsOf = publishNames(names, readRecords(resolver), this.balancers, redis);
    for (const balancer of this.balancers) {
      if (balancer instanceof LoadBalancer && balancer.plan.external) {
        balancer.publicName = this.recordsOf.get(balancer.plan.dnsName)?.[0];
      }
      await balancer.start();
    }
  }

  /**
   * Brings target groups and rules to another version of the template. A rule that changes gets the weights of the template, whatever
   * deployments have made of them.
   */
  public apply(resolver: Resolver): void {
    for (const plan of readTargetGroups(resolver)) {
      const known = this.groups.get(plan.arn);
      if (known) known.plan = plan;
      else this.groups.set(plan.arn, new TargetGroup(plan, this.options.time));
    }
    for (const plan of readLoadBalancers(resolver)) {
      const balancer = this.balancers.find((each) => each.plan.key === plan.key);
      if (balancer) this.applyRules(balancer, plan);
    }
  }

  public stop(): void {
    for (const group of this.groups.values()) group.close();
    for (const balancer of this.balancers) balancer.stop();
  }

  private get balancers(): (LoadBalancer | NetworkLoadBalancer)[] {
    return [...this.loadBalancers, ...this.networkLoadBalancers];
  }

  /** Gives every listener its address and port, before the first of them is open. */
  private async bind(): Promise<void> {
    const plans = readLoadBalancers(this.options.resolver)
      .filter(({ type }) => ['application', 'network'].includes(type))
      .sort((a, b) => Number(b.external) - Number(a.external));
    for (const plan of plans) {
      const listeners = await this.listenersOf(plan);
      if (plan.type === 'network') this.networkLoadBalancers.push(new NetworkLoadBalancer(plan, listeners, this.groups));
      else this.loadBalancers.push(new LoadBalancer(plan, listeners, this.groups, () => this.serverCertificate(), this.live));
      for (const { arn } of targetsOf(plan)) this.groups.get(arn)!.checkedFrom ??= listeners[0].address;
    }
  }

  private applyRules(balancer: LoadBalancer | NetworkLoadBalancer, { listeners }: LoadBalancerPlan): void {
    balancer.plan = { ...balancer.plan, listeners };
    for (const bound of balancer.listeners) {
      const next = listeners.find(({ port }) => port === bound.plan.port);
      if (!next) continue;
      const same = (rule: RulePlan) => bound.plan.rules.some((former) => isDeepStrictEqual(former, rule));
      for (const { arn } of next.rules.filter((rule) => !same(rule))) this.live.forget(arn);
      bound.plan = next;
    }
    for (const { arn } of targetsOf(balancer.plan)) this.groups.get(arn)!.checkedFrom ??= balancer.listeners[0].address;
  }

  private async listenersOf(plan: LoadBalancerPlan): Promise<BoundListener[]> {
    const { addresses, ports } = this.options;
    const address = addresses.allocate('loadBalancer');
    const listeners: BoundListener[] = [];
    for (const listener of plan.listeners) {
      listeners.push({ plan: listener, address, port: await ports.near(address, listener.port) });
    }
    return listeners;
  }

  /** One certificate with every name and address of the load balancers. */
  private async serverCertificate(): Promise<Certificate> {
    const names = this.loadBalancers.flatMap(({ plan }) => [...(this.recordsOf.get(plan.dnsName) ?? []), plan.dnsName]);
    const addresses = new Set(this.loadBalancers.flatMap(({ listeners }) => listeners.map(({ address }) => address)));
    this.certificate ??= await selfSigned([...names, 'localhost'], [...addresses]);
    return this.certificate;
  }
}
