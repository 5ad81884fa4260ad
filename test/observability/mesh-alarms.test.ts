import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { ContainerInsights, FargateService } from 'aws-cdk-lib/aws-ecs';
import {
  AlarmOverride,
  ComponentKind,
  ElastiCacheRedis,
  EcsMeshChecks,
  MeshAlarms,
  MeshServiceProps,
  MetricRecord,
  Rollout,
} from 'cdk-ecs-mesh';
import { alarmLines, newMall, newShop, routeTo } from './fixtures';
import { findings, newMesh, newService, newStack, only, resources, templateOf } from '../helpers';

/** The alarms of the mall, of one component. */
const mall = (() => {
  const { stack, mesh } = newMall();
  new MeshAlarms(stack, 'Alarms', { mesh });
  return { stack, mesh, template: templateOf(stack) };
})();
const linesOf = (component: string) => alarmLines(mall.template, `AlarmsComponentsMall${component}`);

describe('each kind of component', () => {
  test('a service', () => {
    expect(linesOf('Api')).toEqual([
      'Cpu: AWS/ECS/CPUUtilization Average >= 90, 10 of 10, notBreaching',
      'Memory: AWS/ECS/MemoryUtilization Maximum >= 90, 5 of 5, notBreaching',
      'MissingTasks: desired - MAX([desired * 0, FILL(running, 0)]) >= 1, 10 of 15, notBreaching',
    ]);
  });

  test('a side and its route', () => {
    expect(linesOf('GatewayExternal')).toEqual([
      'ErrorRate: IF(errors >= 5, 100 * errors / SUM([errors, requests]), 0) >= 5, 3 of 5, notBreaching',
      'RoutesApiErrorRate: IF(errors >= 5, 100 * errors / requests, 0) >= 5, 3 of 5, notBreaching',
      'RoutesApiLatency: AWS/ApplicationELB/TargetResponseTime p95 >= 2, 5 of 5, notBreaching',
      'RoutesApiUnhealthyTargets: AWS/ApplicationELB/UnHealthyHostCount Maximum >= 1, 3 of 5, notBreaching',
    ]);
  });

  test('FLASK-15: a database', () => {
    expect(linesOf('Database')).toEqual([
      'Cpu: AWS/RDS/CPUUtilization Average >= 90, 10 of 10, notBreaching',
      'FreeStorage: AWS/RDS/FreeStorageSpace Minimum <= 3221225472, 5 of 5, notBreaching',
    ]);
  });

  test('queues of a worker and of a job', () => {
    expect(linesOf('Worker').filter((line) => line.includes('SQS'))).toEqual([
      'MessageAge: AWS/SQS/ApproximateAgeOfOldestMessage Maximum >= 900, 5 of 5, notBreaching',
      'DeadLetters: AWS/SQS/ApproximateNumberOfMessagesVisible Maximum >= 1, 1 of 1, notBreaching',
    ]);
    expect(linesOf('Report')).toEqual([
      'DeadLetters: AWS/SQS/ApproximateNumberOfMessagesVisible Maximum >= 1, 1 of 1, notBreaching',
    ]);
  });

  test('stores: what their own addAlarms makes', () => {
    expect(linesOf('Cache')).toHaveLength(10);
    expect(linesOf('Sessions').map((line) => line.split(':')[0])).toEqual(['Throttled', 'Connections', 'Evictions']);
    expect(linesOf('Host').map((line) => line.split(':')[0])).toEqual(['Status', 'Cpu']);
    expect(linesOf('Small').map((line) => line.split(':')[0])).toEqual(['ServerCpu', 'ServerMissingTasks', 'Memory']);
  });

  test('a percentile of a few requests is no latency', () => {
    const latency = only(mall.template, 'AWS::CloudWatch::Alarm', 'AlarmsComponentsMallGatewayExternalRoutesApiLatency');
    expect(latency.Properties.EvaluateLowSampleCountPercentile).toBe('ignore');
  });
});

