/** The props of structs; those of the CDK, which can grow, start with `+`. Written by `npx projen facts:arguments`. */
export const STRUCTS: Readonly<Record<string, string | undefined>> = {
  AppendOnlyOptions: 'fsync?:AppendFsync volumeSize?:Size securityGroup?:ISecurityGroup',
  BacklogOptions: 'acceptableLatency?:Duration averageProcessing?:Duration messagesAtOnce?:number',
  BlockingLogOptions: 'streamPrefix?:string multilinePattern?:string',
  BlueGreenOptions: 'bakeTime?:Duration testTraffic?:TestTraffic hooks?:DeploymentHook[]',
  BucketEndpointOptions: 'access?:BucketAccess keyPrefix?:string',
  CaBundleOptions: 'bucket:IBucket key:string version?:string',
  CalledPort: 'service:IConstruct name:string',
  CanaryOptions: 'percent?:number canaryTime?:Duration bakeTime?:Duration testTraffic?:TestTraffic hooks?:DeploymentHook[]',
  CapacityProviderStrategy: '+ capacityProvider:string base?:number weight?:number',
  CodeDeployOptions: 'deploymentConfig?:IEcsDeploymentConfig bakeTime?:Duration approvalTime?:Duration testTraffic?:TestTraffic',
  CognitoOptions:
    'userPool:IUserPool userPoolClient:IUserPoolClient userPoolDomain:IUserPoolDomain scope?:string sessionTimeout?:Duration onUnauthenticated?:UnauthenticatedAction',
  ConnectOptions: 'as?:string containers?:string[] sidecars?:string[] afterRotation?:AfterRotation',
  ContainerDependency: 'container:string condition?:ContainerDependencyCondition',
  ContainerLifecycle:
    'essential?:boolean dependsOn?:ContainerDependency[] startTimeout?:Duration stopTimeout?:Duration restartAttemptPeriod?:Duration',
  ContainerOptions:
    'image:ContainerImage name?:string ports?:PortOptions[] environment?:{string} secrets?:{Secret} process?:ContainerProcess healthCheck?:HealthCheck logging?:ContainerLogging storage?:ContainerStorage resources?:ContainerResources lifecycle?:ContainerLifecycle',
  ContainerProcess:
    'entryPoint?:string[] command?:string[] workingDirectory?:string user?:string initProcessEnabled?:boolean ulimits?:Ulimit[] dropCapabilities?:Capability[]',
  ContainerRedisProps:
    'mesh:IMesh image?:ContainerImage user?:string discoveryName?:string compute?:Compute taskSize?:TaskSize maxMemoryMiB?:number maxMemoryPolicy?:MaxMemoryPolicy exposure?:RedisExposure persistence?:RedisPersistence authentication?:RedisAuthentication existing?:ExistingTaskResources',
  ContainerResources: 'cpu?:number memoryLimitMiB?:number memoryReservationMiB?:number gpuCount?:number',
  ContainerStorage: 'writablePaths?:WritablePath[] readonlyRootFilesystem?:boolean',
  CostLine:
    'path:string resourceType:string item:string quantity:number maxQuantity:number unit:string priceKey:string unitPrice?:number monthly?:number maxMonthly?:number assumed:boolean',
  CostReportProps: 'prices?:PriceTable usage?:MonthlyUsage budget?:MonthlyBudget',
  DeployedImageOptions: 'tagParameter?:string placeholder?:PlaceholderImage',
  DeploymentJobProps:
    'timeout?:Duration mesh:IMesh containers:ContainerOptions[] sidecars?:ContainerOptions[] discoveryName?:string taskSize?:TaskSize cpuArchitecture?:CpuArchitecture existing?:ExistingTaskResources',
  DualAlbGatewayProps:
    'network:IMeshNetwork external?:ExternalSide internal?:InternalSide accessLogs?:AccessLogs idleTimeout?:Duration removalPolicy?:RemovalPolicy',
  Ec2CapacityOptions:
    'instanceType?:InstanceType otherInstanceTypes?:InstanceType[] purchase?:Ec2PurchaseOption image?:HostImage diskSize?:Size minInstances?:number maxInstances?:number targetCapacityPercent?:number scaleIn?:HostScaleIn',
  Ec2CapacityProps:
    'mesh:IMesh instanceType?:InstanceType otherInstanceTypes?:InstanceType[] purchase?:Ec2PurchaseOption image?:HostImage diskSize?:Size minInstances?:number maxInstances?:number targetCapacityPercent?:number scaleIn?:HostScaleIn',
  Ec2HostRedisProps:
    'mesh:IMesh recordName?:string instanceType?:InstanceType hostGeneration?:number image?:string port?:number maxMemoryMiB?:number maxMemoryPolicy?:MaxMemoryPolicy persistence?:RedisPersistence availabilityZone?:string securityGroup?:ISecurityGroup',
  Ec2Options: 'networkMode?:NetworkMode',
  Ec2SpotOptions: 'allocationStrategy?:SpotAllocationStrategy maxPrice?:string',
  ElastiCacheRedisProps:
    'mesh:IMesh engine?:ElastiCacheEngine nodeType?:string numReplicas?:number port?:number maxMemoryPolicy?:MaxMemoryPolicy snapshotRetentionDays?:number snapshotWindow?:string maintenanceWindow?:string snapshotName?:string securityGroup?:ISecurityGroup',
  EndpointAcknowledgement: 'id:string reason:string',
  EndpointBinding:
    'facts:EndpointFacts environment?:{string} secrets?:{Secret} rotatedSecrets?:ISecret[] reaches?:EndpointReach[] policyStatements?:PolicyStatement[] dependencies?:IDependable[] calledPort?:CalledPort components?:TopologyComponent[] acknowledgements?:EndpointAcknowledgement[]',
  EndpointFacts: 'server:string protocol:string dnsName?:string port?:number',
  EndpointReach: 'server:IConnectable port:Port',
  ExistingCapacityProviders: 'names:string[] defaultStrategy?:CapacityProviderStrategy[]',
  ExistingClusterOptions: 'containerInsights?:ContainerInsights capacityProviders?:ExistingCapacityProviders',
  ExistingNetworkOptions:
    'externalLoadBalancerSubnets?:SubnetSelection internalLoadBalancerSubnets?:SubnetSelection taskSubnets?:SubnetSelection storeSubnets?:SubnetSelection',
  ExistingSideOptions:
    'network:IMeshNetwork internetFacing:boolean protocol?:ApplicationProtocol port?:number zone?:IHostedZone idleTimeout?:Duration',
  ExistingTaskResources: 'taskRole?:IRole executionRole?:IRole logGroup?:ILogGroup securityGroup?:ISecurityGroup',
  ExternalHostOptions: 'port?:number',
  ExternalHttpOptions:
    'peers?:IPeer[] securityGroup?:ISecurityGroup subnets?:SubnetSelection loadBalancerName?:string zone?:IHostedZone waf?:Waf shield?:Shield responseHeaders?:ResponseHeaders',
  ExternalHttpsOptions:
    'certificate:SideCertificate sslPolicy?:SslPolicy mutualTls?:MutualTls peers?:IPeer[] securityGroup?:ISecurityGroup subnets?:SubnetSelection loadBalancerName?:string zone?:IHostedZone waf?:Waf shield?:Shield responseHeaders?:ResponseHeaders',
  FargateOptions: 'cpuArchitecture?:CpuArchitecture',
  FargateSpotOptions: 'onDemandBase?:number cpuArchitecture?:CpuArchitecture',
  FeatureFlagsProps: 'mesh:IMesh flags:{boolean} name?:string',
  FunctionRotationOptions: 'every?:Duration',
  GatewayOriginOptions: 'domainName?:string readTimeout?:Duration keepaliveTimeout?:Duration customHeaders?:{string}',
  GatewaySideAttributes:
    'loadBalancer:IApplicationLoadBalancer listener:IApplicationListener network:IMeshNetwork internetFacing:boolean protocol?:ApplicationProtocol port?:number zone?:IHostedZone idleTimeout?:Duration',
  GeolocationPageOptions: 'recordName?:string certificate?:ICertificate',
  GeolocationReferenceAppProps:
    'compute?:GeolocationCompute redis?:GeolocationRedis page?:GeolocationPage privateDomain?:string internalName?:string network?:MeshNetwork upstream?:GeolocationUpstream removalPolicy?:RemovalPolicy',
  GeolocationUpstream: 'secret:ISecret secretField?:string',
  GitHubDeployRoleProps: 'repository:string subjects:GitHubSubject[] provider?:GitHubProvider maxSessionDuration?:Duration',
  GivenCertificateOptions: 'additional?:ICertificate[]',
  HealthCheck: '+ command:string[] interval?:Duration retries?:number startPeriod?:Duration timeout?:Duration',
  HostImageOptions: 'amiByRegion?:{string}',
  ImageReleaseOptions: 'resourceTypes?:string[]',
  ImageRepositoryProps:
    'repositoryName?:string keptImages?:number untaggedExpiration?:Duration encryptionKey?:IKey tagMutability?:TagMutability removalPolicy?:RemovalPolicy',
  ImportedDatabaseOptions: 'engine:DatabaseEngine databaseName:string secret?:ISecret',
  ImportedDatabaseProps:
    'host:string port?:number readerHost?:string securityGroup?:ISecurityGroup engine:DatabaseEngine databaseName:string secret?:ISecret',
  ImportedRedisCredentials: 'secret:ISecret passwordField?:string usernameField?:string',
  ImportedRedisProps:
    'host:string tls:boolean port?:number mode?:RedisMode securityGroup?:ISecurityGroup credentials?:ImportedRedisCredentials',
  InstanceRequirementsConfig:
    '+ acceleratorCountMin?:number acceleratorCountMax?:number acceleratorManufacturers?:AcceleratorManufacturer[] acceleratorNames?:AcceleratorName[] acceleratorTotalMemoryMin?:Size acceleratorTotalMemoryMax?:Size acceleratorTypes?:AcceleratorType[] allowedInstanceTypes?:string[] bareMetal?:BareMetal baselineEbsBandwidthMbpsMin?:number baselineEbsBandwidthMbpsMax?:number burstablePerformance?:BurstablePerformance cpuManufacturers?:CpuManufacturer[] excludedInstanceTypes?:string[] instanceGenerations?:InstanceGeneration[] localStorage?:LocalStorage localStorageTypes?:LocalStorageType[] maxSpotPriceAsPercentageOfOptimalOnDemandPrice?:number memoryPerVCpuMin?:Size memoryPerVCpuMax?:Size memoryMin:Size memoryMax?:Size networkBandwidthGbpsMin?:number networkBandwidthGbpsMax?:number networkInterfaceCountMin?:number networkInterfaceCountMax?:number onDemandMaxPricePercentageOverLowestPrice?:number requireHibernateSupport?:boolean spotMaxPricePercentageOverLowestPrice?:number totalLocalStorageGBMin?:number totalLocalStorageGBMax?:number vCpuCountMin:number vCpuCountMax?:number',
  InternalHttpOptions:
    'peers?:IPeer[] securityGroup?:ISecurityGroup subnets?:SubnetSelection loadBalancerName?:string zone?:IPrivateHostedZone waf?:Waf',
  InternalHttpsOptions:
    'certificate:SideCertificate sslPolicy?:SslPolicy peers?:IPeer[] securityGroup?:ISecurityGroup subnets?:SubnetSelection loadBalancerName?:string zone?:IPrivateHostedZone waf?:Waf',
  JobProps:
    'mesh:IMesh containers:ContainerOptions[] sidecars?:ContainerOptions[] discoveryName?:string taskSize?:TaskSize cpuArchitecture?:CpuArchitecture existing?:ExistingTaskResources',
  LambdaHookOptions: 'stages:DeploymentLifecycleStage[]',
  LinearOptions: 'stepPercent?:number stepTime?:Duration bakeTime?:Duration testTraffic?:TestTraffic hooks?:DeploymentHook[]',
  ManagedInstancesComputeOptions: 'networkMode?:NetworkMode',
  ManagedInstancesOptions:
    'requirements?:InstanceRequirementsConfig cpuArchitecture?:CpuArchitecture purchase?:CapacityOptionType diskSize?:Size',
  ManagedInstancesProps:
    'mesh:IMesh requirements?:InstanceRequirementsConfig cpuArchitecture?:CpuArchitecture purchase?:CapacityOptionType diskSize?:Size',
  ManagedLogBucketOptions: 'expiration?:Duration',
  ManagedRotationOptions: 'every?:Duration',
  ManagedRulesOptions:
    'rateLimit?:number countedRules?:string[] exemptPaths?:WafExemptPaths[] internalCountedRules?:string[] logRetention?:RetentionDays ruleGroups?:WafRuleGroup[] otherRuleGroups?:WafOtherRuleGroup[] mode?:WafMode clientAddress?:WafClientAddress countries?:WafCountries trustedAddresses?:string[] blockedAddresses?:string[]',
  MeshAlarmsProps: 'mesh:IMesh actions?:IAlarmAction[] overrides?:AlarmOverride[]',
  MeshDashboardProps: 'mesh:IMesh alarms?:MeshAlarms dashboardName?:string',
  MeshServiceProps:
    'mesh:IMesh containers:ContainerOptions[] sidecars?:ContainerOptions[] compute?:Compute taskSize?:TaskSize scaling?:Scaling rollout?:Rollout networking?:ServiceNetworking operations?:ServiceOperations existing?:ExistingTaskResources',
  MetricAlarm:
    'threshold:number description:string comparisonOperator?:ComparisonOperator evaluationPeriods?:number datapointsToAlarm?:number treatMissingData?:TreatMissingData createdAfter?:IDependable[] evaluateLowSampleCountPercentile?:string rollsBack?:boolean',
  MixOptions: 'networkMode?:NetworkMode cpuArchitecture?:CpuArchitecture',
  MonthlyUsage:
    'networkGb?:number loadBalancerUnits?:number millionRequests?:number logGb?:number storedGb?:number insightsMetrics?:number spotShare?:number',
  NatInstanceOptions: 'machineImage?:IMachineImage',
  NoNatOptions: 'endpoints?:InterfaceVpcEndpointAwsService[]',
  NonBlockingLogOptions: 'maxBufferSize?:Size streamPrefix?:string multilinePattern?:string',
  ObservedComponent:
    'owner:IConstruct home:IConstruct kind:ComponentKind label:string metrics:ObservedMetric[] service?:IConstruct',
  ObservedMetric: 'id:string title:string metric:IMetric alarm?:MetricAlarm',
  OfficeHoursOptions: 'opens?:string closes?:string',
  OidcOptions:
    'issuer:string authorizationEndpoint:string tokenEndpoint:string userInfoEndpoint:string clientId:string clientSecret:ISecret clientSecretField?:string scope?:string sessionTimeout?:Duration onUnauthenticated?:UnauthenticatedAction',
  OpenTelemetryOptions: 'sampleRatio?:number image?:ContainerImage collectorConfig?:string memoryMiB?:number',
  OriginBindOptions: '+ originId:string distributionId?:string',
  ParameterEndpointOptions: 'read?:ParameterRead',
  ParameterSettingsProps: 'mesh:IMesh values:{string} name?:string',
  PortOptions: 'name:string containerPort:number protocol?:PortProtocol hostPort?:number discoveryName?:string dnsName?:string',
  PostgresDatabaseProps:
    'mesh:IMesh databaseName?:string version?:PostgresEngineVersion allowMajorVersionUpgrade?:boolean instanceType?:InstanceType storage?:Size multiAz?:boolean backupRetention?:Duration snapshotIdentifier?:string rotation?:DatabaseRotation officeHours?:OfficeHours securityGroup?:ISecurityGroup',
  PrivateDnsOptions: 'ttl?:Duration port?:string',
  QueueWorkerServiceProps:
    'queue?:WorkerQueueOptions backlog?:BacklogOptions mesh:IMesh containers:ContainerOptions[] sidecars?:ContainerOptions[] compute?:Compute taskSize?:TaskSize scaling?:Scaling rollout?:Rollout networking?:ServiceNetworking operations?:ServiceOperations existing?:ExistingTaskResources',
  ReachabilityProps: 'stacks?:Stack[]',
  ReachablePair: 'from:string to:string ports:string path:string[]',
  RedisAlarmOptions:
    'actions?:IAlarmAction[] memoryPercent?:number cpuPercent?:number maxConnections?:number evictionsPerMinute?:number',
  RedisBackedEcsServiceProps:
    'redis?:IRedisStore redisConnection?:ConnectOptions mesh:IMesh containers:ContainerOptions[] sidecars?:ContainerOptions[] compute?:Compute taskSize?:TaskSize scaling?:Scaling rollout?:Rollout networking?:ServiceNetworking operations?:ServiceOperations existing?:ExistingTaskResources',
  RedisLoadBalancerOptions: 'securityGroup?:ISecurityGroup',
  RedisServiceConnectOptions: 'dnsName?:string',
  RequestedCertificateOptions: 'names:string[] zone:IHostedZone additional?:ICertificate[]',
  RollingOptions: 'minHealthyPercent?:number maxHealthyPercent?:number',
  RouteAttachment:
    'targetPath:string targetGroup:ApplicationTargetGroup alternateTargetGroup?:ApplicationTargetGroup testPriorities?:number[] ready:IDependable[]',
  RouteHealthCheck:
    'path?:string interval?:Duration timeout?:Duration healthyThreshold?:number unhealthyThreshold?:number healthyHttpCodes?:string',
  RouteProps:
    'target:IRoutable hosts?:string[] paths?:string[] when?:RouteCondition[] authentication?:RouteAuthentication recordName?:string priority?:number healthCheck?:RouteHealthCheck deregistrationDelay?:Duration',
  RouteRequest:
    'scopeIds:string[] listener:IApplicationListener loadBalancer:IApplicationLoadBalancer testListeners:ITestListeners conditions:ListenerCondition[] priority:number authentication?:IRouteAuthentication healthCheck:RouteHealthCheck deregistrationDelay:Duration idleTimeout?:Duration',
  ScalingTargets:
    'cpuPercent?:number memoryPercent?:number requestsPerTarget?:number scaleOutCooldown?:Duration scaleInCooldown?:Duration',
  ScheduledBounds: 'schedule:Schedule minTasks?:number maxTasks?:number timeZone?:TimeZone',
  ScheduledJobProps:
    'schedule:ScheduleExpression flexibleWindow?:Duration retryAttempts?:number maxEventAge?:Duration enabled?:boolean mesh:IMesh containers:ContainerOptions[] sidecars?:ContainerOptions[] discoveryName?:string taskSize?:TaskSize cpuArchitecture?:CpuArchitecture existing?:ExistingTaskResources',
  SecretEndpointOptions: 'field?:string',
  SecureHeadersOptions: 'maxAge?:Duration includeSubDomains?:boolean frameOptions?:FrameOptions contentSecurityPolicy?:string',
  ServerlessRedisProps:
    'mesh:IMesh majorEngineVersion?:string maxDataStorage?:Size maxEcpuPerSecond?:number snapshotRetentionDays?:number dailySnapshotTime?:string securityGroup?:ISecurityGroup',
  ServiceConnectMeshProps:
    'network?:MeshNetwork meshName?:string cluster?:MeshCluster namespace?:INamespace namespaceName?:string privateDomain?:string privateZone?:IPrivateHostedZone containerInsights?:ContainerInsights officeHours?:OfficeHours removalPolicy?:RemovalPolicy',
  ServiceConnectTimeouts: 'idleTimeout?:Duration requestTimeout?:Duration',
  ServiceNetworking: 'discoveryName?:string serviceConnect?:ServiceConnect discovery?:ServiceDiscovery',
  ServiceOperations: 'tracing?:Tracing healthCheckGracePeriod?:Duration enableExecuteCommand?:boolean',
  ServicePortAttributes: 'dnsName:string securityGroup:ISecurityGroup port:number protocol?:PortProtocol',
  ShareOptions: 'base?:number weight?:number',
  SharedDatabaseOptions: 'engine?:DatabaseEngine port?:number',
  SharedMeshOptions:
    'availabilityZones?:number containerInsights?:ContainerInsights privateDomain?:string meshName?:string officeHours?:OfficeHours removalPolicy?:RemovalPolicy',
  SharedPortOptions: 'port:number protocol?:PortProtocol',
  SharedRedisOptions: 'tls?:boolean port?:number clusterMode?:boolean authentication?:SharedRedisAuthentication',
  SignInOptions: 'scope?:string sessionTimeout?:Duration onUnauthenticated?:UnauthenticatedAction',
  StrictComplianceOptions: 'key?:IKey logRetention?:RetentionDays backupRetention?:Duration',
  SubnetCidrs: 'publicSubnets:string[] taskSubnets:string[] storeSubnets:string[]',
  SubnetSelection:
    '+ subnetType?:SubnetType availabilityZones?:string[] subnetGroupName?:string onePerAz?:boolean subnetFilters?:SubnetFilter[] subnets?:ISubnet[]',
  TableEndpointOptions: 'access?:TableAccess indexes?:string[]',
  TaskSize: 'cpu:number memoryMiB:number',
  ThreeTierOptions: 'cidr?:string availabilityZones?:number zoneNames?:string[] subnets?:SubnetCidrs nat?:NatStrategy',
  TmpfsOptions: 'size?:Size executable?:boolean',
  TopologyComponent: 'id:string kind:ComponentKind label:string details?:string[] publicFacing?:boolean',
  TopologyConnection: 'client:string server:string protocol:string dnsName?:string port?:number',
  TopologyDiagramProps: 'title?:string',
  Ulimit: '+ name:UlimitName softLimit:number hardLimit:number',
  UnknownValue: 'path:string reason:string taken:string',
  WafExemptPaths: 'rule:string paths:string[]',
  WafOtherRuleGroupOptions: 'countedRules?:string[]',
  WorkerQueueOptions:
    'existing?:IQueue fifo?:boolean contentBasedDeduplication?:boolean longestProcessing?:Duration visibilityTimeout?:Duration maxReceiveCount?:number retention?:Duration encryptionKey?:IKey',
};
