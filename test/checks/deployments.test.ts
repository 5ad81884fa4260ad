import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { found } from './found';
import {
  att,
  behindLoadBalancer,
  judge,
  loadBalancer,
  ref,
  Resources,
  scalableTarget,
  service,
  task,
  UNKNOWN,
  variable,
} from './judge';
import { blueGreenOnDefaultAction } from '../../src/checks/private/rules/blue-green-on-default-action';
import { capacityLostInDeployment } from '../../src/checks/private/rules/capacity-lost-in-deployment';
import { desiredCountFightsScaling } from '../../src/checks/private/rules/desired-count-fights-scaling';
import { macroInTemplate } from '../../src/checks/private/rules/macro-in-template';
import { noBakeTime } from '../../src/checks/private/rules/no-bake-time';
import { noRollback } from '../../src/checks/private/rules/no-rollback';
import { queueWorkerScalesOnCpu } from '../../src/checks/private/rules/queue-worker-scales-on-cpu';
import { requestScalingWithBlueGreen } from '../../src/checks/private/rules/request-scaling-with-blue-green';
import { serviceInDependencyCircle } from '../../src/checks/private/rules/service-in-dependency-circle';
import { serviceOutlivesCapacityProviders } from '../../src/checks/private/rules/service-outlives-capacity-providers';
import { taskBeforeRolePolicy } from '../../src/checks/private/rules/task-before-role-policy';

const one = (properties: object, dependsOn: string[] = []): Resources => ({ Task: task(), Api: service(properties, dependsOn) });
const deploying = (configuration: object, more: object = {}) => one({ DeploymentConfiguration: configuration, ...more });
const scaling = (properties: object): Resources => ({ ...one(properties), Scaling: scalableTarget('Api') });

judge(desiredCountFightsScaling, {
  'no count': ['compliant', scaling({})],
  'no count, said by AWS::NoValue': ['compliant', scaling({ DesiredCount: ref('AWS::NoValue') })],
  'a count': ['wrong', scaling({ DesiredCount: 2 })],
  'no scaling': ['not applicable', one({ DesiredCount: 2 })],
});

const breaker = (Enable: unknown, Rollback: unknown) => ({ DeploymentCircuitBreaker: { Enable, Rollback } });

judge(noRollback, {
  'breaker and rollback': ['compliant', deploying(breaker(true, true))],
  'nothing said': ['wrong', one({})],
  'breaker without rollback': ['wrong', deploying(breaker(true, false))],
  'rollback without breaker': ['wrong', deploying(breaker(false, true))],
  'known at deployment': ['not applicable', deploying({ DeploymentCircuitBreaker: UNKNOWN })],
  'another controller': ['not applicable', one({ DeploymentController: { Type: 'CODE_DEPLOY' } })],
  'one task on each host': ['not applicable', one({ SchedulingStrategy: 'DAEMON' })],
  'blue/green rolls back by itself': ['not applicable', deploying({ Strategy: 'BLUE_GREEN' })],
});

const percent = (MinimumHealthyPercent: unknown, MaximumPercent?: unknown) => ({ MinimumHealthyPercent, MaximumPercent });

judge(capacityLostInDeployment, {
  'all stay': ['compliant', deploying(percent(100), { DesiredCount: 2 })],
  'half of one is one': ['compliant', deploying(percent(50), { DesiredCount: 1 })],
  'replaced in place on purpose': ['compliant', deploying(percent(0, 100), { DesiredCount: 1 })],
  'half of two': ['wrong', deploying(percent(50, 200), { DesiredCount: 2 })],
  'half of those that scaling keeps': ['wrong', { ...deploying(percent(50)), Scaling: scalableTarget('Api', 2) }],
  'none of one': ['wrong', deploying(percent(0, 200))],
  'tasks are known at deployment': ['not applicable', deploying(percent(50), { DesiredCount: UNKNOWN })],
  'nothing said': ['not applicable', one({ DesiredCount: 2 })],
});

