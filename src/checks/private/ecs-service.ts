import { admits, knownGroups } from './security-groups';
import { Resource, Value } from '../../template/private/app-templates';

/** Where a load balancer sends requests for a service. */
export interface LoadBalancerTarget {
  readonly targetGroup?: Resource;
  readonly containerPort?: number;
}

/** An `AWS::ECS::Service` with what belongs to it. */
export class EcsService {
  /** The service, or nothing if the resource is something else. */
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

  /** `awsvpc`, `bridge`, `host`; ECS takes bridge where nothing is said. */
  public get networkMode(): string | undefined {
    const mode = this.taskDefinition?.at('NetworkMode');
    return mode?.isAbsent ? 'bridge' : mode?.text;
  }

  /** Its Service Connect configuration, if that is on. */
  public get serviceConnect(): Value | undefined {
    const configuration = this.resource.at('ServiceConnectConfiguration');
    return configuration.at('Enabled').isTrue ? configuration : undefined;
  }

  /** Security groups of the tasks themselves; absent on shared hosts and where one is not in the app. */
  public get groups(): Resource[] | undefined {
    return knownGroups(this.resource.at('NetworkConfiguration', 'AwsvpcConfiguration', 'SecurityGroups'));
  }

  public get targets(): LoadBalancerTarget[] {
    return this.resource
      .at('LoadBalancers')
      .items.map((item) => ({ targetGroup: item.at('TargetGroupArn').resource, containerPort: item.at('ContainerPort').number }));
  }

  /** Port on the task or host for a container port; absent if the task definition does not say. */
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

  /** What autoscaling was told about it. */
  public get scalableTargets(): Resource[] {
    return this.resource.app.referring(this.resource, 'AWS::ApplicationAutoScaling::ScalableTarget', 'ResourceId');
  }

  /** The number of tasks at quiet times; absent if only a deployment can tell. */
  public get tasks(): number | undefined {
    const [target] = this.scalableTargets;
    const count = target ? target.at('MinCapacity') : this.resource.at('DesiredCount');
    return count.isAbsent ? 1 : count.number;
  }

  public get deployment(): Value {
    return this.resource.at('DeploymentConfiguration');
  }

  /** `ROLLING` unless said otherwise; absent for controllers other than ECS itself. */
  public get strategy(): string | undefined {
    const controller = this.resource.at('DeploymentController', 'Type');
    if (!controller.isAbsent && controller.text !== 'ECS') return undefined;
    if (this.resource.at('SchedulingStrategy').text === 'DAEMON') return undefined;
    const strategy = this.deployment.at('Strategy');
    return strategy.isAbsent ? 'ROLLING' : strategy.text;
  }

  /** Whether its tasks admit one of the clients' groups; an unknown party counts as admitted. */
  public admits(port: number, clients?: Resource[]): boolean {
    return !this.groups || admits(this.groups, { from: port, to: port }, clients);
  }
}
