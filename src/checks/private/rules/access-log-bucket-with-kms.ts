import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { attribute } from '../load-balancers';
import { Rule, verdict } from '../rule';

export const accessLogBucketWithKms: Rule = {
  id: 'AccessLogBucketWithKms',
  trap: 'T11',
  level: NagMessageLevel.ERROR,
  info: 'The access logs of the load balancer are delivered to a bucket that is encrypted with a KMS key.',
  explanation: 'Load balancers can write only to buckets with SSE-S3; the deployment fails. Use BucketEncryption.S3_MANAGED.',
  check: (resource) => {
    if (resource.type !== 'AWS::ElasticLoadBalancingV2::LoadBalancer') return NagRuleCompliance.NOT_APPLICABLE;
    const isLogging = attribute(resource, 'LoadBalancerAttributes', 'access_logs.s3.enabled')?.isTrue;
    const bucket = attribute(resource, 'LoadBalancerAttributes', 'access_logs.s3.bucket')?.resource;
    if (!isLogging || !bucket) return NagRuleCompliance.NOT_APPLICABLE;
    const rules = bucket.at('BucketEncryption', 'ServerSideEncryptionConfiguration').items;
    return verdict(rules.some((rule) => rule.at('ServerSideEncryptionByDefault', 'SSEAlgorithm').text?.startsWith('aws:kms')));
  },
};
