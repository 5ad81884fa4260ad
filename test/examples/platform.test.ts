import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { CostReport } from 'cdk-ecs-mesh';
import { PlatformStack } from '../../examples/platform/app';
import { Capacity } from '../../examples/platform/capacity';
import { findings, newMesh, newService, only, openPaths, resources, templateOf } from '../helpers';

type Settings = Record<string, string>;

function platform(context: Settings = {}) {
  const stack = new PlatformStack(new App({ context }), 'Platform');
  return { stack, template: Template.fromStack(stack) };
}

const { stack, template } = platform();
const { stack: rollingStack, template: rolling } = platform({ rollout: 'rolling', workers: 'managed' });
const service = (id: string, of = template) => only(of, 'AWS::ECS::Service', id).Properties;
const task = (id: string, of = template) => only(of, 'AWS::ECS::TaskDefinition', id).Properties;
const variables = (id: string): string[] => task(id).ContainerDefinitions[0].Environment.map((v: { Name: string }) => v.Name);
const target = (id: string) => only(template, 'AWS::ApplicationAutoScaling::ScalableTarget', id).Properties;
const predefined = (of: Template, id: string) =>
  Object.values(resources(of, 'AWS::ApplicationAutoScaling::ScalingPolicy', id))
    .map(({ Properties: p }) => p.TargetTrackingScalingPolicyConfiguration?.PredefinedMetricSpecification?.PredefinedMetricType)
    .sort();

test.each([
  ['default', stack],
  ['-c rollout=rolling -c workers=managed', rollingStack],
  ['-c mode=development', platform({ mode: 'development' }).stack],
])('%s: no finding of AwsSolutions that nobody acknowledged', (_name, of) => expect(findings(of)).toEqual([]));

test('the sums of the README are those of CostReport, and so is the number of resources', () => {
  const readme = readFileSync(join(__dirname, '..', '..', 'examples', 'platform', 'README.md'), 'utf8');
  const report = CostReport.fromAssembly((stack.node.root as App).synth().directory);
  expect([report.missingPrices, report.unknownTypes]).toEqual([[], []]);
  for (const figure of [report.fixed, report.byUse, report.total]) expect(readme).toContain(figure.toFixed(2));
  expect(readme).toContain(`${Object.keys(template.toJSON().Resources).length} resources`);
});

test('PLAT-1: the API on Fargate and Fargate Spot, two tasks on demand first', () => {
  expect(service('Api').CapacityProviderStrategy).toEqual([
    { CapacityProvider: 'FARGATE', Base: 2, Weight: 1 },
    { CapacityProvider: 'FARGATE_SPOT', Weight: 2 },
  ]);
});

test('PLAT-1: the worker on EC2 and EC2 Spot, one task on demand; or on Managed Instances', () => {
  const [onDemand, spot] = service('Worker').CapacityProviderStrategy;
  expect([onDemand.Base, onDemand.Weight, spot.Weight]).toEqual([1, 0, 1]);
  const instances = Object.values(resources(template, 'AWS::AutoScaling::AutoScalingGroup'));
  expect(instances.filter(({ Properties: p }) => p.MixedInstancesPolicy)).toHaveLength(1);
  rolling.hasResourceProperties('AWS::ECS::CapacityProvider', { ManagedInstancesProvider: Match.anyValue() });
  rolling.resourceCountIs('AWS::AutoScaling::AutoScalingGroup', 0);
});

test('PLAT-2: WAF in front of the external load balancer, another one inside', () => {
  const schemes = Object.values(resources(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer')).map(
    ({ Properties: p }) => p.Scheme,
  );
  expect(schemes.sort()).toEqual(['internal', 'internet-facing']);
  template.resourceCountIs('AWS::WAFv2::WebACLAssociation', 1);
});

test('PLAT-2: Shield Advanced where it is asked for', () => {
  template.resourceCountIs('AWS::Shield::Protection', 0);
  platform({ shield: 'advanced' }).template.resourceCountIs('AWS::Shield::Protection', 1);
});

test('PLAT-2: HTTPS with a domain', () => {
  const { template: own } = platform({ zoneName: 'example.com', zoneId: 'Z00000000000000DEMO' });
  own.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 443, Protocol: 'HTTPS' });
  expect(own.findOutputs('Url').Url.Value).toBe('https://api.example.com');
});

