import { Size, Stack, TimeZone } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  ContainerRedis,
  Ec2HostRedis,
  ElastiCacheRedis,
  MeshAlarms,
  OfficeHours,
  RedisAlarmOptions,
  ServerlessRedis,
  ServiceConnectMesh,
} from 'cdk-ecs-mesh';
import { findings, newMesh, newStack, only, resources, templateOf, valueText } from '../helpers';

type Store = ElastiCacheRedis | ServerlessRedis | Ec2HostRedis | ContainerRedis;

const STORES: Record<string, (stack: Stack, mesh: ServiceConnectMesh) => Store> = {
  ElastiCacheRedis: (stack, mesh) => new ElastiCacheRedis(stack, 'Redis', { mesh }),
  ServerlessRedis: (stack, mesh) => new ServerlessRedis(stack, 'Redis', { mesh, maxDataStorage: Size.gibibytes(10) }),
  Ec2HostRedis: (stack, mesh) => new Ec2HostRedis(stack, 'Redis', { mesh }),
  ContainerRedis: (stack, mesh) => new ContainerRedis(stack, 'Redis', { mesh }),
};

/** A store with its alarms: `metric statistic threshold minutes` by the alarm's id below the store. */
function alarms(create: (stack: Stack, mesh: ServiceConnectMesh) => Store, options?: RedisAlarmOptions) {
  const mesh = newMesh();
  const stack = Stack.of(mesh);
  const store = create(stack, mesh);
  const made = store.addAlarms(options);
  const found = Object.entries(resources(templateOf(stack), 'AWS::CloudWatch::Alarm'));
  expect(found).toHaveLength(made.length);
  const lines = found.map(([id, { Properties: p }]) => {
    expect([p.ComparisonOperator, p.Period]).toEqual(['GreaterThanOrEqualToThreshold', 60]);
    return `${id.replace(/^RedisAlarms|[0-9A-F]{8}$/g, '')}: ${p.Namespace}/${p.MetricName} ${p.Statistic} ${p.Threshold} ${p.EvaluationPeriods} ${p.TreatMissingData}`;
  });
  return { stack, store, lines };
}

test('ElastiCacheRedis: every node, since each may become the primary', () => {
  const node = (n: number) => [
    `Node${n}Memory: AWS/ElastiCache/DatabaseMemoryUsagePercentage Maximum 80 5 notBreaching`,
    `Node${n}Cpu: AWS/ElastiCache/CPUUtilization Average 45 5 notBreaching`,
    `Node${n}Connections: AWS/ElastiCache/CurrConnections Maximum 16000 5 notBreaching`,
    `Node${n}Evictions: AWS/ElastiCache/Evictions Sum 100 5 notBreaching`,
    `Node${n}ReplicationLag: AWS/ElastiCache/ReplicationLag Maximum 10 5 notBreaching`,
  ];
  const { stack, lines } = alarms(STORES.ElastiCacheRedis);
  expect(lines).toEqual([...node(1), ...node(2)]);
  const [group] = Object.keys(resources(templateOf(stack), 'AWS::ElastiCache::ReplicationGroup'));
  expect(only(templateOf(stack), 'AWS::CloudWatch::Alarm', 'RedisAlarmsNode2Cpu').Properties.Dimensions).toEqual([
    { Name: 'CacheClusterId', Value: { 'Fn::Join': ['', [{ Ref: group }, '-002']] } },
  ]);
});

test.each([
  ['cache.t4g.micro', 'CPUUtilization', 45],
  ['cache.t3.medium', 'CPUUtilization', 45],
  ['cache.r7g.large', 'CPUUtilization', 45],
  ['cache.t2.small', 'CPUUtilization', 90],
  ['cache.m7g.xlarge', 'EngineCPUUtilization', 90],
  ['cache.r6gd.2xlarge', 'EngineCPUUtilization', 90],
])('ElastiCacheRedis: the core of a %s that serves commands: %s of %i percent', (nodeType, name, threshold) => {
  const { lines } = alarms((stack, mesh) => new ElastiCacheRedis(stack, 'Redis', { mesh, nodeType }));
  expect(lines[1]).toBe(`Node1Cpu: AWS/ElastiCache/${name} Average ${threshold} 5 notBreaching`);
});

