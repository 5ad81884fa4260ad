import { App, NestedStack, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as efs from 'aws-cdk-lib/aws-efs';
import * as elasticache from 'aws-cdk-lib/aws-elasticache';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import { MeshNetwork, NatStrategy, Reachability } from 'cdk-ecs-mesh';
import { lines, PlainNetwork } from './plain-network';
import { newMesh, newService, newStack } from '../helpers';

/** Two services with closed groups. */
function pair() {
  const shop = new PlainNetwork();
  const [web, api] = [shop.service('Web'), shop.service('Api')];
  return { shop, web, api };
}

describe('both security groups', () => {
  test('a pair of rules opens the way, in one direction only', () => {
    const { shop, web, api } = pair();
    web.connections.allowTo(api, ec2.Port.tcp(8080));
    expect(lines(shop.reachability)).toEqual(['Shop/Web -> Shop/Api :8080']);
  });

  test('the path names both rules', () => {
    const { shop, web, api } = pair();
    web.connections.allowTo(api, ec2.Port.tcp(8080));
    expect(shop.reachability.pairs()).toEqual([
      { from: 'Shop/Web', to: 'Shop/Api', ports: '8080', path: ['egress 8080 of Shop/WebGroup', 'ingress 8080 of Shop/ApiGroup'] },
    ]);
  });

  test('only what both sides allow counts', () => {
    const { shop, web, api } = pair();
    web.connections.securityGroups[0].addEgressRule(api.connections.securityGroups[0], ec2.Port.tcpRange(8000, 8090));
    api.connections.securityGroups[0].addIngressRule(web.connections.securityGroups[0], ec2.Port.tcpRange(8080, 9000));
    expect(lines(shop.reachability)).toEqual(['Shop/Web -> Shop/Api :8080-8090']);
  });

  test('T20: one side alone opens nothing', () => {
    const { shop, web, api } = pair();
    api.connections.securityGroups[0].addIngressRule(web.connections.securityGroups[0], ec2.Port.tcp(8080));
    expect(lines(shop.reachability)).toEqual([]);
  });

  test('a group that admits itself lets its members call each other', () => {
    const { shop, web } = pair();
    web.connections.allowInternally(ec2.Port.tcp(7946));
    expect(lines(shop.reachability)).toEqual(['Shop/Web -> Shop/Web :7946']);
  });

  test('an address range means the subnets in it, and no others', () => {
    const { shop, web, api } = pair();
    const [first] = shop.vpc.privateSubnets;
    web.connections.securityGroups[0].addEgressRule(ec2.Peer.ipv4(shop.vpc.vpcCidrBlock), ec2.Port.tcp(8080));
    api.connections.securityGroups[0].addIngressRule(ec2.Peer.ipv4(first.ipv4CidrBlock), ec2.Port.tcp(8080));
    web.connections.securityGroups[0].addIngressRule(ec2.Peer.ipv4('10.99.0.0/16'), ec2.Port.tcp(22));
    expect(lines(shop.reachability)).toEqual(['10.99.0.0/16 -> Shop/Web :22', 'Shop/Web -> Shop/Api :8080']);
  });

  test('rules of other protocols open no TCP port', () => {
    const { shop, web, api } = pair();
    web.connections.allowTo(api, ec2.Port.udp(53));
    web.connections.allowTo(api, ec2.Port.icmpPing());
    expect(lines(shop.reachability)).toEqual([]);
  });

  test('a group without any egress rule is open, as EC2 makes it', () => {
    const { shop, api } = pair();
    const open = new ec2.CfnSecurityGroup(shop, 'Open', { groupDescription: 'none', vpcId: shop.vpc.vpcId });
    shop.service('Tool', {
      group: ec2.SecurityGroup.fromSecurityGroupId(shop, 'OpenGroup', open.attrGroupId) as ec2.SecurityGroup,
    });
    api.connections.securityGroups[0].addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(8080));
    expect(lines(shop.reachability)).toEqual(['Shop/Tool -> Internet :any port', 'Shop/Tool -> Shop/Api :8080']);
  });
});

