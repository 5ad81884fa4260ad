import { App, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { IpAddresses, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { MeshNetwork, ServerlessRedis, ServerlessRedisProps, ServiceConnectMeshProps } from 'cdk-ecs-mesh';
import { Construct } from 'constructs';
import { findings, newMesh, newService, newStack, only, openPaths, resources, templateOf } from '../helpers';

/** A stack with a mesh and one store. */
function newRedis(props: Partial<ServerlessRedisProps> = {}, meshProps: ServiceConnectMeshProps = {}) {
  const mesh = newMesh(newStack(), meshProps);
  const redis = new ServerlessRedis(Stack.of(mesh), 'Redis', { mesh, ...props });
  return {
    mesh,
    redis,
    /** Properties of the cache; read it when nothing is to be added to the stack. */
    get cache() {
      return only(templateOf(redis), 'AWS::ElastiCache::ServerlessCache').Properties;
    },
  };
}

describe('without choices', () => {
  const { mesh, redis, cache } = newRedis();
  const template = templateOf(redis);

  test('Valkey 8 over the store subnets of two zones, with snapshots and without limits', () => {
    expect(cache).toMatchObject({ Engine: 'valkey', MajorEngineVersion: '8', SnapshotRetentionLimit: 15 });
    expect(JSON.stringify(cache.SubnetIds)).toMatch(/IsolatedSubnet1.*IsolatedSubnet2/);
    expect([cache.CacheUsageLimits, cache.DailySnapshotTime, cache.KmsKeyId]).toEqual([undefined, undefined, undefined]);
  });

  test('one user, default, with the generated password by reference, in a group of its own', () => {
    const [secretId] = Object.keys(resources(template, 'AWS::SecretsManager::Secret'));
    const password = { 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: secretId }, ':SecretString:password::}}']] };
    const [userId] = Object.keys(resources(template, 'AWS::ElastiCache::User'));
    const [groupId] = Object.keys(resources(template, 'AWS::ElastiCache::UserGroup'));
    expect(only(template, 'AWS::ElastiCache::User').Properties).toEqual({
      UserId: cache.ServerlessCacheName,
      UserName: 'default',
      Engine: 'valkey',
      AccessString: 'on ~* &* +@all',
      Passwords: [password],
    });
    expect(only(template, 'AWS::ElastiCache::UserGroup').Properties).toMatchObject({
      Engine: 'valkey',
      UserIds: [{ Ref: userId }],
    });
    expect(cache.UserGroupId).toEqual({ Ref: groupId });
  });

  test('AwsSolutions finds nothing', () => expect(findings(mesh)).toEqual([]));
});