describe('who is told', () => {
  test('a topic that only CloudWatch of this account may publish to, encrypted, over TLS only', () => {
    const policy = only(mall.template, 'AWS::SNS::TopicPolicy').Properties.PolicyDocument.Statement;
    expect(policy.map((s: { Effect: string }) => s.Effect).sort()).toEqual(['Allow', 'Deny']);
    const allow = { Action: 'sns:Publish', Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } } };
    expect(policy).toContainEqual(expect.objectContaining({ ...allow, Principal: { Service: 'cloudwatch.amazonaws.com' } }));
    expect(only(mall.template, 'AWS::SNS::Topic').Properties.KmsMasterKeyId).toBeDefined();
    expect(only(mall.template, 'AWS::KMS::Key').Properties.EnableKeyRotation).toBe(true);
    const [owner, cloudWatch, ...others] = only(mall.template, 'AWS::KMS::Key').Properties.KeyPolicy.Statement;
    expect([owner.Action, others]).toEqual(['kms:*', []]);
    expect(cloudWatch).toEqual({
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Resource: '*',
      Condition: allow.Condition,
    });
  });

  test('when it begins and when it is over', () => {
    for (const { Properties } of Object.values(resources(mall.template, 'AWS::CloudWatch::Alarm', 'AlarmsComponents'))) {
      expect(Properties.AlarmActions).toEqual([{ Ref: expect.stringMatching(/^AlarmsTopic/) }]);
      expect(Properties.OKActions).toEqual(Properties.AlarmActions);
    }
  });

  test('nobody, with actions of none', () => {
    const { stack, mesh } = newShop();
    const alarms = new MeshAlarms(stack, 'Alarms', { mesh, actions: [] });
    templateOf(stack).resourceCountIs('AWS::SNS::Topic', 0);
    expect([alarms.topic, alarms.alarms.length]).toEqual([undefined, 7]);
  });
});

test('PLAT-10: no finding of AwsSolutions or EcsMeshChecks', () => {
  expect(findings(mall.stack)).toEqual([]);
  expect(new EcsMeshChecks().validateScope(mall.stack.node.root as App).violations).toEqual([]);
});

test('the order of declaration does not matter', () => {
  const before = newShop();
  new MeshAlarms(before.stack, 'Alarms', { mesh: before.mesh });
  const stack = newStack();
  const mesh = newMesh(stack);
  new MeshAlarms(stack, 'Alarms', { mesh });
  routeTo(mesh, newService(mesh, 'Api'));
  const ids = (s: Stack) => Object.keys(resources(templateOf(s), 'AWS::CloudWatch::Alarm')).sort();
  expect(ids(stack)).toEqual(ids(before.stack));
});

test('another mesh of the app has alarms of its own', () => {
  const { stack, mesh } = newShop();
  const other = newShop(newStack('Other', stack.node.root as App));
  expect(new MeshAlarms(stack, 'Alarms', { mesh, actions: [] }).alarms).toHaveLength(7);
  expect(new MeshAlarms(other.stack, 'Alarms', { mesh: other.mesh, actions: [] }).alarms).toHaveLength(7);
});

test('a second one for the same mesh would have nothing left', () => {
  const { stack, mesh } = newShop();
  new MeshAlarms(stack, 'Alarms', { mesh });
  expect(() => new MeshAlarms(stack, 'More', { mesh })).toThrow(
    '`mesh` must have one MeshAlarms, and Shop/Mesh has one already; give both their actions and overrides in one [MeshAlarmsTwice at Shop/More]',
  );
});

test('without Container Insights nobody counts tasks', () => {
  const stack = newStack();
  const mesh = newMesh(stack, { containerInsights: ContainerInsights.DISABLED });
  newService(mesh, 'Api');
  new MeshAlarms(stack, 'Alarms', { mesh });
  expect(alarmLines(templateOf(stack), 'AlarmsComponentsShopApi').map((line) => line.split(':')[0])).toEqual(['Cpu', 'Memory']);
});

