import { App, Duration } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as schedulerTargets from 'aws-cdk-lib/aws-scheduler-targets';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { PlainNetwork } from './plain-network';

export const { PUBLIC, PRIVATE_ISOLATED: ISOLATED, PRIVATE_WITH_EGRESS: PRIVATE } = ec2.SubnetType;
export const ANY = ec2.Peer.anyIpv4();
export const WEB = ec2.Port.tcp(8080);

/** A group that admits everybody on `port` and lets out everything. */
export function open(shop: PlainNetwork, id = 'Open', port = WEB): ec2.SecurityGroup {
  const group = shop.group(id, true);
  group.addIngressRule(ANY, port);
  return group;
}

/** A group without any rule of its own but those that `rules` adds. */
export function only(shop: PlainNetwork, id: string, rules: (group: ec2.SecurityGroup) => void): ec2.SecurityGroup {
  const group = shop.group(id);
  rules(group);
  return group;
}

export function pair(shop: PlainNetwork, out: ec2.Port | undefined, into: ec2.Port | undefined): void {
  const [web, api] = [shop.service('Web'), shop.service('Api')].map(({ connections }) => connections.securityGroups[0]);
  if (out) web.addEgressRule(api, out);
  if (into) api.addIngressRule(web, into);
}

/** A database of the network, which `port` is written into only if it is given. */
export function database(
  shop: PlainNetwork,
  props: Partial<rds.CfnDBInstanceProps> = {},
  subnets = shop.vpc.isolatedSubnets,
): void {
  const group = new rds.CfnDBSubnetGroup(shop, 'DbSubnets', {
    dbSubnetGroupDescription: 'db',
    subnetIds: subnets.map(({ subnetId }) => subnetId),
  });
  new rds.CfnDBInstance(shop, 'Db', {
    engine: 'postgres',
    dbSubnetGroupName: group.ref,
    vpcSecurityGroups: [open(shop, 'DbGroup', ec2.Port.allTcp()).securityGroupId],
    ...props,
  });
}

export function fn(shop: PlainNetwork, group: ec2.SecurityGroup, subnetType = PRIVATE): lambda.Function {
  return new lambda.Function(shop, 'Fn', {
    vpc: shop.vpc,
    vpcSubnets: { subnetType },
    allowPublicSubnet: true,
    securityGroups: [group],
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = () => {};'),
  });
}

export function instance(shop: PlainNetwork, subnetType: ec2.SubnetType, props: Partial<ec2.InstanceProps> = {}): ec2.Instance {
  return new ec2.Instance(shop, 'Host', {
    vpc: shop.vpc,
    vpcSubnets: { subnetType },
    securityGroup: open(shop, 'HostGroup'),
    instanceType: new ec2.InstanceType('t3.micro'),
    machineImage: ec2.MachineImage.genericLinux({}, { userData: ec2.UserData.forLinux() }),
    ...props,
  });
}

/** An instance in that subnet, as a plain template has it. */
export function plainInstance(shop: PlainNetwork, subnet: ec2.ISubnet, props: Partial<ec2.CfnInstanceProps> = {}): ec2.CfnInstance {
  const securityGroupIds = [open(shop, 'HostGroup').securityGroupId];
  return new ec2.CfnInstance(shop, 'Host', { subnetId: subnet.subnetId, securityGroupIds, ...props });
}

/** Subnets that give no public addresses by themselves. */
export function givingNone(subnets: ec2.ISubnet[]): void {
  for (const subnet of subnets) (subnet.node.defaultChild as ec2.CfnSubnet).mapPublicIpOnLaunch = false;
}