test('ElastiCacheRedis: one node has no replication to lag', () => {
  const { lines } = alarms((stack, mesh) => new ElastiCacheRedis(stack, 'Redis', { mesh, numReplicas: 0 }));
  expect(lines.map((line) => line.split(':')[0])).toEqual(['Node1Memory', 'Node1Cpu', 'Node1Connections', 'Node1Evictions']);
});

test('ServerlessRedis: data near its limit, refused commands, connections, evictions', () => {
  expect(alarms(STORES.ServerlessRedis).lines).toEqual([
    'Memory: AWS/ElastiCache/BytesUsedForCache Maximum 8589934592 5 notBreaching',
    'Throttled: AWS/ElastiCache/ThrottledCmds Sum 1 5 notBreaching',
    'Connections: AWS/ElastiCache/CurrConnections Maximum 52000 5 notBreaching',
    'Evictions: AWS/ElastiCache/Evictions Sum 100 5 notBreaching',
  ]);
});

test('ServerlessRedis: without a limit nothing can be nearly full', () => {
  const { lines } = alarms((stack, mesh) => new ServerlessRedis(stack, 'Redis', { mesh }));
  expect(lines.map((line) => line.split(':')[0])).toEqual(['Throttled', 'Connections', 'Evictions']);
});

test('Ec2HostRedis: the host; its silence is an alarm', () => {
  expect(alarms(STORES.Ec2HostRedis).lines).toEqual([
    'Status: AWS/EC2/StatusCheckFailed Maximum 1 2 breaching',
    'Cpu: AWS/EC2/CPUUtilization Average 90 5 notBreaching',
  ]);
});

test('ContainerRedis: the task; its silence is an alarm', () => {
  expect(alarms(STORES.ContainerRedis).lines).toEqual([
    'Memory: AWS/ECS/MemoryUtilization Maximum 80 5 breaching',
    'Cpu: AWS/ECS/CPUUtilization Average 90 5 notBreaching',
  ]);
});

test.each([
  ['Ec2HostRedis', 'Status', /^RedisReady/],
  ['ContainerRedis', 'Memory', /^RedisServerService/],
])('DT-17: %s: the alarm on silence is made when the server has answered', (name, id, after) => {
  const alarm = only(templateOf(alarms(STORES[name]).stack), 'AWS::CloudWatch::Alarm', `RedisAlarms${id}`);
  expect(alarm.Properties.TreatMissingData).toBe('breaching');
  expect(alarm.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(after)]));
});

test('DT-17: the same with MeshAlarms', () => {
  const mesh = newMesh();
  new MeshAlarms(Stack.of(mesh), 'All', { mesh });
  STORES.Ec2HostRedis(Stack.of(mesh), mesh);
  const made = Object.values(resources(templateOf(mesh), 'AWS::CloudWatch::Alarm'));
  const silent = made.filter(({ Properties }) => Properties.TreatMissingData === 'breaching');
  expect(silent).toHaveLength(1);
  expect(silent[0].DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^RedisReady/)]));
});

test('ContainerRedis: silence is fine where the task stops at night', () => {
  const mesh = newMesh(newStack(), { officeHours: OfficeHours.weekdays(TimeZone.EUROPE_BERLIN) });
  const stack = Stack.of(mesh);
  new ContainerRedis(stack, 'Redis', { mesh }).addAlarms();
  expect(only(templateOf(stack), 'AWS::CloudWatch::Alarm', 'RedisAlarmsMemory').Properties.TreatMissingData).toBe('notBreaching');
});

