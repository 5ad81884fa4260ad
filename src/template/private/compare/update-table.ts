/**
 * The effects of changes to the properties of a type. Spaces separate paths; `A.B` is a property of an object, or of the objects of a list.
 */
export interface UpdateRow {
  /** The properties whose change replaces the resource. */
  readonly replaces?: string;
  /** The properties whose change can replace it, depending on values that the schema does not name. */
  readonly mayReplace?: string;
  /** The property with the physical name, if a template can give one. */
  readonly name?: string;
  /** Indicates whether the schema says that the resource holds data. */
  readonly holdsData?: boolean;
}

/** The specification that the table was written from. */
export const SPECIFICATION = '@aws-cdk/aws-service-spec 0.1.216';

/** Written by `npx projen facts:updates` from CloudFormation's schemas; `exceptions.ts` corrects it. */
export const UPDATE_TABLE: Readonly<Record<string, UpdateRow | undefined>> = {
  'AWS::ApplicationAutoScaling::ScalableTarget': { replaces: 'ResourceId ScalableDimension ServiceNamespace' },
  'AWS::ApplicationAutoScaling::ScalingPolicy': {
    replaces: 'PolicyName ResourceId ScalableDimension ScalingTargetId ServiceNamespace',
  },
  'AWS::AutoScaling::AutoScalingGroup': { replaces: 'AutoScalingGroupName InstanceId', name: 'AutoScalingGroupName' },
  'AWS::AutoScaling::LifecycleHook': { replaces: 'AutoScalingGroupName LifecycleHookName', name: 'LifecycleHookName' },
  'AWS::Backup::BackupPlan': {},
  'AWS::Backup::BackupSelection': { replaces: 'BackupPlanId BackupSelection' },
  'AWS::Backup::BackupVault': { replaces: 'BackupVaultName EncryptionKeyArn', name: 'BackupVaultName', holdsData: true },
  'AWS::CertificateManager::Certificate': {
    replaces:
      'CertificateAuthorityArn CertificateExport DomainName DomainValidationOptions KeyAlgorithm SubjectAlternativeNames ValidationMethod',
  },
  'AWS::CloudFront::Distribution': {},
  'AWS::CloudFront::VpcOrigin': {},
  'AWS::CloudFormation::Stack': { holdsData: true },
  'AWS::CloudFormation::WaitCondition': {},
  'AWS::CloudFormation::WaitConditionHandle': {},
  'AWS::CloudWatch::Alarm': { replaces: 'AlarmName', name: 'AlarmName' },
  'AWS::CloudWatch::CompositeAlarm': { replaces: 'AlarmName', name: 'AlarmName' },
  'AWS::CloudWatch::Dashboard': { replaces: 'DashboardName', name: 'DashboardName' },
  'AWS::CodeDeploy::Application': { replaces: 'ApplicationName ComputePlatform', name: 'ApplicationName' },
  'AWS::CodeDeploy::DeploymentConfig': {
    replaces: 'ComputePlatform DeploymentConfigName MinimumHealthyHosts TrafficRoutingConfig ZonalConfig',
    name: 'DeploymentConfigName',
  },
  'AWS::CodeDeploy::DeploymentGroup': { replaces: 'ApplicationName DeploymentGroupName', name: 'DeploymentGroupName' },
  'AWS::Cognito::UserPool': { holdsData: true },
  'AWS::Cognito::UserPoolClient': { replaces: 'GenerateSecret UserPoolId' },
  'AWS::Cognito::UserPoolDomain': { replaces: 'Domain UserPoolId' },
  'AWS::EC2::EIP': { replaces: 'Address Domain IpamPoolId NetworkBorderGroup TransferAddress' },
  'AWS::EC2::EIPAssociation': { replaces: 'AllocationId EIP InstanceId NetworkInterfaceId PrivateIpAddress' },
  'AWS::EC2::FlowLog': {
    replaces:
      'DeliverCrossAccountRole DeliverLogsPermissionArn DestinationOptions LogDestination LogDestinationType LogFormat LogGroupName MaxAggregationInterval ResourceId ResourceType TagFieldSpecifications TrafficType',
  },
  'AWS::EC2::Instance': {
    replaces:
      'AvailabilityZone CpuOptions ElasticGpuSpecifications ElasticInferenceAccelerators EnclaveOptions HibernationOptions HostResourceGroupArn ImageId Ipv6AddressCount Ipv6Addresses KeyName LaunchTemplate LicenseSpecifications NetworkInterfaces PlacementGroupName PrivateIpAddress SecurityGroups SubnetId',
    mayReplace:
      'AdditionalInfo Affinity BlockDeviceMappings EbsOptimized HostId InstanceType KernelId PrivateDnsNameOptions RamdiskId SecurityGroupIds Tenancy UserData',
  },
  'AWS::EC2::InternetGateway': {},
  'AWS::EC2::LaunchTemplate': { replaces: 'LaunchTemplateName', name: 'LaunchTemplateName' },
  'AWS::EC2::NatGateway': { replaces: 'AllocationId AvailabilityMode ConnectivityType PrivateIpAddress SubnetId VpcId' },
  'AWS::EC2::NetworkInterface': { replaces: 'InterfaceType PrivateIpAddress SubnetId', mayReplace: 'PrivateIpAddresses' },
  'AWS::EC2::Route': { replaces: 'DestinationCidrBlock DestinationIpv6CidrBlock DestinationPrefixListId RouteTableId' },
  'AWS::EC2::RouteTable': { replaces: 'VpcId' },
  'AWS::EC2::SecurityGroup': { replaces: 'GroupDescription GroupName VpcId', name: 'GroupName' },
  'AWS::EC2::SecurityGroupEgress': {
    replaces: 'CidrIp CidrIpv6 DestinationPrefixListId DestinationSecurityGroupId FromPort GroupId IpProtocol ToPort',
  },
  'AWS::EC2::SecurityGroupIngress': {
    replaces:
      'CidrIp CidrIpv6 FromPort GroupId GroupName IpProtocol SourcePrefixListId SourceSecurityGroupId SourceSecurityGroupName SourceSecurityGroupOwnerId ToPort',
  },
  'AWS::EC2::Subnet': {
    replaces:
      'AvailabilityZone AvailabilityZoneId CidrBlock Ipv4IpamPoolId Ipv4NetmaskLength Ipv6IpamPoolId Ipv6Native Ipv6NetmaskLength OutpostArn VpcId',
    mayReplace: 'Ipv6CidrBlock',
  },
  'AWS::EC2::SubnetRouteTableAssociation': { replaces: 'RouteTableId SubnetId' },
  'AWS::EC2::VPC': { replaces: 'CidrBlock Ipv4IpamPoolId Ipv4NetmaskLength VpcEncryptionControl', mayReplace: 'InstanceTenancy' },
  'AWS::EC2::VPCEndpoint': {
    replaces:
      'DnsOptions.PrivateDnsPreference DnsOptions.PrivateDnsSpecifiedDomains ResourceConfigurationArn ServiceName ServiceNetworkArn ServiceRegion VpcEndpointType VpcId',
  },
  'AWS::EC2::VPCGatewayAttachment': { replaces: 'VpcId' },
  'AWS::EC2::VPNGateway': { replaces: 'AmazonSideAsn Type' },
  'AWS::EC2::VPNGatewayRoutePropagation': {},
  'AWS::EC2::Volume': { holdsData: true },
  'AWS::EC2::VolumeAttachment': { replaces: 'Device EbsCardIndex InstanceId VolumeId' },
  'AWS::ECR::Repository': { replaces: 'EncryptionConfiguration RepositoryName', name: 'RepositoryName' },
  'AWS::ECS::CapacityProvider': {
    replaces:
      'AutoScalingGroupProvider.AutoScalingGroupArn ClusterName ManagedInstancesProvider.InstanceLaunchTemplate.FipsEnabled Name',
    name: 'Name',
  },
  'AWS::ECS::Cluster': { replaces: 'ClusterName', name: 'ClusterName' },
  'AWS::ECS::ClusterCapacityProviderAssociations': { replaces: 'Cluster' },
  'AWS::ECS::Service': {
    replaces: 'Cluster DeploymentController LaunchType Role SchedulingStrategy ServiceName',
    name: 'ServiceName',
  },
  'AWS::ECS::TaskDefinition': {
    replaces:
      'ContainerDefinitions Cpu EnableFaultInjection EphemeralStorage ExecutionRoleArn Family InferenceAccelerators IpcMode Memory NetworkMode PidMode PlacementConstraints ProxyConfiguration RequiresCompatibilities RuntimePlatform TaskRoleArn Volumes',
  },
  'AWS::EFS::AccessPoint': { replaces: 'ClientToken FileSystemId PosixUser RootDirectory' },
  'AWS::EFS::FileSystem': { replaces: 'AvailabilityZoneName Encrypted KmsKeyId PerformanceMode', holdsData: true },
  'AWS::EFS::MountTarget': { replaces: 'FileSystemId IpAddress IpAddressType Ipv6Address SubnetId' },
  'AWS::ElastiCache::ParameterGroup': { replaces: 'CacheParameterGroupFamily' },
  'AWS::ElastiCache::ReplicationGroup': {
    replaces:
      'AtRestEncryptionEnabled CacheSubnetGroupName DataTieringEnabled Engine GlobalReplicationGroupId KmsKeyId NetworkType Port PreferredCacheClusterAZs ReplicasPerNodeGroup ReplicationGroupId SnapshotArns SnapshotName',
    mayReplace: 'AuthToken NodeGroupConfiguration NumNodeGroups',
    name: 'ReplicationGroupId',
    holdsData: true,
  },
  'AWS::ElastiCache::ServerlessCache': {
    replaces: 'KmsKeyId NetworkType ServerlessCacheName SnapshotArnsToRestore SubnetIds',
    name: 'ServerlessCacheName',
  },
  'AWS::ElastiCache::SubnetGroup': { replaces: 'CacheSubnetGroupName', name: 'CacheSubnetGroupName' },
  'AWS::ElastiCache::User': { replaces: 'Engine UserId UserName', name: 'UserId' },
  'AWS::ElastiCache::UserGroup': { replaces: 'Engine UserGroupId', name: 'UserGroupId' },
  'AWS::ElasticLoadBalancingV2::Listener': { replaces: 'LoadBalancerArn' },
  'AWS::ElasticLoadBalancingV2::ListenerCertificate': { replaces: 'ListenerArn' },
  'AWS::ElasticLoadBalancingV2::ListenerRule': { replaces: 'ListenerArn' },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': { replaces: 'Name Scheme Type', name: 'Name' },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    replaces: 'IpAddressType Name Port Protocol ProtocolVersion TargetType VpcId',
    name: 'Name',
  },
  'AWS::ElasticLoadBalancingV2::TrustStore': { replaces: 'Name', name: 'Name' },
  'AWS::Events::Rule': { replaces: 'EventBusName Name', name: 'Name' },
  'AWS::IAM::InstanceProfile': { replaces: 'InstanceProfileName Path', name: 'InstanceProfileName' },
  'AWS::IAM::ManagedPolicy': { replaces: 'Description ManagedPolicyName Path', name: 'ManagedPolicyName' },
  'AWS::IAM::OIDCProvider': { replaces: 'Url' },
  'AWS::IAM::Policy': {},
  'AWS::IAM::Role': { replaces: 'Path RoleName', name: 'RoleName' },
  'AWS::KMS::Alias': { replaces: 'AliasName', name: 'AliasName' },
  'AWS::KMS::Key': { holdsData: true },
  'AWS::Lambda::Alias': { replaces: 'FunctionName Name', name: 'Name' },
  'AWS::Lambda::EventInvokeConfig': { replaces: 'FunctionName Qualifier' },
  'AWS::Lambda::Function': { replaces: 'FunctionName PackageType TenancyConfig', name: 'FunctionName' },
  'AWS::Lambda::LayerVersion': { replaces: 'CompatibleArchitectures CompatibleRuntimes Content Description LayerName LicenseInfo' },
  'AWS::Lambda::Permission': {
    replaces:
      'Action EventSourceToken FunctionName FunctionUrlAuthType InvokedViaFunctionUrl Principal PrincipalOrgID SourceAccount SourceArn',
  },
  'AWS::Lambda::Version': { replaces: 'CodeSha256 Description FunctionName ProvisionedConcurrencyConfig RuntimePolicy' },
  'AWS::Logs::LogGroup': { replaces: 'LogGroupName', name: 'LogGroupName', holdsData: true },
  'AWS::Logs::MetricFilter': { replaces: 'FilterName LogGroupName' },
  'AWS::Logs::SubscriptionFilter': { replaces: 'FilterName LogGroupName' },
  'AWS::RDS::DBCluster': {
    replaces:
      'AvailabilityZones ClusterScalabilityType DBClusterIdentifier DBSubnetGroupName DBSystemId DatabaseName EngineMode KmsKeyId PubliclyAccessible RestoreToTime RestoreType SnapshotIdentifier SourceDBClusterIdentifier SourceDbClusterResourceId SourceRegion StorageEncrypted UseLatestRestorableTime',
    mayReplace: 'Engine GlobalClusterIdentifier MasterUsername',
    name: 'DBClusterIdentifier',
    holdsData: true,
  },
  'AWS::RDS::DBInstance': {
    replaces:
      'BackupTarget CharacterSetName CustomIAMInstanceProfile DBClusterIdentifier DBInstanceIdentifier DBName DBSubnetGroupName DBSystemId KmsKeyId MasterUsername NcharCharacterSetName Port SourceRegion StorageEncrypted Timezone',
    mayReplace:
      'AutoMinorVersionUpgrade AvailabilityZone BackupRetentionPeriod DBClusterSnapshotIdentifier DBParameterGroupName DBSnapshotIdentifier Engine MultiAZ PerformanceInsightsKMSKeyId PreferredMaintenanceWindow RestoreTime SourceDBClusterIdentifier SourceDBInstanceAutomatedBackupsArn SourceDBInstanceIdentifier SourceDbiResourceId StorageType UseLatestRestorableTime',
    name: 'DBInstanceIdentifier',
    holdsData: true,
  },
  'AWS::RDS::DBParameterGroup': { replaces: 'DBParameterGroupName Description Family', name: 'DBParameterGroupName' },
  'AWS::RDS::DBSubnetGroup': { replaces: 'DBSubnetGroupName', name: 'DBSubnetGroupName' },
  'AWS::Route53::HostedZone': { replaces: 'Name' },
  'AWS::Route53::RecordSet': { replaces: 'HostedZoneId HostedZoneName Name', name: 'Name' },
  'AWS::S3::Bucket': {
    replaces: 'BucketName BucketNamePrefix BucketNamespace ObjectLockEnabled',
    name: 'BucketName',
    holdsData: true,
  },
  'AWS::S3::BucketPolicy': { replaces: 'Bucket' },
  'AWS::SNS::Subscription': { replaces: 'Endpoint Protocol TopicArn' },
  'AWS::SNS::Topic': { replaces: 'FifoTopic TopicName', name: 'TopicName' },
  'AWS::SNS::TopicPolicy': {},
  'AWS::SQS::Queue': { replaces: 'FifoQueue QueueName', name: 'QueueName', holdsData: true },
  'AWS::SQS::QueuePolicy': {},
  'AWS::SSM::Parameter': { replaces: 'Name', name: 'Name' },
  'AWS::Scheduler::Schedule': { replaces: 'Name', name: 'Name' },
  'AWS::Scheduler::ScheduleGroup': { replaces: 'Name', name: 'Name' },
  'AWS::SecretsManager::ResourcePolicy': { replaces: 'SecretId' },
  'AWS::SecretsManager::RotationSchedule': { replaces: 'SecretId' },
  'AWS::SecretsManager::Secret': { replaces: 'Name', name: 'Name', holdsData: true },
  'AWS::SecretsManager::SecretTargetAttachment': { replaces: 'SecretId' },
  'AWS::ServiceDiscovery::HttpNamespace': { replaces: 'Name', name: 'Name' },
  'AWS::ServiceDiscovery::Instance': { replaces: 'InstanceId ServiceId' },
  'AWS::ServiceDiscovery::PrivateDnsNamespace': { replaces: 'Name Vpc', name: 'Name' },
  'AWS::ServiceDiscovery::Service': {
    replaces: 'DnsConfig.NamespaceId HealthCheckCustomConfig Name NamespaceId Type',
    name: 'Name',
  },
  'AWS::Shield::Protection': { replaces: 'Name ResourceArn', name: 'Name' },
  'AWS::WAFv2::IPSet': { replaces: 'Name Scope', name: 'Name' },
  'AWS::WAFv2::LoggingConfiguration': { replaces: 'ResourceArn' },
  'AWS::WAFv2::WebACL': { replaces: 'Name Scope', name: 'Name' },
  'AWS::WAFv2::WebACLAssociation': { replaces: 'ResourceArn WebACLArn' },
};
