import { AppTemplates } from './app-templates';
import { Network, NetworkLocation, publicAddressOf } from './network';
import { HostPort, NetworkNode } from './network-node';
import { single } from './port-range';
import { ProofResource } from './proof-resource';
import { Group, Groups } from './security-group';
import { isObject, numberOf, textOf } from '../../template/private/json';

/** The port range from which Docker and the ECS agent assign host ports. */
const DYNAMIC = { from: 32768, to: 65535 };

interface Hosts {
  readonly groups: Group[];
  readonly place: NetworkLocation;
  readonly path?: string;
}

/** A container port of a service, for the load balancers that forward to it. */
export interface ServiceParty {
  readonly service: ProofResource;
  readonly component: NetworkNode;
}

/** Services, tasks of schedules and deployments, and the hosts of both. */
export class EcsParties {
  constructor(
    private readonly app: AppTemplates,
    private readonly groups: Groups,
    private readonly network: Network,
  ) {}

  public services(): ServiceParty[] {
    return this.app.all('AWS::ECS::Service').map((service) => ({ service, component: this.service(service) }));
  }

  public scheduled(): NetworkNode[] {
    const schedules = this.app.all('AWS::Scheduler::Schedule').map((schedule) => ({
      schedule,
      parameters: schedule.at('Target', 'EcsParameters'),
    }));
    const rules = this.app
      .all('AWS::Events::Rule')
      .flatMap((rule) =>
        rule.list('Targets').map((target) => ({ schedule: rule, parameters: isObject(target) ? target.EcsParameters : undefined })),
      );
    return [...schedules, ...rules].flatMap(({ schedule, parameters }) => {
      const network =
        isObject(parameters) && isObject(parameters.NetworkConfiguration) ? parameters.NetworkConfiguration : undefined;
      const awsvpc = network?.AwsvpcConfiguration ?? network?.AwsVpcConfiguration;
      return isObject(awsvpc) ? [{ ...named(schedule, 'scheduled tasks'), ...this.awsvpc(schedule, awsvpc), opens: true }] : [];
    });
  }

  /** Returns the tasks that a deployment runs. The resource of DeploymentJob uses the same network properties as ECS. */
  public jobs(): NetworkNode[] {
    return this.app
      .all('Custom::EcsMeshDeploymentJob')
      .map((run) => ({ ...named(run, 'deployment jobs'), ...this.awsvpc(run, run.at() as Record<string, unknown>), opens: true }));
  }

  /** Returns the groups of instances. A container on a host is part of the network as its tasks are. */
  public hosts(): NetworkNode[] {
    return this.app.all('AWS::AutoScaling::AutoScalingGroup').map((group) => ({
      ...named(group, 'hosts'),
      ...this.hostsOf(group),
      hosts: group.path,
      opens: true,
    }));
  }

  private service(service: ProofResource): NetworkNode {
    const task = service.ref('TaskDefinition');
    const mode = textOf(task?.at('NetworkMode')) ?? 'bridge';
    if (mode === 'awsvpc') {
      const configuration = service.at('NetworkConfiguration', 'AwsvpcConfiguration');
      return { ...named(service, 'tasks'), ...this.awsvpc(service, isObject(configuration) ? configuration : {}), opens: true };
    }
    const { path, ...hosts } = this.sharedBy(service);
    return { ...named(service, 'tasks'), ...hosts, hosts: path, hostPorts: hostPorts(task, mode), opens: true };
  }

  private awsvpc(owner: ProofResource, raw: Record<string, unknown>): Pick<NetworkNode, 'groups' | 'place'> {
    const groups = Array.isArray(raw.SecurityGroups) ? raw.SecurityGroups : [];
    return {
      groups: groups.map((group) => this.groups.of(group, owner)),
      place: this.network.locate(owner, raw.Subnets, raw.AssignPublicIp === 'ENABLED'),
    };
  }

  /** Returns the hosts of tasks that have no addresses of their own: those of their capacity provider, or else any host of the cluster. */
  private sharedBy(service: ProofResource): Hosts {
    const providers = service
      .list('CapacityProviderStrategy')
      .map((one) => (isObject(one) ? service.follow(one.CapacityProvider) : undefined));
    const chosen = providers.flatMap((provider) => provider?.ref('AutoScalingGroupProvider', 'AutoScalingGroupArn') ?? []);
    const [found] = chosen.length > 0 ? chosen : this.ofCluster(service);
    return found ? { ...this.hostsOf(found), path: found.path } : { groups: [], place: { hasPublicAddress: false } };
  }

  private ofCluster(service: ProofResource): ProofResource[] {
    const cluster = service.ref('Cluster');
    return this.app
      .all('AWS::ECS::ClusterCapacityProviderAssociations')
      .filter((association) => association.ref('Cluster') === cluster)
      .flatMap((association) => association.list('CapacityProviders').map((provider) => association.follow(provider)))
      .flatMap((provider) => provider?.ref('AutoScalingGroupProvider', 'AutoScalingGroupArn') ?? []);
  }

  private hostsOf(group: ProofResource): Hosts {
    const template =
      group.ref('LaunchTemplate', 'LaunchTemplateId') ??
      group.ref('MixedInstancesPolicy', 'LaunchTemplate', 'LaunchTemplateSpecification', 'LaunchTemplateId');
    const owner = template ?? group.ref('LaunchConfigurationName') ?? group;
    const cards = owner.list('LaunchTemplateData', 'NetworkInterfaces').filter(isObject);
    const ids = [
      ...owner.list('LaunchTemplateData', 'SecurityGroupIds'),
      ...owner.list('SecurityGroups'),
      ...cards.flatMap((card) => (Array.isArray(card.Groups) ? (card.Groups as unknown[]) : [])),
    ];
    const stated = publicAddressOf([...cards, { AssociatePublicIpAddress: owner.at('AssociatePublicIpAddress') }]);
    return {
      groups: ids.map((id) => this.groups.of(id, owner)),
      place: this.network.locateInstance(group, group.at('VPCZoneIdentifier'), stated),
    };
  }
}

export function named(resource: ProofResource, what: string): Pick<NetworkNode, 'path' | 'name' | 'what'> {
  return { path: resource.path, name: resource.name, what };
}

function hostPorts(task: ProofResource | undefined, mode: string): HostPort[] {
  const mappings = (task?.list('ContainerDefinitions') ?? []).flatMap((container) =>
    isObject(container) && Array.isArray(container.PortMappings) ? container.PortMappings : [],
  );
  return mappings.filter(isObject).flatMap((mapping) => {
    const containerPort = numberOf(mapping.ContainerPort);
    if (containerPort === undefined) return [];
    const fixed = mode === 'host' ? containerPort : numberOf(mapping.HostPort);
    return [{ containerPort, host: fixed ? single(fixed) : DYNAMIC }];
  });
}
