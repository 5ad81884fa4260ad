import { ArnFormat, IResource, Stack, Token } from 'aws-cdk-lib';
import { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IAlias, IKey } from 'aws-cdk-lib/aws-kms';
import { acknowledge, inFinding } from './acknowledge';

/** The part of a key that a role needs. */
export interface KeyUse {
  readonly key?: IKey;
  /** The resource that the key encrypts. */
  readonly resource: IResource;
  /** The name of its service, such as `sqs`. */
  readonly service: string;
  readonly actions: string[];
}

const BY_ALIAS = 'kms:ResourceAliases';

/**
 * Returns the statement for the key of a resource, if it has one: the service may use it for the role, and the role itself may not. The key
 * of a stack encrypts the resources of others, too.
 *
 * The ARN of an alias in a statement would be about the alias, so one that is imported is a condition on all keys.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
 */
export function keyStatements({ key, resource, service, actions }: KeyUse): PolicyStatement[] {
  if (!key) return [];
  // The ARN of a secret that RDS creates is known at deployment only, and so is the Region in it.
  const region = Token.isUnresolved(resource.env.region) ? Stack.of(resource).region : resource.env.region;
  const conditions = { StringEquals: { 'kms:ViaService': `${service}.${region}.amazonaws.com` } };
  const target = targetOf(key);
  if (target) return [new PolicyStatement({ actions, resources: [target.keyArn], conditions })];
  const everyKey = Stack.of(key).formatArn({
    service: 'kms',
    resource: 'key',
    resourceName: '*',
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  const byAlias = { ...conditions, 'ForAnyValue:StringEquals': { [BY_ALIAS]: (key as IAlias).aliasName } };
  return [new PolicyStatement({ actions, resources: [everyKey], conditions: byAlias })];
}

/** Adds a statement to the policy of a role, and acknowledges the wildcard of one that names a key by its alias. */
export function addStatement(role: IRole, statement: PolicyStatement): void {
  role.addToPrincipalPolicy(statement);
  const conditions = statement.conditions as Record<string, Record<string, unknown> | undefined>;
  if (conditions['ForAnyValue:StringEquals']?.[BY_ALIAS] === undefined) return;
  acknowledge(
    role,
    `AwsSolutions-IAM5[Resource::${inFinding(role, statement.resources[0])}]`,
    'The key is known by its alias only; the statement is limited to the key that has this alias.',
  );
}

/** Returns the key itself; undefined for an imported alias. */
export function targetOf(key: IKey): IKey | undefined {
  if ((key as Partial<IAlias>).aliasName === undefined) return key;
  try {
    return (key as IAlias).aliasTargetKey;
  } catch {
    return undefined;
  }
}
