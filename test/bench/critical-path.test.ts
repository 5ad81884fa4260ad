import { Template, criticalPath, dependencies, imageUpdate, total } from '../../bench/deploy/critical-path';
import { DURATIONS, OTHER, TASK_START, secondsOf } from '../../bench/deploy/durations';

const TEMPLATE: Template = {
  Resources: {
    Vpc: { Type: 'AWS::EC2::VPC' },
    Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Vpc: { Ref: 'Vpc' } } },
    Group: {
      Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
      Properties: {
        HealthCheckIntervalSeconds: 10,
        HealthyThresholdCount: 2,
        TargetGroupAttributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }],
      },
    },
    Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [{ StopTimeout: 25 }] } },
    Service: {
      Type: 'AWS::ECS::Service',
      DependsOn: ['Balancer'],
      Properties: {
        LoadBalancers: [{ TargetGroupArn: { Ref: 'Group' } }],
        TaskDefinition: { Ref: 'Task' },
        DeploymentConfiguration: { BakeTimeInMinutes: 2 },
        Url: { 'Fn::Sub': 'http://${Balancer.DNSName}/${AWS::Region}' },
      },
    },
    Beside: { Type: 'AWS::SNS::Topic', Properties: { Name: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Vpc', 'VpcId'] }]] } } },
  },
};

test('a resource waits for what it names: DependsOn, Ref, Fn::GetAtt, Fn::Sub', () => {
  expect(dependencies(TEMPLATE, 'Service').sort()).toEqual(['Balancer', 'Group', 'Task']);
  expect(dependencies(TEMPLATE, 'Beside')).toEqual(['Vpc']);
  expect(dependencies(TEMPLATE, 'Vpc')).toEqual([]);
});

test('the critical path is the longest in time, and a service takes its start and its health checks', () => {
  const path = criticalPath(TEMPLATE);
  expect(path.map(({ id }) => id)).toEqual(['Vpc', 'Balancer', 'Service']);
  expect(total(path)).toBe(21 + 156 + 49 + 20);
});

test('a new image: task definition, start, checks, bake time, and the old tasks drain', () => {
  const seconds = Object.fromEntries(imageUpdate(TEMPLATE, 'Service').map((step) => [step.id, step.seconds]));
  expect(seconds).toEqual({ 'task definition': 5, 'tasks start': 49, 'health checks': 20, 'bake time': 120, drain: 55 });
});

test('without settings of its own a target group has those of AWS: 5 checks 30 s apart, 300 s to drain', () => {
  const bare = { Resources: { ...TEMPLATE.Resources, Group: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup' } } };
  const seconds = Object.fromEntries(imageUpdate(bare, 'Service').map((step) => [step.id, step.seconds]));
  expect(seconds).toMatchObject({ 'health checks': 150, drain: 325 });
});

test('a time that only a deployment knows is an error, not a default', () => {
  const Properties = { DeploymentConfiguration: { BakeTimeInMinutes: { 'Fn::ImportValue': 'bake' } } };
  const update = () => imageUpdate({ Resources: { Service: { Type: 'AWS::ECS::Service', Properties } } }, 'Service');
  expect(update).toThrow(
    'Stack/Service.DeploymentConfiguration.BakeTimeInMinutes must be a number, and no stack of the app exports bake',
  );
});

test('a template without resources has no path', () => expect(criticalPath({ Resources: {} })).toEqual([]));

test('the way at the quickest and at the slowest that was seen', () => {
  expect(total(criticalPath(TEMPLATE, 'least'))).toBe(11 + 123 + 45 + 20);
  expect(total(criticalPath(TEMPLATE, 'most'))).toBe(39 + 187 + 53 + 20);
});

test('a time is the median of what logs show, and what no log shows is called assumed', () => {
  expect(secondsOf({ observed: [30, 10, 21], source: 'log' })).toBe(21);
  expect(secondsOf({ observed: [], source: 'assumed', assumed: 7 }, 'most')).toBe(7);
  for (const { observed, source } of [...Object.values(DURATIONS), OTHER, TASK_START]) {
    expect(source.startsWith('assumed')).toBe(observed.length === 0);
  }
});
