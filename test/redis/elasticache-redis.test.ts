import { App, Lazy, RemovalPolicy } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  ElastiCacheEngine,
  ElastiCacheRedis,
  ElastiCacheRedisProps,
  MaxMemoryPolicy,
  MeshNetwork,
  ServiceConnectMeshProps,
} from 'cdk-ecs-mesh';
import { findings, newMesh, newService, newStack, only, resources, templateOf } from '../helpers';

/** A store in a stack of its own, next to a mesh in another. */
function arrange(options: Partial<ElastiCacheRedisProps> = {}, meshProps: ServiceConnectMeshProps = {}) {
  const mesh = newMesh(newStack('Net'), meshProps);
  const stack = newStack('Data', mesh.node.root as App);
  const redis = new ElastiCacheRedis(stack, 'Redis', { mesh, ...options });
  return {
    mesh,
    stack,
    redis,
    get template() {
      return templateOf(redis);
    },
  };
}

describe('minimal', () => {
  const { redis, stack, template } = arrange();
  const [id] = Object.keys(resources(template, 'AWS::ElastiCache::ReplicationGroup'));

  test('creates these resources and no others', () => {
    const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type);
    expect(types.sort()).toEqual([
      'AWS::EC2::SecurityGroup',
      'AWS::ElastiCache::ParameterGroup',
      'AWS::ElastiCache::ReplicationGroup',
      'AWS::ElastiCache::SubnetGroup',
      'AWS::Logs::LogGroup',
      'AWS::SecretsManager::Secret',
    ]);
  });

  test('is readable', () => {
    expect(redis).toMatchObject({ port: 6379, tls: true, clusterMode: false });
    expect(stack.resolve(redis.host)).toEqual({ 'Fn::GetAtt': [id, 'PrimaryEndPoint.Address'] });
    expect(stack.resolve(redis.readerHost)).toEqual({ 'Fn::GetAtt': [id, 'ReaderEndPoint.Address'] });
    expect(redis.node.defaultChild).toBe(redis.replicationGroup);
  });

  test('the nodes: two zones, failover, encrypted twice, patched and saved', () => {
    template.hasResourceProperties('AWS::ElastiCache::ReplicationGroup', {
      Engine: 'valkey',
      EngineVersion: '8.1',
      CacheNodeType: 'cache.t4g.micro',
      NumCacheClusters: 2,
      MultiAZEnabled: true,
      AutomaticFailoverEnabled: true,
      Port: 6379,
      TransitEncryptionEnabled: true,
      AtRestEncryptionEnabled: true,
      AutoMinorVersionUpgrade: true,
      SnapshotRetentionLimit: 15,
    });
  });

  test('what is left to AWS', () => {
    template.hasResourceProperties('AWS::ElastiCache::ReplicationGroup', {
      ReplicationGroupId: Match.absent(),
      SnapshotWindow: Match.absent(),
      PreferredMaintenanceWindow: Match.absent(),
      NumNodeGroups: Match.absent(),
      ClusterMode: Match.absent(),
      UserGroupIds: Match.absent(),
    });
  });

  test('the parameter group drops nothing that has no expiry', () => {
    template.hasResourceProperties('AWS::ElastiCache::ParameterGroup', {
      CacheParameterGroupFamily: 'valkey8',
      Properties: { 'maxmemory-policy': 'volatile-lru' },
      CacheParameterGroupName: Match.absent(),
    });
  });

  test('the subnet group is over the isolated subnets', () => {
    const { SubnetIds, CacheSubnetGroupName } = only(template, 'AWS::ElastiCache::SubnetGroup').Properties;
    expect(SubnetIds).toHaveLength(2);
    expect(JSON.stringify(SubnetIds)).toMatch(/IsolatedSubnet1.*IsolatedSubnet2/);
    expect(CacheSubnetGroupName).toBeUndefined();
  });

  test('the password is named, never written', () => {
    const [secret] = Object.keys(resources(template, 'AWS::SecretsManager::Secret'));
    template.hasResourceProperties('AWS::ElastiCache::ReplicationGroup', {
      AuthToken: { 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: secret }, ':SecretString:password::}}']] },
    });
    template.hasResourceProperties('AWS::SecretsManager::Secret', {
      GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
    });
  });

  test('both logs go to one group for 30 days', () => {
    const [logGroup] = Object.keys(resources(template, 'AWS::Logs::LogGroup'));
    template.hasResource('AWS::Logs::LogGroup', {
      Properties: { LogGroupName: Match.stringLikeRegexp('^/aws/vendedlogs/elasticache/Data-Redis'), RetentionInDays: 30 },
      DeletionPolicy: 'Delete',
    });
    const delivery = (LogType: string) => ({
      LogType,
      LogFormat: 'json',
      DestinationType: 'cloudwatch-logs',
      DestinationDetails: { CloudWatchLogsDetails: { LogGroup: { Ref: logGroup } } },
    });
    template.hasResourceProperties('AWS::ElastiCache::ReplicationGroup', {
      LogDeliveryConfigurations: [delivery('slow-log'), delivery('engine-log')],
    });
  });

  test('nothing comes in, nothing goes out', () => {
    const { SecurityGroupIngress, SecurityGroupEgress } = only(template, 'AWS::EC2::SecurityGroup', 'Redis').Properties;
    expect(SecurityGroupIngress).toBeUndefined();
    expect(SecurityGroupEgress).toEqual([expect.objectContaining({ CidrIp: '255.255.255.255/32' })]);
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  });

  test('clients wait for the nodes', () => {
    const { mesh, redis: other } = arrange();
    expect(other.bindEndpoint(newService(mesh, 'Api'), {}).dependencies).toEqual([other.replicationGroup]);
  });

  test('AwsSolutions has no open finding', () => expect(findings(redis)).toEqual([]));
});

