import { remembered } from './remembered';
import { admits, knownGroups } from './security-groups';
import { AppTemplates, Resource, Value } from '../../template/private/app-templates';

/** The target group through which a load balancer sends requests to a service. */
export interface LoadBalancerTarget {
  readonly targetGroup?: Resource;
  readonly containerPort?: number;
}

/** An `AWS::ECS::Service` and the resources that belong to it. */
export class EcsService {
  /** Returns the service; undefined if the resource is of another type. */
  public static of(resource: Resource): EcsService | undefined {
    return resource.type === 'AWS::ECS::Service' ? serviceOf(resource) : undefined;
  }

  public static all(app: AppTemplates): EcsService[] {
    return app.all('AWS::ECS::Service').map((found) => serviceOf(found));
  }

  public readonly taskDefinition?: Resource;
  public readonly containers: Value[];
  public readonly portMappings: Value[];

  /** The network mode: `awsvpc`, `bridge` or `host`. ECS uses bridge mode by default. */
  public readonly networkMode?: string;

  /** The Service Connect configuration, if it is enabled. */
  public readonly serviceConnect?: Value;

  /** The security groups of the tasks; undefined on shared hosts, and if one of them is not in the app. */
  public readonly groups?: Resource[];

  constructor(public readonly resource: Resource) {
    const definition = resource.at('TaskDefinition').resource;
    this.taskDefinition = definition?.type === 'AWS::ECS::TaskDefinition' ? definition : undefined;
    this.containers = this.taskDefinition?.at('ContainerDefinitions').items ?? [];
    this.portMappings = this.containers.flatMap((container) => container.at('PortMappings').items);
    const mode = this.taskDefinition?.at('NetworkMode');
    this.networkMode = mode?.isAbsent ? 'bridge' : mode?.text;
    const configuration = resource.at('ServiceConnectConfiguration');
    this.serviceConnect = configuration.at('Enabled').isTrue ? configuration : undefined;
    this.groups = knownGroups(resource.at('NetworkConfiguration', 'AwsvpcConfiguration', 'SecurityGroups'));
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

const serviceOf = remembered((resource: Resource) => new EcsService(resource));
