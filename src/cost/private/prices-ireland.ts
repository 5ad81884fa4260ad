import { INSTANCES_IRELAND } from './prices-instances';
import { VIRGINIA } from './prices-virginia';

/**
 * List prices of eu-west-1 in USD, November 2026. Prices that are equal in both Regions are in the other table. docs/costs.md lists the
 * sources that each was checked against.
 */
export const IRELAND: Record<string, number> = {
  ...INSTANCES_IRELAND,
  ...alike([
    'fargate/vcpu-hour',
    'fargate/gb-hour',
    'fargate-arm/vcpu-hour',
    'fargate-arm/gb-hour',
    'public-ipv4/hour',
    'alb/lcu-hour',
    'nlb/lcu-hour',
    'waf/acl-month',
    'waf/rule-month',
    'waf/million-requests',
    'shield-advanced/month',
    'ec2/detailed-monitoring-month',
    'secrets-manager/secret-month',
    'kms/key-month',
    'route53/zone-month',
    'cloudwatch/alarm-metric-month',
    'cloudwatch/dashboard-month',
    'cloudwatch/metric-month',
    's3/gb-month',
    'ecr/gb-month',
    'sqs/million-requests',
    'backup/gb-month',
    'vpc-endpoint/gb',
  ]),
  'cloudfront/million-requests': 1.2,
  'cloudfront/gb': 0.085,
  'nat-gateway/hour': 0.048,
  'nat-gateway/gb': 0.048,
  'alb/hour': 0.0252,
  'nlb/hour': 0.0252,
  'vpc-endpoint/hour': 0.011,
  'ebs/gp3-gb-month': 0.088,
  'efs/gb-month': 0.33,
  'efs/gb-written': 0.066,
  'rds/postgres/db.t4g.micro/hour': 0.017,
  'rds/gp3-gb-month': 0.127,
  'logs/gb': 0.57,
};

function alike(keys: string[]): Record<string, number> {
  return Object.fromEntries(keys.map((key) => [key, VIRGINIA[key]]));
}
