import { spreadOf } from '../statistics';

/** How long the creation of a resource took, in seconds, and who saw it. */
export interface Duration {
  /** Each observation; empty where there is none. */
  readonly observed: number[];
  /** Where they are from, or why there is none. */
  readonly source: string;
  /** What is taken where nothing was observed. */
  readonly assumed?: number;
}

/** The quickest observation, the one in the middle, the slowest. */
export type Pace = 'least' | 'median' | 'most';

export function secondsOf({ observed, assumed = 0 }: Duration, pace: Pace = 'median'): number {
  if (observed.length === 0) return assumed;
  const { min, median, max } = spreadOf(observed);
  return Math.round({ least: min, median, most: max }[pace]);
}

function assumption(seconds: number, why = 'no log found'): Duration {
  return { observed: [], source: `assumed, ${why}`, assumed: seconds };
}

const STEAMPIPE = 'turbot/steampipe-plugin-aws';
const ARTFACTORY = 'DevopsArtFactory/terraform-provisioning#4, #5, #7';
const BENCH = 'go-to-k/cdkd-bench-terraform RESULTS.md';
const FLEET = 'embedFleetInstanceProfile79CBD6F4';

/**
 * Public logs of applies and of stack events; those of CloudFormation where there are any, else of Terraform, which waits for the same states.
 * A source is a repository and thread, or else a name or id that the log holds, by which a code search finds it. Logs without ids of
 * resources are left out: many are made up.
 */
export const DURATIONS: Record<string, Duration> = {
  'AWS::EC2::VPC': { observed: [21, 22, 22, 20, 39, 12, 11], source: `${ARTFACTORY}; ${STEAMPIPE}#184, #246, #540, #454` },
  'AWS::EC2::Subnet': { observed: [5, 8, 4, 3], source: `${STEAMPIPE}#184, #246, #540, #454` },
  'AWS::EC2::NatGateway': {
    observed: [96, 115, 118, 92, 116, 121, 87, 84],
    source:
      'nat-0d279a6643a6dab62, -02dab577aa6210ec9, -0f148d5d8d843e577, -00a3f5e79b1bd0dab, -01d06bebe8bd875f1, -0703813d797f73424, -076803094ee35aea3, -006a1c09b6cf9baf4',
  },
  'AWS::EC2::VPCEndpoint': { observed: [113], source: 'vpce-0c2ea2a7ee4cce9e2' },
  'AWS::EC2::Instance': { observed: [24], source: 'i-0a4dfc4992739cb6e; go-to-k/cdkd docs/cli-reference.md says 30-60' },
  'AWS::CloudFormation::WaitCondition': assumption(90, 'a host boots, installs, and its server answers'),
  'AWS::EC2::Volume': { observed: [11], source: 'vol-0e9b9fd5feaa95190' },
  'AWS::AutoScaling::AutoScalingGroup': {
    observed: [25, 26, 65],
    source: `${FLEET} (twice); amazon-archives/ecs-mxnet-example#4 (with a signal)`,
  },
  'AWS::ECS::Cluster': {
    observed: [1, 11, 12],
    source: 'pgarbe/tatsu-hubot#1; cluster/retail-cluster; cluster/aws-assessment-us-east-1',
  },
  'AWS::ECS::ClusterCapacityProviderAssociations': { observed: [16], source: FLEET },
  'AWS::ServiceDiscovery::HttpNamespace': assumption(45),
  'AWS::ServiceDiscovery::PrivateDnsNamespace': { observed: [44], source: 'cluster/retail-cluster' },
  'AWS::Route53::HostedZone': { observed: [62, 79], source: 'Z042316734L28ADMBXG48, Z07772033L1FA1UGZ7Q8Q' },
  'AWS::Route53::RecordSet': { observed: [35], source: 'Z002051618M4QHG4VM3M6' },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    observed: [174, 123, 139, 142, 148, 156, 172, 176, 187],
    source:
      'DataBiosphere/azul#5780; fargate-webapp-dev-alb; app/my-3-tier-architectu (twice), app/tf-lb, app/ec2-a, app/develop-alb, app/retai, app/my-aws-infr',
  },
  'AWS::ElastiCache::SubnetGroup': { observed: [8, 2, 2], source: `${STEAMPIPE}#184, #246, #454` },
  'AWS::ElastiCache::ReplicationGroup': {
    observed: [358, 419, 547, 555, 337],
    source: 'aakulov-oxsq-tfe, aakulov-xxxx-tfe, aakulov-pwpjfq-tfe, aNAME_HERE-vveo-tfe, default-test',
  },
  'AWS::ElastiCache::ServerlessCache': assumption(120),
  'AWS::RDS::DBInstance': {
    observed: [302, 479, 842, 1026],
    source: 'db-ONSYUMTQRPMNGTLJGHQUA4DW7E, development-postgres, tickethub-prod-mysql, terraform-20210809130010194600000001',
  },
  'AWS::EFS::MountTarget': { observed: [78], source: 'testefsstorageefstestefsstorageefsmounttarget32982F891' },
  'AWS::IAM::InstanceProfile': {
    observed: [121, 132, 132],
    source: 'pgarbe/tatsu-hubot#1; stack/InfraStack/4def5bf0-6e1b-11f0; RecipeEc2InstanceProfileB2CA3751',
  },
  'AWS::IAM::Role': { observed: [12, 18, 18], source: 'pgarbe/tatsu-hubot#1; DeploymentActionRole in logs of two bootstraps' },
  'AWS::IAM::Policy': {
    observed: [15, 16, 16, 12, 7],
    source:
      'FilePublishingRoleDefaultPolicy in logs of two bootstraps; helloeksCreationRoleDefaultPolicy74D6F223; MyFunctionServiceRoleDefaultPolicyB705ABD4',
  },
  'Custom::EcsMeshDeploymentJob': assumption(60, 'start of a task and short migrations'),
  'AWS::WAFv2::WebACL': { observed: [2], source: 'c8425c7d-0c43-47d6-93e8-3a34ed7c41b1' },
  'AWS::CertificateManager::Certificate': {
    observed: [61],
    source: 'aws_acm_certificate_validation.cert, 2019-03-28 09:36:13 (DNS validation)',
  },
};

/** Anything else: a call of an API. */
export const OTHER: Duration = assumption(5, 'a call of an API and the events around it');

/**
 * Image pulled, container started, network interface attached; to it come the health checks of the template. A Fargate task behind a load
 * balancer: median of seven runs that wait for a steady service, less those that do not, less two checks 10 s apart.
 */
export const TASK_START: Duration = { observed: [45, 53], source: `${BENCH}, ecs: 227.7 - 162.8 and 282.7 - 209.5, less 20` };
