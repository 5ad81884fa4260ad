import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { SharedParameters } from '../../core/private/sharing';
import { DatabaseEngine } from '../database-engine';
import { ImportedDatabaseProps } from '../imported-database-props';

/** The statements of a consumer. */
interface Stated {
  readonly engine: DatabaseEngine;
  readonly port?: number;
}

/** Returns the props of a database that an owner shares, and records what the consumer states about it. */
export function sharedDatabaseProps(scope: Construct, prefix: string, { engine, port }: Stated): ImportedDatabaseProps {
  const parameters = new SharedParameters(scope, prefix);
  parameters.expect('engine', engine);
  parameters.expect('port', String(port ?? (engine === DatabaseEngine.POSTGRESQL ? 5432 : 3306)));
  return {
    engine,
    port,
    host: parameters.text('host'),
    databaseName: parameters.text('database-name'),
    secret: Secret.fromSecretCompleteArn(scope, 'Secret', parameters.text('secret-arn')),
    securityGroup: SecurityGroup.fromSecurityGroupId(scope, 'SecurityGroup', parameters.text('security-group-id')),
  };
}