describe('every prop', () => {
  test('reaches the nodes', () => {
    const { template } = arrange({
      engine: ElastiCacheEngine.VALKEY_8_2,
      nodeType: 'cache.r7g.large',
      numReplicas: 2,
      port: 6380,
      snapshotRetentionDays: 3,
      snapshotWindow: '03:00-04:00',
      maintenanceWindow: 'sun:05:00-sun:06:30',
      maxMemoryPolicy: MaxMemoryPolicy.NO_EVICTION,
    });
    template.hasResourceProperties('AWS::ElastiCache::ReplicationGroup', {
      EngineVersion: '8.2',
      CacheNodeType: 'cache.r7g.large',
      NumCacheClusters: 3,
      Port: 6380,
      SnapshotRetentionLimit: 3,
      SnapshotWindow: '03:00-04:00',
      PreferredMaintenanceWindow: 'sun:05:00-sun:06:30',
    });
    template.hasResourceProperties('AWS::ElastiCache::ParameterGroup', { Properties: { 'maxmemory-policy': 'noeviction' } });
  });

  test.each([
    [ElastiCacheEngine.VALKEY_7_2, 'valkey', '7.2', 'valkey7'],
    [ElastiCacheEngine.valkey('9.0'), 'valkey', '9.0', 'valkey9'],
    [ElastiCacheEngine.VALKEY_9_0, 'valkey', '9.0', 'valkey9'],
    [ElastiCacheEngine.VALKEY_9_1, 'valkey', '9.1', 'valkey9'],
    [ElastiCacheEngine.REDIS_OSS_7_1, 'redis', '7.1', 'redis7'],
    [ElastiCacheEngine.of('redis', '6.2', 'redis6.x'), 'redis', '6.2', 'redis6.x'],
  ])('engine %#', (engine, Engine, EngineVersion, family) => {
    const { template } = arrange({ engine });
    template.hasResourceProperties('AWS::ElastiCache::ReplicationGroup', { Engine, EngineVersion });
    template.hasResourceProperties('AWS::ElastiCache::ParameterGroup', { CacheParameterGroupFamily: family });
  });

  test.each([
    [RemovalPolicy.RETAIN, 'Snapshot'],
    [RemovalPolicy.SNAPSHOT, 'Snapshot'],
    [RemovalPolicy.DESTROY, 'Delete'],
  ])('a mesh with removal policy %s', (removalPolicy, policy) => {
    const { template } = arrange({}, { removalPolicy });
    template.hasResource('AWS::ElastiCache::ReplicationGroup', { DeletionPolicy: policy, UpdateReplacePolicy: policy });
  });
});

