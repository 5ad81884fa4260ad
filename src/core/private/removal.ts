import { RemovalPolicy } from 'aws-cdk-lib';

/**
 * Returns the removal policy of a resource that holds data or that services still need: deleted in development mode and retained otherwise,
 * unless the operation that created it is rolled back. A failed first deployment would otherwise leave resources that block the next one or
 * are forgotten.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
export function keptUnlessDisposable(policy: RemovalPolicy): RemovalPolicy {
  return policy === RemovalPolicy.DESTROY ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
}
