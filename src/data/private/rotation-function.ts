import { Duration, Stack } from 'aws-cdk-lib';
import { IConnectable, Port } from 'aws-cdk-lib/aws-ec2';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { CfnRotationSchedule, ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, IDependable } from 'constructs';
import { requireRoute, warnOfOtherVpc } from './rotation-reach';
import { IMesh } from '../../core/mesh';
import { acknowledge } from '../../core/private/acknowledge';
import { openAwsService } from '../../core/private/aws-service-access';
import { keyStatements } from '../../core/private/key-statement';
import { createPolicy } from '../../core/private/role';
import { openPath } from '../../core/private/security-path';

/** A database whose password is rotated. */
export interface RotatedDatabase {
  readonly construct: Construct & IConnectable;
  readonly mesh: IMesh;
  readonly instance: DatabaseInstance;
  readonly port: number;
}

/** Allows a user's function to change the password, but not during this deployment. */
export function rotateByFunction(database: RotatedDatabase, fn: IFunction, every: Duration): void {
  const { construct, mesh, instance, port } = database;
  warnOfOtherVpc(construct, mesh, fn);
  requireRoute(construct, mesh, fn);
  openPath(fn, construct, Port.tcp(port), 'Rotation of the password');
  // The attachment, which has written the address into the secret when the function is tried.
  const schedule = createSchedule(instance.secret!, every, fn);
  schedule.node.addDependency(
    ...openAwsService(mesh, fn, ['secretsmanager']),
    permitSecretsManager(construct, fn),
    ...permitRotation(construct, instance.node.findChild('Secret') as ISecret, fn),
  );
}

/**
 * Creates a rotation schedule that starts with the next window. Without `false`, CloudFormation rotates at once, while tasks still read the
 * old password.
 */
export function createSchedule(secret: ISecret, every: Duration, fn?: IFunction): CfnRotationSchedule {
  return new CfnRotationSchedule(new Construct(secret, 'Rotation'), 'Resource', {
    secretId: secret.secretArn,
    rotationLambdaArn: fn?.functionArn,
    rotationRules: { scheduleExpression: Schedule.rate(every).expressionString },
    rotateImmediatelyOnUpdate: false,
  });
}

/** Allows Secrets Manager to invoke the function for secrets of this account only. */
function permitSecretsManager(scope: Construct, fn: IFunction): IDependable {
  const id = 'SecretsManagerMayInvoke';
  const principal = new ServicePrincipal('secretsmanager.amazonaws.com');
  fn.addPermission(id, { principal, sourceAccount: Stack.of(scope).account, scope });
  return scope.node.tryFindChild(id) ?? fn;
}

/** Creates a separate policy: a child of the role would make the function depend on the secret, whose address it may have in a variable. */
function permitRotation(scope: Construct, secret: ISecret, fn: IFunction): IDependable[] {
  if (!fn.role || !fn.permissionsNode.defaultChild) return [];
  const actions = ['kms:Decrypt', 'kms:GenerateDataKey'];
  const policy = createPolicy(scope, 'RotationPolicy', fn.role, [
    new PolicyStatement({
      actions: [
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
      ],
      resources: [secret.secretArn],
    }),
    new PolicyStatement({ actions: ['secretsmanager:GetRandomPassword'], resources: ['*'] }),
    ...keyStatements({ key: secret.encryptionKey, resource: secret, service: 'secretsmanager', actions }),
  ]);
  acknowledge(
    policy,
    'AwsSolutions-IAM5[Resource::*]',
    'Only secretsmanager:GetRandomPassword, which does not support resource-level permissions.',
  );
  return [policy];
}
