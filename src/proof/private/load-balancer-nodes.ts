import { AppTemplates } from './app-templates';
import { named, ServiceParty } from './ecs-nodes';
import { Network } from './network';
import { Forward, NetworkNode } from './network-node';
import { single } from './port-range';
import { ProofResource } from './proof-resource';
import { Groups } from './security-group';
import { isObject, numberOf, textOf } from '../../template/private/json';

const ELB = 'AWS::ElasticLoadBalancingV2';

type Target = Omit<Forward, 'listener'>;

/** Load balancers: they listen on the ports of their listeners, and connect only to the targets that these forward to. */
export class LoadBalancerParties {
  constructor(
    private readonly app: AppTemplates,
    private readonly groups: Groups,
    private readonly network: Network,
    private readonly services: ServiceParty[],
    private readonly machines: NetworkNode[],
  ) {}

  public all(): NetworkNode[] {
    return this.app.all(`${ELB}::LoadBalancer`).map((loadBalancer) => {
      const listeners = this.app.all(`${ELB}::Listener`).filter((listener) => listener.ref('LoadBalancerArn') === loadBalancer);
      const subnets = [...loadBalancer.list('Subnets'), ...loadBalancer.list('SubnetMappings')];
      return {
        ...named(loadBalancer, 'load balancer'),
        groups: loadBalancer.list('SecurityGroups').map((group) => this.groups.of(group, loadBalancer)),
        // Without a scheme it is internet-facing.
        place: this.network.locate(loadBalancer, subnets, textOf(loadBalancer.at('Scheme')) !== 'internal'),
        opens: true,
        listens: listeners.flatMap((listener) => numberOf(listener.at('Port')) ?? []),
        forwards: listeners.flatMap((listener) => this.forwards(listener)),
        callsOutside: listeners.some((listener) => this.signsIn(listener)),
      };
    });
  }

  /** Returns true if the load balancer signs users in, because it then calls the identity provider itself. */
  private signsIn(listener: ProofResource): boolean {
    const actions = [...listener.list('DefaultActions'), ...this.rulesOf(listener).flatMap((rule) => rule.list('Actions'))];
    return actions.some((action) => isObject(action) && `${action.Type}`.startsWith('authenticate-'));
  }

  private rulesOf(listener: ProofResource): ProofResource[] {
    return this.app.all(`${ELB}::ListenerRule`).filter((rule) => rule.ref('ListenerArn') === listener);
  }

  private forwards(listener: ProofResource): Forward[] {
    const rules = this.rulesOf(listener);
    const own = this.targetsOf(listener, listener.at('DefaultActions'));
    const found = [...own, ...rules.flatMap((rule) => this.targetsOf(rule, rule.at('Actions')))];
    return found.map((target) => ({ ...target, listener: numberOf(listener.at('Port')) ?? 0 }));
  }

  private targetsOf(owner: ProofResource, actions: unknown): Target[] {
    const groups = new Set(owner.followAll(actions).filter(({ type }) => type === `${ELB}::TargetGroup`));
    return [...groups].flatMap((group) => [...this.tasks(group, owner), ...this.instances(group, owner)]);
  }

  private tasks(group: ProofResource, owner: ProofResource): Target[] {
    return this.services.flatMap(({ service, component }) =>
      service
        .list('LoadBalancers')
        .filter(isObject)
        .filter((entry) => namesGroup(service, entry, group))
        .flatMap((entry) => {
          const port = numberOf(entry.ContainerPort);
          if (port === undefined) return [];
          const host = component.hostPorts?.find(({ containerPort }) => containerPort === port)?.host;
          return [{ to: component, port, ports: host ?? single(port), by: `${owner.name} (${group.name})` }];
        }),
    );
  }

  private instances(group: ProofResource, owner: ProofResource): Target[] {
    return group
      .list('Targets')
      .filter(isObject)
      .flatMap((target) => {
        const path = group.follow(target.Id)?.path;
        const port = numberOf(target.Port) ?? numberOf(group.at('Port'));
        const to = this.machines.find((machine) => machine.path === path);
        return to && port !== undefined ? [{ to, port, ports: single(port), by: `${owner.name} (${group.name})` }] : [];
      });
  }
}

/** Returns true if a service names the target group in `AdvancedConfiguration`, as it does for blue/green deployments. */
function namesGroup(service: ProofResource, entry: Record<string, unknown>, group: ProofResource): boolean {
  const advanced = isObject(entry.AdvancedConfiguration) ? entry.AdvancedConfiguration : {};
  return [entry.TargetGroupArn, advanced.AlternateTargetGroupArn].some((arn) => service.follow(arn) === group);
}
