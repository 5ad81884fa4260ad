/** A quota of AWS that several calls fill together. */
export interface Quota {
  readonly limit: number;
  /** The page of AWS that states it. */
  readonly source: string;
}

const ECS = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html';
const ALB = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html';
const VPC = 'https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html';

/** The quotas that the library counts at synthesis. */
export const QUOTAS = {
  /** Target groups of an ECS service; cannot be raised. */
  targetGroupsOfService: { limit: 5, source: ECS },
  /** Target groups of a load balancer; cannot be raised. */
  targetGroupsOfLoadBalancer: { limit: 100, source: ALB },
  /** Bytes of a task definition; cannot be raised. */
  taskDefinitionBytes: { limit: 65_536, source: ECS },
  /** Rules of a security group in each direction; can be raised. */
  rulesOfSecurityGroup: { limit: 60, source: VPC },
} as const satisfies Record<string, Quota>;
