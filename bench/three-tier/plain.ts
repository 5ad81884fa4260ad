import { App, ArnFormat, Duration, RemovalPolicy, Size, Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elasticache from 'aws-cdk-lib/aws-elasticache';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as servicediscovery from 'aws-cdk-lib/aws-servicediscovery';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { ENV, IMAGE } from '../settings';

interface Home {
  readonly cluster: ecs.Cluster;
  readonly namespace: servicediscovery.HttpNamespace;
}

/** The app of library.ts, with the same behaviour, as one would write it with the L2 constructs of CDK. */
export function build(app: App, count: number): void {
  const stack = new Stack(app, 'Shop', { env: ENV });
  const home = createHome(stack);
  const page = createService(stack, 'Page', home);
  const { address, redisGroup, secret } = createRedis(stack, home.cluster.vpc);
  for (let i = 0; i < count; i++) {
    const api = createService(stack, `Api${i}`, home);
    connectToRedis(api, address, redisGroup, secret);
    page.connections.allowTo(api, ec2.Port.tcp(8080));
    page.taskDefinition.defaultContainer!.addEnvironment(`API${i}_URL`, `http://api${i}.shop:8080`);
    page.node.defaultChild!.node.addDependency(api.node.defaultChild!);
  }
  createGateway(stack, home.cluster.vpc, page);
}

function createHome(stack: Stack): Home {
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    maxAzs: 2,
    restrictDefaultSecurityGroup: true,
    subnetConfiguration: [
      { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
      { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      { name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    ],
    gatewayEndpoints: { S3: { service: ec2.GatewayVpcEndpointAwsService.S3 } },
  });
  const flowLogs = new logs.LogGroup(stack, 'FlowLogs', { retention: logs.RetentionDays.ONE_MONTH });
  vpc.addFlowLog('Flow', { destination: ec2.FlowLogDestination.toCloudWatchLogs(flowLogs) });
  const execLogs = new logs.LogGroup(stack, 'ExecLogs', { retention: logs.RetentionDays.ONE_MONTH });
  const cluster = new ecs.Cluster(stack, 'Cluster', {
    vpc,
    containerInsightsV2: ecs.ContainerInsights.ENABLED,
    enableFargateCapacityProviders: true,
    executeCommandConfiguration: {
      logging: ecs.ExecuteCommandLogging.OVERRIDE,
      logConfiguration: { cloudWatchLogGroup: execLogs },
    },
  });
  return { cluster, namespace: new servicediscovery.HttpNamespace(stack, 'Namespace', { name: 'shop' }) };
}

function createService(stack: Stack, id: string, { cluster, namespace }: Home): ecs.FargateService {
  const name = id.toLowerCase();
  const assumedBy = new iam.ServicePrincipal('ecs-tasks.amazonaws.com');
  const taskRole = new iam.Role(stack, `${id}TaskRole`, { assumedBy });
  const executionRole = new iam.Role(stack, `${id}ExecutionRole`, { assumedBy });
  const taskDefinition = new ecs.FargateTaskDefinition(stack, `${id}Task`, {
    cpu: 256,
    memoryLimitMiB: 512,
    taskRole,
    executionRole,
  });
  const logGroup = new logs.LogGroup(stack, `${id}Logs`, {
    logGroupName: `/ecs/shop/${name}`,
    retention: logs.RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const logging = (streamPrefix: string) =>
    ecs.LogDrivers.awsLogs({
      logGroup,
      streamPrefix,
      mode: ecs.AwsLogDriverMode.NON_BLOCKING,
      maxBufferSize: Size.mebibytes(25),
    });
  const linuxParameters = new ecs.LinuxParameters(stack, `${id}Linux`, { initProcessEnabled: true });
  linuxParameters.dropCapabilities(ecs.Capability.ALL);
  taskDefinition.addContainer(name, {
    image: ecs.ContainerImage.fromRegistry(IMAGE),
    readonlyRootFilesystem: true,
    stopTimeout: Duration.seconds(30),
    linuxParameters,
    logging: logging(name),
    portMappings: [{ name: 'http', containerPort: 8080, appProtocol: ecs.AppProtocol.http }],
  });
  const securityGroup = new ec2.SecurityGroup(stack, `${id}Group`, { vpc: cluster.vpc, allowAllOutbound: false });
  securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443));
  const service = new ecs.FargateService(stack, id, {
    cluster,
    taskDefinition,
    securityGroups: [securityGroup],
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    minHealthyPercent: 100,
    maxHealthyPercent: 200,
    circuitBreaker: { rollback: true },
    capacityProviderStrategies: [{ capacityProvider: 'FARGATE', weight: 1 }],
    propagateTags: ecs.PropagatedTagSource.SERVICE,
    enableECSManagedTags: true,
    serviceConnectConfiguration: {
      namespace: namespace.namespaceArn,
      logDriver: logging('service-connect'),
      services: [
        {
          portMappingName: 'http',
          discoveryName: name,
          dnsName: `${name}.shop`,
          port: 8080,
          idleTimeout: Duration.seconds(60),
          perRequestTimeout: Duration.seconds(60),
        },
      ],
    },
  });
  service.node.defaultChild!.node.addDependency(taskRole, executionRole);
  service.autoScaleTaskCount({ minCapacity: 2, maxCapacity: 4 }).scaleOnCpuUtilization('Cpu', {
    targetUtilizationPercent: 70,
    scaleOutCooldown: Duration.seconds(60),
    scaleInCooldown: Duration.seconds(300),
  });
  return service;
}

function createRedis(stack: Stack, vpc: ec2.IVpc) {
  const redisGroup = new ec2.SecurityGroup(stack, 'RedisGroup', { vpc, allowAllOutbound: false });
  const secret = new secretsmanager.Secret(stack, 'RedisAuth', {
    generateSecretString: {
      secretStringTemplate: '{"username":"default"}',
      generateStringKey: 'password',
      excludePunctuation: true,
    },
  });
  const subnets = new elasticache.CfnSubnetGroup(stack, 'RedisSubnets', {
    description: 'Redis',
    subnetIds: vpc.selectSubnets({ subnetType: ec2.SubnetType.PRIVATE_ISOLATED }).subnetIds,
  });
  const parameters = new elasticache.CfnParameterGroup(stack, 'RedisParameters', {
    cacheParameterGroupFamily: 'valkey8',
    description: 'Redis',
    properties: { 'maxmemory-policy': 'volatile-lru' },
  });
  const logGroup = new logs.LogGroup(stack, 'RedisLogs', {
    logGroupName: '/aws/vendedlogs/elasticache/shop-redis',
    retention: logs.RetentionDays.ONE_MONTH,
  });
  const redis = new elasticache.CfnReplicationGroup(stack, 'Redis', {
    replicationGroupDescription: 'Redis',
    engine: 'valkey',
    cacheNodeType: 'cache.t4g.micro',
    numCacheClusters: 2,
    multiAzEnabled: true,
    automaticFailoverEnabled: true,
    transitEncryptionEnabled: true,
    atRestEncryptionEnabled: true,
    authToken: secret.secretValueFromJson('password').unsafeUnwrap(),
    snapshotRetentionLimit: 1,
    cacheParameterGroupName: parameters.ref,
    cacheSubnetGroupName: subnets.ref,
    logDeliveryConfigurations: ['slow-log', 'engine-log'].map((logType) => ({
      logType,
      logFormat: 'json',
      destinationType: 'cloudwatch-logs',
      destinationDetails: { cloudWatchLogsDetails: { logGroup: logGroup.logGroupName } },
    })),
    securityGroupIds: [redisGroup.securityGroupId],
  });
  return { address: redis.attrPrimaryEndPointAddress, redisGroup, secret };
}

function connectToRedis(api: ecs.FargateService, address: string, group: ec2.SecurityGroup, secret: secretsmanager.Secret): void {
  api.connections.allowTo(group, ec2.Port.tcp(6379));
  const container = api.taskDefinition.defaultContainer!;
  for (const [name, value] of Object.entries({ HOST: address, PORT: '6379', TLS: 'true', URL: `rediss://${address}:6379` })) {
    container.addEnvironment(`REDIS_${name}`, Token.asString(value));
  }
  container.addSecret('REDIS_USERNAME', ecs.Secret.fromSecretsManager(secret, 'username'));
  container.addSecret('REDIS_PASSWORD', ecs.Secret.fromSecretsManager(secret, 'password'));
}

function createGateway(stack: Stack, vpc: ec2.IVpc, page: ecs.FargateService): void {
  const securityGroup = new ec2.SecurityGroup(stack, 'AlbGroup', { vpc, allowAllOutbound: false });
  securityGroup.addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(80));
  const alb = new elbv2.ApplicationLoadBalancer(stack, 'Alb', {
    vpc,
    internetFacing: true,
    deletionProtection: true,
    dropInvalidHeaderFields: true,
    securityGroup,
  });
  const bucket = new s3.Bucket(stack, 'AccessLogs', {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    lifecycleRules: [{ expiration: Duration.days(90) }],
  });
  alb.logAccessLogs(bucket);
  const listener = alb.addListener('Http', { port: 80, open: false, defaultAction: elbv2.ListenerAction.fixedResponse(404) });
  (listener.node.defaultChild as elbv2.CfnListener).listenerAttributes = [
    { key: 'routing.http.response.server.enabled', value: 'false' },
    { key: 'routing.http.response.x_content_type_options.header_value', value: 'nosniff' },
  ];
  listener.addTargets('Page', {
    priority: 1000,
    conditions: [elbv2.ListenerCondition.pathPatterns(['*'])],
    protocol: elbv2.ApplicationProtocol.HTTP,
    port: 8080,
    targets: [page],
    deregistrationDelay: Duration.seconds(30),
    healthCheck: { interval: Duration.seconds(10), healthyThresholdCount: 2, unhealthyThresholdCount: 3 },
  });
  createAcl(stack, alb);
}

function createAcl(stack: Stack, alb: elbv2.ApplicationLoadBalancer): void {
  const visibilityConfig = (metricName: string) => ({ sampledRequestsEnabled: true, cloudWatchMetricsEnabled: true, metricName });
  const groups = ['AWSManagedRulesAmazonIpReputationList', 'AWSManagedRulesCommonRuleSet', 'AWSManagedRulesKnownBadInputsRuleSet'];
  const acl = new wafv2.CfnWebACL(stack, 'Acl', {
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    visibilityConfig: visibilityConfig('acl'),
    rules: [
      {
        name: 'RateLimit',
        priority: 0,
        action: { block: {} },
        statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit: 2000, evaluationWindowSec: 300 } },
        visibilityConfig: visibilityConfig('RateLimit'),
      },
      ...groups.map((name, index) => ({
        name,
        priority: index + 1,
        overrideAction: { none: {} },
        statement: { managedRuleGroupStatement: { vendorName: 'AWS', name } },
        visibilityConfig: visibilityConfig(name),
      })),
    ],
  });
  const logGroup = new logs.LogGroup(stack, 'AclLogs', {
    logGroupName: 'aws-waf-logs-shop',
    retention: logs.RetentionDays.ONE_MONTH,
  });
  const keep = ['BLOCK', 'COUNT'].map((action) => ({ actionCondition: { action } }));
  new wafv2.CfnLoggingConfiguration(stack, 'AclLogging', {
    resourceArn: acl.attrArn,
    logDestinationConfigs: [
      stack.formatArn({
        service: 'logs',
        resource: 'log-group',
        resourceName: logGroup.logGroupName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    ],
    loggingFilter: { defaultBehavior: 'DROP', filters: [{ behavior: 'KEEP', requirement: 'MEETS_ANY', conditions: keep }] },
    redactedFields: ['authorization', 'cookie'].map((name) => ({ singleHeader: { name } })),
  });
  new wafv2.CfnWebACLAssociation(stack, 'AclAssociation', { resourceArn: alb.loadBalancerArn, webAclArn: acl.attrArn });
}