describe('the way out and in', () => {
  const out = (subnetType: ec2.SubnetType, vpc: Partial<ec2.VpcProps> = {}) => {
    const shop = new PlainNetwork(new App(), 'Shop', { vpc });
    shop.service('Api', { subnetType, group: shop.group('Group', true) });
    return shop.reachability;
  };

  test('a NAT gateway leads out of private subnets', () => {
    const [found] = out(ec2.SubnetType.PRIVATE_WITH_EGRESS).pairs();
    expect(found.path).toEqual(['egress of Shop/Group', 'NAT gateway Shop/Vpc/PublicSubnet1/NATGateway']);
  });

  test('a NAT instance leads out where its group admits the network, and not where it does not', () => {
    const mesh = newMesh(newStack(), { network: MeshNetwork.threeTier({ nat: NatStrategy.instance() }) });
    newService(mesh, 'Api');
    expect(lines(Reachability.of(mesh))).toContain('Shop/Api/Service -> Internet :443');
    const natGatewayProvider = ec2.NatProvider.instanceV2({
      instanceType: new ec2.InstanceType('t4g.nano'),
      defaultAllowedTraffic: ec2.NatTrafficDirection.OUTBOUND_ONLY,
    });
    expect(lines(out(ec2.SubnetType.PRIVATE_WITH_EGRESS, { natGatewayProvider }))).not.toContain('Shop/Api -> Internet :any port');
  });

  test('isolated subnets have none', () => {
    expect(lines(out(ec2.SubnetType.PRIVATE_ISOLATED))).toEqual([]);
  });

  test('the internet reaches tasks with public addresses where their group admits it', () => {
    const shop = new PlainNetwork();
    const group = shop.group('Group');
    group.addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(8080));
    for (const subnetType of [ec2.SubnetType.PUBLIC, ec2.SubnetType.PRIVATE_WITH_EGRESS]) {
      shop.service(subnetType, { subnetType, group });
    }
    expect(lines(shop.reachability)).toEqual(['Internet -> Shop/Public :8080']);
  });

  test('a gateway endpoint serves the subnets whose route tables it stands in', () => {
    const shop = new PlainNetwork();
    shop.vpc.addGatewayEndpoint('S3', {
      service: ec2.GatewayVpcEndpointAwsService.S3,
      subnets: [{ subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    });
    const group = shop.group('Group', true);
    shop.service('Batch', { subnetType: ec2.SubnetType.PRIVATE_ISOLATED, group });
    shop.service('Web', { group });
    expect(lines(shop.reachability)).toEqual(['Shop/Batch -> Shop/Vpc/S3 :80, 443', 'Shop/Web -> Internet :any port']);
  });

  test('an interface endpoint is called on 443 by those whom its group admits', () => {
    const { shop, api } = pair();
    const endpoint = shop.vpc.addInterfaceEndpoint('Ecr', { service: ec2.InterfaceVpcEndpointAwsService.ECR, open: false });
    api.connections.allowTo(endpoint, ec2.Port.tcp(443));
    expect(lines(shop.reachability)).toEqual(['Shop/Api -> Shop/Vpc/Ecr :443']);
  });
});

describe('load balancers', () => {
  const balanced = (listenerPort = 80) => {
    const { shop, web, api } = pair();
    const securityGroup = shop.group('BalancerGroup');
    const balancer = new elbv2.ApplicationLoadBalancer(shop, 'Balancer', { vpc: shop.vpc, internetFacing: true, securityGroup });
    const listener = balancer.addListener('Http', { port: listenerPort, protocol: elbv2.ApplicationProtocol.HTTP, open: false });
    listener.addTargets('Web', { port: 8080, protocol: elbv2.ApplicationProtocol.HTTP, targets: [web] });
    securityGroup.addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(80));
    return { shop, web, api, balancer };
  };

  test('they call the targets of their listeners, and nobody else whom their group could reach', () => {
    const { shop, api, balancer } = balanced();
    balancer.connections.allowTo(api, ec2.Port.tcp(8080));
    expect(lines(shop.reachability)).toEqual(['Internet -> Shop/Balancer :80', 'Shop/Balancer -> Shop/Web :8080']);
  });

  test('they answer on the ports of their listeners only', () => {
    expect(lines(balanced(8000).shop.reachability)).toEqual(['Shop/Balancer -> Shop/Web :8080']);
  });

  test('a way leads through them', () => {
    const way = balanced().shop.reachability.path(Reachability.INTERNET, 'Shop/Web', 8080);
    expect(way.map(({ from, to, ports }) => [from, to, ports])).toEqual([
      ['Internet', 'Shop/Balancer', '80'],
      ['Shop/Balancer', 'Shop/Web', '8080'],
    ]);
  });

  test('T9: an open internal load balancer answers the network, not the internet', () => {
    const { shop, web, api } = pair();
    const balancer = new elbv2.ApplicationLoadBalancer(shop, 'Balancer', { vpc: shop.vpc });
    balancer
      .addListener('Http', { port: 80 })
      .addTargets('Api', { port: 8080, protocol: elbv2.ApplicationProtocol.HTTP, targets: [api] });
    web.connections.securityGroups[0].addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(80));
    expect(lines(shop.reachability)).toEqual([
      'Shop/Balancer -> Shop/Api :8080',
      'Shop/Web -> Internet :80',
      'Shop/Web -> Shop/Balancer :80',
    ]);
  });

  test('T20: a network load balancer with a group needs a rule on both sides of it', () => {
    const { shop, web, api } = pair();
    const balancer = new elbv2.NetworkLoadBalancer(shop, 'Balancer', {
      vpc: shop.vpc,
      securityGroups: [shop.group('BalancerGroup')],
    });
    balancer.addListener('Tcp', { port: 6379 }).addTargets('Api', { port: 8080, targets: [api] });
    web.connections.allowTo(balancer, ec2.Port.tcp(6379));
    expect(lines(shop.reachability)).toEqual(['Shop/Web -> Shop/Balancer :6379']);
    expect(() => shop.reachability.expectUnreachable('Shop/Web', 'Shop/Api')).not.toThrow();
  });
});