/** A group of hosts, and on them services of one container on port 8080 each. */
export function onHosts(shop: PlainNetwork, networkMode: ecs.NetworkMode, hostPort?: number, ids = ['Web', 'Api']) {
  const group = shop.group('HostGroup', true);
  const hosts = new autoscaling.AutoScalingGroup(shop, 'Hosts', {
    vpc: shop.vpc,
    vpcSubnets: { subnetType: PRIVATE },
    instanceType: new ec2.InstanceType('t3.micro'),
    machineImage: ecs.EcsOptimizedImage.amazonLinux2023(),
    securityGroup: group,
    requireImdsv2: true,
  });
  const cluster = new ecs.Cluster(shop, 'HostCluster', { vpc: shop.vpc });
  const provider = new ecs.AsgCapacityProvider(shop, 'Provider', {
    autoScalingGroup: hosts,
    enableManagedTerminationProtection: false,
  });
  cluster.addAsgCapacityProvider(provider);
  const services = ids.map((id) => {
    const taskDefinition = new ecs.Ec2TaskDefinition(shop, `${id}Task`, { networkMode });
    const portMappings = [{ containerPort: 8080, hostPort }];
    taskDefinition.addContainer('web', { image: ecs.ContainerImage.fromRegistry('my/web'), memoryLimitMiB: 64, portMappings });
    const capacityProviderStrategies = [{ capacityProvider: provider.capacityProviderName, weight: 1 }];
    return new ecs.Ec2Service(shop, id, { cluster, taskDefinition, capacityProviderStrategies });
  });
  return { group, services };
}

/** A load balancer of the internet with one listener on 80, and its only group. */
export function balancer(shop: PlainNetwork, internetFacing = true, port = 80) {
  const securityGroup = shop.group('BalancerGroup');
  const loadBalancer = new elbv2.ApplicationLoadBalancer(shop, 'Balancer', { vpc: shop.vpc, internetFacing, securityGroup });
  const listener = loadBalancer.addListener('Http', {
    port,
    protocol: elbv2.ApplicationProtocol.HTTP,
    open: false,
    defaultAction: elbv2.ListenerAction.fixedResponse(404),
  });
  securityGroup.addIngressRule(ANY, ec2.Port.tcp(80));
  return { loadBalancer, listener, securityGroup };
}

/** The same, as a plain template has it. */
export function plainBalancer(shop: PlainNetwork, scheme?: string): void {
  const subnets = shop.vpc.publicSubnets.map(({ subnetId }) => subnetId);
  const securityGroups = [open(shop, 'BalancerGroup', ec2.Port.tcp(80)).securityGroupId];
  const { ref: loadBalancerArn } = new elbv2.CfnLoadBalancer(shop, 'Balancer', { scheme, subnets, securityGroups });
  const defaultActions = [{ type: 'fixed-response', fixedResponseConfig: { statusCode: '404' } }];
  new elbv2.CfnListener(shop, 'Http', { loadBalancerArn, port: 80, protocol: 'HTTP', defaultActions });
}

/** A rule that sends users to an identity provider first, on the way to `Web`. */
export function signIn(shop: PlainNetwork, how: 'rule' | 'listener' | 'none'): void {
  const { listener, securityGroup } = balancer(shop);
  securityGroup.addEgressRule(ANY, ec2.Port.tcp(443));
  const forward = elbv2.ListenerAction.fixedResponse(200);
  const oidc = {
    authorizationEndpoint: 'https://id.example.com/a',
    clientId: 'web',
    clientSecret: new secretsmanager.Secret(shop, 'Client').secretValue,
    issuer: 'https://id.example.com',
    tokenEndpoint: 'https://id.example.com/t',
    userInfoEndpoint: 'https://id.example.com/u',
    next: forward,
  };
  const action = how === 'none' ? forward : elbv2.ListenerAction.authenticateOidc(oidc);
  if (how === 'listener') listener.addAction('Default', { action });
  else listener.addAction('Rule', { action, priority: 1, conditions: [elbv2.ListenerCondition.pathPatterns(['/*'])] });
}

export function scheduled(shop: PlainNetwork, by: 'rule' | 'schedule', group: ec2.SecurityGroup): void {
  const cluster = new ecs.Cluster(shop, 'Jobs', { vpc: shop.vpc });
  const taskDefinition = new ecs.FargateTaskDefinition(shop, 'JobTask');
  taskDefinition.addContainer('job', { image: ecs.ContainerImage.fromRegistry('my/job') });
  const options = { taskDefinition, vpcSubnets: { subnetType: PRIVATE }, securityGroups: [group] };
  if (by === 'rule') {
    const task = new targets.EcsTask({ cluster, taskDefinition, subnetSelection: options.vpcSubnets, securityGroups: [group] });
    new events.Rule(shop, 'Nightly', { schedule: events.Schedule.rate(Duration.days(1)), targets: [task] });
    return;
  }
  const target = new schedulerTargets.EcsRunFargateTask(cluster, options);
  new scheduler.Schedule(shop, 'Nightly', { schedule: scheduler.ScheduleExpression.rate(Duration.days(1)), target });
}

