import { App, Duration, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { ApplicationLoadBalancedFargateService, QueueProcessingFargateService } from 'aws-cdk-lib/aws-ecs-patterns';
import { Queue } from 'aws-cdk-lib/aws-sqs';

/** A public page, an internal API and a queue worker, as the examples of aws-ecs-patterns make them. */
export function loadBalancedFargate(): App {
  const app = new App();
  const stack = new Stack(app, 'Patterns');
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2 });
  const cluster = new Cluster(stack, 'Cluster', { vpc, enableFargateCapacityProviders: true });

  const web = new ApplicationLoadBalancedFargateService(stack, 'Web', {
    cluster,
    memoryLimitMiB: 1024,
    desiredCount: 2,
    taskImageOptions: { image: ContainerImage.fromRegistry('amazon/amazon-ecs-sample') },
  });
  web.service.autoScaleTaskCount({ minCapacity: 2, maxCapacity: 10 }).scaleOnCpuUtilization('Cpu', {
    targetUtilizationPercent: 50,
    scaleInCooldown: Duration.seconds(60),
  });

  new ApplicationLoadBalancedFargateService(stack, 'Api', {
    cluster,
    publicLoadBalancer: false,
    circuitBreaker: { rollback: true },
    minHealthyPercent: 100,
    taskImageOptions: { image: ContainerImage.fromRegistry('my/api'), containerPort: 8080 },
  });

  new QueueProcessingFargateService(stack, 'Worker', {
    cluster,
    queue: new Queue(stack, 'Orders'),
    minHealthyPercent: 100,
    circuitBreaker: { rollback: true },
    image: ContainerImage.fromRegistry('my/worker'),
  });
  return app;
}
