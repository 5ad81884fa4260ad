import { Connections } from 'aws-cdk-lib/aws-ec2';
import { ContainerDefinition, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct, IConstruct } from 'constructs';
import { JobProps } from './job-props';
import { resolveJob } from './private/job-settings';
import { ConnectOptions, IEndpoint, IEndpointClient } from '../core/endpoint';
import { IMesh } from '../core/mesh';
import { guard } from '../core/private/guard';
import { kebabCase } from '../core/private/names';
import { markWithoutProxy } from '../core/private/service-connect-client';
import { ComponentKind, TopologyRecord } from '../core/topology-record';
import { Connector } from '../tasks/private/connector';
import { connectFileSystems } from '../tasks/private/file-systems';
import { definitionsOf } from '../tasks/private/resolved-container';
import { createTask, Task } from '../tasks/private/task';
import { claimName } from '../tasks/private/task-resources';

/**
 * The base of the jobs: a Fargate task that runs to completion, with the hardening, roles, log group `/ecs/<mesh>/<job>` and security group
 * of a service. `ScheduledJob` and `DeploymentJob` add how it is started.
 */
export abstract class Job extends Construct implements IEndpointClient {
  public readonly discoveryName: string;
  public readonly taskRole: IRole;
  public readonly connections: Connections;

  /** Always false: AWS supports Service Connect only for services. */
  public readonly usesServiceConnect: boolean = false;

  /** The mesh that the job runs in. */
  public readonly mesh: IMesh;

  /** The execution role, with which ECS pulls images, reads secrets and writes logs. */
  public readonly executionRole: IRole;

  /** The log group of the containers. */
  public readonly logGroup: ILogGroup;

  /** The task definition. */
  public readonly taskDefinition: TaskDefinition;

  /** @internal */
  protected readonly _task: Task;

  private connector?: Connector;

  protected constructor(scope: Construct, id: string, props: JobProps) {
    super(scope, id);
    this.mesh = props.mesh;
    markWithoutProxy(this, 'AWS supports one only for services');
    this.discoveryName = claimName(this, this.mesh, props.discoveryName ?? kebabCase(id), 'discoveryName');
    this._task = createTask(this, resolveJob(this, props));
    this.taskRole = this._task.taskRole;
    this.executionRole = this._task.executionRole;
    this.logGroup = this._task.logGroup;
    this.taskDefinition = this._task.taskDefinition;
    this.connections = new Connections({ securityGroups: [this._task.securityGroup!] });
  }

  /** A copy of the containers of the job itself. */
  public get containers(): ContainerDefinition[] {
    return definitionsOf(this._task.containers, { sidecars: false });
  }

  /** A copy of the sidecars. */
  public get sidecars(): ContainerDefinition[] {
    return definitionsOf(this._task.containers, { sidecars: true });
  }

  /**
   * Connects the job to an endpoint: variables and secrets, security group rules, permissions and deployment order.
   *
   * @param endpoint Redis store, database, bucket, queue, gateway route or another endpoint
   * @param options prefix of the variables, and the containers and sidecars that get them
   */
  public connectTo(endpoint: IEndpoint, options: ConnectOptions = {}): void {
    this.connector!.connect(endpoint, options);
  }

  /**
   * Takes a connection to an endpoint of another stack away, in the first of two deployments: write it in place of `connectTo`, deploy all
   * stacks, then remove the line.
   *
   * The job loses variables, rules and permissions at once. The exports that the stack of the endpoint had for it are kept, because
   * CloudFormation does not remove an export that is still imported, and that stack is deployed first.
   *
   * @param endpoint endpoint that was connected
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
   */
  public disconnectFrom(endpoint: IEndpoint): void {
    this.connector!.disconnect(endpoint);
  }

  /**
   * Makes the resource that starts the task depend on the job's connections; called once, in the constructor.
   *
   * @internal
   */
  protected _startedBy(trigger: IConstruct, detail: string): void {
    this.connector = new Connector(this, trigger, this._task.containers);
    connectFileSystems(this, { containers: this._task.containers, resource: trigger, hosts: [] });
    TopologyRecord.of(this).addComponent({
      id: this.node.path,
      kind: ComponentKind.SERVICE,
      label: this.discoveryName,
      details: ['Fargate, one task', detail],
    });
  }
}

guard({ Job });
