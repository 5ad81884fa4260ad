import { Stack } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IConstruct } from 'constructs';
import { validationError } from './errors';
import { isUnknown } from './unknown';

/**
 * Rejects a key of another Region: KMS is a service of one Region, and so are log groups, queues and databases. What is known only at deployment
 * is not compared.
 */
export function requireKeyRegion(scope: IConstruct, prop: string, key: IKey | undefined): void {
  const { region } = Stack.of(scope);
  if (!key || isUnknown(region) || isUnknown(key.env.region) || key.env.region === region) return;
  throw validationError(scope, 'KeyRegion', {
    prop,
    must: `be a key of ${region}, the Region of the stack`,
    got: isUnknown(key.keyArn) ? `${key.node.path} (${key.env.region})` : key.keyArn,
    fix: `use a key of ${region}, or the replica there of a multi-Region key`,
  });
}
