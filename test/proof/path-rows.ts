import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import {
  ANY,
  ISOLATED,
  PRIVATE,
  PUBLIC,
  WEB,
  admitting,
  database,
  fn,
  givingNone,
  hostsOf,
  imported,
  instance,
  letting,
  plainBalancer,
  plainGroup,
  plainInstance,
  s3,
  toS3,
} from './parts';
import { PlainNetwork } from './plain-network';
import { Case, Row } from './row';

function admittingHttps(shop: PlainNetwork): ec2.SecurityGroup {
  const group = shop.group('Partner');
  group.addIngressRule(ANY, ec2.Port.tcp(443));
  return group;
}

/** In some that lead out and some that do not. */
function inSeveralSubnets(shop: PlainNetwork): void {
  const { cluster, taskDefinition } = shop.service('Other');
  const subnets = [...shop.vpc.isolatedSubnets, ...shop.vpc.privateSubnets];
  const securityGroups = [shop.group('Group', true)];
  new ecs.FargateService(shop, 'Web', { cluster, taskDefinition, vpcSubnets: { subnets }, securityGroups });
}

/** Ways out and in: the other rows of docs/reachability.md, in its words. */
export const WAY_ROWS: Record<string, Row> = {
  'to the internet': {
    open: [
      ['a NAT gateway', letting(ANY), 'Shop/Web -> Internet :443'],
      ['a rule for all of IPv6', letting(ec2.Peer.anyIpv6()), 'Shop/Web -> Internet :443'],
      ['a public address and an internet gateway', letting(ANY, PUBLIC), 'Shop/Web -> Internet :443'],
      [
        'an instance whose subnet gives public addresses',
        (shop) => void plainInstance(shop, shop.vpc.publicSubnets[0]),
        'Shop/Host -> Internet :any port',
      ],
      ['one of several subnets leads out', inSeveralSubnets, 'Shop/Web -> Internet :any port'],
    ],
    closed: [
      ['no route', letting(ANY, ISOLATED), 'Shop/Web -> Internet'],
      ['no rule', letting(ec2.Peer.ipv4('10.0.0.0/16')), 'Shop/Web -> Internet'],
      [
        'an internet gateway without a public address: functions have none',
        (shop) => void fn(shop, shop.group('Group', true), PUBLIC),
        'Shop/Fn -> Internet',
      ],
      [
        'nor has an instance whose subnet gives none',
        (shop) => (givingNone(shop.vpc.publicSubnets), plainInstance(shop, shop.vpc.publicSubnets[0])),
        'Shop/Host -> Internet',
      ],
    ],
  },
  'from the internet': {
    open: [
      ['tasks with a public address', admitting(ANY), 'Internet -> Shop/Web :8080'],
      ['a rule for all of IPv6', admitting(ec2.Peer.anyIpv6()), 'Internet -> Shop/Web :8080'],
      ['an internet-facing load balancer', (shop) => plainBalancer(shop, 'internet-facing'), 'Internet -> Shop/Balancer :80'],
      ['which is what one without a scheme is', (shop) => plainBalancer(shop), 'Internet -> Shop/Balancer :80'],
      [
        'an instance with a public address',
        (shop) => instance(shop, PUBLIC, { associatePublicIpAddress: true }),
        'Internet -> Shop/Host :8080',
      ],
      [
        'an instance whose subnet gives public addresses',
        (shop) => void plainInstance(shop, shop.vpc.publicSubnets[0]),
        'Internet -> Shop/Host :8080',
      ],
      [
        'an instance with an elastic address',
        (shop) => {
          givingNone(shop.vpc.publicSubnets);
          new ec2.CfnEIP(shop, 'Address', { instanceId: plainInstance(shop, shop.vpc.publicSubnets[0]).ref });
        },
        'Internet -> Shop/Host :8080',
      ],
      [
        'an elastic address that an association gives',
        (shop) => {
          givingNone(shop.vpc.publicSubnets);
          const { ref: instanceId } = plainInstance(shop, shop.vpc.publicSubnets[0]);
          new ec2.CfnEIPAssociation(shop, 'Association', { instanceId, allocationId: 'eipalloc-1' });
        },
        'Internet -> Shop/Host :8080',
      ],
      [
        'a database that says so',
        (shop) => database(shop, { publiclyAccessible: true }, shop.vpc.publicSubnets),
        'Internet -> Shop/Db :5432',
      ],
      [
        'one of several subnets is public',
        (shop) => database(shop, { publiclyAccessible: true }, [...shop.vpc.isolatedSubnets, ...shop.vpc.publicSubnets]),
        'Internet -> Shop/Db :5432',
      ],
      ...(['launch template', 'launch configuration'] as const).map((what): Case => [
        `hosts of a ${what} with public addresses`,
        (shop) => {
          givingNone(shop.vpc.publicSubnets);
          hostsOf(shop, what, true);
        },
        'Internet -> Shop/Hosts :8080',
      ]),
      ['hosts whose subnets give public addresses', (shop) => hostsOf(shop, 'launch template'), 'Internet -> Shop/Hosts :8080'],
    ],
    closed: [
      ['no public address', admitting(ANY, PRIVATE), 'Internet -> Shop/Web'],
      ['no rule for everybody', admitting(ec2.Peer.ipv4('203.0.113.0/24')), 'Internet ->'],
      ['an internal load balancer', (shop) => plainBalancer(shop, 'internal'), 'Internet -> Shop/Balancer'],
      ['no internet gateway in the subnets', (shop) => database(shop, { publiclyAccessible: true }), 'Internet -> Shop/Db'],
      [
        'a database that says no',
        (shop) => database(shop, { publiclyAccessible: false }, shop.vpc.publicSubnets),
        'Internet -> Shop/Db',
      ],
      [
        'an instance without any public address',
        (shop) => (givingNone(shop.vpc.publicSubnets), plainInstance(shop, shop.vpc.publicSubnets[0])),
        'Internet -> Shop/Host',
      ],
      [
        'the elastic address of another one',
        (shop) => {
          givingNone(shop.vpc.publicSubnets);
          plainInstance(shop, shop.vpc.publicSubnets[0]);
          new ec2.CfnEIP(shop, 'Address', { instanceId: 'i-0' });
        },
        'Internet -> Shop/Host',
      ],
      ['hosts that refuse public addresses', (shop) => hostsOf(shop, 'launch template', false), 'Internet -> Shop/Hosts'],
    ],
  },
  'S3 and DynamoDB endpoints': {
    open: [
      ['HTTPS', toS3(ec2.Port.tcp(443)), 'Shop/Web -> Shop/Vpc/S3 :443'],
      ['HTTP', toS3(ec2.Port.tcp(80)), 'Shop/Web -> Shop/Vpc/S3 :80'],
      [
        'the route table of one of several subnets',
        (shop) => (s3(shop), inSeveralSubnets(shop)),
        'Shop/Web -> Shop/Vpc/S3 :80, 443',
      ],
      ['a prefix list', toS3(ec2.Port.tcp(443), ec2.Peer.prefixList('pl-6da54004')), 'Shop/Web -> Shop/Vpc/S3 :443'],
    ],
    closed: [
      ['another port', toS3(WEB), 'Shop/Web -> Shop/Vpc/S3'],
      ['another address range', toS3(ec2.Port.tcp(443), ec2.Peer.ipv4('10.0.0.0/8')), 'Shop/Web -> Shop/Vpc/S3'],
      [
        'the route tables of others',
        (shop) => (s3(shop, PRIVATE), shop.service('Web', { subnetType: ISOLATED, group: shop.group('Group', true) })),
        'Shop/Web -> Shop/Vpc/S3',
      ],
      ['it calls nobody', (shop) => (s3(shop, PUBLIC), admitting(ANY)(shop)), 'Shop/Vpc/S3 ->'],
    ],
  },
  'other address ranges, prefix lists, other groups': {
    open: [
      ['to an address range', letting(ec2.Peer.ipv4('203.0.113.0/24')), 'Shop/Web -> 203.0.113.0/24 :443'],
      ['from an address range of the internet', admitting(ec2.Peer.ipv4('203.0.113.0/24')), '203.0.113.0/24 -> Shop/Web :8080'],
      [
        'from a private one, which may come by a VPN',
        admitting(ec2.Peer.ipv4('192.168.0.0/24'), PRIVATE),
        '192.168.0.0/24 -> Shop/Web :8080',
      ],
      ['to a prefix list', letting(ec2.Peer.prefixList('pl-1')), 'Shop/Web -> prefix list pl-1 :443'],
      ['from a prefix list', admitting(ec2.Peer.prefixList('pl-1')), 'prefix list pl-1 -> Shop/Web :8080'],
      [
        'what an imported group lets out is unknown',
        (shop) => void shop.service('Web', { group: imported(shop) }),
        'Shop/Web -> Internet :any port',
      ],
      ['from an imported group', (shop) => admitting(imported(shop))(shop), 'sg-0123456789abcdef0 -> Shop/Web :8080'],
      [
        'which calls private addresses',
        (shop) => admitting(imported(shop), ISOLATED)(shop),
        'sg-0123456789abcdef0 -> Shop/Web :8080',
      ],
      ['and is called at them', (shop) => letting(imported(shop), ISOLATED)(shop), 'Shop/Web -> sg-0123456789abcdef0 :443'],
      [
        'a prefix list may hold private ranges',
        admitting(ec2.Peer.prefixList('pl-1'), ISOLATED),
        'prefix list pl-1 -> Shop/Web :8080',
      ],
      [
        'from a group that nothing in the app has',
        (shop) => admitting(shop.group('Bastion', true), ISOLATED)(shop),
        'Shop/Bastion -> Shop/Web :8080',
      ],
      [
        'to a group that nothing in the app has',
        (shop) => letting(admittingHttps(shop), ISOLATED)(shop),
        'Shop/Web -> Shop/Partner :443',
      ],
    ],
    closed: [
      [
        'a range of the internet does not come to a private address',
        admitting(ec2.Peer.ipv4('203.0.113.0/24'), PRIVATE),
        '203.0.113.0/24 -> Shop/Web',
      ],
      ['an address range in the network is its subnets', letting(ec2.Peer.ipv4('10.0.0.0/16')), 'Shop/Web -> 10.0.0.0/16'],
      [
        'a group that nothing in the app has, and that lets nothing out',
        (shop) => admitting(shop.group('Bastion'))(shop),
        'Shop/Bastion -> Shop/Web',
      ],
      [
        'a group that nothing in the app has, and that admits nothing',
        (shop) => letting(shop.group('Partner'))(shop),
        'Shop/Web -> Shop/Partner',
      ],
      ['an address that nobody has', letting(ec2.Peer.ipv4('255.255.255.255/32')), 'Shop/Web ->'],
      ['an address range is not the internet', letting(ec2.Peer.ipv4('203.0.113.0/24')), 'Shop/Web -> Internet'],
      [
        'an imported group admits what its rules say, and they are elsewhere',
        (shop) => void shop.service('Web', { group: imported(shop), subnetType: PUBLIC }),
        'Internet -> Shop/Web',
      ],
    ],
  },
  'a group without any egress rule': {
    open: [['is open', (shop) => void shop.service('Web', { group: plainGroup(shop) }), 'Shop/Web -> Internet :any port']],
    closed: [
      [
        'one rule closes the rest',
        (shop) => {
          const securityGroupEgress = [{ ipProtocol: 'tcp', fromPort: 1, toPort: 1, cidrIp: '203.0.113.1/32' }];
          shop.service('Web', { group: plainGroup(shop, { securityGroupEgress }) });
        },
        'Shop/Web -> Internet',
      ],
      [
        'also a rule that is a resource of its own',
        (shop) => {
          const group = plainGroup(shop);
          new ec2.CfnSecurityGroupEgress(shop, 'Rule', {
            groupId: group.securityGroupId,
            ipProtocol: 'udp',
            fromPort: 53,
            toPort: 53,
            cidrIp: '0.0.0.0/0',
          });
          shop.service('Web', { group });
        },
        'Shop/Web -> Internet',
      ],
      [
        'it admits nobody',
        (shop) => void shop.service('Web', { group: plainGroup(shop), subnetType: PUBLIC }),
        'Internet -> Shop/Web',
      ],
    ],
  },
};
