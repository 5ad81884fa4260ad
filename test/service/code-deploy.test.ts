import { Duration } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { EcsDeploymentConfig } from 'aws-cdk-lib/aws-codedeploy';
import { CodeDeployOptions, MeshServiceProps, Rollout, ServiceConnect, TestTraffic } from 'cdk-ecs-mesh';
import { idOf, newShop, RULE, serviceOf, TARGET_GROUP } from './shop';
import { findings, newMesh, newService, only, resources, templateOf } from '../helpers';

const GROUP = 'AWS::CodeDeploy::DeploymentGroup';

function withCodeDeploy(options: CodeDeployOptions = {}, props: Partial<MeshServiceProps> = {}) {
  return newShop({ rollout: Rollout.codeDeploy(options), ...props });
}

describe('CodeDeploy', () => {
  const template = templateOf(withCodeDeploy({ testTraffic: TestTraffic.port(8443) }).stack);
  const { Properties: service, DependsOn: needs } = serviceOf(template);
  const group = only(template, GROUP).Properties;

  test('the service leaves its deployments to CodeDeploy, and has no circuit breaker and no proxy', () => {
    expect(service.DeploymentController).toEqual({ Type: 'CODE_DEPLOY' });
    expect(service.DeploymentConfiguration).not.toHaveProperty('DeploymentCircuitBreaker');
    expect(service.DeploymentConfiguration).not.toHaveProperty('Alarms');
    expect(service.ServiceConnectConfiguration).toBeUndefined();
    expect(service.AvailabilityZoneRebalancing).toBe('DISABLED');
  });

  test('the task definition by family, so that a stack update does not fight CodeDeploy', () => {
    expect(service.TaskDefinition).toBe(only(template, 'AWS::ECS::TaskDefinition').Properties.Family);
    expect(needs).toContain(idOf(template, 'AWS::ECS::TaskDefinition', 'Api'));
  });

  test('a revision that an update replaces stays registered: production runs it until CodeDeploy moves on', () => {
    expect(only(template, 'AWS::ECS::TaskDefinition')).toMatchObject({ UpdateReplacePolicy: 'Retain' });
  });

  test('the pair of target groups, both listeners, ten minutes of bake time', () => {
    const name = (id: string) => ({ Name: { 'Fn::GetAtt': [idOf(template, TARGET_GROUP, id), 'TargetGroupName'] } });
    const [pair] = group.LoadBalancerInfo.TargetGroupPairInfoList;
    expect(pair.TargetGroups).toEqual([
      name('ApiRoutesGatewayExternalApiTargetGroup'),
      name('ApiRoutesGatewayExternalApiAlternateTargetGroup'),
    ]);
    expect(JSON.stringify([pair.ProdTrafficRoute, pair.TestTrafficRoute])).toMatch(/Port443.*Test8443/);
    expect(group.BlueGreenDeploymentConfiguration).toMatchObject({
      DeploymentReadyOption: { ActionOnTimeout: 'CONTINUE_DEPLOYMENT', WaitTimeInMinutes: 0 },
      TerminateBlueInstancesOnDeploymentSuccess: { Action: 'TERMINATE', TerminationWaitTimeInMinutes: 10 },
    });
  });

  test('all at once, and back on failure and on stop', () => {
    expect(JSON.stringify(group.DeploymentConfigName)).toContain('CodeDeployDefault.ECSAllAtOnce');
    expect(group.AutoRollbackConfiguration.Events).toEqual(['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST']);
    expect(group.AlarmConfiguration).toEqual({ Alarms: [], Enabled: false });
  });

  test('both rules are there before the group', () => {
    expect(only(template, GROUP).DependsOn).toEqual(expect.arrayContaining(Object.keys(resources(template, RULE))));
    expect(service.LoadBalancers).toHaveLength(1);
    expect(service.LoadBalancers[0]).not.toHaveProperty('AdvancedConfiguration');
  });
});

test('CodeDeploy with every choice', () => {
  const { stack, api } = withCodeDeploy({
    deploymentConfig: EcsDeploymentConfig.CANARY_10PERCENT_5MINUTES,
    bakeTime: Duration.minutes(1),
    approvalTime: Duration.hours(1),
  });
  const group = only(templateOf(stack), GROUP).Properties;
  expect(JSON.stringify(group.DeploymentConfigName)).toContain('CodeDeployDefault.ECSCanary10Percent5Minutes');
  expect(group.BlueGreenDeploymentConfiguration).toMatchObject({
    DeploymentReadyOption: { ActionOnTimeout: 'STOP_DEPLOYMENT', WaitTimeInMinutes: 60 },
    TerminateBlueInstancesOnDeploymentSuccess: { TerminationWaitTimeInMinutes: 1 },
  });
  expect(api.deploymentGroup).toBeDefined();
});

