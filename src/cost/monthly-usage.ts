/**
 * The assumed monthly usage that usage-based charges are calculated from. The defaults describe a small web app; zero leaves an item out.
 */
export interface MonthlyUsage {
  /**
   * The traffic through each NAT gateway and VPC endpoint, and from each CloudFront distribution to its viewers, in GB per month.
   *
   * @default 10
   */
  readonly networkGb?: number;

  /**
   * The average number of load balancer capacity units (LCU) of each load balancer. One LCU is 25 new connections per second, 3,000 active
   * connections per minute, or 1 GB per hour.
   *
   * @default 0.1
   */
  readonly loadBalancerUnits?: number;

  /**
   * The requests to each load balancer with a web ACL, to each CloudFront distribution and to each queue, in millions.
   *
   * @default 1
   */
  readonly millionRequests?: number;

  /**
   * The log data that each log group ingests, in GB.
   *
   * @default 1
   */
  readonly logGb?: number;

  /**
   * The data that each bucket, file system, image repository and serverless cache stores, in GB.
   *
   * @default 1
   */
  readonly storedGb?: number;

  /**
   * The number of metrics that Container Insights sends for each service. Standard observability sends about 10.
   *
   * @default 10
   */
  readonly insightsMetrics?: number;

  /**
   * The price of Spot capacity as a fraction of the On-Demand price, 0 to 1. Fargate Spot is up to 70 percent cheaper.
   *
   * @default 0.35
   */
  readonly spotShare?: number;
}
