import { admits, knownGroups } from './security-groups';
import { Resource, Value } from '../../template/private/app-templates';

/** The target group through which a load balancer sends requests to a service. */
export interface LoadBalancerTarget {
  readonly targetGroup?: Resource;
  readonly containerPort?: number;
}

/** An `AWS::ECS::Service` and the resources that belong to it. */
export class EcsService {
  /** Returns the service; undefined if the resource is of another type. */
  public static of(resource: Resource): EcsService | undefined {
    return resource.type === 'AWS::ECS::Service' ? new EcsService(resource) : undefined;
  }

  public static all(resource: Resource): EcsService[] {
    return resource.app.all('AWS::ECS::Service').map((found) => new EcsService(found));
  }

  private constructor(public readonly resource: Resource) {}

  public get taskDefinition(): Resource | undefined {
    const found = this.resource.at('TaskDefinition').resource;
    return found?.type === 'AWS::ECS::TaskDefinition' ? found : undefined;
  }

  public get containers(): Value[] {
    return this.taskDefinition?.at('ContainerDefinitions').items ?? [];
  }

  /** The network mode: `awsvpc`, `bridge` or `host`. ECS uses bridge mode by default. */
  public get networkMode(): string | undefined {
    const mode = this.taskDefinition?.at('NetworkMode');
    return mode?.isAbsent ? 'bridge' : mode?.text;
  }

  /** The Service Connect configuration, if it is enabled. */
  public get serviceConnect(): Value | undefined {
    const configuration = this.resource.at('ServiceConnectConfiguration');
    return configuration.at('Enabled').isTrue ? configuration : undefined;
  }

  /** The security groups of the tasks; undefined on shared hosts, and if one of them is not in the app. */
  public get groups(): Resource[] | undefined {
    return knownGroups(this.resource.at('NetworkConfiguration', 'AwsvpcConfiguration', 'SecurityGroups'));
  }

  public get targets(): LoadBalancerTarget[] {
    return this.resource
      .at('LoadBalancers')
      .items.map((item) => ({ targetGroup: item.at('TargetGroupArn').resource, containerPort: item.at('ContainerPort').number }));
  }

  /** Returns the port of the task or host for a container port; undefined if the task definition does not map it. */
  public hostPort(containerPort?: number): number | undefined {
    const mapping = this.portMappings.find((found) => found.at('ContainerPort').number === containerPort);
    if (!mapping) return undefined;
    const host = mapping.at('HostPort');
    if (host.isUnknown) return undefined;
    return this.networkMode === 'bridge' ? (host.number ?? 0) : containerPort;
  }

  public get portMappings(): Value[] {
    return this.containers.flatMap((container) => container.at('PortMappings').items);
  }

  /** The scalable targets that Application Auto Scaling registers for the service. */
  public get scalableTargets(): readonly Resource[] {
    return this.resource.app.referring(this.resource, 'AWS::ApplicationAutoScaling::ScalableTarget', 'ResourceId');
  }

  /** The minimum number of tasks; undefined if it is known only at deployment. */
  public get tasks(): number | undefined {
    const [target] = this.scalableTargets;
    const count = target ? target.at('MinCapacity') : this.resource.at('DesiredCount');
    return count.isAbsent ? 1 : count.number;
  }

  public get deployment(): Value {
    return this.resource.at('DeploymentConfiguration');
  }

  /** The deployment strategy: `ROLLING` by default; undefined for deployment controllers other than ECS. */
  public get strategy(): string | undefined {
    const controller = this.resource.at('DeploymentController', 'Type');
    if (!controller.isAbsent && controller.text !== 'ECS') return undefined;
    if (this.resource.at('SchedulingStrategy').text === 'DAEMON') return undefined;
    const strategy = this.deployment.at('Strategy');
    return strategy.isAbsent ? 'ROLLING' : strategy.text;
  }

  /** Returns true if the tasks admit one of the clients' security groups. A source that is not in the app counts as admitted. */
  public admits(port: number, clients?: Resource[]): boolean {
    return !this.groups || admits(this.groups, { from: port, to: port }, clients);
  }
}