judge(noBakeTime, {
  'blue/green with one': ['compliant', deploying({ Strategy: 'BLUE_GREEN', BakeTimeInMinutes: 10 })],
  'blue/green with none on purpose': ['compliant', deploying({ Strategy: 'BLUE_GREEN', BakeTimeInMinutes: 0 })],
  'blue/green without': ['wrong', deploying({ Strategy: 'BLUE_GREEN' })],
  'canary without': ['wrong', deploying({ Strategy: 'CANARY' })],
  'linear without': ['wrong', deploying({ Strategy: 'LINEAR' })],
  'linear with one': ['compliant', deploying({ Strategy: 'LINEAR', BakeTimeInMinutes: 10 })],
  rolling: ['not applicable', one({})],
});

const shifting = (rule: unknown, protocol = 'HTTPS'): Resources => {
  const [target] = behindLoadBalancer().LoadBalancers;
  return {
    ...loadBalancer({}, {}, { Protocol: protocol }),
    Rule: { Type: 'AWS::ElasticLoadBalancingV2::ListenerRule', Properties: { ListenerArn: ref('Listener') } },
    ...one({ LoadBalancers: [{ ...target, AdvancedConfiguration: { ProductionListenerRule: rule } }] }),
  };
};

judge(blueGreenOnDefaultAction, {
  'a rule': ['compliant', shifting(ref('Rule'))],
  'a listener of a Network Load Balancer': ['compliant', shifting(ref('Listener'), 'TCP')],
  'a listener of an Application Load Balancer': ['wrong', shifting(ref('Listener'))],
  'a rule from elsewhere': ['not applicable', shifting(UNKNOWN)],
  'no shift': ['not applicable', one(behindLoadBalancer())],
});

const policy = (metric: string): Resources => ({
  Scaling: scalableTarget('Api'),
  Policy: {
    Type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
    Properties: {
      ScalingTargetId: ref('Scaling'),
      TargetTrackingScalingPolicyConfiguration: { PredefinedMetricSpecification: { PredefinedMetricType: metric } },
    },
  },
});
const BLUE_GREEN = deploying({ Strategy: 'BLUE_GREEN' });

judge(requestScalingWithBlueGreen, {
  'rolling, by requests': ['compliant', { ...one({}), ...policy('ALBRequestCountPerTarget') }],
  'blue/green, by requests': ['wrong', { ...BLUE_GREEN, ...policy('ALBRequestCountPerTarget') }],
  'blue/green, by CPU': ['not applicable', { ...BLUE_GREEN, ...policy('ECSServiceAverageCPUUtilization') }],
});

const QUEUE: Resources = { Queue: { Type: 'AWS::SQS::Queue' } };
const worker = (properties: object = {}, value: unknown = ref('Queue')): Resources => ({
  ...QUEUE,
  Task: task(variable('QUEUE_URL', value)),
  Api: service(properties),
});

judge(queueWorkerScalesOnCpu, {
  'by memory': ['compliant', { ...worker(), ...policy('ECSServiceAverageMemoryUtilization') }],
  'by CPU': ['wrong', { ...worker(), ...policy('ECSServiceAverageCPUUtilization') }],
  'by CPU, named in a part of a text': [
    'wrong',
    { ...worker({}, { 'Fn::Join': ['', ['sqs:', att('Queue', 'QueueName')]] }), ...policy('ECSServiceAverageCPUUtilization') },
  ],
  'by CPU, behind a load balancer': [
    'not applicable',
    { ...worker(behindLoadBalancer()), ...policy('ECSServiceAverageCPUUtilization') },
  ],
  'by CPU, without a queue': ['not applicable', { ...worker({}, 'none'), ...policy('ECSServiceAverageCPUUtilization') }],
});

const withRole = (dependsOn: string[] = [], role = 'ExecutionRole', type = 'Policy', of = 'ExecutionRole'): Resources => ({
  ExecutionRole: { Type: 'AWS::IAM::Role' },
  OtherRole: { Type: 'AWS::IAM::Role' },
  Policy: { Type: `AWS::IAM::${type}`, Properties: { Roles: [ref(role)] } },
  Task: task({}, { [`${of}Arn`]: att('ExecutionRole') }),
  Api: service({}, dependsOn),
});