test('PLAT-3: names in Cloud Map DNS for both services', () => {
  template.hasResourceProperties('AWS::ServiceDiscovery::PrivateDnsNamespace', { Name: 'svc.platform.internal' });
  expect([service('Api').ServiceRegistries, service('Worker').ServiceRegistries].map((list) => list.length)).toEqual([1, 1]);
});

test('PLAT-4: api-service: 3 tasks, 512/1024, external load balancer, /health', () => {
  expect(task('Api')).toMatchObject({ Cpu: '512', Memory: '1024' });
  expect(target('Api')).toMatchObject({ MinCapacity: 3, MaxCapacity: 9 });
  const groups = Object.values(resources(template, 'AWS::ElasticLoadBalancingV2::TargetGroup', 'Api'));
  expect(groups.map(({ Properties: p }) => p.HealthCheckPath)).toEqual(['/health', '/health']);
  expect(openPaths(template)).toContain('GatewayExternal -> Api 8080');
});

test('PLAT-5: worker-service: 2 tasks, 1024/2048, driven by a queue with a dead-letter queue', () => {
  expect(task('Worker')).toMatchObject({ Cpu: '1024', Memory: '2048' });
  expect(target('Worker')).toMatchObject({ MinCapacity: 2, MaxCapacity: { 'Fn::If': ['WorkerImagesTagIsPlaceholder', 2, 12] } });
  const redrive = only(template, 'AWS::SQS::Queue', 'WorkerQueue').Properties.RedrivePolicy;
  expect(redrive).toMatchObject({ deadLetterTargetArn: { 'Fn::GetAtt': [expect.stringMatching(/DeadLetter/), 'Arn'] } });
  expect(variables('Worker')).toContain('QUEUE_URL');
  expect(variables('Api')).toContain('WORK_URL');
});

test('PLAT-5: the worker is reachable over the internal load balancer, by name, from the job and nobody else', () => {
  expect(openPaths(template).filter((path) => /GatewayInternal/.test(path))).toEqual([
    'GatewayInternal -> Worker 8080',
    'Scheduler -> GatewayInternal 80',
  ]);
  template.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'worker.platform.internal.' });
});

test('PLAT-6: scheduler-service: one task of 256/512, by a cron expression of EventBridge', () => {
  expect(task('Scheduler')).toMatchObject({ Cpu: '256', Memory: '512' });
  const schedule = only(template, 'AWS::Scheduler::Schedule', 'Scheduler').Properties;
  expect(schedule).toMatchObject({
    ScheduleExpression: 'cron(15 2 * * ? *)',
    Target: { EcsParameters: { LaunchType: 'FARGATE' } },
  });
  // Absent is one.
  expect(schedule.Target.EcsParameters.TaskCount).toBeUndefined();
});

test('PLAT-7: CPU, memory, requests per target, and backlog per task', () => {
  expect(predefined(rolling, 'Api')).toEqual([
    'ALBRequestCountPerTarget',
    'ECSServiceAverageCPUUtilization',
    'ECSServiceAverageMemoryUtilization',
  ]);
  const [backlog] = Object.values(resources(template, 'AWS::ApplicationAutoScaling::ScalingPolicy', 'Worker'));
  expect(JSON.stringify(backlog.Properties)).toContain('ApproximateNumberOfMessagesVisible');
});

test('PLAT-8: blue/green with a bake time, and no scaling on the requests of one of two target groups', () => {
  expect(service('Api').DeploymentConfiguration).toMatchObject({ Strategy: 'BLUE_GREEN', BakeTimeInMinutes: 10 });
  expect(predefined(template, 'Api')).toEqual(['ECSServiceAverageCPUUtilization', 'ECSServiceAverageMemoryUtilization']);
});

test('PLAT-9: repositories that scan, a database password that is rotated', () => {
  const repositories = Object.values(resources(template, 'AWS::ECR::Repository'));
  expect(repositories.map(({ Properties: p }) => p.ImageScanningConfiguration)).toEqual(Array(3).fill({ ScanOnPush: true }));
  template.hasResourceProperties('AWS::RDS::DBInstance', { ManageMasterUserPassword: true });
});

