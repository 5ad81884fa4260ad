import { Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { Universal } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Compliance } from '../../core/compliance';
import { IMesh } from '../../core/mesh';
import { OfficeHours } from '../../core/office-hours';
import { acknowledge } from '../../core/private/acknowledge';
import { description } from '../../core/private/description';
import { addStatement, keyStatements } from '../../core/private/key-statement';
import { keptUnlessDisposable } from '../../core/private/removal';
import { createRole } from '../../core/private/role';
import { schedulePrincipal } from '../../core/private/schedule-principal';

/** The margin around the office hours: a start takes minutes, and users can finish their work at the end. */
const MARGIN_MINUTES = 15;

/** Starts the instance before the office hours, and stops it after them. */
export class DatabaseHours extends Construct {
  /** The queue for start and stop events that failed. */
  public readonly deadLetterQueue: Queue;

  private readonly role: Role;

  constructor(
    scope: Construct,
    id: string,
    mesh: IMesh,
    private readonly instance: DatabaseInstance,
    hours: OfficeHours,
  ) {
    super(scope, id);
    hours._validate(this);
    const key = Compliance.of(this).encryptionKey(this);
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      encryption: key ? QueueEncryption.KMS : QueueEncryption.SQS_MANAGED,
      encryptionMasterKey: key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: keptUnlessDisposable(mesh.removalPolicy),
    });
    acknowledge(
      this.deadLetterQueue,
      'AwsSolutions-SQS3',
      'It is itself the dead-letter queue of two schedules, which the rule does not detect.',
    );
    this.role = this.createRole();
    this.schedule(
      'Start',
      'startDBInstance',
      ScheduleExpression.cron({ ...hours._opening(MARGIN_MINUTES), timeZone: hours.timeZone }),
    );
    this.schedule(
      'Stop',
      'stopDBInstance',
      ScheduleExpression.cron({ ...hours._closing(MARGIN_MINUTES), timeZone: hours.timeZone }),
    );
  }

  /** Creates a role that can start and stop this one instance, and report failures. */
  private createRole(): Role {
    const role = createRole(this, 'Role', {
      assumedBy: schedulePrincipal(this),
      description: description('Office hours of', this.instance.node.path),
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['rds:StartDBInstance', 'rds:StopDBInstance'], resources: [this.instance.instanceArn] }),
    );
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetterQueue.queueArn] }));
    const use = { key: this.deadLetterQueue.encryptionMasterKey, resource: this.deadLetterQueue, service: 'sqs' };
    for (const statement of keyStatements({ ...use, actions: ['kms:GenerateDataKey', 'kms:Decrypt'] })) {
      addStatement(role, statement);
    }
    return role;
  }

  private schedule(id: string, action: string, schedule: ScheduleExpression): void {
    const created = new Schedule(this, id, {
      schedule,
      description: description(`${id} for office hours of`, this.instance.node.path),
      target: new Universal({
        service: 'rds',
        action,
        // Scheduler names parameters as the Java SDK does, not as the API of RDS: DbInstanceIdentifier.
        input: ScheduleTargetInput.fromObject({ DbInstanceIdentifier: this.instance.instanceIdentifier }),
        role: this.role.withoutPolicyUpdates(),
        deadLetterQueue: this.deadLetterQueue,
        retryAttempts: 3,
        maxEventAge: Duration.hours(1),
      }),
    });
    created.node.defaultChild!.node.addDependency(this.role);
  }
}
