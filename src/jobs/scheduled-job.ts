import { Duration } from 'aws-cdk-lib';
import { FargatePlatformVersion } from 'aws-cdk-lib/aws-ecs';
import { Role } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule, Schedule, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { EcsRunFargateTask } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Job } from './job';
import { reportFailedRuns } from './private/failed-runs';
import { observeFailedStarts } from './private/queue-metrics';
import { requireScheduleLimits } from './private/schedule-limits';
import { createScheduleRole } from './private/schedule-role';
import { rulesOf } from './private/task-rules';
import { ScheduledJobProps } from './scheduled-job-props';
import { Compliance } from '../core/compliance';
import { acknowledge } from '../core/private/acknowledge';
import { acceptProps } from '../core/private/guard';
import { whilePlaceholder } from '../core/private/placeholders';
import { keptUnlessDisposable } from '../core/private/removal';

/**
 * A Fargate task that EventBridge Scheduler starts: once, at a rate, or by a calendar in a time zone.
 *
 * Creates a task definition with the same hardening, roles, log group `/ecs/<mesh>/<job>` and security group as MeshService, the schedule,
 * a role that can start only this one job, and a dead-letter queue (encrypted, TLS only, 14 days) for starts and runs that failed, whose alarm
 * `MeshAlarms` has. A run has failed if its first container exits with another code than 0. `connectTo` works as on a service.
 *
 * Limits: a run that failed is not repeated before the next start. In rare cases, a start happens twice, and a run that takes longer
 * than the interval overlaps with the next one, so the job must be idempotent. While an ImageRepository has only its placeholder, it does
 * not run. Tasks outside of a service have no Service Connect proxy: a job calls other services through gateway routes, and stores by their
 * own addresses.
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
export class ScheduledJob extends Job {
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.jobs.ScheduledJob';

  /** The role with which EventBridge Scheduler starts the task. */
  public readonly scheduleRole: Role;

  /** The dead-letter queue for failed starts with their reason, and for events of failed runs; it keeps them for 14 days. */
  public readonly deadLetterQueue: Queue;

  /** The schedule. */
  public readonly schedule: Schedule;

  constructor(scope: Construct, id: string, props: ScheduledJobProps) {
    props = acceptProps({ ScheduledJob }, new.target, scope, id, props);
    super(scope, id, props);
    requireScheduleLimits(this, props);
    this.deadLetterQueue = this.createDeadLetterQueue();
    this.scheduleRole = createScheduleRole(this, this);
    this.schedule = this.createSchedule(props);
    this._startedBy(this.schedule.node.defaultChild!, props.schedule.expressionString);
    reportFailedRuns(this, this._task.containers[0].name, this);
    observeFailedStarts(this, this.deadLetterQueue);
  }

  private createDeadLetterQueue(): Queue {
    const key = Compliance.of(this).encryptionKey(this);
    const queue = new Queue(this, 'DeadLetterQueue', {
      encryption: key ? QueueEncryption.KMS : QueueEncryption.SQS_MANAGED,
      encryptionMasterKey: key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: keptUnlessDisposable(this.mesh.removalPolicy),
    });
    acknowledge(queue, 'AwsSolutions-SQS3', 'It is itself the dead-letter queue, of a schedule, which the rule does not know.');
    return queue;
  }

  private createSchedule(props: ScheduledJobProps): Schedule {
    const target = new EcsRunFargateTask(this.mesh.cluster, {
      taskDefinition: this.taskDefinition,
      vpcSubnets: this.mesh.taskSubnets,
      securityGroups: [this._task.securityGroup!],
      assignPublicIp: false,
      enableEcsManagedTags: true,
      propagateTags: true,
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
    // The first start can come at once: policies and rules are resources of their own, and so is the route out.
    const resource = schedule.node.defaultChild as CfnSchedule;
    resource.node.addDependency(this.scheduleRole, this.taskRole, this.executionRole);
    resource.node.addDependency(this.mesh.vpc.selectSubnets(this.mesh.taskSubnets).internetConnectivityEstablished);
    resource.node.addDependency(rulesOf(this, this._task.securityGroup!));
    // A placeholder stands in for a service: as a job it would never end.
    resource.state = whilePlaceholder(this.taskDefinition, 'DISABLED', resource.state!) ?? resource.state;
    return schedule;
  }
}