test.each<[string, unknown[]]>([
  ['ElastiCacheRedis', [[`CacheClusterId=Redis-001`], [`CacheClusterId=Redis-002`]]],
  ['ServerlessRedis', [['clusterId=shop-redis-HASH']]],
  ['Ec2HostRedis', [['InstanceId=RedisHost1']]],
  ['ContainerRedis', [['ClusterName=MeshCluster', 'ServiceName=RedisServerService.Name']]],
])('%s: every alarm is on this very store', (name, wanted) => {
  const made = Object.values(resources(templateOf(alarms(STORES[name]).stack), 'AWS::CloudWatch::Alarm'));
  const found = made.map(({ Properties }) =>
    Properties.Dimensions.map((one: { Name: string; Value: unknown }) => `${one.Name}=${valueText(one.Value)}`),
  );
  const distinct = [...new Set(found.map((one) => JSON.stringify(one)))].map((one) =>
    JSON.parse(one.replace(/(-redis-)[0-9a-f]{8}/, '$1HASH')),
  );
  expect(distinct).toEqual(wanted);
});

describe.each(Object.entries(STORES))('%s', (name, create) => {
  test('no alarm unless asked for; none of them is a finding', () => {
    const mesh = newMesh();
    create(Stack.of(mesh), mesh);
    templateOf(mesh).resourceCountIs('AWS::CloudWatch::Alarm', 0);
    expect(findings(alarms(create).stack)).toEqual([]);
  });

  test('actions, when it begins and when it is over', () => {
    const mesh = newMesh();
    const stack = Stack.of(mesh);
    create(stack, mesh).addAlarms({ actions: [new SnsAction(new Topic(stack, 'Topic'))] });
    const topic = [{ Ref: expect.stringMatching(/^Topic/) }];
    const made = Object.values(resources(templateOf(stack), 'AWS::CloudWatch::Alarm'));
    expect(made.length).toBeGreaterThan(0);
    for (const { Properties } of made) expect([Properties.AlarmActions, Properties.OKActions]).toEqual([topic, topic]);
  });

  test('other limits than the defaults', () => {
    const limits = { memoryPercent: 70, cpuPercent: 60, maxConnections: 400, evictionsPerMinute: 5 };
    const made = Object.values(resources(templateOf(alarms(create, limits).stack), 'AWS::CloudWatch::Alarm'));
    const thresholds: Record<string, number> = {
      DatabaseMemoryUsagePercentage: 70,
      BytesUsedForCache: 7 * 1024 ** 3,
      MemoryUtilization: 70,
      CPUUtilization: name === 'ElastiCacheRedis' ? 30 : 60,
      CurrConnections: 400,
      Evictions: 5,
      ReplicationLag: 10,
      ThrottledCmds: 1,
      StatusCheckFailed: 1,
    };
    for (const { Properties } of made) expect(Properties.Threshold).toBe(thresholds[Properties.MetricName]);
  });

  test('limits are checked, and alarms are made once', () => {
    const { store } = alarms(create);
    expect(() => store.addAlarms()).toThrow(
      '`addAlarms` must be called once for a store; give all actions and limits in one call; with MeshAlarms leave the call out, or put it before them [RedisAlarmsTwice at Shop/Redis]',
    );
  });

  test.each<[RedisAlarmOptions, string]>([
    [
      { memoryPercent: 0 },
      '`memoryPercent` must be a whole number from 1 to 100, got 0; choose a value in that range [RedisAlarmLimit at Shop/Redis]',
    ],
    [
      { cpuPercent: 101 },
      '`cpuPercent` must be a whole number from 1 to 100, got 101; choose a value in that range [RedisAlarmLimit at Shop/Redis]',
    ],
    [
      { evictionsPerMinute: 0 },
      '`evictionsPerMinute` must be a whole number from 1 to 1000000000, got 0; choose a value in that range [RedisAlarmLimit at Shop/Redis]',
    ],
  ])('%p is refused', (options, message) => {
    expect(() => alarms(create, options)).toThrow(message);
  });
});