judge(taskBeforeRolePolicy, {
  'waits for the policy': ['compliant', withRole(['Policy'])],
  'waits for what waits for it': [
    'compliant',
    { ...withRole(['Wait']), Wait: { Type: 'AWS::CloudFormation::WaitConditionHandle', DependsOn: ['Policy'] } },
  ],
  'waits for the managed policy': ['compliant', withRole(['Policy'], 'ExecutionRole', 'ManagedPolicy')],
  'waits for the role only': ['wrong', withRole(['ExecutionRole'])],
  'waits for the role only, which has a managed policy': ['wrong', withRole(['ExecutionRole'], 'ExecutionRole', 'ManagedPolicy')],
  'the role of the tasks has the policy': ['wrong', withRole([], 'ExecutionRole', 'Policy', 'TaskRole')],
  'the role of the tasks has a managed policy': ['wrong', withRole([], 'ExecutionRole', 'ManagedPolicy', 'TaskRole')],
  'the policy of another role': ['not applicable', withRole([], 'OtherRole')],
});

const onCluster = (properties: object, dependsOn: string[] = []): Resources => ({
  Cluster: { Type: 'AWS::ECS::Cluster' },
  Providers: { Type: 'AWS::ECS::ClusterCapacityProviderAssociations', Properties: { Cluster: ref('Cluster') } },
  ...one({ Cluster: ref('Cluster'), ...properties }, dependsOn),
});

judge(serviceOutlivesCapacityProviders, {
  'waits for them': ['compliant', onCluster({}, ['Providers'])],
  'waits for the cluster only': ['wrong', onCluster({})],
  'uses none': ['not applicable', onCluster({ LaunchType: 'FARGATE' })],
  'no providers': ['not applicable', one({})],
});

const alarmed = (dimension: unknown): Resources => ({
  ...deploying({ Alarms: { AlarmNames: [ref('Alarm')] } }),
  Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { Dimensions: [{ Name: 'ServiceName', Value: dimension }] } },
});

judge(serviceInDependencyCircle, {
  'an alarm on a known name': ['compliant', alarmed('api')],
  'an alarm on its own name': ['wrong', alarmed(att('Api', 'Name'))],
  'no service': ['not applicable', { Task: task() }],
});

const rotation = (properties: object): Resources => ({
  Rotation: { Type: 'AWS::SecretsManager::RotationSchedule', Properties: { SecretId: 'secret', ...properties } },
});

judge(macroInTemplate, {
  'a function of your own': ['compliant', rotation({ RotationLambdaARN: UNKNOWN })],
  'a secret that AWS rotates': ['compliant', rotation({ RotationRules: { AutomaticallyAfterDays: 30 } })],
  'hosted rotation': ['wrong', rotation({ HostedRotationLambda: { RotationType: 'PostgreSQLSingleUser' } })],
  'hosted rotation, taken out by AWS::NoValue': ['compliant', rotation({ HostedRotationLambda: ref('AWS::NoValue') })],
  'a serverless application': ['wrong', { Rotator: { Type: 'AWS::Serverless::Application', Properties: { Location: {} } } }],
  'a serverless function': ['wrong', { Function: { Type: 'AWS::Serverless::Function', Properties: {} } }],
  'a macro inside a property': ['wrong', one({ Tags: [{ 'Fn::Transform': { Name: 'Tags', Parameters: {} } }] })],
  'no macro': ['not applicable', one({})],
});

describe('T28: a macro of the whole template', () => {
  const topics = (transform: string[], more: Resources = {}) => {
    const stack = new Stack(new App(), 'Shop');
    transform.forEach((name) => stack.addTransform(name));
    for (const [id, { Type: type, Properties }] of Object.entries({ A: TOPIC, B: TOPIC, ...more })) {
      new CfnResource(stack, id, { type, properties: Properties as Record<string, unknown> });
    }
    return found(stack.node.root as App).filter((finding) => finding.includes('Macro'));
  };
  const TOPIC = { Type: 'AWS::SNS::Topic', Properties: {} };

  test('is reported once', () => expect(topics(['Own', 'Other'])).toEqual(['EcsMesh-MacroInTemplate Shop/A']));

  test('is reported at the resource that needs it', () => {
    const hosted = rotation({ HostedRotationLambda: { RotationType: 'PostgreSQLSingleUser' } });
    expect(topics(['AWS::SecretsManager-2024-09-16'], hosted)).toEqual(['EcsMesh-MacroInTemplate Shop/Rotation']);
  });

  test('nothing is said without one', () => expect(topics([])).toEqual([]));
});