test('CodeDeploy: AwsSolutions finds nothing', () => expect(findings(withCodeDeploy().api)).toEqual([]));

describe('CodeDeploy refuses', () => {
  test('Service Connect', () => {
    expect(() => withCodeDeploy({}, { networking: { serviceConnect: ServiceConnect.client() } })).toThrow(
      '`networking.serviceConnect` must be ServiceConnect.none() with Rollout.codeDeploy, which AWS does not support; use Rollout.blueGreen, or call the service through a gateway route [NoServiceConnectWithCodeDeploy at Shop/Api]',
    );
  });

  test('a second route', () => {
    const { gateway, api } = withCodeDeploy();
    expect(() => gateway.internal.route('Api', { target: api.port('http') })).toThrow(
      '`route` must be the only one of a service with Rollout.codeDeploy, which shifts the traffic of one pair of target groups; use Rollout.blueGreen, or combine the routes into one with several `hosts` or `paths` [CodeDeployRoutes at Shop/Api]',
    );
  });

  test('no route at all', () => {
    const service = newService(newMesh(), 'Api', { rollout: Rollout.codeDeploy() });
    expect(service.deploymentGroup).toBeUndefined();
    expect(() => templateOf(service)).toThrow(
      '`rollout` must have a gateway route whose traffic CodeDeploy can move, got "Rollout.codeDeploy"; add `gateway.external.route(...)` or `gateway.internal.route(...)` for the service, or use Rollout.rolling [RolloutWithoutTraffic]',
    );
  });
});

describe('alarms that roll back', () => {
  test.each<[string, Rollout]>([
    ['rolling', Rollout.rolling()],
    ['blue/green', Rollout.blueGreen()],
  ])('T14: with %s, collected from every call and rendered once, in a stable order', (_, rollout) => {
    const { api, stack } = newShop({ rollout });
    ['b', 'a', 'b'].forEach((name) => api.addRollbackAlarm(name));
    expect(serviceOf(templateOf(stack)).Properties.DeploymentConfiguration.Alarms).toEqual({
      ...{ AlarmNames: ['a', 'b'], Enable: true, Rollback: true },
    });
  });

  test('with CodeDeploy, before and after the route', () => {
    const { api, stack } = withCodeDeploy();
    ['b', 'a'].forEach((name) => api.addRollbackAlarm(name));
    const { AlarmConfiguration, AutoRollbackConfiguration } = only(templateOf(stack), GROUP).Properties;
    expect(AlarmConfiguration).toEqual({ Enabled: true, Alarms: [{ Name: 'a' }, { Name: 'b' }] });
    expect(AutoRollbackConfiguration.Events).toContain('DEPLOYMENT_STOP_ON_ALARM');
  });

  test('T25: an alarm on the service itself closes no circle', () => {
    const { api, stack } = newShop();
    const metric = api.service.metricCpuUtilization();
    new Alarm(stack, 'Cpu', { alarmName: 'api-cpu', metric, threshold: 90, evaluationPeriods: 3 });
    api.addRollbackAlarm('api-cpu');
    // Reading a template checks it for circles.
    expect(serviceOf(templateOf(stack)).Properties.DeploymentConfiguration.Alarms.AlarmNames).toEqual(['api-cpu']);
  });

  test.each(['', ' api', 'a'.repeat(256)])('the name %j is refused', (name) => {
    expect(() => newShop().api.addRollbackAlarm(name)).toThrow(
      `\`alarmName\` must be a name of 1 to 255 characters, as literal text: a reference to an alarm on this service would be a circular dependency, got ${JSON.stringify(name)}; choose a name, and give it to the alarm's \`alarmName\` as well [RollbackAlarmName at Shop/Api]`,
    );
  });

  test('the reference of an alarm is refused', () => {
    const { api, stack } = newShop();
    const alarm = new Alarm(stack, 'Cpu', { metric: api.service.metricCpuUtilization(), threshold: 90, evaluationPeriods: 3 });
    expect(() => api.addRollbackAlarm(alarm.alarmName)).toThrow(/got "a token"; .* \[RollbackAlarmName at Shop\/Api\]$/);
  });
});
