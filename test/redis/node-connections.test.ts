import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ElastiCacheRedis } from 'cdk-ecs-mesh';
import { newMesh } from '../helpers';

function store(nodeType: string) {
  const mesh = newMesh();
  return new ElastiCacheRedis(Stack.of(mesh), 'Redis', { mesh, nodeType });
}

/** What a node accepts, and the default threshold: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html */
const NODES: [string, number, number][] = [
  ['cache.t2.medium', 20_000, 16_000],
  ['cache.t3.micro', 20_000, 16_000],
  ['cache.t4g.micro', 20_000, 16_000],
  ['cache.t3.small', 46_000, 36_800],
  ['cache.t3.medium', 46_000, 36_800],
  ['cache.t4g.small', 65_000, 52_000],
  ['cache.m7g.large', 65_000, 52_000],
];

test.each(NODES)('an alarm on the connections of %s, which accepts %i, goes off at %i', (nodeType, _, threshold) => {
  const redis = store(nodeType);
  redis.addAlarms();
  const alarms = Template.fromStack(Stack.of(redis)).findResources('AWS::CloudWatch::Alarm', {
    Properties: { MetricName: 'CurrConnections' },
  });
  expect(Object.values(alarms).map(({ Properties }) => Properties.Threshold)).toEqual([threshold, threshold]);
});

test.each(NODES)('a threshold that %s cannot reach is refused', (nodeType, accepts) => {
  expect(() => store(nodeType).addAlarms({ maxConnections: accepts })).not.toThrow();
  expect(() => store(nodeType).addAlarms({ maxConnections: accepts + 1 })).toThrow(
    `\`maxConnections\` must be a whole number from 1 to ${accepts}, got ${accepts + 1}; choose a value in that range [RedisAlarmLimit at Shop/Redis]`,
  );
});