describe('replicas', () => {
  test('none: no failover, no reader, and a warning', () => {
    const { redis, stack, template } = arrange({ numReplicas: 0 });
    template.hasResourceProperties('AWS::ElastiCache::ReplicationGroup', {
      NumCacheClusters: 1,
      MultiAZEnabled: false,
      AutomaticFailoverEnabled: false,
    });
    expect(redis.readerHost).toBeUndefined();
    Annotations.fromStack(stack).hasWarning(
      '/Data/Redis',
      'numReplicas is 0: without a replica in a second Availability Zone, the loss of the node causes data loss and an outage [ack: cdk-ecs-mesh:RedisSingleNode]',
    );
  });

  test('one does not warn', () => {
    Annotations.fromStack(arrange().stack).hasNoWarning('/Data/Redis', Match.anyValue());
  });

  test('in one zone there is no point in any', () => {
    const stack = newStack('Data');
    const vpc = new Vpc(stack, 'Vpc', { availabilityZones: ['eu-west-1a'] });
    const mesh = newMesh(stack, { network: MeshNetwork.fromVpc(vpc) });
    expect(() => new ElastiCacheRedis(stack, 'Redis', { mesh })).toThrow(
      '`mesh` must have store subnets in two Availability Zones, so that a replica survives the loss of one, got ["eu-west-1a"]; ' +
        'give the mesh a second zone, or set numReplicas to 0 [RedisNeedsTwoZones at Data/Redis]',
    );
    expect(new ElastiCacheRedis(stack, 'Single', { mesh, numReplicas: 0 }).readerHost).toBeUndefined();
  });
});

describe('bad input', () => {
  const range = (prop: string, min: number, max: number, got: number, id: string) =>
    `\`${prop}\` must be a whole number from ${min} to ${max}, got ${got}; choose a value in that range [${id} at Data/Redis]`;

  test.each<[Partial<ElastiCacheRedisProps>, string]>([
    [{ numReplicas: -1 }, range('numReplicas', 0, 5, -1, 'RedisReplicas')],
    [{ numReplicas: 6 }, range('numReplicas', 0, 5, 6, 'RedisReplicas')],
    [{ port: 1023 }, range('port', 1024, 65535, 1023, 'RedisPort')],
    [{ port: 65536 }, range('port', 1024, 65535, 65536, 'RedisPort')],
    [{ snapshotRetentionDays: -1 }, range('snapshotRetentionDays', 0, 35, -1, 'RedisSnapshotRetention')],
    [{ snapshotRetentionDays: 36 }, range('snapshotRetentionDays', 0, 35, 36, 'RedisSnapshotRetention')],
    [
      { nodeType: 't4g.small' },
      '`nodeType` must be an ElastiCache node type, got "t4g.small"; write it like cache.t4g.small [RedisNodeType at Data/Redis]',
    ],
    [
      { nodeType: 'cache.huge' },
      '`nodeType` must be an ElastiCache node type, got "cache.huge"; write it like cache.t4g.micro [RedisNodeType at Data/Redis]',
    ],
    [
      { snapshotWindow: '3-4' },
      '`snapshotWindow` must be a window in UTC, got "3-4"; write it like 03:00-04:00 [RedisWindow at Data/Redis]',
    ],
    [
      { maintenanceWindow: '05:00-06:00' },
      '`maintenanceWindow` must be a window in UTC, got "05:00-06:00"; write it like sun:05:00-sun:06:00 [RedisWindow at Data/Redis]',
    ],
    [
      { snapshotWindow: '03:00-03:59' },
      '`snapshotWindow` must last an hour at least, got "03:00-03:59"; write it like 03:00-04:00 [RedisWindow at Data/Redis]',
    ],
    [
      { maintenanceWindow: 'sun:23:30-mon:00:29' },
      '`maintenanceWindow` must last an hour at least, got "sun:23:30-mon:00:29"; write it like sun:05:00-sun:06:00 [RedisWindow at Data/Redis]',
    ],
  ])('%j', (options, message) => expect(() => arrange(options)).toThrow(message));

  test.each([
    ['03:00-04:00', 'sun:03:59-sun:04:59'],
    ['03:00-04:00', 'wed:02:01-wed:03:01'],
    ['03:00-06:00', 'mon:04:00-mon:05:00'],
    ['04:00-05:00', 'mon:03:00-mon:06:00'],
    ['23:30-00:30', 'mon:00:00-mon:01:00'],
    ['00:00-01:00', 'sun:23:30-mon:00:30'],
    ['23:30-00:30', 'sun:23:00-mon:00:00'],
    ['03:00-04:00', 'sat:12:00-fri:12:00'],
  ])('the windows %s and %s overlap', (snapshotWindow, maintenanceWindow) =>
    expect(() => arrange({ snapshotWindow, maintenanceWindow, snapshotRetentionDays: 0 })).toThrow(
      `\`maintenanceWindow\` must not overlap with the snapshot window ${snapshotWindow}, which is every day, got "${maintenanceWindow}"; ` +
        'move one of the two, or leave one out so that AWS chooses it [RedisWindow at Data/Redis]',
    ),
  );

  test.each([
    ['03:00-04:00', 'sun:04:00-sun:05:00'],
    ['03:00-04:00', 'sun:02:00-sun:03:00'],
    ['23:00-00:00', 'mon:00:00-mon:01:00'],
    ['01:00-02:00', 'sun:23:30-mon:00:30'],
    [Lazy.string({ produce: () => '03:00-04:00' }), 'sun:03:00-sun:04:00'],
  ])('the windows %s and %s do not overlap', (snapshotWindow, maintenanceWindow) =>
    expect(arrange({ snapshotWindow, maintenanceWindow }).redis).toBeInstanceOf(ElastiCacheRedis),
  );

  test.each<Partial<ElastiCacheRedisProps>>([
    { numReplicas: 5 },
    { port: 1024 },
    { port: 65535 },
    { snapshotRetentionDays: 0 },
    { snapshotRetentionDays: 35 },
    { snapshotWindow: '23:30-00:30' },
    { maintenanceWindow: 'mon:23:00-tue:00:00' },
  ])('%j is a limit that holds', (options) => expect(arrange(options).redis).toBeInstanceOf(ElastiCacheRedis));
});

