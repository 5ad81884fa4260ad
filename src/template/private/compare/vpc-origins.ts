import { Change, idOf, Refusal } from './change';

const SOURCE = 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html';

/** CloudFront refuses to update a VPC origin, its tags included, or to delete it while a distribution uses it. */
export function vpcOriginsInUse(changes: readonly Change[]): Refusal[] {
  const changed = changes.filter(({ type, outcome }) => type === 'AWS::CloudFront::VpcOrigin' && outcome === 'updated');
  const distributions = changes.filter(({ type, before }) => type === 'AWS::CloudFront::Distribution' && before);
  return changed.flatMap(({ id }) => {
    const user = distributions.find(({ before }) =>
      before!.at('DistributionConfig', 'Origins').references.some((one) => idOf(one) === id),
    );
    if (!user) return [];
    const says = `CloudFront does not update it while ${user.path} uses it; create another VPC origin, with another logical ID, and move the distribution to it`;
    return [{ rule: 'VPC origin in use', id, isCertain: true, source: SOURCE, says }];
  });
}
