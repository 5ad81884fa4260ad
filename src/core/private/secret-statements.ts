import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { keyStatements } from './key-statement';
import { arnInPolicies } from './secret-arn';

/** Returns the statements with which the code in a task reads a secret, also one that is imported by its name or with a key of its own. */
export function secretStatements(secret: ISecret): PolicyStatement[] {
  const read = new PolicyStatement({
    actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
    resources: [arnInPolicies(secret)],
  });
  const use = { key: secret.encryptionKey, resource: secret, service: 'secretsmanager', actions: ['kms:Decrypt'] };
  return [read, ...keyStatements(use)];
}
