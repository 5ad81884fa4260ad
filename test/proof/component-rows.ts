import { App } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as efs from 'aws-cdk-lib/aws-efs';
import * as elasticache from 'aws-cdk-lib/aws-elasticache';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as rds from 'aws-cdk-lib/aws-rds';
import { EDGE_ROW } from './edge-rows';
import {
  ANY,
  PRIVATE,
  WEB,
  balancer,
  database,
  fn,
  instance,
  letting,
  onHosts,
  open,
  pair,
  rotation,
  scheduled,
  signIn,
} from './parts';
import { PlainNetwork } from './plain-network';
import { Case, Row } from './row';

/** A service whose traffic has moved to its second target group. */
function secondGroup(shop: PlainNetwork): void {
  const { loadBalancer, listener } = balancer(shop);
  const web = shop.service('Web');
  const [live, next] = ['Live', 'Next'].map(
    (id) => new elbv2.ApplicationTargetGroup(shop, id, { vpc: shop.vpc, port: 80, targetType: elbv2.TargetType.IP }),
  );
  const conditions = [elbv2.ListenerCondition.pathPatterns(['/*'])];
  listener.addAction('Rule', { action: elbv2.ListenerAction.forward([next]), priority: 1, conditions });
  const advancedConfiguration = { alternateTargetGroupArn: next.targetGroupArn };
  const target = { containerName: 'web', containerPort: 8080, targetGroupArn: live.targetGroupArn, advancedConfiguration };
  (web.node.defaultChild as ecs.CfnService).loadBalancers = [target];
  loadBalancer.connections.allowTo(web, WEB);
}