export function rotation(shop: PlainNetwork, subnetType: ec2.SubnetType): void {
  const secret = new secretsmanager.Secret(shop, 'Password');
  secret.addRotationSchedule('Rotation', {
    hostedRotation: secretsmanager.HostedRotation.postgreSqlSingleUser({
      vpc: shop.vpc,
      vpcSubnets: { subnetType },
      securityGroups: [open(shop)],
    }),
  });
}

/** A way to the internet out of the private subnets, by an instance whose group admits `peer`. */
export function natInstance(peer: ec2.IPeer, port = ec2.Port.allTraffic()): PlainNetwork {
  const natGatewayProvider = ec2.NatProvider.instanceV2({
    instanceType: new ec2.InstanceType('t4g.nano'),
    defaultAllowedTraffic: ec2.NatTrafficDirection.OUTBOUND_ONLY,
  });
  const shop = new PlainNetwork(new App(), 'Shop', { vpc: { natGatewayProvider } });
  natGatewayProvider.connections.allowFrom(peer, port);
  return shop;
}

export function s3(shop: PlainNetwork, subnetType = ISOLATED): ec2.GatewayVpcEndpoint {
  return shop.vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3, subnets: [{ subnetType }] });
}

export const toS3 =
  (port: ec2.Port, peer: ec2.IPeer = ANY) =>
  (shop: PlainNetwork) => {
    s3(shop);
    shop.service('Web', { subnetType: ISOLATED, group: only(shop, 'Group', (group) => group.addEgressRule(peer, port)) });
  };

/** A group that lets out `port` to `peer`, in `subnetType`. */
export const letting =
  (peer: ec2.IPeer, subnetType = PRIVATE, port = ec2.Port.tcp(443)) =>
  (shop: PlainNetwork) => {
    shop.service('Web', { subnetType, group: only(shop, 'Group', (group) => group.addEgressRule(peer, port)) });
  };

/** A group that admits `peer` to port 8080, in `subnetType`. */
export const admitting =
  (peer: ec2.IPeer, subnetType = PUBLIC) =>
  (shop: PlainNetwork) => {
    shop.service('Web', { subnetType, group: only(shop, 'Group', (group) => group.addIngressRule(peer, WEB)) });
  };

export function imported(shop: PlainNetwork): ec2.SecurityGroup {
  return ec2.SecurityGroup.fromSecurityGroupId(shop, 'Office', 'sg-0123456789abcdef0') as ec2.SecurityGroup;
}

/** A group as a plain template has it, which `group` of a service may be. */
export function plainGroup(shop: PlainNetwork, props: Partial<ec2.CfnSecurityGroupProps> = {}): ec2.SecurityGroup {
  const { attrGroupId } = new ec2.CfnSecurityGroup(shop, 'Plain', { groupDescription: 'plain', vpcId: shop.vpc.vpcId, ...props });
  return ec2.SecurityGroup.fromSecurityGroupId(shop, 'PlainGroup', attrGroupId) as ec2.SecurityGroup;
}

/** Hosts in the public subnets; `publicAddress` as their template says, if it does. */
export function hostsOf(shop: PlainNetwork, what: 'launch template' | 'launch configuration', publicAddress?: boolean): void {
  const group = open(shop, 'HostGroup').securityGroupId;
  const scope = new Construct(shop, 'Hosts');
  const networkInterfaces = [{ deviceIndex: 0, associatePublicIpAddress: publicAddress, groups: [group] }];
  const launchTemplateData = publicAddress === undefined ? { securityGroupIds: [group] } : { networkInterfaces };
  const template = () => new ec2.CfnLaunchTemplate(scope, 'Template', { launchTemplateData });
  const configuration = () =>
    new autoscaling.CfnLaunchConfiguration(scope, 'Configuration', {
      imageId: 'ami-1',
      instanceType: 't3.micro',
      securityGroups: [group],
      associatePublicIpAddress: publicAddress,
    });
  new autoscaling.CfnAutoScalingGroup(scope, 'Resource', {
    minSize: '1',
    maxSize: '1',
    vpcZoneIdentifier: shop.vpc.publicSubnets.map(({ subnetId }) => subnetId),
    ...(what === 'launch template'
      ? { launchTemplate: { launchTemplateId: template().ref, version: '1' } }
      : { launchConfigurationName: configuration().ref }),
  });
}