describe('stores', () => {
  test('they answer on their own port only, and call nobody', () => {
    const { shop, web } = pair();
    const group = shop.group('DataGroup', true);
    new rds.DatabaseInstance(shop, 'Db', { vpc: shop.vpc, engine: rds.DatabaseInstanceEngine.POSTGRES, securityGroups: [group] });
    new elasticache.CfnServerlessCache(shop, 'Cache', {
      engine: 'valkey',
      serverlessCacheName: 'cache',
      securityGroupIds: [group.securityGroupId],
      subnetIds: shop.vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
    });
    web.connections.allowTo(group, ec2.Port.allTraffic());
    expect(lines(shop.reachability)).toEqual(['Shop/Web -> Shop/Cache :6379-6380', 'Shop/Web -> Shop/Db :5432']);
  });

  test('a port that only a deployment knows is that of the store', () => {
    const { shop, web } = pair();
    const db = new rds.DatabaseInstance(shop, 'Db', { vpc: shop.vpc, engine: rds.DatabaseInstanceEngine.MYSQL });
    db.connections.allowDefaultPortFrom(web);
    expect(lines(shop.reachability)).toEqual(['Shop/Web -> Shop/Db :3306']);
  });

  test('file systems answer at their mount targets, and functions call them', () => {
    const shop = new PlainNetwork();
    const files = new efs.FileSystem(shop, 'Files', { vpc: shop.vpc });
    const fn = new lambda.Function(shop, 'Fn', {
      vpc: shop.vpc,
      allowAllOutbound: false,
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = () => {};'),
    });
    files.connections.allowDefaultPortFrom(fn);
    expect(lines(shop.reachability)).toEqual(['Shop/Fn -> Shop/Files :2049']);
  });
});

