import { App, Size, Stack } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { CfnDBInstance, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import {
  Compliance,
  ContainerRedis,
  DatabaseRotation,
  Ec2HostRedis,
  Ec2HostRedisProps,
  ElastiCacheEngine,
  ElastiCacheRedis,
  ElastiCacheRedisProps,
  IRedisStore,
  MaxMemoryPolicy,
  MeshNetwork,
  MeshService,
  PostgresDatabase,
  PostgresDatabaseProps,
  RedisPersistence,
  ServerlessRedis,
  ServiceConnectMesh,
} from 'cdk-ecs-mesh';
import { Build, meshIn, NamedChange } from './named-change';
import { WEB } from '../../helpers';

const database =
  (props: Partial<PostgresDatabaseProps> = {}, id = 'Database'): Build =>
  (stack) =>
    new PostgresDatabase(stack, id, { mesh: meshIn(stack), ...props });

/** A database whose client is in another stack. */
const imported =
  (props: Partial<PostgresDatabaseProps> = {}): Build =>
  (stack) => {
    const mesh = meshIn(stack);
    const shared = new PostgresDatabase(stack, 'Database', { mesh, ...props });
    const other = new Stack(stack.node.root as App, 'Other', { env: { account: stack.account, region: stack.region } });
    new MeshService(other, 'Api', { mesh, containers: [WEB] }).connectTo(shared);
  };

/** A database with strict compliance, as it was named until November 2026 or as it is now. */
const strict =
  (identifier?: string): Build =>
  (stack) => {
    Compliance.strict().applyTo(stack);
    const { instance } = new PostgresDatabase(stack, 'Database', { mesh: meshIn(stack) });
    if (identifier) (instance.node.defaultChild as CfnDBInstance).dbInstanceIdentifier = identifier;
  };

const { VER_17, VER_17_6, VER_18 } = PostgresEngineVersion;
const NOT_ROTATED = { rotation: DatabaseRotation.none('The app reads it once.') };
const [DATA, UPGRADES, REDIS] = ['docs/data.md', 'docs/upgrades.md', 'docs/redis-stores.md'];
const BREAKS = 'docs/what-breaks-when.md';

export const DATABASES: NamedChange[] = [
  {
    page: DATA,
    says: 'Changing `databaseName` replaces the instance',
    before: database(),
    after: database({ databaseName: 'other' }),
    outcomes: { 'Database/Instance': 'replaced, Snapshot' },
    refusals: ['deletion protection: Database/Instance'],
  },
  {
    page: DATA,
    says: 'Changing `VER_17_6` to `VER_17` does not replace the instance',
    before: database({ version: VER_17_6 }),
    after: database({ version: VER_17 }),
    outcomes: { 'Database/Instance': 'interrupted' },
  },
  {
    page: DATA,
    says: 'Without `allowMajorVersionUpgrade`, RDS rejects the upgrade',
    before: database({ version: VER_17 }),
    after: database({ version: VER_18 }),
    outcomes: { 'Database/Instance': 'interrupted' },
    refusals: ['major upgrade: Database/Instance'],
  },
  {
    page: DATA,
    says: 'To upgrade the major version in place',
    before: database({ version: VER_17 }),
    after: database({ version: VER_18, allowMajorVersionUpgrade: true }),
    outcomes: { 'Database/Instance': 'interrupted' },
  },
  {
    page: DATA,
    says: 'RDS rejects a deployment that would downgrade',
    before: database({ version: PostgresEngineVersion.of('17.7', '17') }),
    after: database({ version: VER_17_6 }),
    outcomes: { 'Database/Instance': 'interrupted' },
    refusals: ['downgrade: Database/Instance'],
  },
  {
    page: DATA,
    says: 'you can increase `storage` in place',
    before: database(),
    after: database({ storage: Size.gibibytes(100) }),
    outcomes: { 'Database/Instance': 'updated' },
  },
  {
    page: UPGRADES,
    says: 'RDS creates a secret with a new password',
    before: database(NOT_ROTATED),
    after: database(),
    outcomes: { 'Database/Instance/Secret': 'removed', 'Database/Instance': 'updated' },
  },
  {
    page: UPGRADES,
    says: 'a secret is generated and its password is set; the secret of RDS is deleted',
    before: database(),
    after: database(NOT_ROTATED),
    outcomes: { 'Database/Instance': 'updated', 'Database/Instance/Secret': 'created' },
  },
  {
    page: UPGRADES,
    says: 'CloudFormation does not delete an export that is in use',
    before: imported(NOT_ROTATED),
    after: imported(),
    outcomes: { 'Database/Instance/Secret': 'removed', 'Database/Instance': 'updated', 'Other/Api/Service/Service': 'updated' },
    refusals: ['export in use'],
  },
  {
    page: UPGRADES,
    says: 'A database with strict compliance that was deployed before would be replaced',
    before: strict('shop-database-0a1b2c3d'),
    after: strict(),
    outcomes: { 'Database/Instance': 'may be replaced, Snapshot' },
    refusals: ['deletion protection, perhaps: Database/Instance'],
  },
  {
    page: UPGRADES,
    says: 'to keep its identifier',
    before: strict('shop-database-0a1b2c3d'),
    after: strict('shop-database-0a1b2c3d'),
    outcomes: {},
  },
  {
    page: 'docs/compliance.md',
    says: 'To change the key of a database, a cache, a file system, a volume or a queue, CloudFormation replaces it',
    before: database(),
    after: strict(),
    outcomes: { 'Mesh/Cluster': 'updated', 'Database/Instance': 'replaced, Snapshot' },
    refusals: ['deletion protection: Database/Instance'],
  },
  {
    page: BREAKS,
    says: 'a change of the name, ID or subnet of a resource with data',
    before: database(),
    after: database({}, 'Data'),
    outcomes: { 'Database/Instance': 'removed, Snapshot', 'Data/Instance': 'created' },
    refusals: ['deletion protection: Database/Instance'],
  },
];

const cache =
  (props: Partial<ElastiCacheRedisProps> = {}, id = 'Redis'): Build =>
  (stack) =>
    new ElastiCacheRedis(stack, id, { mesh: meshIn(stack), ...props });
const host =
  (props: Partial<Ec2HostRedisProps> = {}, id = 'Redis'): Build =>
  (stack) =>
    new Ec2HostRedis(stack, id, { mesh: meshIn(stack), availabilityZone: 'dummy1a', ...props });
const serverless =
  (availabilityZones: number, id = 'Redis'): Build =>
  (stack) =>
    new ServerlessRedis(stack, id, { mesh: meshIn(stack, { network: MeshNetwork.threeTier({ availabilityZones }) }) });
const client =
  (store: (stack: Stack, mesh: ServiceConnectMesh) => IRedisStore): Build =>
  (stack) => {
    const mesh = meshIn(stack);
    new MeshService(stack, 'Api', { mesh, containers: [WEB] }).connectTo(store(stack, mesh));
  };

const type = (name: string) => ({ instanceType: new InstanceType(name) });

export const STORES: NamedChange[] = [
  {
    page: REDIS,
    says: '`nodeType`, `numReplicas`, the version of `engine`, the windows and the memory policy change in place',
    before: cache({ engine: ElastiCacheEngine.VALKEY_8_1 }),
    after: cache({
      engine: ElastiCacheEngine.VALKEY_8_2,
      nodeType: 'cache.m7g.large',
      numReplicas: 2,
      maintenanceWindow: 'sun:03:00-sun:04:00',
      snapshotWindow: '01:00-02:00',
      maxMemoryPolicy: MaxMemoryPolicy.ALLKEYS_LRU,
    }),
    outcomes: { Redis: 'interrupted' },
  },
  {
    page: REDIS,
    says: 'Changing `port` or the mesh replaces the store',
    before: cache(),
    after: cache({ port: 6380 }),
    outcomes: { Redis: 'replaced, Snapshot' },
  },
  {
    page: REDIS,
    says: 'and so does renaming its construct',
    before: cache(),
    after: cache({}, 'Cache'),
    outcomes: { 'Redis/Secret': 'removed', Redis: 'removed, Snapshot', 'Cache/Secret': 'created', Cache: 'created' },
  },
  {
    page: BREAKS,
    says: 'although its schema says that it replaces the store',
    before: cache({ engine: ElastiCacheEngine.REDIS_OSS_7_1 }),
    after: cache({ engine: ElastiCacheEngine.VALKEY_8_1 }),
    outcomes: { Redis: 'may be replaced, Snapshot' },
  },
  {
    page: REDIS,
    says: 'CloudFormation stops and starts the host, which then applies the new settings; same address, disk and data',
    before: host(),
    after: host({ port: 6380, maxMemoryMiB: 300 }),
    outcomes: { 'Redis/Host1': 'interrupted' },
  },
  {
    page: REDIS,
    says: 'the volume is retained, outside of the stack',
    before: host(),
    after: host({ persistence: RedisPersistence.none() }),
    outcomes: { 'Redis/Data': 'kept, RetainExceptOnCreate', 'Redis/Host1': 'interrupted' },
  },
  {
    page: REDIS,
    says: '`instanceType`, same architecture',
    before: host(type('t4g.small')),
    after: host(type('t4g.medium')),
    outcomes: { 'Redis/Host1Arm': 'interrupted' },
  },
  {
    page: REDIS,
    says: 'a new host with the latest image; the volume moves to it',
    before: host(),
    after: host({ hostGeneration: 2 }),
    outcomes: { 'Redis/Host1': 'removed', 'Redis/Host2': 'created' },
    refusals: ['deletion protection: Redis/Host1'],
  },
  {
    page: REDIS,
    says: '`instanceType` with another architecture',
    before: host(type('t4g.small')),
    after: host(type('t3.small')),
    outcomes: { 'Redis/Host1Arm': 'removed', 'Redis/Host1': 'created' },
    refusals: ['deletion protection: Redis/Host1Arm'],
  },
  {
    page: REDIS,
    says: 'a new host, and no volume that it could use',
    before: host(),
    after: host({ availabilityZone: 'dummy1b' }),
    outcomes: { 'Redis/Data': 'may be replaced, Retain', 'Redis/Host1': 'replaced' },
    refusals: ['deletion protection: Redis/Host1'],
  },
  {
    page: REDIS,
    says: 'a new host and a new, empty volume; the old one is retained',
    before: host(),
    after: host({ availabilityZone: 'dummy1b' }, 'Cache'),
    outcomes: {
      'Redis/Secret': 'removed',
      'Redis/Data': 'kept, RetainExceptOnCreate',
      'Redis/Host1': 'removed',
      'Cache/Secret': 'created',
      'Cache/Data': 'created',
      'Cache/Host1': 'created',
    },
    refusals: ['deletion protection: Redis/Host1'],
  },
  {
    page: REDIS,
    says: 'You can increase the volume (`volumeSize`) in place',
    before: host(),
    after: host({ persistence: RedisPersistence.appendOnly({ volumeSize: Size.gibibytes(50) }) }),
    outcomes: { 'Redis/Data': 'updated' },
  },
  {
    page: REDIS,
    says: 'a change that replaces the cache needs another construct ID',
    before: serverless(2),
    after: serverless(3),
    outcomes: {
      'Mesh/Vpc/PublicSubnet1/Subnet': 'replaced',
      'Mesh/Vpc/PublicSubnet1/NATGateway': 'replaced',
      'Mesh/Vpc/PublicSubnet2/Subnet': 'replaced',
      'Mesh/Vpc/PublicSubnet2/NATGateway': 'replaced',
      'Mesh/Vpc/PrivateSubnet1/Subnet': 'replaced',
      'Mesh/Vpc/PrivateSubnet2/Subnet': 'replaced',
      'Mesh/Vpc/IsolatedSubnet1/Subnet': 'replaced',
      'Mesh/Vpc/IsolatedSubnet2/Subnet': 'replaced',
      Redis: 'replaced',
      'Mesh/Vpc/PublicSubnet3/Subnet': 'created',
      'Mesh/Vpc/PublicSubnet3/NATGateway': 'created',
      'Mesh/Vpc/PrivateSubnet3/Subnet': 'created',
      'Mesh/Vpc/IsolatedSubnet3/Subnet': 'created',
    },
    refusals: ['custom name: Redis'],
  },
  {
    page: REDIS,
    says: 'needs another construct ID',
    before: serverless(2),
    after: serverless(3, 'Cache'),
    outcomes: {
      'Mesh/Vpc/PublicSubnet1/Subnet': 'replaced',
      'Mesh/Vpc/PublicSubnet1/NATGateway': 'replaced',
      'Mesh/Vpc/PublicSubnet2/Subnet': 'replaced',
      'Mesh/Vpc/PublicSubnet2/NATGateway': 'replaced',
      'Mesh/Vpc/PrivateSubnet1/Subnet': 'replaced',
      'Mesh/Vpc/PrivateSubnet2/Subnet': 'replaced',
      'Mesh/Vpc/IsolatedSubnet1/Subnet': 'replaced',
      'Mesh/Vpc/IsolatedSubnet2/Subnet': 'replaced',
      'Redis/Secret': 'removed',
      Redis: 'removed',
      'Mesh/Vpc/PublicSubnet3/Subnet': 'created',
      'Mesh/Vpc/PublicSubnet3/NATGateway': 'created',
      'Mesh/Vpc/PrivateSubnet3/Subnet': 'created',
      'Mesh/Vpc/IsolatedSubnet3/Subnet': 'created',
      'Cache/Secret': 'created',
      Cache: 'created',
    },
  },
  {
    page: BREAKS,
    says: 'variables change, tasks are replaced; data is not migrated',
    before: client((stack, mesh) => new ContainerRedis(stack, 'Store', { mesh })),
    after: client((stack, mesh) => new ElastiCacheRedis(stack, 'Redis', { mesh })),
    outcomes: {
      'Api/Service/Service': 'updated',
      'Store/Secret': 'removed',
      'Store/Server/Service/Service': 'removed',
      'Redis/Secret': 'created',
      Redis: 'created',
    },
  },
];
