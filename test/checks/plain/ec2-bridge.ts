import { App, Stack } from 'aws-cdk-lib';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { Instance, InstanceType, MachineImage, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  AsgCapacityProvider,
  Cluster,
  ContainerImage,
  Ec2Service,
  Ec2TaskDefinition,
  EcsOptimizedImage,
} from 'aws-cdk-lib/aws-ecs';
import { ApplicationLoadBalancer, ApplicationProtocol } from 'aws-cdk-lib/aws-elasticloadbalancingv2';

/** Tasks in bridge mode on hosts of a capacity provider, behind an internal load balancer, with Redis on an instance. */
export function ec2Bridge(): App {
  const app = new App();
  const stack = new Stack(app, 'Bridge');
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2 });
  const cluster = new Cluster(stack, 'Cluster', { vpc });

  const autoScalingGroup = new AutoScalingGroup(stack, 'Hosts', {
    vpc,
    machineImage: EcsOptimizedImage.amazonLinux2023(),
    instanceType: new InstanceType('t3.medium'),
    minCapacity: 2,
    maxCapacity: 4,
  });
  const provider = new AsgCapacityProvider(stack, 'Provider', { autoScalingGroup });
  cluster.addAsgCapacityProvider(provider);

  const taskDefinition = new Ec2TaskDefinition(stack, 'Task');
  taskDefinition.addContainer('api', {
    image: ContainerImage.fromRegistry('my/api'),
    memoryLimitMiB: 512,
    portMappings: [{ containerPort: 8080 }],
  });
  const service = new Ec2Service(stack, 'Api', {
    cluster,
    taskDefinition,
    desiredCount: 2,
    capacityProviderStrategies: [{ capacityProvider: provider.capacityProviderName, weight: 1 }],
  });

  const loadBalancer = new ApplicationLoadBalancer(stack, 'Internal', { vpc });
  loadBalancer.addListener('Http', { port: 80 }).addTargets('Api', {
    port: 80,
    protocol: ApplicationProtocol.HTTP,
    targets: [service],
    healthCheck: { path: '/health', port: '8080' },
  });

  new Instance(stack, 'Redis', {
    vpc,
    instanceType: new InstanceType('t3.small'),
    machineImage: MachineImage.latestAmazonLinux2023(),
  });
  return app;
}
