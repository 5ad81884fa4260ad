import { App, Duration, Stack } from 'aws-cdk-lib';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { InstanceType, IVpc, Port, Vpc } from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { ApplicationLoadBalancer, ApplicationProtocol } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { INamespace, NamespaceType } from 'aws-cdk-lib/aws-servicediscovery';

const logging = (streamPrefix: string) => ecs.LogDrivers.awsLogs({ streamPrefix, logRetention: RetentionDays.ONE_MONTH });

/** The apps of this folder once more, after the advice of the findings was followed. */
export function repaired(): App {
  const app = new App();
  const stack = new Stack(app, 'Repaired');
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2 });
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc });
  const namespace = cluster.addDefaultCloudMapNamespace({ name: 'shop', type: NamespaceType.HTTP });
  addServiceConnect(stack, vpc, cluster, namespace);
  addBridge(stack, vpc, cluster);
  return app;
}

function addServiceConnect(stack: Stack, vpc: IVpc, cluster: ecs.ICluster, namespace: INamespace): void {
  const service = (name: string, port: number, environment: Record<string, string> = {}) => {
    const taskDefinition = new ecs.FargateTaskDefinition(stack, `${name}Task`);
    const portMappings = [{ name, containerPort: port, appProtocol: ecs.AppProtocol.http }];
    const image = ecs.ContainerImage.fromRegistry(`my/${name}`);
    taskDefinition.addContainer(name, { image, environment, portMappings, logging: logging(name) });
    const made = new ecs.FargateService(stack, name, {
      cluster,
      taskDefinition,
      minHealthyPercent: 100,
      circuitBreaker: { rollback: true },
      serviceConnectConfiguration: {
        namespace: namespace.namespaceArn,
        services: [{ portMappingName: name, dnsName: name, port, perRequestTimeout: Duration.seconds(60) }],
      },
    });
    made.node.addDependency(taskDefinition.executionRole!);
    return made;
  };
  const frontend = service('frontend', 8080, { BACKEND_URL: 'http://backend:3000' });
  const backend = service('backend', 3000);
  backend.connections.allowFrom(frontend, Port.tcp(3000));
  frontend.node.defaultChild!.node.addDependency(backend.node.defaultChild!);

  const loadBalancer = new ApplicationLoadBalancer(stack, 'Public', { vpc, internetFacing: true });
  loadBalancer
    .addListener('Http', { port: 80 })
    .addTargets('Frontend', { port: 8080, targets: [frontend], deregistrationDelay: Duration.seconds(30) });
}

function addBridge(stack: Stack, vpc: IVpc, cluster: ecs.Cluster): void {
  const autoScalingGroup = new AutoScalingGroup(stack, 'Hosts', {
    vpc,
    machineImage: ecs.EcsOptimizedImage.amazonLinux2023(),
    instanceType: new InstanceType('t3.medium'),
  });
  const provider = new ecs.AsgCapacityProvider(stack, 'Provider', { autoScalingGroup });
  cluster.addAsgCapacityProvider(provider);
  const taskDefinition = new ecs.Ec2TaskDefinition(stack, 'Task');
  taskDefinition.addContainer('api', {
    image: ecs.ContainerImage.fromRegistry('my/api'),
    memoryLimitMiB: 512,
    portMappings: [{ containerPort: 8080 }],
  });
  const service = new ecs.Ec2Service(stack, 'Api', {
    cluster,
    taskDefinition,
    minHealthyPercent: 100,
    circuitBreaker: { rollback: true },
    capacityProviderStrategies: [{ capacityProvider: provider.capacityProviderName, weight: 1 }],
  });
  service.node.defaultChild!.node.addDependency(cluster);

  const loadBalancer = new ApplicationLoadBalancer(stack, 'Internal', { vpc });
  autoScalingGroup.connections.allowFrom(loadBalancer, Port.tcpRange(32768, 65535));
  loadBalancer.addListener('Http', { port: 80, open: false }).addTargets('Api', {
    port: 80,
    protocol: ApplicationProtocol.HTTP,
    targets: [service],
    deregistrationDelay: Duration.seconds(30),
  });
}
