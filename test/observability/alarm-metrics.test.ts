import { readdirSync, readFileSync } from 'fs';
import { Stack } from 'aws-cdk-lib';
import { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { MeshAlarms, MetricRecord, Rollout } from 'cdk-ecs-mesh';
import { newMall, newShop } from './fixtures';
import { resources, templateOf, valueText } from '../helpers';

/** Namespace, name, statistic, seconds and dimensions of each metric that a metric reads. */
function read(metric: IMetric, stack: Stack): string[] {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  if (mathExpression) return Object.values(mathExpression.usingMetrics).flatMap((one) => read(one, stack));
  const { namespace, metricName, statistic, period, dimensions = [] } = metricStat!;
  const values = dimensions.map(({ name, value }) => `${name}=${valueText(stack.resolve(value))}`);
  return [`${namespace}/${metricName} ${statistic} ${period.toSeconds()}: ${values.join(', ')}`];
}

/** Everything that the metrics below an owner read, by their ids. */
function metricsOf(stack: Stack, owner: string): Record<string, string[]> {
  const found = MetricRecord.of(stack).components.filter((one) => one.owner.node.path === `${stack.node.path}/${owner}`);
  return Object.fromEntries(found.flatMap(({ metrics }) => metrics.map(({ id, metric }) => [id, read(metric, stack)])));
}

/** Of a service, whose resource is called so. */
function ofService(service: string): Record<string, string[]> {
  const dimensions = `ClusterName=MeshCluster, ServiceName=${service}.Name`;
  const running = `ECS/ContainerInsights/RunningTaskCount Average 60: ${dimensions}`;
  const desired = `ECS/ContainerInsights/DesiredTaskCount Average 60: ${dimensions}`;
  return {
    Cpu: [`AWS/ECS/CPUUtilization Average 60: ${dimensions}`],
    Memory: [`AWS/ECS/MemoryUtilization Maximum 60: ${dimensions}`],
    RunningTasks: [running],
    DesiredTasks: [desired],
    MissingTasks: [desired, running],
  };
}

function ofNode(node: number): [string, string[]][] {
  const dimensions = `CacheClusterId=Cache-00${node}`;
  return [
    [`Node${node}Memory`, [`AWS/ElastiCache/DatabaseMemoryUsagePercentage Maximum 60: ${dimensions}`]],
    [`Node${node}Cpu`, [`AWS/ElastiCache/CPUUtilization Average 60: ${dimensions}`]],
    [`Node${node}Connections`, [`AWS/ElastiCache/CurrConnections Maximum 60: ${dimensions}`]],
    [`Node${node}Evictions`, [`AWS/ElastiCache/Evictions Sum 60: ${dimensions}`]],
    [`Node${node}ReplicationLag`, [`AWS/ElastiCache/ReplicationLag Maximum 60: ${dimensions}`]],
  ];
}

const SIDE = 'LoadBalancer=GatewayExternalLoadBalancer.LoadBalancerFullName';
const ROUTE = `${SIDE}, TargetGroup=ApiRoutesGatewayExternalApiTargetGroup.TargetGroupFullName`;
const SERVERLESS = expect.stringMatching(/^mall-sessions-[0-9a-f]{8}$/);
const DATABASE = 'DBInstanceIdentifier=DatabaseInstance';

/**
 * Everything that is watched, by the construct that it is of. An alarm on a metric that AWS does not publish never fires, so each is written
 * out as the pages of AWS name it.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html
 */
const WATCHED: Record<string, Record<string, string[]>> = {
  Api: ofService('ApiService'),
  'Gateway/External': {
    Requests: [`AWS/ApplicationELB/RequestCount Sum 60: ${SIDE}`],
    ErrorRate: [`AWS/ApplicationELB/HTTPCode_ELB_5XX_Count Sum 60: ${SIDE}`, `AWS/ApplicationELB/RequestCount Sum 60: ${SIDE}`],
    Latency: [`AWS/ApplicationELB/TargetResponseTime p95 60: ${SIDE}`],
    Connections: [`AWS/ApplicationELB/ActiveConnectionCount Sum 60: ${SIDE}`],
  },
  'Gateway/External/Routes/Api': {
    Requests: [`AWS/ApplicationELB/RequestCount Sum 60: ${ROUTE}`],
    ErrorRate: [
      `AWS/ApplicationELB/HTTPCode_Target_5XX_Count Sum 60: ${ROUTE}`,
      `AWS/ApplicationELB/RequestCount Sum 60: ${ROUTE}`,
    ],
    Latency: [`AWS/ApplicationELB/TargetResponseTime p95 60: ${ROUTE}`],
    UnhealthyTargets: [`AWS/ApplicationELB/UnHealthyHostCount Maximum 60: ${ROUTE}`],
  },
  Cache: Object.fromEntries([...ofNode(1), ...ofNode(2)]),
  Sessions: {
    Memory: ['AWS/ElastiCache/BytesUsedForCache Maximum 60: clusterId=NAME'],
    Throttled: ['AWS/ElastiCache/ThrottledCmds Sum 60: clusterId=NAME'],
    Connections: ['AWS/ElastiCache/CurrConnections Maximum 60: clusterId=NAME'],
    Evictions: ['AWS/ElastiCache/Evictions Sum 60: clusterId=NAME'],
  },
  Host: {
    Status: ['AWS/EC2/StatusCheckFailed Maximum 60: InstanceId=HostHost1'],
    Cpu: ['AWS/EC2/CPUUtilization Average 60: InstanceId=HostHost1'],
  },
  'Small/Server': ofService('SmallServerService'),
  Small: { Memory: ofService('SmallServerService').Memory },
  Database: {
    Cpu: [`AWS/RDS/CPUUtilization Average 60: ${DATABASE}`],
    FreeStorage: [`AWS/RDS/FreeStorageSpace Minimum 60: ${DATABASE}`],
    Connections: [`AWS/RDS/DatabaseConnections Maximum 60: ${DATABASE}`],
    FreeMemory: [`AWS/RDS/FreeableMemory Minimum 60: ${DATABASE}`],
  },
  Worker: {
    ...ofService('WorkerService'),
    MessageAge: ['AWS/SQS/ApproximateAgeOfOldestMessage Maximum 60: QueueName=WorkerQueue.QueueName'],
    Waiting: ['AWS/SQS/ApproximateNumberOfMessagesVisible Maximum 60: QueueName=WorkerQueue.QueueName'],
    AtWork: ['AWS/SQS/ApproximateNumberOfMessagesNotVisible Maximum 60: QueueName=WorkerQueue.QueueName'],
    DeadLetters: ['AWS/SQS/ApproximateNumberOfMessagesVisible Maximum 60: QueueName=WorkerDeadLetterQueue.QueueName'],
  },
  Report: {
    DeadLetters: ['AWS/SQS/ApproximateNumberOfMessagesVisible Maximum 60: QueueName=ReportDeadLetterQueue.QueueName'],
  },
};

describe('what alarms and dashboards read', () => {
  const { stack, mesh } = newMall();

  test.each(Object.entries(WATCHED))('%s', (owner, metrics) => {
    const found = metricsOf(stack, owner);
    expect(JSON.parse(JSON.stringify(found).replace(/clusterId=mall-sessions-[0-9a-f]{8}/g, 'clusterId=NAME'))).toEqual(metrics);
  });

  test('nothing else', () => {
    const owners = MetricRecord.of(stack).components.map(({ owner }) => owner.node.path.replace(/^Mall\//, ''));
    expect([...new Set(owners)].sort()).toEqual(Object.keys(WATCHED).sort());
  });

  test('the cache is created by the name that its metrics go by', () => {
    const [cache] = Object.values(resources(templateOf(stack), 'AWS::ElastiCache::ServerlessCache'));
    expect(cache.Properties.ServerlessCacheName).toEqual(SERVERLESS);
    expect(metricsOf(stack, 'Sessions').Memory[0]).toContain(`clusterId=${cache.Properties.ServerlessCacheName}`);
  });

  test('each alarm is on the metric of its id', () => {
    const { alarms } = new MeshAlarms(stack, 'Alarms', { mesh });
    const wanted = MetricRecord.of(stack).components.flatMap(({ owner, metrics }) =>
      metrics.flatMap(({ id, metric, alarm }) => (alarm ? `${owner.node.path} ${id}: ${read(metric, stack)}` : [])),
    );
    const made = alarms.map((alarm) => {
      const [owner] = MetricRecord.of(stack).components.filter((one) =>
        alarm.node.path.endsWith(`${one.owner.node.path}/${alarm.node.id}`),
      );
      return `${owner.owner.node.path} ${alarm.node.id}: ${read(alarm.metric, stack)}`;
    });
    expect(made.sort()).toEqual(wanted.sort());
  });
});

test('a route of two target groups reads both', () => {
  const { stack } = newShop(undefined, { rollout: Rollout.canary() });
  const groups = ['TargetGroup', 'AlternateTargetGroup'].map(
    (id) =>
      `LoadBalancer=GatewayInternalLoadBalancer.LoadBalancerFullName, TargetGroup=ApiRoutesGatewayInternalApi${id}.TargetGroupFullName`,
  );
  const both = (name: string, statistic: string) => groups.map((group) => `AWS/ApplicationELB/${name} ${statistic} 60: ${group}`);
  const [errors, requests] = [both('HTTPCode_Target_5XX_Count', 'Sum'), both('RequestCount', 'Sum')];
  expect(metricsOf(stack, 'Gateway/Internal/Routes/Api')).toEqual({
    Requests: requests,
    ErrorRate: [errors[0], requests[0], errors[1], requests[1]],
    Latency: both('TargetResponseTime', 'p95'),
    UnhealthyTargets: both('UnHealthyHostCount', 'Maximum'),
  });
});

test('every construct that is watched is in the mall', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const observers = files.filter((file) => /^\s+observe[A-Z]\w+\(/m.test(readFileSync(`src/${file}`, 'utf8')));
  expect(observers.sort()).toEqual([
    'data/postgres-database.ts',
    'gateway/gateway-route.ts',
    'gateway/private/side-routes.ts',
    'jobs/queue-worker-service.ts',
    'jobs/scheduled-job.ts',
    'redis/container-redis.ts',
    'redis/ec2-host-redis.ts',
    'redis/elasticache-redis.ts',
    'redis/serverless-redis.ts',
    'service/mesh-service.ts',
  ]);
});