test('T23: clients are told of TLS and of the cluster protocol, and reach the port of replicas too', () => {
  const { mesh, redis } = newRedis();
  const api = newService(mesh, 'Api');
  api.connectTo(redis);
  const [{ Environment }] = only(templateOf(mesh), 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions;
  expect(Environment).toEqual(
    expect.arrayContaining([
      { Name: 'REDIS_TLS', Value: 'true' },
      { Name: 'REDIS_CLUSTER_MODE', Value: 'true' },
    ]),
  );
  expect(openPaths(templateOf(mesh))).toEqual(['Api -> Redis 6379-6380']);
});

test('every choice', () => {
  const { cache } = newRedis({
    majorEngineVersion: '7',
    maxDataStorage: Size.gibibytes(10),
    maxEcpuPerSecond: 5000,
    snapshotRetentionDays: 0,
    dailySnapshotTime: '03:00',
  });
  expect(cache).toMatchObject({
    MajorEngineVersion: '7',
    CacheUsageLimits: { DataStorage: { Maximum: 10, Unit: 'GB' }, ECPUPerSecond: { Maximum: 5000 } },
    SnapshotRetentionLimit: 0,
    DailySnapshotTime: '03:00',
  });
});

test('one limit alone', () => {
  expect(newRedis({ maxEcpuPerSecond: 1000 }).cache.CacheUsageLimits).toEqual({ ECPUPerSecond: { Maximum: 1000 } });
  expect(newRedis({ maxDataStorage: Size.tebibytes(1) }).cache.CacheUsageLimits.DataStorage.Maximum).toBe(1024);
});

/** With the last group of the stack's UUID, so that each life of the stack has a name of its own. */
const FINAL = {
  'Fn::Join': [
    '',
    [
      expect.stringMatching(/-final-$/),
      { 'Fn::Select': [4, { 'Fn::Split': ['-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }] }] },
    ],
  ],
};

test.each([
  [RemovalPolicy.RETAIN, FINAL],
  [RemovalPolicy.SNAPSHOT, FINAL],
  [RemovalPolicy.DESTROY, undefined],
])('DT-74: a mesh with %s leaves a final snapshot, whose name is new in each life of the stack', (removalPolicy, snapshot) => {
  expect(newRedis({}, { removalPolicy }).cache.FinalSnapshotName).toEqual(snapshot);
});

describe('name', () => {
  const nameAt = (...ids: string[]) => {
    const stack = new Stack(new App(), ids[0], { env: { region: 'eu-west-1' } });
    const scope = ids.slice(1, -1).reduce<Construct>((parent, id) => new Construct(parent, id), stack);
    const redis = new ServerlessRedis(scope, ids[ids.length - 1], { mesh: newMesh(stack) });
    return redis.cache.serverlessCacheName;
  };

  test.each([
    [['Shop', 'Redis']],
    [['Shop', 'A-scope-with-', '-hyphens-at-its-ends', 'Redis']],
    [['AVeryLongStackNameIndeed', 'WithAScopeThatIsLongToo', 'AndAStoreThatIsNoShorter']],
    [['Shop', '1', '2']],
  ])('%j gives one that AWS takes, the same every time', (ids) => {
    expect(nameAt(...ids)).toMatch(/^[a-z](?:-?[a-z0-9]){0,39}$/);
    expect(nameAt(...ids).length).toBeLessThanOrEqual(40);
    expect(nameAt(...ids)).toBe(nameAt(...ids));
  });

  test('two stores have two', () => expect(nameAt('Shop', 'Redis')).not.toBe(nameAt('Shop', 'Cache')));
});

test('of more than three zones it takes three', () => {
  const stack = new Stack(new App(), 'Shop', { env: { region: 'us-east-1', account: '111111111111' } });
  const vpc = new Vpc(stack, 'Vpc', { availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c', 'us-east-1d'] });
  const mesh = newMesh(stack, { network: MeshNetwork.fromVpc(vpc) });
  const redis = new ServerlessRedis(stack, 'Redis', { mesh });
  expect(redis.cache.subnetIds).toHaveLength(3);
});

describe('refuses', () => {
  test.each([
    [0, '0'],
    [5001, '5001'],
  ])('%s GiB as a limit', (gibibytes, got) => {
    expect(() => newRedis({ maxDataStorage: Size.gibibytes(gibibytes) })).toThrow(
      `\`maxDataStorage\` must be a whole number from 1 to 5000, got ${got}; choose a value in that range [RedisDataStorageLimit at Shop/Redis]`,
    );
  });

  test('a part of a GiB as a limit', () => {
    expect(() => newRedis({ maxDataStorage: Size.mebibytes(1536) })).toThrow('got 1.5; choose');
  });

  test.each([999, 15_000_001])('%s units a second as a limit', (maxEcpuPerSecond) => {
    expect(() => newRedis({ maxEcpuPerSecond })).toThrow(
      `\`maxEcpuPerSecond\` must be a whole number from 1000 to 15000000, got ${maxEcpuPerSecond}; ` +
        'choose a value in that range [RedisEcpuLimit at Shop/Redis]',
    );
  });

  test.each([1000, 15_000_000])('but not %s', (maxEcpuPerSecond) => {
    expect(newRedis({ maxEcpuPerSecond }).cache.CacheUsageLimits.ECPUPerSecond.Maximum).toBe(maxEcpuPerSecond);
  });

  test.each([-1, 36])('%s days of snapshots', (snapshotRetentionDays) => {
    expect(() => newRedis({ snapshotRetentionDays })).toThrow('[RedisSnapshotRetention at Shop/Redis]');
  });

  test.each(['3:00', '24:00', '03:00-04:00'])('a snapshot at %s', (dailySnapshotTime) => {
    expect(() => newRedis({ dailySnapshotTime })).toThrow(
      `\`dailySnapshotTime\` must be a time in UTC, got "${dailySnapshotTime}"; write it like 03:00 [RedisWindow at Shop/Redis]`,
    );
  });

  test('a network in one zone', () => {
    const stack = newStack();
    const vpc = new Vpc(stack, 'Vpc', {
      maxAzs: 1,
      ipAddresses: IpAddresses.cidr('10.0.0.0/16'),
      subnetConfiguration: [
        { name: 'Public', subnetType: SubnetType.PUBLIC },
        { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      ],
    });
    const mesh = newMesh(stack, { network: MeshNetwork.fromVpc(vpc) });
    expect(() => new ServerlessRedis(stack, 'Redis', { mesh })).toThrow('[RedisNeedsTwoZones at Shop/Redis]');
  });
});