/** Who calls and who answers: the first rows of docs/reachability.md, in its words. */
export const PARTY_ROWS: Record<string, Row> = {
  'two parties in a network': {
    open: [
      ['a rule on both sides', (shop) => pair(shop, WEB, WEB), 'Shop/Web -> Shop/Api :8080'],
      [
        'ranges that share ports',
        (shop) => pair(shop, ec2.Port.tcpRange(1, 90), ec2.Port.tcpRange(80, 99)),
        'Shop/Web -> Shop/Api :80-90',
      ],
      ['all traffic to one port', (shop) => pair(shop, ec2.Port.allTraffic(), WEB), 'Shop/Web -> Shop/Api :8080'],
    ],
    closed: [
      ['only the client has a rule', (shop) => pair(shop, WEB, undefined), 'Shop/Web -> Shop/Api'],
      ['only the server has a rule', (shop) => pair(shop, undefined, WEB), 'Shop/Web -> Shop/Api'],
      ['ports next to each other', (shop) => pair(shop, ec2.Port.tcp(8080), ec2.Port.tcp(8081)), 'Shop/Web -> Shop/Api'],
      ['another protocol', (shop) => pair(shop, ec2.Port.udp(8080), ec2.Port.udp(8080)), 'Shop/Web -> Shop/Api'],
      ['the other direction', (shop) => pair(shop, WEB, WEB), 'Shop/Api -> Shop/Web'],
      [
        'in two networks',
        (shop) => {
          shop.service('Web', { group: open(shop) });
          const other = new PlainNetwork(shop.node.root as App, 'Other');
          other.service('Api', { group: open(other) });
        },
        'Shop/Web -> Other/Api',
      ],
    ],
  },
  'tasks, hosts, functions, rotation of a secret': {
    open: [
      ['tasks call', letting(ANY), 'Shop/Web -> Internet :443'],
      [
        'tasks of a schedule call',
        (shop) => scheduled(shop, 'schedule', shop.group('Group', true)),
        'Shop/Nightly -> Internet :any port',
      ],
      [
        'tasks of an event rule call',
        (shop) => scheduled(shop, 'rule', shop.group('Group', true)),
        'Shop/Nightly -> Internet :any port',
      ],
      ['hosts call', (shop) => onHosts(shop, ecs.NetworkMode.AWS_VPC, undefined, []), 'Shop/Hosts -> Internet :any port'],
      ['an instance calls', (shop) => instance(shop, PRIVATE), 'Shop/Host -> Internet :any port'],
      ['a function calls', (shop) => fn(shop, shop.group('Group', true)), 'Shop/Fn -> Internet :any port'],
      ['the rotation of a secret calls', (shop) => rotation(shop, PRIVATE), 'Shop/Password/Rotation -> Internet :any port'],
      [
        'tasks answer on any port that is admitted',
        (shop) => pair(shop, ec2.Port.tcp(9999), ec2.Port.tcp(9999)),
        'Shop/Web -> Shop/Api :9999',
      ],
      [
        'an instance answers on any port that is admitted',
        (shop) => (instance(shop, PRIVATE), shop.service('Web', { group: shop.group('Group', true) })),
        'Shop/Web -> Shop/Host :8080',
      ],
    ],
    closed: [
      [
        'a function answers nobody',
        (shop) => (fn(shop, open(shop)), shop.service('Web', { group: shop.group('Group', true) })),
        'Shop/Web -> Shop/Fn',
      ],
      [
        'the rotation answers nobody',
        (shop) => (rotation(shop, PRIVATE), shop.service('Web', { group: shop.group('Group', true) })),
        'Shop/Web -> Shop/Password/Rotation',
      ],
      [
        'tasks of a schedule call nobody past their group',
        (shop) => scheduled(shop, 'schedule', shop.group('Group')),
        'Shop/Nightly ->',
      ],
      [
        'tasks of an event rule call nobody past their group',
        (shop) => scheduled(shop, 'rule', shop.group('Group')),
        'Shop/Nightly ->',
      ],
    ],
  },
  'databases, caches, file systems, interface endpoints': {
    open: [
      ...(
        [
          [{}, 5432],
          [{ engine: 'mysql' }, 3306],
          [{ engine: 'mariadb' }, 3306],
          [{ engine: 'oracle-ee' }, 1521],
          [{ engine: 'sqlserver-ex' }, 1433],
          [{ port: '7777' }, 7777],
        ] as [Partial<rds.CfnDBInstanceProps>, number][]
      ).map(([props, port]): Case => [
        `a database of ${JSON.stringify(props)}`,
        (shop) => (database(shop, props), shop.service('Web', { group: shop.group('Group', true) })),
        `Shop/Web -> Shop/Db :${port}`,
      ]),
      ...(
        [
          [{ engine: 'aurora-postgresql' }, 3306],
          [{ engine: 'aurora-mysql', port: 4406 }, 4406],
        ] as [rds.CfnDBClusterProps, number][]
      ).map(([props, port]): Case => [
        `a cluster of ${JSON.stringify(props)}`,
        (shop) => {
          const vpcSecurityGroupIds = [open(shop, 'DbGroup', ec2.Port.allTcp()).securityGroupId];
          new rds.CfnDBCluster(shop, 'Db', { ...props, vpcSecurityGroupIds });
          shop.service('Web', { group: shop.group('Group', true) });
        },
        `Shop/Web -> Shop/Db :${port}`,
      ]),
      ...['MYSQL', 'POSTGRESQL'].map((engineFamily): Case => [
        `a database proxy of ${engineFamily}`,
        (shop) => {
          new rds.CfnDBProxy(shop, 'Db', {
            auth: [],
            dbProxyName: 'db',
            engineFamily,
            roleArn: 'arn:aws:iam::111122223333:role/db',
            vpcSubnetIds: shop.vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
            vpcSecurityGroupIds: [open(shop, 'DbGroup', ec2.Port.allTcp()).securityGroupId],
          });
          shop.service('Web', { group: shop.group('Group', true) });
        },
        `Shop/Web -> Shop/Db :${engineFamily === 'MYSQL' ? 3306 : 5432}`,
      ]),
      ...(
        [
          ['redis', undefined, 6379],
          ['memcached', undefined, 11211],
          ['redis', 7000, 7000],
        ] as [string, number | undefined, number][]
      ).map(([engine, port, answers]): Case => [
        `a cache of ${engine}, port ${port}`,
        (shop) => {
          const vpcSecurityGroupIds = [open(shop, 'CacheGroup', ec2.Port.allTcp()).securityGroupId];
          new elasticache.CfnCacheCluster(shop, 'Cache', {
            engine,
            port,
            numCacheNodes: 1,
            cacheNodeType: 't',
            vpcSecurityGroupIds,
          });
          shop.service('Web', { group: shop.group('Group', true) });
        },
        `Shop/Web -> Shop/Cache :${answers}`,
      ]),
      ...[undefined, 7000].map((port): Case => [
        `a replication group, port ${port}`,
        (shop) => {
          const securityGroupIds = [open(shop, 'CacheGroup', ec2.Port.allTcp()).securityGroupId];
          new elasticache.CfnReplicationGroup(shop, 'Cache', { replicationGroupDescription: 'c', port, securityGroupIds });
          shop.service('Web', { group: shop.group('Group', true) });
        },
        `Shop/Web -> Shop/Cache :${port ?? 6379}`,
      ]),
      [
        'a serverless cache, its writer and its readers',
        (shop) => {
          new elasticache.CfnServerlessCache(shop, 'Cache', {
            engine: 'valkey',
            serverlessCacheName: 'cache',
            securityGroupIds: [open(shop, 'CacheGroup', ec2.Port.allTcp()).securityGroupId],
          });
          shop.service('Web', { group: shop.group('Group', true) });
        },
        'Shop/Web -> Shop/Cache :6379-6380',
      ],
      [
        'a file system',
        (shop) => {
          new efs.FileSystem(shop, 'Files', { vpc: shop.vpc, securityGroup: open(shop, 'FilesGroup', ec2.Port.allTcp()) });
          shop.service('Web', { group: shop.group('Group', true) });
        },
        'Shop/Web -> Shop/Files :2049',
      ],
      [
        'an interface endpoint',
        (shop) => {
          const securityGroups = [open(shop, 'EndpointGroup', ec2.Port.allTcp())];
          shop.vpc.addInterfaceEndpoint('Logs', { service: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS, securityGroups });
          shop.service('Web', { group: shop.group('Group', true) });
        },
        'Shop/Web -> Shop/Vpc/Logs :443',
      ],
    ],
    closed: [
      [
        'a database calls nobody, though its group lets everything out',
        (shop) => database(shop, {}, shop.vpc.privateSubnets),
        'Shop/Db ->',
      ],
      [
        'nor does a file system',
        (shop) => void new efs.FileSystem(shop, 'Files', { vpc: shop.vpc, securityGroup: shop.group('FilesGroup', true) }),
        'Shop/Files ->',
      ],
      [
        'nor does an interface endpoint',
        (shop) => {
          const securityGroups = [shop.group('EndpointGroup', true)];
          shop.vpc.addInterfaceEndpoint('Logs', { service: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS, securityGroups });
        },
        'Shop/Vpc/Logs ->',
      ],
      [
        'a database does not answer on other ports that are admitted',
        (shop) => {
          database(shop, { vpcSecurityGroups: [open(shop).securityGroupId] });
          shop.service('Web', { group: shop.group('Group', true) });
        },
        'Shop/Web -> Shop/Db',
      ],
    ],
  },
  'load balancers': {
    open: [
      ['they answer on the port of a listener', (shop) => void balancer(shop), 'Internet -> Shop/Balancer :80'],
      ['the second target group of blue/green', secondGroup, 'Shop/Balancer -> Shop/Web :8080'],
      [
        'they call the targets of a listener',
        (shop) => {
          const { listener } = balancer(shop);
          const targets_ = [shop.service('Web')];
          listener.addTargets('Web', {
            port: 8080,
            protocol: elbv2.ApplicationProtocol.HTTP,
            targets: targets_,
            priority: 1,
            conditions: [elbv2.ListenerCondition.pathPatterns(['/*'])],
          });
        },
        'Shop/Balancer -> Shop/Web :8080',
      ],
      ['a rule that signs users in calls the identity provider', (shop) => signIn(shop, 'rule'), 'Shop/Balancer -> Internet :443'],
      ['so does a listener', (shop) => signIn(shop, 'listener'), 'Shop/Balancer -> Internet :443'],
    ],
    closed: [
      ['they do not answer where no listener is', (shop) => void balancer(shop, true, 8000), 'Internet -> Shop/Balancer'],
      ['without a sign-in they call nobody outside', (shop) => signIn(shop, 'none'), 'Shop/Balancer -> Internet'],
      [
        'they call no task that is no target',
        (shop) => {
          balancer(shop).securityGroup.addEgressRule(ANY, WEB);
          shop.service('Web', { group: open(shop) });
        },
        'Shop/Balancer -> Shop/Web',
      ],
    ],
  },
  'distributions of CloudFront': EDGE_ROW,
  'tasks in bridge or host mode': {
    open: [
      ['what one may call, its neighbour may', (shop) => onHosts(shop, ecs.NetworkMode.BRIDGE), 'Shop/Web -> Internet :any port'],
      ['in host mode too', (shop) => onHosts(shop, ecs.NetworkMode.HOST), 'Shop/Web -> Internet :any port'],
      ['on one host nothing stands between them', (shop) => onHosts(shop, ecs.NetworkMode.BRIDGE), 'Shop/Web -> Shop/Api :8080'],
      ['nor in host mode', (shop) => onHosts(shop, ecs.NetworkMode.HOST), 'Shop/Web -> Shop/Api :8080'],
      [
        'others come in by the port of the host, which may be any',
        (shop) => {
          onHosts(shop, ecs.NetworkMode.BRIDGE).group.addIngressRule(ANY, ec2.Port.tcp(40_000));
          shop.service('Tool', { group: shop.group('Group', true) });
        },
        'Shop/Tool -> Shop/Web :8080',
      ],
      [
        'or is a fixed one',
        (shop) => {
          onHosts(shop, ecs.NetworkMode.BRIDGE, 9000, ['Web']).group.addIngressRule(ANY, ec2.Port.tcp(9000));
          shop.service('Tool', { group: shop.group('Group', true) });
        },
        'Shop/Tool -> Shop/Web :9000',
      ],
    ],
    closed: [
      [
        'tasks with addresses of their own share nothing',
        (shop) => {
          const { services } = onHosts(shop, ecs.NetworkMode.AWS_VPC);
          for (const { connections } of services) connections.addSecurityGroup();
        },
        'Shop/Web -> Shop/Api',
      ],
      [
        'the port of the container is not that of the host',
        (shop) => {
          onHosts(shop, ecs.NetworkMode.BRIDGE).group.addIngressRule(ANY, WEB);
          shop.service('Tool', { group: shop.group('Group', true) });
        },
        'Shop/Tool -> Shop/Web',
      ],
    ],
  },
};