describe('overrides', () => {
  test('another threshold, also for a metric without alarm, and none', () => {
    const { stack, mesh, api, route } = newShop();
    const overrides = [
      AlarmOverride.threshold(api, 'Cpu', 97),
      AlarmOverride.threshold(api, 'RunningTasks', 4),
      AlarmOverride.leaveOut(route, 'Latency', 'It streams'),
    ];
    const alarms = new MeshAlarms(stack, 'Alarms', { mesh, overrides });
    expect(alarmLines(templateOf(stack), 'AlarmsComponentsShopApi')).toEqual([
      'Cpu: AWS/ECS/CPUUtilization Average >= 97, 10 of 10, notBreaching',
      'Memory: AWS/ECS/MemoryUtilization Maximum >= 90, 5 of 5, notBreaching',
      'RunningTasks: RunningTaskCount >= 4, 5 of 5, notBreaching',
      'MissingTasks: desired - MAX([desired * 0, FILL(running, 0)]) >= 1, 10 of 15, notBreaching',
    ]);
    expect(alarmLines(templateOf(stack), 'AlarmsComponentsShopGateway').filter((line) => line.includes('Latency'))).toEqual([]);
    expect(alarms.leftOut).toEqual(['Api Latency: It streams']);
  });

  test('a reason is a reason', () => {
    const { stack, mesh, api } = newShop();
    const overrides = [AlarmOverride.threshold(api, 'Cpu', 97), AlarmOverride.leaveOut(api, 'Memory', ' ')];
    expect(() => new MeshAlarms(stack, 'Alarms', { mesh, overrides })).toThrow(
      '`overrides[1].reason` must say why nobody needs to know of Memory, got " "; specify the reason for those who look for the alarm [AlarmReasonMissing at Shop/Alarms]',
    );
  });

  test('a metric that is not there', () => {
    const { stack, mesh, api } = newShop();
    new MeshAlarms(stack, 'Alarms', { mesh, overrides: [AlarmOverride.threshold(api, 'Mem', 97)] });
    expect(() => templateOf(stack)).toThrow(
      '`overrides` must name a metric of Shop/Api (Cpu, Memory, RunningTasks, DesiredTasks, MissingTasks), got "Shop/Api Mem"; https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/observability.md lists components and metrics [AlarmUnknown]',
    );
  });

  test('a metric that is nearly there, and a component that is not', () => {
    const { stack, mesh, api } = newShop();
    const overrides = [AlarmOverride.threshold(api, 'Memori', 97), AlarmOverride.threshold(mesh, 'Cpu', 97)];
    new MeshAlarms(stack, 'Alarms', { mesh, overrides });
    expect(() => templateOf(stack)).toThrow('got "Shop/Api Memori"; did you mean "Memory"? [AlarmUnknown]');
    expect(() => templateOf(stack)).toThrow(
      '`overrides` must name a component of this mesh with metrics, got "Shop/Mesh Cpu"; https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/observability.md lists components and metrics [AlarmUnknown]',
    );
  });
});

describe('addAlarms of a store', () => {
  test('before MeshAlarms: the store keeps them', () => {
    const stack = newStack();
    const mesh = newMesh(stack);
    const redis = new ElastiCacheRedis(stack, 'Redis', { mesh });
    const own = redis.addAlarms({ memoryPercent: 70 });
    expect([own.length, new MeshAlarms(stack, 'Alarms', { mesh }).alarms.length]).toEqual([10, 0]);
  });

  test('after MeshAlarms: twice is too often', () => {
    const stack = newStack();
    const mesh = newMesh(stack);
    new MeshAlarms(stack, 'Alarms', { mesh });
    const redis = new ElastiCacheRedis(stack, 'Redis', { mesh });
    expect(() => redis.addAlarms()).toThrow('[RedisAlarmsTwice at Shop/Redis]');
  });
});

test('FLASK-15: metrics of your own get alarms too', () => {
  const { stack, mesh, api } = newShop();
  new MeshAlarms(stack, 'Alarms', { mesh });
  const metric = new Metric({ namespace: 'Shop', metricName: 'Unpaid' });
  const metrics = [{ id: 'Unpaid', title: 'Unpaid', metric, alarm: { threshold: 100, description: 'Orders wait' } }];
  MetricRecord.of(mesh).add({ owner: api, home: mesh, kind: ComponentKind.SERVICE, label: 'api', metrics });
  expect(alarmLines(templateOf(stack), 'AlarmsComponentsShopApiUnpaid')).toEqual([
    ': Shop/Unpaid Average >= 100, 5 of 5, notBreaching',
  ]);
});

describe('stacks', () => {
  /** Mesh, services and alarms, each in the stack of that name. */
  function inStacks(alarmStack: string) {
    const app = new App();
    const [base, services, last] = ['Base', 'Services', 'Last'].map((id) => newStack(id, app));
    const mesh = newMesh(base);
    const api = newService(mesh, 'Api', {}, services);
    const scope = [base, services, last].find((stack) => stack.node.id === alarmStack)!;
    return { last, alarms: () => new MeshAlarms(scope, 'Alarms', { mesh }), route: () => routeTo(mesh, api, base) };
  }

  test('the last one may hold the alarms of all', () => {
    const { last, alarms, route } = inStacks('Last');
    route();
    alarms();
    expect(alarmLines(templateOf(last), 'AlarmsComponents')).toHaveLength(7);
  });

  test('that of the mesh may not, when services come later', () => {
    expect(inStacks('Base').alarms).toThrow(
      '`scope` must be a stack that comes after Services/Api, whose metrics it reads, and it holds the mesh that everything needs first, got "Base"; create MeshAlarms and MeshDashboard in a separate stack, the last one [AlarmsBeforeServices at Base/Alarms]',
    );
  });
});