describe('several stacks', () => {
  const split = () => {
    const app = new App();
    const shop = new PlainNetwork(app);
    const other = new Stack(app, 'Other');
    const [web, api] = [shop.service('Web'), shop.service('Api', { scope: other })];
    api.connections.allowFrom(web, ec2.Port.tcp(8080));
    return { app, shop };
  };

  test('T21: rules, groups and subnets are found across them', () => {
    expect(lines(Reachability.of(split().app))).toEqual(['Shop/Web -> Other/Api :8080']);
  });

  test('a group whose only egress rule is in a later stack is open until that is deployed', () => {
    const { app, shop } = split();
    expect(lines(Reachability.of(app, { stacks: [shop] }))).toEqual(['Shop/Web -> Internet :any port']);
  });

  test('nested stacks count, through their parameters and outputs', () => {
    const shop = new PlainNetwork();
    const web = shop.service('Web');
    const api = shop.service('Api', { scope: new NestedStack(shop, 'Nested') });
    api.connections.allowFrom(web, ec2.Port.tcp(8080));
    expect(lines(shop.reachability)).toEqual(['Shop/Web -> Shop/Nested/Api :8080']);
  });
});

describe('assertions', () => {
  const open = () => {
    const { shop, web, api } = pair();
    web.connections.allowTo(api, ec2.Port.tcp(8080));
    return shop.reachability;
  };

  test('pass where they hold', () => {
    open().expectReachable('Shop/Web', 'Shop/Api', 8080);
    open().expectReachable('Shop/Web', 'Shop/Api');
    open().expectUnreachable('Shop/Api', 'Shop/Web');
    open().expectUnreachable('Shop/Web', 'Shop/Api', 22);
  });

  test('NotReachable says what blocks, on which side', () => {
    expect(() => open().expectReachable('Shop/Api', 'Shop/Web', 8080)).toThrow(
      '`Shop/Api` must reach Shop/Web on port 8080; open the way, such as with connectTo(); now\n' +
        '  Shop/Api -> Shop/Web: egress: Shop/ApiGroup lets out nothing, and nothing to Shop/WebGroup [NotReachable at App]',
    );
    expect(() => open().expectReachable('Shop/Web', 'Shop/Api', 22)).toThrow(
      'Shop/Web -> Shop/Api: only on 8080 [NotReachable at App]',
    );
  });

  test('NU-14: without a port, NotReachable names none', () => {
    expect(() => open().expectReachable('Shop/Api', 'Shop/Web')).toThrow(
      '`Shop/Api` must reach Shop/Web; open the way, such as with connectTo(); now\n' +
        '  Shop/Api -> Shop/Web: egress: Shop/ApiGroup lets out nothing, and nothing to Shop/WebGroup [NotReachable at App]',
    );
  });

  test('Reachable shows the way', () => {
    expect(() => open().expectUnreachable('Shop/Web', 'Shop/Api')).toThrow(
      '`Shop/Web` must not reach Shop/Api; close one of\n' +
        '  Shop/Web -> (egress 8080 of Shop/WebGroup) -> (ingress 8080 of Shop/ApiGroup) -> Shop/Api :8080 [Reachable at App]',
    );
  });

  test('UnknownParty offers the name that was meant', () => {
    expect(() => open().expectUnreachable('Shop/Wep', 'Shop/Api')).toThrow(
      '`from, to` must be the path of a component that can open or accept connections in a network, got "Shop/Wep"; ' +
        'did you mean "Shop/Web"? [UnknownParty at App]',
    );
    expect(() => open().expectUnreachable('Nobody', 'Shop/Api')).toThrow(
      'choose of Internet, Shop/Api, Shop/Web, or a construct that holds one of them [UnknownParty at App]',
    );
  });
});