test('PLAT-9: settings and feature flags in Parameter Store, for both services', () => {
  const names = Object.values(resources(template, 'AWS::SSM::Parameter')).map(({ Properties: p }) => p.Name);
  expect(names.sort()).toEqual(['/platform-mesh/common/LOG_LEVEL', '/platform-mesh/flags/bulkImport']);
  for (const id of ['Api', 'Worker']) expect(variables(id)).toEqual(expect.arrayContaining(['FLAGS_PATH', 'SETTINGS_PATH']));
});

/** What a line of the app asks AWS for, through the classes of `work_queue.py`, `parameters.py` and `database.py`. */
const ASKS: Record<string, RegExp> = {
  'sqs:SendMessage': /\bqueue\b.*\)?\.send(_items)?\(/,
  'sqs:ReceiveMessage': /queue\.receive\(/,
  'sqs:DeleteMessage': /queue\.delete\(/,
  'sqs:ChangeMessageVisibility': /queue\.give_back\(/,
  'ssm:GetParameters': /\bOperators\(env\)/,
  'secretsmanager:GetSecretValue': /\bDatabase\(/,
};

test.each([
  ['Api', 'api', ['sqs:SendMessage', 'ssm:GetParameters', 'secretsmanager:GetSecretValue']],
  ['Worker', 'worker', Object.keys(ASKS).filter((action) => action !== 'sqs:SendMessage')],
  ['Scheduler', 'scheduler', ['sqs:SendMessage']],
])('the role of %s allows what items/%s.py of the app asks for', (id, program, expected) => {
  const code = readFileSync(join(__dirname, `../../examples/platform/app/items/${program}.py`), 'utf8');
  const asked = Object.keys(ASKS).filter((action) => ASKS[action].test(code));
  expect(asked.sort()).toEqual([...expected].sort());
  const { Statement: statements } = only(template, 'AWS::IAM::Policy', `${id}TaskRole`).Properties.PolicyDocument;
  const allowed = statements.flatMap(({ Action }: { Action: string | string[] }) => Action);
  expect(asked.filter((action) => !allowed.includes(action))).toEqual([]);
});

test('PLAT-10: logs, metrics, alarms of every part, and a dashboard', () => {
  for (const name of ['api-service', 'worker-service', 'scheduler-service']) {
    template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: `/ecs/platform-mesh/${name}`, RetentionInDays: 30 });
  }
  template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  const dead = Object.values(resources(template, 'AWS::CloudWatch::Alarm')).filter(({ Properties: p }) =>
    JSON.stringify(p.Dimensions ?? p.Metrics ?? '').includes('DeadLetter'),
  );
  expect(dead.length).toBeGreaterThan(0);
});

test('PLAT-11: chosen instance types and image, and GPU hosts for tasks that need one', () => {
  expect(JSON.stringify(template.toJSON().Parameters)).toContain('/aws/service/bottlerocket/');
  expect(JSON.stringify(resources(template, 'AWS::EC2::LaunchTemplate'))).toContain('t3.large');
  const mesh = newMesh();
  const containers = [{ image: ContainerImage.fromRegistry('my/model'), resources: { gpuCount: 1 } }];
  const model = newService(mesh, 'Model', { compute: new Capacity(mesh).gpu(), containers });
  const [container] = only(templateOf(model), 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions;
  expect(container.ResourceRequirements).toEqual([{ Type: 'GPU', Value: '1' }]);
});

test('PLAT-12: a Spot host drains at the notice, and its tasks end within the two minutes', () => {
  const spot = JSON.stringify(resources(template, 'AWS::EC2::LaunchTemplate'));
  expect(spot).toMatch(/enable-spot-instance-draining\s*=\s*true|ECS_ENABLE_SPOT_INSTANCE_DRAINING=true/);
  const { StopTimeout } = task('Worker').ContainerDefinitions[0];
  const [group] = Object.values(resources(template, 'AWS::ElasticLoadBalancingV2::TargetGroup', 'Worker'));
  const delay = group.Properties.TargetGroupAttributes.find(
    ({ Key }: { Key: string }) => Key === 'deregistration_delay.timeout_seconds',
  );
  expect(Number(delay.Value) + StopTimeout).toBeLessThan(120);
});
