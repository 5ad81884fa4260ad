import { Duration } from 'aws-cdk-lib';
import { Connections, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ContainerDefinition, FargatePlatformVersion, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { IRole, Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnSchedule, Schedule, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { EcsRunFargateTask } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { createJobTask } from './private/job-task';
import { observeFailedStarts } from './private/queue-metrics';
import { requireScheduleLimits } from './private/schedule-limits';
import { createScheduleRole } from './private/schedule-role';
import { ScheduledJobProps } from './scheduled-job-props';
import { Compliance } from '../core/compliance';
import { ConnectOptions, IEndpoint, IEndpointClient } from '../core/endpoint';
import { IMesh } from '../core/mesh';
import { acknowledge } from '../core/private/acknowledge';
import { kebabCase } from '../core/private/names';
import { whilePlaceholder } from '../core/private/placeholders';
import { ComponentKind, TopologyRecord } from '../core/topology-record';
import { Connector } from '../service/private/connector';
import { claimName } from '../service/private/task-parts';

/**
 * A Fargate task that EventBridge Scheduler starts: once, at a rate, or by a calendar in a time zone.
 *
 * Creates a task definition with the same hardening, roles, log group `/ecs/<mesh>/<job>` and security group as MeshService, the
 * schedule, a role that may start this one job and nothing else, and a dead-letter queue (encrypted, TLS only, 14 days) for starts that
 * failed. `connectTo` works as on a service.
 *
 * Limits: Scheduler starts the task and does not watch it. A start can, rarely, happen twice, and a run that takes longer than the time
 * to the next one overlaps with it, so let the job be safe to run twice. While an ImageRepository has only its placeholder, it does not run. Tasks outside of a service have no Service Connect proxy: a job
 * calls other services through gateway routes, and stores by their own addresses.
 *
 * Cost: a task of 256 CPU units and 512 MiB is about 0.0125 USD an hour in us-east-1 (list price, November 2026), so five minutes each
 * night are about 0.03 USD a month; the first 14 million starts are free.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/tasks-scheduled-eventbridge-scheduler.html
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * declare const database: PostgresDatabase;
 * const report = new ScheduledJob(this, 'Report', {
 *   mesh,
 *   containers: [{ image: ecs.ContainerImage.fromRegistry('my/report') }],
 *   schedule: scheduler.ScheduleExpression.cron({ hour: '6', minute: '30', timeZone: TimeZone.EUROPE_BERLIN }),
 * });
 * report.connectTo(database);
 */
export class ScheduledJob extends Construct implements IEndpointClient {
  public readonly discoveryName: string;
  public readonly taskRole: IRole;
  public readonly connections: Connections;

  /** Always false: AWS has Service Connect for services only. */
  public readonly usesServiceConnect: boolean = false;

  /** Mesh that the job runs in. */
  public readonly mesh: IMesh;

  /** Role that ECS pulls images, reads secrets and writes logs with. */
  public readonly executionRole: Role;

  /** Role that EventBridge Scheduler starts the task with. */
  public readonly scheduleRole: Role;

  /** Log group of the containers. */
  public readonly logGroup: LogGroup;

  /** The task definition. */
  public readonly taskDefinition: TaskDefinition;

  /** Starts that failed, with their reason; kept for 14 days. */
  public readonly deadLetterQueue: Queue;

  /** The schedule. */
  public readonly schedule: Schedule;

  private readonly _containers: ContainerDefinition[];
  private readonly connector: Connector;

  public constructor(scope: Construct, id: string, props: ScheduledJobProps) {
    super(scope, id);
    this.mesh = props.mesh;
    this.discoveryName = claimName(this, this.mesh, props.discoveryName ?? kebabCase(id));
    requireScheduleLimits(this, props);

    const task = createJobTask(this, props);
    this.taskRole = task.taskRole;
    this.executionRole = task.executionRole;
    this.logGroup = task.logGroup;
    this.taskDefinition = task.taskDefinition;
    this._containers = task.containers;
    this.connections = new Connections({ securityGroups: [task.securityGroup] });
    this.deadLetterQueue = this.createDeadLetterQueue();
    this.scheduleRole = createScheduleRole(this, this);
    this.schedule = this.createSchedule(props, task.securityGroup);
    this.connector = new Connector(this, () => this.schedule.node.defaultChild!, task.ownVariables);
    this.record(props);
    observeFailedStarts(this, this.deadLetterQueue);
  }

  /** The containers of the task; a copy. */
  public get containers(): ContainerDefinition[] {
    return [...this._containers];
  }

  /**
   * Let the job call an endpoint: variables and secrets, security-group rules, permissions and deploy order.
   *
   * @param endpoint a Redis store, a database, a bucket, a queue, a gateway route ...
   * @param options prefix of the variables, and which containers get them
   */
  public connectTo(endpoint: IEndpoint, options: ConnectOptions = {}): void {
    this.connector.connect(endpoint, options);
  }

  private createDeadLetterQueue(): Queue {
    const key = Compliance.of(this).encryptionKey(this);
    const queue = new Queue(this, 'DeadLetterQueue', {
      encryption: key ? QueueEncryption.KMS : QueueEncryption.SQS_MANAGED,
      encryptionMasterKey: key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: this.mesh.removalPolicy,
    });
    acknowledge(queue, 'AwsSolutions-SQS3', 'It is itself the dead-letter queue, of a schedule, which the rule does not know.');
    return queue;
  }

  private createSchedule(props: ScheduledJobProps, securityGroup: SecurityGroup): Schedule {
    const target = new EcsRunFargateTask(this.mesh.cluster, {
      taskDefinition: this.taskDefinition,
      vpcSubnets: this.mesh.taskSubnets,
      securityGroups: [securityGroup],
      assignPublicIp: false,
      platformVersion: FargatePlatformVersion.LATEST,
      // The target would add permissions without conditions, and for one revision only.
      role: this.scheduleRole.withoutPolicyUpdates(),
      deadLetterQueue: this.deadLetterQueue,
      retryAttempts: props.retryAttempts ?? 3,
      maxEventAge: props.maxEventAge ?? Duration.hours(1),
    });
    const schedule = new Schedule(this, 'Schedule', {
      schedule: props.schedule,
      target,
      timeWindow: props.flexibleWindow ? TimeWindow.flexible(props.flexibleWindow) : TimeWindow.off(),
      enabled: props.enabled ?? true,
      description: `Starts ${this.discoveryName} in ${this.mesh.meshName}`,
    });
    // The first start can come at once: policies are resources of their own, and so is the route out.
    const resource = schedule.node.defaultChild as CfnSchedule;
    resource.node.addDependency(this.scheduleRole, this.taskRole, this.executionRole);
    resource.node.addDependency(this.mesh.vpc.selectSubnets(this.mesh.taskSubnets).internetConnectivityEstablished);
    // A placeholder stands in for a service: as a job it would never end.
    resource.state = whilePlaceholder(this.taskDefinition, 'DISABLED', resource.state!) ?? resource.state;
    return schedule;
  }

  private record(props: ScheduledJobProps): void {
    TopologyRecord.of(this).addComponent({
      id: this.node.path,
      kind: ComponentKind.SERVICE,
      label: this.discoveryName,
      details: ['Fargate, one task', props.schedule.expressionString],
    });
  }
}
