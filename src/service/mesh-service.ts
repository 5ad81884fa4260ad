import { EcsDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { Connections, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  BaseService,
  ContainerDefinition,
  NetworkMode,
  PropagatedTagSource,
  ScalableTaskCount,
  TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { ApplicationTargetGroup, IApplicationListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IRole, Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { MeshServiceOptions, MeshServiceProps } from './mesh-service-props';
import { Scaling } from './scaling';
import { ConnectOptions, IEndpoint, IEndpointClient } from '../core/endpoint';
import { IMesh } from '../core/mesh';
import { IRollbackTarget } from '../core/rollback-target';
import { ComponentKind, TopologyRecord } from '../core/topology-record';
import { Compute } from '../tasks/compute';
import { ContainerOptions } from '../tasks/container-options';
import { AliasedPorts } from './private/aliased-ports';
import { refuseEfsOnBottlerocket, refuseProxyOnBottlerocket } from './private/bottlerocket-limits';
import { CollectorHost } from './private/collector';
import { Deployments, requireFit } from './private/deployments';
import { DnsRegistration, registerInDns } from './private/dns-registration';
import { acknowledgeExec } from './private/exec-findings';
import { reserveHostPorts, sharedConnections, warnWithoutSpareHost } from './private/host-ports';
import { MeshServicePort } from './private/mesh-service-port';
import { defaultServiceConnect, renderServiceConnect, requireTimeouts } from './private/service-connect-config';
import { observeService } from './private/service-metrics';
import { ServiceScaling } from './private/service-scaling';
import { ShiftedRoute } from './private/shifted-route';
import { Rollout } from './rollout';
import { ServiceConnect } from './service-connect';
import { ServicePort } from './service-port';
import { validationError } from '../core/private/errors';
import { closest, kebabCase } from '../core/private/names';
import { countTowardsStack } from '../core/private/stack-size';
import { Connector } from '../tasks/private/connector';
import { addContainer, containerNames, logDriver } from '../tasks/private/containers';
import { markService } from '../tasks/private/deployment-order';
import { gpusOf } from '../tasks/private/gpus';
import { NamedPort, settlePorts } from '../tasks/private/named-ports';
import { checkDrainTime, checkStopTimes } from '../tasks/private/stop-time';
import {
  acknowledgeTask,
  claimName,
  createExecutionRole,
  createSecurityGroup,
  createTaskLogs,
  createTaskRole,
  ownVariables,
} from '../tasks/private/task-resources';
import { requireTmpfsFit } from '../tasks/private/writable-paths';

/**
 * A long-running ECS service in a mesh.
 *
 * Creates a task definition with a task role and an execution role, a log group `/ecs/<mesh>/<service>` that keeps 30 days, a security
 * group that lets nothing in and only HTTPS out (unless the tasks share their hosts'), the ECS service with circuit breaker and
 * rollback, and its scaling. Everything else comes with `connectTo` and with gateway routes.
 *
 * Cost: two Fargate tasks of 256 CPU units and 512 MiB are about 18 USD a month in us-east-1 (list price, November 2026), logs apart.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * const api = new MeshService(this, 'Api', {
 *   mesh,
 *   containers: [{ image: ecs.ContainerImage.fromRegistry('my/api'), ports: [{ name: 'http', containerPort: 8080 }] }],
 * });
 */
export class MeshService extends Construct implements IEndpointClient, IRollbackTarget {
  public readonly discoveryName: string;
  public readonly usesServiceConnect: boolean;
  public readonly taskRole: IRole;
  public readonly connections: Connections;

  /** Mesh that the service lives in. */
  public readonly mesh: IMesh;

  /** Where the tasks run. */
  public readonly compute: Compute;

  /** Whether the tasks carry a Service Connect proxy. */
  public readonly serviceConnect: ServiceConnect;

  /** How a new version replaces the old one. */
  public readonly rollout: Rollout;

  /** Role that ECS pulls images, reads secrets and writes logs with. */
  public readonly executionRole: Role;

  /** Log group of the containers and of the proxy. */
  public readonly logGroup: LogGroup;

  /** The task definition. */
  public readonly taskDefinition: TaskDefinition;

  /** The ECS service. */
  public readonly service: BaseService;

  /** The scalable task count; absent with `Scaling.fixed` without a schedule. */
  public readonly taskCount?: ScalableTaskCount;

  /** @internal */
  public readonly _dns?: DnsRegistration;

  private readonly _containers: ContainerDefinition[];
  private readonly ports: Map<string, ServicePort>;
  private readonly scaling: ServiceScaling;
  private readonly stopTimes: ContainerOptions[];
  private readonly deployments: Deployments;
  private readonly connector: Connector;

  public constructor(scope: Construct, id: string, props: MeshServiceProps) {
    super(scope, id);
    this.mesh = props.mesh;
    this.discoveryName = claimName(this, this.mesh, props.discoveryName ?? kebabCase(id));
    this.compute = props.compute ?? Compute.fargate();
    this.rollout = props.rollout ?? Rollout.rolling();
    this.serviceConnect = this.settleServiceConnect(props.serviceConnect);
    this.usesServiceConnect = this.serviceConnect.isClient;
    const scaling = (props.scaling ?? Scaling.between(2, 4))._within(this.mesh.officeHours);
    const names = containerNames(this, props.containers, this.discoveryName);
    const ports = settlePorts(this, props.containers, {
      mesh: this.mesh,
      compute: this.compute,
      discoveryName: this.discoveryName,
      containerNames: names,
    });
    scaling._validate(this);
    checkStopTimes(this, this.compute, props.containers);
    requireFit(this, this.rollout._plan, this.compute, scaling);
    reserveHostPorts(this, this.compute, ports, scaling);

    this.taskRole = createTaskRole(this);
    this.executionRole = createExecutionRole(this);
    this.logGroup = createTaskLogs(this);
    this.taskDefinition = this.createTaskDefinition(props);
    this._containers = props.containers.map((container, i) => this.addContainer(container, i, props, ports, names));
    props.tracing?._attach(this.tracedTask(props));
    const ownGroup = this.compute.networkMode === NetworkMode.AWS_VPC ? createSecurityGroup(this) : undefined;
    this.connections = ownGroup ? new Connections({ securityGroups: [ownGroup] }) : sharedConnections(this.compute);
    this.service = this.createService(props, scaling, ports, ownGroup);
    const aliases = new AliasedPorts(this, ports);
    this.deployments = new Deployments(this, aliases);
    this._dns = registerInDns(this, ports, props.discovery);
    this.scaling = scaling._bind(this.service);
    this.taskCount = this.scaling.taskCount;
    this.ports = new Map(ports.map((port) => [port.name, new MeshServicePort(this, port, aliases)]));
    this.stopTimes = props.containers;
    this.connector = new Connector(this, () => this.service.node.defaultChild!, ownVariables(props.containers, names));
    if (props.enableExecuteCommand) acknowledgeExec(this.taskRole, this.mesh);
    this.record(scaling);
    observeService(this, this.service);
    countTowardsStack(this);
  }

  /** The containers of each task; a copy. */
  public get containers(): ContainerDefinition[] {
    return [...this._containers];
  }

  /**
   * Let this service call an endpoint: variables and secrets, security-group rules, permissions and deploy order.
   *
   * @param endpoint a Redis store, a port of another service, a gateway route ...
   * @param options prefix of the variables, and which containers get them
   */
  public connectTo(endpoint: IEndpoint, options: ConnectOptions = {}): void {
    this.connector.connect(endpoint, options);
  }

  /**
   * A port by name, to connect or route to.
   *
   * @param name name of the port, from `containers[].ports[].name`
   */
  public port(name: string): ServicePort {
    const port = this.ports.get(name);
    if (port) return port;
    const known = [...this.ports.keys()];
    const meant = closest(name, known);
    throw validationError(this, 'PortUnknown', {
      prop: 'port',
      must: known.length > 0 ? `be a port of this service (${known.join(', ')})` : 'be a port of this service, which has none',
      got: name,
      fix: meant ? `did you mean "${meant}"?` : 'add it to `containers[].ports`',
    });
  }

  /** The CodeDeploy deployment group; with `Rollout.codeDeploy` only, from the gateway route on. */
  public get deploymentGroup(): EcsDeploymentGroup | undefined {
    return this.deployments.deploymentGroup;
  }

  /**
   * Roll a deployment back when an alarm goes off. Call it as often as there are alarms; the order does not matter.
   *
   * Takes the name and not the alarm, since an alarm on this service's own metrics refers to the service. Give the alarm the same name as its
   * `alarmName`. While such an alarm is on, deployments fail.
   *
   * @param alarmName name of a metric or composite alarm in the service's region, 1 to 255 characters
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
   */
  public addRollbackAlarm(alarmName: string): void {
    this.deployments.alarms.add(alarmName);
  }

  /** @internal */
  public _beforeRoute(): void {
    this.deployments.requireRoom();
  }

  /** @internal */
  public _onRoute(targetGroup: ApplicationTargetGroup, listener: IApplicationListener, shifted?: ShiftedRoute): void {
    this.scaling.onRoute(targetGroup);
    checkDrainTime(this, this.compute, this.stopTimes, targetGroup);
    this.deployments.onRoute(listener, shifted);
  }

  private settleServiceConnect(choice = defaultServiceConnect(this.compute, this.rollout)): ServiceConnect {
    requireTimeouts(this, choice);
    refuseProxyOnBottlerocket(this, this.compute, choice);
    if (choice.isClient && this.rollout._plan.codeDeploy) {
      throw validationError(this, 'NoServiceConnectWithCodeDeploy', {
        prop: 'serviceConnect',
        must: 'be ServiceConnect.none() with Rollout.codeDeploy, for which AWS has no proxy',
        fix: 'use Rollout.blueGreen, or call the service through a gateway route',
      });
    }
    if (choice.isClient && this.compute.networkMode === NetworkMode.HOST) {
      throw validationError(this, 'NoServiceConnectInHostMode', {
        prop: 'serviceConnect',
        must: 'be ServiceConnect.none() in host network mode, where AWS has no proxy',
        fix: 'use NetworkMode.BRIDGE or AWS_VPC, or call the service through a gateway route',
      });
    }
    return choice;
  }

  private createTaskDefinition(props: MeshServiceOptions): TaskDefinition {
    const size = { cpu: props.cpu ?? 256, memoryMiB: props.memoryMiB ?? 512, gpus: gpusOf(this, props.containers) };
    this.compute._validate(this, size);
    requireTmpfsFit(this, props.containers, size.memoryMiB);
    const taskDefinition = this.compute._createTaskDefinition(this, {
      ...size,
      taskRole: this.taskRole,
      executionRole: this.executionRole,
    });
    acknowledgeTask(taskDefinition);
    refuseEfsOnBottlerocket(this, this.compute, taskDefinition);
    return taskDefinition;
  }

  private addContainer(
    container: MeshServiceOptions['containers'][number],
    index: number,
    props: MeshServiceOptions,
    ports: NamedPort[],
    names: string[],
  ) {
    return addContainer(this, index, container, {
      taskDefinition: this.taskDefinition,
      logGroup: this.logGroup,
      ports,
      containerNames: names,
      enableExecuteCommand: props.enableExecuteCommand ?? false,
    });
  }

  private tracedTask({ containers, memoryMiB }: MeshServiceOptions): CollectorHost {
    const { taskDefinition, taskRole, logGroup } = this;
    return {
      owner: this,
      taskDefinition,
      taskRole,
      logGroup,
      containers: this._containers,
      options: containers,
      taskMemoryMiB: memoryMiB ?? 512,
    };
  }

  private createService(
    props: MeshServiceOptions,
    scaling: Scaling,
    ports: NamedPort[],
    securityGroup?: SecurityGroup,
  ): BaseService {
    const rollout = this.rollout._plan.render(this);
    warnWithoutSpareHost(this, this.compute, ports, scaling, rollout.minHealthyPercent);
    const service = this.compute._createService(this, {
      mesh: this.mesh,
      taskDefinition: this.taskDefinition,
      securityGroup,
      service: {
        ...rollout,
        desiredCount: scaling._desiredCount,
        deploymentController: { type: this.rollout._plan.controller },
        serviceConnectConfiguration: renderServiceConnect(this, logDriver(this.logGroup, 'service-connect')),
        enableExecuteCommand: props.enableExecuteCommand ?? false,
        enableECSManagedTags: true,
        propagateTags: PropagatedTagSource.SERVICE,
      },
    });
    const resource = service.node.defaultChild!;
    // Policies are resources of their own: tasks that start before them fail to pull, or to call.
    resource.node.addDependency(this.taskRole, this.executionRole);
    // Capacity providers leave the cluster after the services do, or the stack cannot be deleted.
    resource.node.addDependency(this.mesh.cluster);
    // Without its route out a task cannot pull its image, and the circuit breaker would count that.
    resource.node.addDependency(this.mesh.vpc.selectSubnets(this.mesh.taskSubnets).internetConnectivityEstablished);
    markService(this);
    return service;
  }

  private record(scaling: Scaling): void {
    const { minTasks, maxTasks } = scaling;
    const plural = maxTasks === 1 ? 'task' : 'tasks';
    const count = minTasks === maxTasks ? `${minTasks} ${plural}` : `${minTasks}-${maxTasks} ${plural}`;
    TopologyRecord.of(this).addComponent({
      id: this.node.path,
      kind: ComponentKind.SERVICE,
      label: this.discoveryName,
      details: [this.compute._label, count],
    });
  }
}
