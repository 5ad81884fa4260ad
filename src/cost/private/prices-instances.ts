/** Prices per hour in USD, by family and size. */
type Families = Record<string, Record<string, number>>;

/** On-demand prices of Linux hosts and of cache nodes in a Region. */
interface InstancePrices {
  readonly ec2: Families;
  readonly elasticache: Record<string, Families>;
}

/**
 * Hosts: aws/karpenter-provider-aws, zz_generated.pricing_aws.go, generated from the price list on 2026-07-20. Nodes:
 * LeanerCloud/ec2-instances-info, data/elasticache-instances.json of 2025-04-24.
 */
const VIRGINIA: InstancePrices = {
  ec2: {
    t3: { nano: 0.0052, micro: 0.0104, small: 0.0208, medium: 0.0416, large: 0.0832, xlarge: 0.1664, '2xlarge': 0.3328 },
    t3a: { nano: 0.0047, micro: 0.0094, small: 0.0188, medium: 0.0376, large: 0.0752, xlarge: 0.1504, '2xlarge': 0.3008 },
    t4g: { nano: 0.0042, micro: 0.0084, small: 0.0168, medium: 0.0336, large: 0.0672, xlarge: 0.1344, '2xlarge': 0.2688 },
    m5: { large: 0.096, xlarge: 0.192, '2xlarge': 0.384, '4xlarge': 0.768 },
    m5a: { large: 0.086, xlarge: 0.172, '2xlarge': 0.344, '4xlarge': 0.688 },
    m6i: { large: 0.096, xlarge: 0.192, '2xlarge': 0.384, '4xlarge': 0.768 },
    m7i: { large: 0.1008, xlarge: 0.2016, '2xlarge': 0.4032, '4xlarge': 0.8064 },
    m7g: { medium: 0.0408, large: 0.0816, xlarge: 0.1632, '2xlarge': 0.3264, '4xlarge': 0.6528 },
    m8g: { medium: 0.04488, large: 0.08976, xlarge: 0.17952, '2xlarge': 0.35904, '4xlarge': 0.71808 },
    c6i: { large: 0.085, xlarge: 0.17, '2xlarge': 0.34, '4xlarge': 0.68 },
    c7i: { large: 0.08925, xlarge: 0.1785, '2xlarge': 0.357, '4xlarge': 0.714 },
    c7g: { medium: 0.0363, large: 0.0725, xlarge: 0.145, '2xlarge': 0.29, '4xlarge': 0.58 },
    r7i: { large: 0.1323, xlarge: 0.2646, '2xlarge': 0.5292, '4xlarge': 1.0584 },
    r7g: { medium: 0.0536, large: 0.1071, xlarge: 0.2142, '2xlarge': 0.4284, '4xlarge': 0.8568 },
    r8g: { medium: 0.05891, large: 0.11782, xlarge: 0.23564, '2xlarge': 0.47128, '4xlarge': 0.94256 },
    g4dn: { xlarge: 0.526, '2xlarge': 0.752, '4xlarge': 1.204 },
    g5: { xlarge: 1.006, '2xlarge': 1.212, '4xlarge': 1.624 },
  },
  elasticache: {
    valkey: {
      'cache.t4g': { micro: 0.0128, small: 0.0256, medium: 0.052 },
      'cache.m7g': { large: 0.1264, xlarge: 0.252, '2xlarge': 0.5032 },
      'cache.r7g': { large: 0.1752, xlarge: 0.3496, '2xlarge': 0.6984 },
    },
    redis: {
      'cache.t4g': { micro: 0.016, small: 0.032, medium: 0.065 },
      'cache.m7g': { large: 0.158, xlarge: 0.315, '2xlarge': 0.629 },
      'cache.r7g': { large: 0.219, xlarge: 0.437, '2xlarge': 0.873 },
    },
  },
};

/**
 * Hosts: skypilot-org/skypilot-catalog, catalogs/v8/aws/vms.csv at 00148f2a, of which these rows were read; m5.large and t4g.small by published
 * bills and checks of the price list. Nodes as above.
 */
const IRELAND: InstancePrices = {
  ec2: {
    t3: { nano: 0.0057, micro: 0.0114, small: 0.0228, medium: 0.0456, large: 0.0912, xlarge: 0.1824 },
    t3a: { medium: 0.0408, large: 0.0816, '2xlarge': 0.3264 },
    t4g: { nano: 0.0046, micro: 0.0092, small: 0.0184, medium: 0.0368, large: 0.0736, '2xlarge': 0.2944 },
    m5: { large: 0.107 },
    m5a: { large: 0.096, xlarge: 0.192, '2xlarge': 0.384, '4xlarge': 0.768 },
    m7g: { large: 0.091, '2xlarge': 0.3638, '4xlarge': 0.7276 },
  },
  elasticache: {
    valkey: {
      'cache.t4g': { micro: 0.0136, small: 0.0272, medium: 0.0544 },
      'cache.m7g': { large: 0.1392, xlarge: 0.2776, '2xlarge': 0.5544 },
      'cache.r7g': { large: 0.1944, xlarge: 0.3896, '2xlarge': 0.7792 },
    },
    redis: {
      'cache.t4g': { micro: 0.017, small: 0.034, medium: 0.068 },
      'cache.m7g': { large: 0.174, xlarge: 0.347, '2xlarge': 0.693 },
      'cache.r7g': { large: 0.243, xlarge: 0.487, '2xlarge': 0.974 },
    },
  },
};

/** Prices with keys such as `ec2/t3.small/hour` and `elasticache/valkey/cache.t4g.micro/hour`. */
export const INSTANCES_VIRGINIA = keyed(VIRGINIA);
export const INSTANCES_IRELAND = keyed(IRELAND);

function keyed({ ec2, elasticache }: InstancePrices): Record<string, number> {
  const groups = [
    ['ec2', ec2] as const,
    ...Object.entries(elasticache).map(([engine, nodes]) => [`elasticache/${engine}`, nodes] as const),
  ];
  return Object.fromEntries(
    groups.flatMap(([prefix, families]) =>
      Object.entries(families).flatMap(([family, sizes]) =>
        Object.entries(sizes).map(([size, price]) => [`${prefix}/${family}.${size}/hour`, price]),
      ),
    ),
  );
}
