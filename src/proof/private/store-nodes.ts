import { AppTemplates } from './app-templates';
import { named } from './ecs-nodes';
import { Network } from './network';
import { NetworkNode } from './network-node';
import { ProofResource } from './proof-resource';
import { Groups } from './security-group';
import { isTrue } from './values';
import { numberOf, textOf } from '../../template/private/json';

/** The properties in which a kind of store has its security groups, subnets and port. */
interface Kind {
  readonly type: string;
  readonly what: string;
  readonly groups: string;
  readonly subnets: (store: ProofResource) => [ProofResource, unknown];
  readonly ports: (store: ProofResource) => number[];
}

const own =
  (property: string) =>
  (store: ProofResource): [ProofResource, unknown] => [store, store.at(property)];
const through =
  (property: string, list: string) =>
  (store: ProofResource): [ProofResource, unknown] => {
    const group = store.ref(property) ?? store;
    return [group, group.at(list)];
  };

const KINDS: Kind[] = [
  {
    type: 'AWS::RDS::DBInstance',
    what: 'database',
    groups: 'VPCSecurityGroups',
    subnets: through('DBSubnetGroupName', 'SubnetIds'),
    ports: databasePort,
  },
  {
    type: 'AWS::RDS::DBCluster',
    what: 'database',
    groups: 'VpcSecurityGroupIds',
    subnets: through('DBSubnetGroupName', 'SubnetIds'),
    ports: databasePort,
  },
  {
    type: 'AWS::RDS::DBProxy',
    what: 'database proxy',
    groups: 'VpcSecurityGroupIds',
    subnets: own('VpcSubnetIds'),
    ports: (store) => [textOf(store.at('EngineFamily')) === 'MYSQL' ? 3306 : 5432],
  },
  {
    type: 'AWS::ElastiCache::ReplicationGroup',
    what: 'cache',
    groups: 'SecurityGroupIds',
    subnets: through('CacheSubnetGroupName', 'SubnetIds'),
    ports: (store) => [numberOf(store.at('Port')) ?? 6379],
  },
  {
    type: 'AWS::ElastiCache::CacheCluster',
    what: 'cache',
    groups: 'VpcSecurityGroupIds',
    subnets: through('CacheSubnetGroupName', 'SubnetIds'),
    ports: (store) => [numberOf(store.at('Port')) ?? (textOf(store.at('Engine')) === 'memcached' ? 11211 : 6379)],
  },
  {
    type: 'AWS::ElastiCache::ServerlessCache',
    what: 'cache',
    groups: 'SecurityGroupIds',
    subnets: own('SubnetIds'),
    // Writer and readers: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/set-up.html
    ports: () => [6379, 6380],
  },
];

/** Nodes that listen and open no connections: databases, caches, file systems, interface endpoints. */
export class StoreParties {
  constructor(
    private readonly app: AppTemplates,
    private readonly groups: Groups,
    private readonly network: Network,
  ) {}

  public all(): NetworkNode[] {
    const stores = KINDS.flatMap((kind) => this.app.all(kind.type).map((store) => this.store(store, kind)));
    return [...stores, ...this.fileSystems(), ...this.interfaceEndpoints()];
  }

  private store(store: ProofResource, { what, groups, subnets, ports }: Kind): NetworkNode {
    return {
      ...named(store, what),
      groups: store.list(groups).map((group) => this.groups.of(group, store)),
      place: this.network.locate(...subnets(store), isTrue(store.at('PubliclyAccessible'))),
      opens: false,
      listens: ports(store),
    };
  }

  private fileSystems(): NetworkNode[] {
    const targets = this.app.all('AWS::EFS::MountTarget');
    const systems = new Set(targets.map((target) => target.ref('FileSystemId')));
    return [...systems].flatMap((system) => {
      if (!system) return [];
      const mounts = targets.filter((target) => target.ref('FileSystemId') === system);
      const groups = mounts.flatMap((target) => target.list('SecurityGroups').map((group) => this.groups.of(group, target)));
      const place = this.network.locate(
        mounts[0],
        mounts.map((target) => target.at('SubnetId')),
      );
      return [{ ...named(system, 'file system'), groups: [...new Set(groups)], place, opens: false, listens: [2049] }];
    });
  }

  private interfaceEndpoints(): NetworkNode[] {
    return this.app
      .all('AWS::EC2::VPCEndpoint')
      .filter((endpoint) => textOf(endpoint.at('VpcEndpointType')) === 'Interface')
      .map((endpoint) => ({
        ...named(endpoint, 'interface endpoint'),
        groups: endpoint.list('SecurityGroupIds').map((group) => this.groups.of(group, endpoint)),
        place: this.network.locate(endpoint, endpoint.at('SubnetIds')),
        opens: false,
        listens: [443],
      }));
  }
}

/**
 * Returns the port of a database. Without `Port`, instances use the default port of their engine, and clusters 3306 whatever their engine.
 */
function databasePort(store: ProofResource): number[] {
  const engine = textOf(store.at('Engine')) ?? '';
  const usual = /mysql|maria/.test(engine) ? 3306 : /postgres/.test(engine) ? 5432 : /oracle/.test(engine) ? 1521 : 1433;
  return [numberOf(store.at('Port')) ?? (store.type === 'AWS::RDS::DBCluster' ? 3306 : usual)];
}
