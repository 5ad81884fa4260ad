import { App, Duration, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as patterns from 'aws-cdk-lib/aws-ecs-patterns';
import * as elasticache from 'aws-cdk-lib/aws-elasticache';
import { ENV, IMAGE } from '../settings';

/** The app of library.ts as aws-ecs-patterns offers it: a load balancer for each service, and less behaviour (bench/README.md). */
export function build(app: App, count: number): void {
  const stack = new Stack(app, 'Shop', { env: ENV });
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED });
  const page = createService(stack, 'Page', cluster, true);
  const redisGroup = new ec2.SecurityGroup(stack, 'RedisGroup', { vpc });
  const subnets = new elasticache.CfnSubnetGroup(stack, 'RedisSubnets', {
    description: 'Redis',
    subnetIds: vpc.selectSubnets({ subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }).subnetIds,
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
    snapshotRetentionLimit: 1,
    cacheSubnetGroupName: subnets.ref,
    securityGroupIds: [redisGroup.securityGroupId],
  });
  for (let i = 0; i < count; i++) {
    const api = createService(stack, `Api${i}`, cluster, false);
    api.service.connections.allowTo(redisGroup, ec2.Port.tcp(6379));
    api.taskDefinition.defaultContainer!.addEnvironment('REDIS_HOST', redis.attrPrimaryEndPointAddress);
    page.taskDefinition.defaultContainer!.addEnvironment(`API${i}_URL`, `http://${api.loadBalancer.loadBalancerDnsName}`);
  }
}

function createService(stack: Stack, id: string, cluster: ecs.Cluster, publicLoadBalancer: boolean) {
  const service = new patterns.ApplicationLoadBalancedFargateService(stack, id, {
    cluster,
    publicLoadBalancer,
    cpu: 256,
    memoryLimitMiB: 512,
    circuitBreaker: { rollback: true },
    minHealthyPercent: 100,
    taskImageOptions: { image: ecs.ContainerImage.fromRegistry(IMAGE), containerPort: 8080 },
  });
  service.service.autoScaleTaskCount({ minCapacity: 2, maxCapacity: 4 }).scaleOnCpuUtilization('Cpu', {
    targetUtilizationPercent: 70,
    scaleOutCooldown: Duration.seconds(60),
    scaleInCooldown: Duration.seconds(300),
  });
  return service;
}
