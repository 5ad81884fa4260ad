import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ISecurityGroup, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { NetworkLoadBalancer, NetworkTargetGroup, Protocol, TargetType } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { acknowledge } from '../../core/private/acknowledge';
import { openPath } from '../../core/private/security-path';
import { meshSubnets } from '../../core/private/subnets';
import { MeshService } from '../../service/mesh-service';

/** Creates an internal load balancer in front of the one task of a server. */
export function createRedisLoadBalancer(
  scope: Construct,
  service: MeshService,
  { port, existing }: { readonly port: number; readonly existing?: ISecurityGroup },
): NetworkLoadBalancer {
  const { mesh, discoveryName } = service;
  const loadBalancer = new NetworkLoadBalancer(scope, 'LoadBalancer', {
    vpc: mesh.vpc,
    vpcSubnets: { subnets: meshSubnets(scope, mesh.vpc, { ...mesh.taskSubnets, onePerAz: true }, 'task').subnets },
    internetFacing: false,
    securityGroups: [
      existing ??
        new SecurityGroup(scope, 'SecurityGroup', {
          vpc: mesh.vpc,
          description: `Load balancer of Redis store ${discoveryName}`,
          allowAllOutbound: false,
        }),
    ],
    // There is one task in one zone, and clients in all of them.
    crossZoneEnabled: true,
    deletionProtection: mesh.removalPolicy !== RemovalPolicy.DESTROY,
  });
  acknowledge(
    loadBalancer,
    ['AwsSolutions-ELB2', '*-ELBLoggingEnabled'],
    'A Network Load Balancer writes access logs only for TLS listeners, and this one uses TCP; the VPC flow logs contain its connections.',
  );
  if (mesh.removalPolicy === RemovalPolicy.DESTROY) {
    acknowledge(
      loadBalancer,
      '*-ELBDeletionProtectionEnabled',
      'Development mode is specified with the `removalPolicy` of the mesh.',
    );
  }
  // CDK opens no path between a Network Load Balancer and its targets.
  openPath(loadBalancer, service, Port.tcp(port), `Load balancer to ${discoveryName}`);
  const listener = loadBalancer.addListener('Redis', {
    protocol: Protocol.TCP,
    port,
    defaultTargetGroups: [createTargetGroup(scope, service, port)],
  });
  acknowledge(
    listener,
    '*-ELBv2ACMCertificateRequired',
    'The server in the container uses the plain Redis protocol, with declared clients inside the network only; ElastiCacheRedis and ServerlessRedis use TLS.',
  );
  return loadBalancer;
}

function createTargetGroup(scope: Construct, { mesh, service, containers }: MeshService, port: number): NetworkTargetGroup {
  return new NetworkTargetGroup(scope, 'TargetGroup', {
    vpc: mesh.vpc,
    targetType: TargetType.IP,
    protocol: Protocol.TCP,
    port,
    targets: [service.loadBalancerTarget({ containerName: containers[0].containerName, containerPort: port })],
    preserveClientIp: false,
    // The old task leaves before the new one starts, so there is nothing to wait for: clients shall look for the new one at once.
    deregistrationDelay: Duration.seconds(0),
    connectionTermination: true,
    healthCheck: {
      protocol: Protocol.TCP,
      interval: Duration.seconds(10),
      timeout: Duration.seconds(5),
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 2,
    },
  });
}
