import { EcsDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { Connections } from 'aws-cdk-lib/aws-ec2';
import { BaseService, ContainerDefinition, ScalableTaskCount, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { ApplicationTargetGroup, IApplicationListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { MeshServiceProps } from './mesh-service-props';
import { AfterRotation } from '../core/after-rotation';
import { ConnectOptions, IEndpoint, IEndpointClient } from '../core/endpoint';
import { IMesh } from '../core/mesh';
import { IRollbackTarget } from '../core/rollback-target';
import { Compute } from '../tasks/compute';
import { AliasedPorts } from './private/aliased-ports';
import { refuseEfsOnBottlerocket } from './private/bottlerocket-limits';
import { Deployments } from './private/deployments';
import { DnsRegistration, registerInDns } from './private/dns-registration';
import { createEcsService } from './private/ecs-service';
import { acknowledgeExec } from './private/exec-findings';
import { sharedConnections } from './private/host-ports';
import { ShiftedRoute } from './private/port-host';
import { redeployAfterRotation } from './private/redeployment';
import { requirePort } from './private/require-port';
import { observeService } from './private/service-metrics';
import { recordService } from './private/service-record';
import { ServiceScaling } from './private/service-scaling';
import { resolveService } from './private/service-settings';
import { Rollout } from './rollout';
import { ServiceConnect } from './service-connect';
import { ServicePort } from './service-port';
import { acceptProps, guard } from '../core/private/guard';
import { namePropOf } from '../core/private/name-prop';
import { kebabCase } from '../core/private/names';
import { countTowardsStack } from '../core/private/stack-size';
import { Connector } from '../tasks/private/connector';
import { markService } from '../tasks/private/deployment-order';
import { connectFileSystems } from '../tasks/private/file-systems';
import { definitionsOf, TaskContainer } from '../tasks/private/resolved-container';
import { checkDrainTime } from '../tasks/private/stop-time';
import { createTask } from '../tasks/private/task';
import { claimName } from '../tasks/private/task-resources';

/**
 * A long-running ECS service in a mesh.
 *
 * Creates a task definition with a task role and an execution role, a log group `/ecs/<mesh>/<service>` that keeps 30 days, a security
 * group without ingress and with HTTPS egress (unless the tasks share that of their hosts), the ECS service with circuit breaker and
 * rollback, and its scaling. `connectTo` and gateway routes add everything else.
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
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.service.MeshService';

  public readonly discoveryName: string;
  public readonly usesServiceConnect: boolean;
  public readonly taskRole: IRole;
  public readonly connections: Connections;

  /** The mesh that the service runs in. */
  public readonly mesh: IMesh;

  /** The capacity that the tasks run on. */
  public readonly compute: Compute;

  /** The Service Connect proxy of the tasks. */
  public readonly serviceConnect: ServiceConnect;

  /** Specifies how a new version replaces the old one. */
  public readonly rollout: Rollout;

  /** The execution role, with which ECS pulls images, reads secrets and writes logs. */
  public readonly executionRole: IRole;

  /** The log group of the containers and the proxy. */
  public readonly logGroup: ILogGroup;

  /** The task definition. */
  public readonly taskDefinition: TaskDefinition;

  /** The ECS service. */
  public readonly service: BaseService;

  /** The scalable task count; undefined with `Scaling.fixed` without a schedule. */
  public readonly taskCount?: ScalableTaskCount;

  /** @internal */
  public readonly _dns?: DnsRegistration;

  private readonly taskContainers: TaskContainer[];
  private readonly ports: ServicePort[];
  private readonly scaling: ServiceScaling;
  private readonly deployments: Deployments;
  private readonly connector: Connector;

  constructor(scope: Construct, id: string, props: MeshServiceProps) {
    props = acceptProps({ MeshService }, new.target, scope, id, props);
    super(scope, id);
    this.mesh = props.mesh;
    const wantedName = props.networking?.discoveryName ?? kebabCase(id);
    this.discoveryName = claimName(this, this.mesh, wantedName, namePropOf(this));
    const settings = resolveService(this, props);
    this.compute = settings.compute;
    this.rollout = settings.rollout;
    this.serviceConnect = settings.serviceConnect;
    this.usesServiceConnect = settings.serviceConnect.isClient;

    const task = createTask(this, settings);
    this.taskRole = task.taskRole;
    this.executionRole = task.executionRole;
    this.logGroup = task.logGroup;
    this.taskDefinition = task.taskDefinition;
    this.taskContainers = task.containers;
    const { securityGroup } = task;
    this.connections = securityGroup ? new Connections({ securityGroups: [securityGroup] }) : sharedConnections(this.compute);
    settings.tracing._permit(task);
    if (settings.enableExecuteCommand) acknowledgeExec(this.taskRole, this.mesh);
    refuseEfsOnBottlerocket(this, this.compute, this.taskDefinition);

    this.service = createEcsService(this, settings, task);
    markService(this);
    const aliases = new AliasedPorts(this, settings.ports);
    this.ports = settings.ports.map((port) => ServicePort._of(this, port, aliases));
    this.deployments = new Deployments(this, aliases);
    this._dns = registerInDns(this, settings.ports, settings.discovery);
    this.scaling = settings.scaling._bind(this.service);
    this.taskCount = this.scaling.taskCount;
    const resource = this.service.node.defaultChild!;
    this.connector = new Connector(this, resource, task.containers);
    connectFileSystems(this, { containers: task.containers, resource, hosts: this.compute.hosts });
    recordService(this, settings);
    observeService(this, this.service);
    countTowardsStack(this);
  }

  /** A copy of the containers of the app in each task. */
  public get containers(): ContainerDefinition[] {
    return definitionsOf(this.taskContainers, { sidecars: false });
  }

  /** A copy of the sidecars in each task, including that of `operations.tracing`. */
  public get sidecars(): ContainerDefinition[] {
    return definitionsOf(this.taskContainers, { sidecars: true });
  }

  /**
   * Connects this service to an endpoint: variables and secrets, security group rules, permissions and deployment order.
   *
   * @param endpoint Redis store, port of another service, gateway route or another endpoint
   * @param options prefix of the variables, and the containers and sidecars that get them
   */
  public connectTo(endpoint: IEndpoint, options: ConnectOptions = {}): void {
    const { rotatedSecrets = [] } = this.connector.connect(endpoint, options);
    if (options.afterRotation === AfterRotation.READ_AGAIN) return;
    for (const secret of rotatedSecrets) this.redeployAfterRotation(secret);
  }

  /**
   * Takes a connection to an endpoint of another stack away, in the first of two deployments: write it in place of `connectTo`, deploy all
   * stacks, then remove the line.
   *
   * The service loses variables, rules and permissions at once. The exports that the stack of the endpoint had for it are kept, because
   * CloudFormation does not remove an export that is still imported, and that stack is deployed first.
   *
   * @param endpoint endpoint that was connected
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
   */
  public disconnectFrom(endpoint: IEndpoint): void {
    this.connector.disconnect(endpoint);
  }

  /**
   * Returns a port by name, to connect or route to.
   *
   * @param name name of the port, from `containers[].ports[].name` or `sidecars[].ports[].name`
   */
  public port(name: string): ServicePort {
    return requirePort(this, this.ports, name);
  }

  /** The CodeDeploy deployment group; only with `Rollout.codeDeploy`, after the gateway route is added. */
  public get deploymentGroup(): EcsDeploymentGroup | undefined {
    return this.deployments.deploymentGroup;
  }

  /**
   * Rolls back deployments when an alarm goes off. You can call it any number of times, in any order.
   *
   * Pass the name and not the alarm, because an alarm on this service's own metrics refers to the service. Set the same name as the
   * `alarmName` of the alarm. While such an alarm is on, deployments fail.
   *
   * @param alarmName name of a metric or composite alarm in the service's region, 1 to 255 characters
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
   */
  public addRollbackAlarm(alarmName: string): void {
    this.deployments.alarms.add(alarmName);
  }

  /**
   * Redeploys this service after each rotation of a secret that its tasks read when they start, such as one in `containers[].secrets`.
   * `connectTo` does so for the passwords of databases.
   *
   * A Lambda function of the stack is called by the event of the rotation and every five minutes. It starts a deployment of the service if
   * there has been none since the last rotation; it waits while the stack or the service is being updated, and leaves a service without
   * tasks as it is. Until the new tasks are healthy, connections that need the new value fail in the old ones: some minutes. Images with
   * mutable tags are resolved again by each deployment. A service with `Rollout.codeDeploy` is not redeployed, and gets a warning.
   *
   * @param secret secret whose rotation is scheduled or started in Secrets Manager
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/secret-event-notifications.html
   */
  public redeployAfterRotation(secret: ISecret): void {
    redeployAfterRotation(this, secret);
  }

  /** @internal */
  public _beforeRoute(): void {
    this.deployments.requireRoom();
  }

  /** @internal */
  public _onRoute(targetGroup: ApplicationTargetGroup, listener: IApplicationListener, shifted?: ShiftedRoute): void {
    this.scaling.onRoute(targetGroup);
    checkDrainTime(this, this.compute, this.taskContainers, targetGroup);
    this.deployments.onRoute(listener, shifted);
  }
}

guard({ MeshService });
