/**
 * What is assumed about use, per month, where the bill depends on it. The defaults are a small web app; zero leaves a part out.
 */
export interface MonthlyUsage {
  /**
   * Traffic through each NAT gateway and endpoint, in GB.
   *
   * @default 10
   */
  readonly networkGb?: number;

  /**
   * Average load-balancer capacity units (LCU) of each load balancer. One unit is 25 new connections a second, 3,000 open ones, or 1 GB an
   * hour.
   *
   * @default 0.1
   */
  readonly loadBalancerUnits?: number;

  /**
   * Requests to each load balancer with a web ACL, and to each queue, in millions.
   *
   * @default 1
   */
  readonly millionRequests?: number;

  /**
   * Logs that each log group takes in, in GB.
   *
   * @default 1
   */
  readonly logGb?: number;

  /**
   * What each bucket, file system, image repository and serverless cache holds, in GB.
   *
   * @default 1
   */
  readonly storedGb?: number;

  /**
   * Metrics that Container Insights sends for each service; standard observability sends about 10.
   *
   * @default 10
   */
  readonly insightsMetrics?: number;

  /**
   * Price of Spot capacity as a share of the price on demand, 0 to 1. Fargate Spot is up to 70 percent cheaper.
   *
   * @default 0.35
   */
  readonly spotShare?: number;
}
