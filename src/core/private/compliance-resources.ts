import { Duration, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { BackupPlan, BackupPlanRule, BackupResource, BackupSelection, BackupVault } from 'aws-cdk-lib/aws-backup';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { AccountRootPrincipal, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct, IConstruct } from 'constructs';
import { OfficeHours } from '../office-hours';
import { acknowledge } from './acknowledge';
import { warn } from './errors';
import { requireKeyRegion } from './key-region';
import { nameOfKept } from './physical-names';
import { shareKey } from './shared-key';
import { statementText } from './statement-text';

const ID = 'Compliance';
const PLAN = 'BackupPlan';

interface BackupOptions {
  /** The user's key for all stored data. */
  readonly key?: IKey;
  readonly retention: Duration;
  /** The hours during which the resource runs, if it does not always run. AWS Backup cannot back up a stopped resource. */
  readonly hours?: OfficeHours;
}

/** Returns the compliance resources of the scope that a setting was applied to, or of the whole stack if that scope is larger. */
export function homeOf(scope: IConstruct, holder: IConstruct | undefined): ComplianceResources {
  const stack = Stack.of(scope);
  const parent = holder && holder.node.scopes.includes(stack) ? holder : stack;
  return (parent.node.tryFindChild(ID) as ComplianceResources | undefined) ?? new ComplianceResources(parent, ID);
}

/** The key and the backup plan that the constructs of a stack share. Each is created when it is first needed. */
export class ComplianceResources extends Construct {
  private key?: IKey;
  private vault?: BackupVault;
  private role?: Role;
  private readonly plans = new Map<string, BackupPlan>();

  public keyFor(given: IKey | undefined): IKey {
    if (!this.key) {
      requireKeyRegion(this, 'key', given);
      const key = given ?? this.createKey();
      const logs = this.logsStatement();
      if (!key.addToResourcePolicy(logs, true).statementAdded) this.warnOfPolicy(key, logs);
      this.key = shareKey(key);
    }
    return this.key;
  }

  /** Creates a backup selection for one resource, in its scope. */
  public backUp(scope: Construct, resource: BackupResource, options: BackupOptions): void {
    new BackupSelection(scope, 'Backup', {
      backupPlan: this.planFor(options),
      role: (this.role ??= this.createBackupRole()),
      backupSelectionName: Names.uniqueResourceName(scope, { maxLength: 50, separator: '-' }),
      disableDefaultBackupPolicy: true,
      resources: [resource],
    });
  }

  private createKey(): Key {
    return new Key(this, 'Key', {
      description: `Data and logs of ${this.node.scope!.node.path}`,
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      // Backups and final snapshots outlive the stack, and are worth nothing without their key.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }

  /** Allows CloudWatch Logs to use the key: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
  private logsStatement(): PolicyStatement {
    const { region, account, partition } = Stack.of(this);
    return new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: {
        ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` },
      },
    });
  }

  /** Lists what the policy of a key of the app has: CDK adds nothing to that of an import, and reports no error. */
  private warnOfPolicy(key: IKey, logs: PolicyStatement): void {
    const account = new PolicyStatement({ principals: [new AccountRootPrincipal()], actions: ['kms:*'], resources: ['*'] });
    warn(
      this,
      'ComplianceKeyPolicy',
      `\`Compliance.strict({ key })\` has the key ${key.node.path}, which is imported, so that its policy is not changed here. CloudFormation cannot ` +
        'create log groups, and the roles of this app cannot use the key, until its owner has these statements in the policy:\n' +
        `${[account, logs].map((statement) => statementText(this, statement)).join('\n')}\n` +
        'Acknowledge this warning when they are there.',
    );
  }

  private planFor(options: BackupOptions): BackupPlan {
    const hours = options.hours?._isAlways ? undefined : options.hours;
    const { timeZone, opens = '' } = hours ?? {};
    const id = `${PLAN}${[timeZone?.timezoneName ?? '', opens].join('').replace(/[^A-Za-z0-9]/g, '')}`;
    const plan = this.plans.get(id) ?? this.createPlan(id, { ...options, hours });
    this.plans.set(id, plan);
    return plan;
  }

  private createVault(key: IKey | undefined): BackupVault {
    return new BackupVault(this, 'Vault', {
      backupVaultName: nameOfKept(this, 50),
      encryptionKey: this.keyFor(key),
      blockRecoveryPointDeletion: true,
      // Recovery points keep their vault from being deleted, and the stack with it.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }

  private createPlan(id: string, { key, retention, hours }: BackupOptions): BackupPlan {
    this.vault ??= this.createVault(key);
    const rule = new BackupPlanRule({
      ruleName: 'Daily',
      scheduleExpression: Schedule.cron(hours?._opening() ?? { hour: '5', minute: '0' }),
      scheduleExpressionTimezone: hours?.timeZone,
      // RDS lets nobody start a backup in its own windows or the hour before them; AWS Backup tries again until the start window ends.
      startWindow: Duration.hours(8),
      completionWindow: Duration.hours(16),
      deleteAfter: retention,
    });
    return new BackupPlan(this, id, {
      backupPlanName: planName(this, id),
      backupVault: this.vault,
      backupPlanRules: [rule],
    });
  }

  private createBackupRole(): Role {
    const role = new Role(this, 'BackupRole', {
      assumedBy: new ServicePrincipal('backup.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSBackupServiceRolePolicyForBackup')],
    });
    acknowledge(
      role,
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup]',
      'AWS Backup needs this policy, which AWS updates for each resource type that it supports.',
    );
    return role;
  }
}

/** Returns the name of a plan: that of the stack's resources for resources that always run; otherwise the hours are part of the name. */
function planName(scope: Construct, id: string): string {
  const hours = id.slice(PLAN.length).slice(-20);
  const name = Names.uniqueResourceName(scope, { maxLength: hours ? 29 : 50, separator: '-' });
  return hours ? `${name}-${hours}` : name;
}