describe('T25: alarms on the metrics of a service, and a service that rolls back on them', () => {
  /** A service that rolls back on the alarms of its route, and on one on its own CPU. */
  function rollingBack(props: Partial<MeshServiceProps> = {}) {
    const { stack, mesh, api } = newShop(newStack(), props);
    const alarm = { threshold: 99, description: 'Busy', rollsBack: true };
    const metrics = [{ id: 'Busy', title: 'CPU', metric: api.service.metricCpuUtilization(), alarm }];
    MetricRecord.of(mesh).add({ owner: api, home: mesh, kind: ComponentKind.SERVICE, label: 'api', service: api, metrics });
    const alarms = new MeshAlarms(stack, 'Alarms', { mesh });
    alarms.rollBack(api);
    return { stack, mesh, api, names: alarms.rollbackAlarmNames(api).sort(), template: () => templateOf(stack) };
  }

  const alarmsOf = (template: Template) => only(template, 'AWS::ECS::Service').Properties.DeploymentConfiguration.Alarms;

  test('names are known before anything is created', () => {
    const { names, template } = rollingBack();
    expect(names).toEqual(
      ['Api-\\w+-Busy', 'Gateway-.*-ErrorRate', 'Gateway-.*-UnhealthyTargets'].map((name) =>
        expect.stringMatching(`^Shop-?${name}$`),
      ),
    );
    const made = Object.values(resources(template(), 'AWS::CloudWatch::Alarm')).map((alarm) => alarm.Properties.AlarmName);
    expect(made.filter(Boolean).sort()).toEqual(names);
    expect(alarmsOf(template())).toEqual({ AlarmNames: names, Enable: true, Rollback: true });
  });

  // Template.fromStack follows every Ref, GetAtt and DependsOn, and throws at a circle.
  test.each([Rollout.rolling(), Rollout.blueGreen(), Rollout.canary()])('no resource waits for itself', (rollout) => {
    expect(rollingBack({ rollout }).template).not.toThrow();
  });

  test('by reference instead, each would wait for the other', () => {
    const { stack, mesh, api } = newShop();
    const alarms = new MeshAlarms(stack, 'Alarms', { mesh }).alarms.filter(({ node }) => node.id === 'Cpu');
    (api.service as FargateService).enableDeploymentAlarms(alarms.map(({ alarmName }) => alarmName));
    expect(() => templateOf(stack)).toThrow(/dependency cycle: ApiService\w+ -> AlarmsComponentsShopApiCpu\w+ -> ApiService/);
  });

  test('routes that come later count, too', () => {
    const stack = newStack();
    const mesh = newMesh(stack);
    const api = newService(mesh, 'Api');
    new MeshAlarms(stack, 'Alarms', { mesh }).rollBack(api);
    routeTo(mesh, api);
    expect(alarmsOf(templateOf(stack)).AlarmNames).toHaveLength(2);
  });

  test('nothing to roll back on', () => {
    const stack = newStack();
    const mesh = newMesh(stack);
    new MeshAlarms(stack, 'Alarms', { mesh }).rollBack(newService(mesh, 'Api'));
    expect(() => templateOf(stack)).toThrow(
      '`rollBack` must name a service with a gateway route or a metric that says `rollsBack`, and Shop/Api has none; add a route, or leave the call out: the circuit breaker rolls back without alarms [NothingToRollBackOn]',
    );
  });

  test('with two target groups the worse one counts', () => {
    const { stack, mesh } = newShop(newStack(), { rollout: Rollout.canary() });
    new MeshAlarms(stack, 'Alarms', { mesh, actions: [] });
    expect(alarmLines(templateOf(stack), 'AlarmsComponentsShopGatewayInternalRoutesApi')).toEqual([
      'ErrorRate: MAX([rate1, rate2]) >= 5, 3 of 5, notBreaching',
      'Latency: MAX([latency1, latency2]) >= 2, 5 of 5, notBreaching',
      'UnhealthyTargets: MAX([unhealthy1, unhealthy2]) >= 1, 3 of 5, notBreaching',
    ]);
    const { Metrics } = only(
      templateOf(stack),
      'AWS::CloudWatch::Alarm',
      'AlarmsComponentsShopGatewayInternalRoutesApiErrorRate',
    ).Properties;
    const expressions = Metrics.flatMap(({ Expression }: { Expression?: string }) => Expression ?? []);
    expect(expressions).toContain('IF(errors2 >= 5, 100 * errors2 / requests2, 0)');
  });
});
