/** A quota of AWS that several calls fill together. */
export interface Quota {
  readonly limit: number;
  /** The things that are counted, as docs/scale.md calls them. */
  readonly of: string;
  /** The page of AWS that states it. */
  readonly source: string;
}

const ECS = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html';
const ALB = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html';
const VPC = 'https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html';
const IAM = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html';
const CLOUDFORMATION = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html';
const CLOUDWATCH = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html';
const EVENTBRIDGE = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html';

/** The quotas that the library counts at synthesis. */
export const QUOTAS = {
  targetGroupsOfService: { limit: 5, of: 'target groups of a service', source: ECS },
  targetGroupsOfLoadBalancer: { limit: 100, of: 'target groups of a load balancer', source: ALB },
  targetsOfLoadBalancer: { limit: 1000, of: 'targets of a load balancer', source: ALB },
  containersOfTask: { limit: 10, of: 'containers of a task definition', source: ECS },
  subnetsOfService: { limit: 16, of: 'subnets of a service', source: ECS },
  capacityProvidersOfCluster: { limit: 20, of: 'capacity providers of a cluster', source: ECS },
  taskDefinitionBytes: { limit: 65_536, of: 'bytes of a task definition', source: ECS },
  rulesOfSecurityGroup: { limit: 60, of: 'rules of a security group in each direction', source: VPC },
  rulesOfLoadBalancer: { limit: 100, of: 'rules of a load balancer', source: ALB },
  certificatesOfLoadBalancer: { limit: 25, of: 'additional certificates of a load balancer', source: ALB },
  valuesOfRule: { limit: 5, of: 'values of a rule', source: ALB },
  managedPoliciesOfRole: { limit: 10, of: 'managed policies of a role', source: IAM },
  inlinePoliciesOfRole: { limit: 10_240, of: 'characters of the inline policies of a role', source: IAM },
  managedPolicySize: { limit: 6144, of: 'characters of a managed policy', source: IAM },
  trustPolicyOfRole: { limit: 2048, of: 'characters of the trust policy of a role', source: IAM },
  resourcesOfStack: { limit: 500, of: 'resources of a stack', source: CLOUDFORMATION },
  widgetsOfDashboard: { limit: 500, of: 'widgets of a dashboard', source: CLOUDWATCH },
  metricsOfWidget: { limit: 500, of: 'metrics of a widget', source: CLOUDWATCH },
  metricsOfDashboard: { limit: 2500, of: 'metrics of a dashboard', source: CLOUDWATCH },
  networksOfRegion: { limit: 5, of: 'networks of a Region', source: VPC },
  addressesOfRegion: { limit: 5, of: 'Elastic IP addresses of a Region', source: VPC },
  rulesOfEventBus: { limit: 300, of: 'rules of an event bus', source: EVENTBRIDGE },
  actionsOfAlarm: { limit: 5, of: 'actions of an alarm in each state', source: CLOUDWATCH },
} as const satisfies Record<string, Quota>;
