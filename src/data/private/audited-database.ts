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

/** The additional settings of a database under strict compliance. */
export interface DatabaseAudit {
  readonly settings: Pick<DatabaseInstanceProps, 'instanceIdentifier' | 'monitoringInterval' | 'monitoringRole'>;
  /** The log groups that must exist before RDS creates its own, without a key. */
  readonly groups: LogGroup[];
}

/**
 * Creates the log groups under the names that RDS uses, before the database exists, because RDS creates its own otherwise. This requires a
 * fixed instance name.
 */
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

/** Returns a name that starts with a letter, with no consecutive hyphens and none at the end. */
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
    'It allows enhanced monitoring to write only to its own log group, and AWS updates it together with the agent.',
  );
  return role;
}
