import { RemovalPolicy } from 'aws-cdk-lib';

/**
 * The policy of a resource that holds what people or services still need: it goes in development mode, and stays otherwise, except when
 * the operation that made it is rolled back. What a failed first deployment leaves would be in the way of the next one, or be forgotten.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
export function keptUnlessDisposable(policy: RemovalPolicy): RemovalPolicy {
  return policy === RemovalPolicy.DESTROY ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
}