describe('DT-64: nodes with disks', () => {
  const tiered = (options: Partial<ElastiCacheRedisProps> = {}) => arrange({ nodeType: 'cache.r6gd.xlarge', ...options });

  test.each([undefined, MaxMemoryPolicy.NO_EVICTION, MaxMemoryPolicy.VOLATILE_LRU, MaxMemoryPolicy.ALLKEYS_LRU])(
    'DT-64: r6gd has data tiering, with %s',
    (maxMemoryPolicy) => {
      tiered({ maxMemoryPolicy }).template.hasResourceProperties('AWS::ElastiCache::ReplicationGroup', {
        DataTieringEnabled: true,
      });
    },
  );

  test.each(['cache.t4g.micro', 'cache.r6g.xlarge', 'cache.r7g.large'])('DT-64: %s has none', (nodeType) => {
    const template = arrange({ nodeType, maxMemoryPolicy: MaxMemoryPolicy.ALLKEYS_LFU }).template;
    template.hasResourceProperties('AWS::ElastiCache::ReplicationGroup', { DataTieringEnabled: Match.absent() });
  });

  test.each([
    MaxMemoryPolicy.VOLATILE_LFU,
    MaxMemoryPolicy.ALLKEYS_LFU,
    MaxMemoryPolicy.VOLATILE_TTL,
    MaxMemoryPolicy.VOLATILE_RANDOM,
    MaxMemoryPolicy.ALLKEYS_RANDOM,
  ])('DT-64: %s is refused there', (maxMemoryPolicy) => {
    expect(() => tiered({ maxMemoryPolicy })).toThrow(
      `\`maxMemoryPolicy\` must be noeviction, volatile-lru, allkeys-lru on nodes of the r6gd family, which move the least recently used values to disks, got "${maxMemoryPolicy}"; choose one of these, or a node type such as cache.r7g.large [RedisDataTiering at Data/Redis]`,
    );
  });

  test('DT-64: an engine before data tiering is refused there, 6.2 is not', () => {
    expect(() => tiered({ engine: ElastiCacheEngine.of('redis', '6.0', 'redis6.x') })).toThrow(
      '`engine` must be Valkey 7.2, Redis OSS 6.2 or later on nodes of the r6gd family, which keep data on disks too, got "redis 6.0"; choose a later engine, or a node type such as cache.r7g.large [RedisDataTiering at Data/Redis]',
    );
    expect(() => tiered({ engine: ElastiCacheEngine.of('redis', '6.2', 'redis6.x') })).not.toThrow();
  });
});

test.each([
  ['redis', '5.0.6', 'redis5.0', []],
  ['redis', '6.0', 'redis6.x', ['slow-log']],
  ['redis', '6.2', 'redis6.x', ['slow-log', 'engine-log']],
  ['redis', '6.x', 'redis6.x', ['slow-log', 'engine-log']],
  ['valkey', '7.2', 'valkey7', ['slow-log', 'engine-log']],
])('PR-21: %s %s is asked for the logs that it delivers', (name, version, family, logs) => {
  const { template } = arrange({ engine: ElastiCacheEngine.of(name, version, family) });
  const { LogDeliveryConfigurations: found } = only(template, 'AWS::ElastiCache::ReplicationGroup').Properties;
  expect((found ?? []).map(({ LogType }: { LogType: string }) => LogType)).toEqual(logs);
});
