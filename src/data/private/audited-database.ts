import { Duration, Names } from 'aws-cdk-lib';
import { ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { DatabaseInstanceProps } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { DATABASE_LOGS } from './database-logs';
import { Compliance } from '../../core/compliance';
import { acknowledge } from '../../core/private/acknowledge';
import { createLogGroup } from '../../core/private/log-group';
import { forOwnAccount } from '../../core/private/own-account';
import { LIFE, withLife } from '../../core/private/physical-names';

/** What a database has more where it is audited. */
export interface DatabaseAudit {
  readonly settings: Pick<DatabaseInstanceProps, 'instanceIdentifier' | 'monitoringInterval' | 'monitoringRole'>;
  /** Groups that must be there before RDS makes its own, without a key. */
  readonly groups: LogGroup[];
}

/** RDS makes its log groups itself, unless groups of that name are there before the database is: that takes a name. */
export function createDatabaseAudit(scope: Construct, kept: boolean): DatabaseAudit | undefined {
  if (!Compliance.of(scope).isStrict) return undefined;
  const instanceIdentifier = kept ? withLife(nameOf(scope, MAX_NAME - LIFE)) : nameOf(scope, MAX_NAME);
  const groups = DATABASE_LOGS.map((log) =>
    createLogGroup(scope, `Logs-${log}`, {
      logGroupName: `/aws/rds/instance/${instanceIdentifier}/${log}`,
      isUnique: true,
      disposable: !kept,
    }),
  );
  const monitoring = { monitoringInterval: Duration.minutes(1), monitoringRole: createMonitoringRole(scope) };
  return { settings: { instanceIdentifier, ...monitoring }, groups };
}

const MAX_NAME = 63;

/** A letter first, no two hyphens in a row and none at the end. */
function nameOf(scope: Construct, maxLength: number): string {
  return Names.uniqueResourceName(scope, { maxLength, separator: '-' })
    .toLowerCase()
    .replace(/-+/g, '-')
    .replace(/^[^a-z]+|-$/g, '');
}

function createMonitoringRole(scope: Construct): Role {
  const role = new Role(scope, 'MonitoringRole', {
    assumedBy: forOwnAccount(scope, 'monitoring.rds.amazonaws.com'),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonRDSEnhancedMonitoringRole')],
  });
  acknowledge(
    role,
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole]',
    'It lets enhanced monitoring write its own log group and nothing else, and AWS keeps it in step with the agent.',
  );
  return role;
}
