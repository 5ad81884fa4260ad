/** How long the creation of a resource takes, in seconds, and who says so. */
export interface Duration {
  readonly seconds: number;
  readonly source: string;
}

const ASSUMED = 'assumed, not sourced';
const PROVISIONING = 'DevopsArtFactory/terraform-provisioning#4 (log of an apply)';

/** Typical times, not promises. CloudFormation may be quicker where it stabilises optimistically, and slower on a bad day. */
export const DURATIONS: Record<string, Duration> = {
  'AWS::EC2::VPC': { seconds: 21, source: PROVISIONING },
  'AWS::EC2::Subnet': { seconds: 5, source: 'turbot/steampipe-plugin-aws#184 (log of an apply)' },
  'AWS::EC2::NatGateway': { seconds: 100, source: ASSUMED },
  'AWS::EC2::VPCEndpoint': { seconds: 60, source: ASSUMED },
  'AWS::EC2::Instance': { seconds: 60, source: ASSUMED },
  'AWS::EC2::Volume': { seconds: 30, source: ASSUMED },
  'AWS::AutoScaling::AutoScalingGroup': { seconds: 60, source: ASSUMED },
  'AWS::ECS::Cluster': { seconds: 10, source: ASSUMED },
  'AWS::ECS::ClusterCapacityProviderAssociations': { seconds: 30, source: ASSUMED },
  'AWS::ServiceDiscovery::HttpNamespace': { seconds: 45, source: ASSUMED },
  'AWS::ServiceDiscovery::PrivateDnsNamespace': { seconds: 60, source: ASSUMED },
  'AWS::Route53::HostedZone': { seconds: 45, source: ASSUMED },
  'AWS::Route53::RecordSet': { seconds: 40, source: ASSUMED },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': { seconds: 174, source: 'DataBiosphere/azul#5780 (log of an apply, 2 min 54 s)' },
  'AWS::ElastiCache::SubnetGroup': { seconds: 8, source: 'turbot/steampipe-plugin-aws#184 (log of an apply)' },
  'AWS::ElastiCache::ReplicationGroup': {
    seconds: 600,
    source: 'assumed; a cluster of one node was made and deleted in 395 s (hashicorp/terraform#8275)',
  },
  'AWS::ElastiCache::ServerlessCache': { seconds: 120, source: ASSUMED },
  'AWS::RDS::DBInstance': { seconds: 600, source: ASSUMED },
  'AWS::EFS::MountTarget': { seconds: 90, source: ASSUMED },
  'AWS::IAM::InstanceProfile': { seconds: 120, source: ASSUMED },
  'AWS::IAM::Role': { seconds: 18, source: ASSUMED },
  'AWS::IAM::Policy': { seconds: 16, source: ASSUMED },
  'AWS::WAFv2::WebACL': { seconds: 15, source: ASSUMED },
  'AWS::CertificateManager::Certificate': { seconds: 120, source: ASSUMED },
};

/** Anything else: a call of an API. */
export const OTHER: Duration = { seconds: 5, source: ASSUMED };

/** Image pulled, container started, network interface attached; to it come the health checks of the template. */
export const TASK_START: Duration = { seconds: 40, source: ASSUMED };
