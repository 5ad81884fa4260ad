import { IResource, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';

/** The part of a key that a role needs. */
export interface KeyUse {
  readonly key?: IKey;
  /** The resource that the key encrypts. */
  readonly resource: IResource;
  /** The name of its service, such as `sqs`. */
  readonly service: string;
  readonly actions: string[];
}

/**
 * Returns the statement for the key of a resource, if it has one: the service may use it for the role, and the role itself may not. The key
 * of a stack encrypts the resources of others, too.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export function keyStatements({ key, resource, service, actions }: KeyUse): PolicyStatement[] {
  if (!key) return [];
  // The ARN of a secret that RDS creates is known at deployment only, and so is the Region in it.
  const region = Token.isUnresolved(resource.env.region) ? Stack.of(resource).region : resource.env.region;
  const conditions = { StringEquals: { 'kms:ViaService': `${service}.${region}.amazonaws.com` } };
  return [new PolicyStatement({ actions, resources: [key.keyArn], conditions })];
}
