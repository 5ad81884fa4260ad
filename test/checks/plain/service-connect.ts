import { App, Stack } from 'aws-cdk-lib';
import { Port, Vpc } from 'aws-cdk-lib/aws-ec2';
import { AppProtocol, Cluster, ContainerImage, FargateService, FargateTaskDefinition, LogDrivers } from 'aws-cdk-lib/aws-ecs';
import { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';

/** A frontend that calls a backend and a Redis by Service Connect, as a first attempt looks. */
export function serviceConnect(): App {
  const app = new App();
  const stack = new Stack(app, 'Connect');
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2 });
  const cluster = new Cluster(stack, 'Cluster', { vpc, defaultCloudMapNamespace: { name: 'shop' } });

  const service = (name: string, image: string, port: number, environment: Record<string, string> = {}) => {
    const taskDefinition = new FargateTaskDefinition(stack, `${name}Task`);
    taskDefinition.addContainer(name, {
      image: ContainerImage.fromRegistry(image),
      environment,
      readonlyRootFilesystem: true,
      logging: LogDrivers.awsLogs({ streamPrefix: name }),
      portMappings: [{ name, containerPort: port, appProtocol: name === 'redis' ? undefined : AppProtocol.http }],
    });
    return new FargateService(stack, name, {
      cluster,
      taskDefinition,
      enableExecuteCommand: name === 'frontend',
      serviceConnectConfiguration: {
        namespace: 'shop',
        services: [{ portMappingName: name, dnsName: name, port }],
      },
    });
  };
  const frontend = service('frontend', 'my/frontend', 8080, { BACKEND_URL: 'http://backend:3000', REDIS_HOST: 'redis' });
  const backend = service('backend', 'my/backend', 3000, { REDIS_URL: 'redis://redis:6379' });
  service('redis', 'redis:8', 6379);
  backend.connections.allowFrom(frontend, Port.tcp(3000));

  const loadBalancer = new ApplicationLoadBalancer(stack, 'LoadBalancer', { vpc, internetFacing: true });
  loadBalancer.addListener('Http', { port: 80 }).addTargets('Frontend', { port: 8080, targets: [frontend] });
  return app;
}
