import { App, Duration, RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { ContainerImage, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  DualAlbGateway,
  ImageRepository,
  InternalSide,
  OfficeHours,
  QueueWorkerService,
  QueueWorkerServiceProps,
  Scaling,
  ServiceConnectMesh,
  ServiceConnectMeshProps,
  TopologyRecord,
} from 'cdk-ecs-mesh';
import { findings, newMesh, newService, newStack, only, openPaths, resources, templateOf, valueText, WEB } from '../helpers';

const WORKER = { image: ContainerImage.fromRegistry('my/worker') };

/** A worker in a mesh of its own. */
function newWorker(props: Partial<QueueWorkerServiceProps> = {}, meshProps: ServiceConnectMeshProps = {}): QueueWorkerService {
  const mesh = newMesh(newStack(), meshProps);
  return new QueueWorkerService(Stack.of(mesh), 'Worker', { mesh, containers: [WORKER], ...props });
}

const queueOf = (worker: QueueWorkerService) => only(templateOf(worker), 'AWS::SQS::Queue', 'WorkerQueue');
const statementsOf = (worker: QueueWorkerService, service: string) =>
  only(templateOf(worker), 'AWS::IAM::Policy', `${service}TaskRole`).Properties.PolicyDocument.Statement;
/** What a metric of a policy or of an alarm reads. */
const readMetric = ({ MetricStat: { Metric, Stat } }: { MetricStat: { Metric: Record<string, never>; Stat: string } }) => {
  const dimensions = (Metric.Dimensions as { Name: string; Value: unknown }[]).map(
    ({ Name, Value }) => `${Name}=${valueText(Value)}`,
  );
  return `${Metric.Namespace}/${Metric.MetricName} ${Stat}: ${dimensions.sort().join(', ')}`;
};
const policyOf = (worker: QueueWorkerService) =>
  only(templateOf(worker), 'AWS::ApplicationAutoScaling::ScalingPolicy', 'WorkerServiceTaskCountBacklog').Properties;

describe('PLAT-5: QueueWorkerService with minimal props', () => {
  const worker = newWorker();
  newService(worker.mesh as ServiceConnectMesh, 'Api').connectTo(worker.queueEndpoint);
  const template = templateOf(worker);

  test('a queue: encrypted, hidden for processing and stopping, kept for four days, long polling', () => {
    expect(queueOf(worker)).toMatchObject({
      Properties: {
        SqsManagedSseEnabled: true,
        VisibilityTimeout: 240,
        MessageRetentionPeriod: 345600,
        ReceiveMessageWaitTimeSeconds: 20,
        RedrivePolicy: { maxReceiveCount: 5, deadLetterTargetArn: { 'Fn::GetAtt': [expect.stringMatching(/^WorkerDead/), 'Arn'] } },
      },
      DeletionPolicy: 'RetainExceptOnCreate',
    });
  });

  test('no KMS key, which would cost', () => {
    template.resourceCountIs('AWS::SQS::Queue', 2);
    template.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true, KmsMasterKeyId: Match.absent() });
  });

  test('a dead-letter queue that keeps 14 days', () => {
    expect(only(template, 'AWS::SQS::Queue', 'WorkerDeadLetterQueue').Properties).toEqual({
      MessageRetentionPeriod: 1209600,
      SqsManagedSseEnabled: true,
    });
  });

  test('both refuse what is not TLS', () => {
    const deny = { Effect: 'Deny', Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    const policies = Object.values(resources(template, 'AWS::SQS::QueuePolicy'));
    expect(policies.map((p) => p.Properties.PolicyDocument.Statement)).toMatchObject([[deny], [deny]]);
  });

  test('QUEUE_URL, and exactly what a consumer needs', () => {
    const [container] = only(template, 'AWS::ECS::TaskDefinition', 'Worker').Properties.ContainerDefinitions;
    expect(container.Environment).toEqual([{ Name: 'QUEUE_URL', Value: { Ref: expect.stringMatching(/^WorkerQueue/) } }]);
    expect(statementsOf(worker, 'Worker')[0]).toEqual({
      Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
      Effect: 'Allow',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^WorkerQueue/), 'Arn'] },
    });
  });

  test('senders get QUEUE_URL, and may send to this queue only', () => {
    const [container] = only(template, 'AWS::ECS::TaskDefinition', 'Api').Properties.ContainerDefinitions;
    expect(container.Environment).toEqual([{ Name: 'QUEUE_URL', Value: { Ref: expect.stringMatching(/^WorkerQueue/) } }]);
    expect(statementsOf(worker, 'Api')).toEqual([
      { Action: 'sqs:SendMessage', Effect: 'Allow', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^WorkerQueue/), 'Arn'] } },
    ]);
  });

  test('T26: tasks may protect themselves from scale-in, in this cluster only', () => {
    expect(statementsOf(worker, 'Worker')[1]).toEqual({
      Action: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'],
      Effect: 'Allow',
      Resource: {
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecs:eu-west-1:', { Ref: 'AWS::AccountId' }, ':task/*']],
      },
      Condition: { ArnEquals: { 'ecs:cluster': { 'Fn::GetAtt': [expect.stringMatching(/^MeshCluster/), 'Arn'] } } },
    });
  });

  test('T26, PLAT-7: it scales on waiting messages per task, and on nothing else', () => {
    const policies = Object.keys(resources(template, 'AWS::ApplicationAutoScaling::ScalingPolicy', 'Worker'));
    expect(policies).toEqual([expect.stringMatching(/^WorkerServiceTaskCountBacklog/)]);
    expect(policyOf(worker).TargetTrackingScalingPolicyConfiguration).toMatchObject({
      TargetValue: 2.5,
      ScaleOutCooldown: 60,
      ScaleInCooldown: 300,
    });
    expect(worker.backlogPerTask).toBe(2.5);
  });

  test('T34: the backlog is divided by running tasks as last reported, and by one while none runs', () => {
    const { Metrics } = policyOf(worker).TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification;
    expect(Metrics.map((m: { Id: string; Expression?: string }) => m.Expression ?? m.Id)).toEqual([
      'waiting / MAX([waiting * 0 + 1, FILL(running, REPEAT)])',
      'waiting',
      'running',
    ]);
    expect(Metrics.slice(1).map(readMetric)).toEqual([
      'AWS/SQS/ApproximateNumberOfMessagesVisible Maximum: QueueName=WorkerQueue.QueueName',
      'ECS/ContainerInsights/RunningTaskCount Average: ClusterName=MeshCluster, ServiceName=WorkerService.Name',
    ]);
    expect(Metrics.map((m: { ReturnData: boolean }) => m.ReturnData)).toEqual([true, false, false]);
  });

  test('T12: two to four tasks, and no DesiredCount', () => {
    const target = only(template, 'AWS::ApplicationAutoScaling::ScalableTarget', 'Worker').Properties;
    expect([target.MinCapacity, target.MaxCapacity]).toEqual([2, 4]);
    expect(only(template, 'AWS::ECS::Service', 'Worker').Properties.DesiredCount).toBeUndefined();
  });

  test('containers get 120 seconds to stop', () => {
    const [container] = only(template, 'AWS::ECS::TaskDefinition', 'Worker').Properties.ContainerDefinitions;
    expect(container.StopTimeout).toBe(120);
  });

  test('the picture has the queue between sender and worker', () => {
    const calls = TopologyRecord.of(worker).connections.map((c) => `${c.client} -> ${c.server}`);
    expect(calls).toEqual(['Shop/Worker -> Shop/Worker/Queue', 'Shop/Api -> Shop/Worker/Queue']);
  });

  test('AwsSolutions finds nothing', () => expect(findings(worker)).toEqual([]));
  test('nothing warns', () => Annotations.fromStack(Stack.of(worker)).hasNoWarning('/Shop/Worker', Match.anyValue()));
});

describe('all props', () => {
  const worker = newWorker({
    scaling: Scaling.between(1, 50, { scaleOutCooldown: Duration.seconds(30), scaleInCooldown: Duration.minutes(10) }),
    queue: {
      longestProcessing: Duration.seconds(60),
      visibilityTimeout: Duration.seconds(90),
      maxReceiveCount: 2,
      retention: Duration.days(14),
    },
    backlog: { acceptableLatency: Duration.minutes(1), averageProcessing: Duration.seconds(8), messagesAtOnce: 10 },
  });

  test('of the queue', () => {
    expect(queueOf(worker).Properties).toMatchObject({ VisibilityTimeout: 90, MessageRetentionPeriod: 1209600 });
    expect(queueOf(worker).Properties.RedrivePolicy.maxReceiveCount).toBe(2);
    expect(worker.visibilityTimeout.toSeconds()).toBe(90);
  });

  test('of the scaling', () => {
    const tracking = policyOf(worker).TargetTrackingScalingPolicyConfiguration;
    expect(tracking).toMatchObject({ TargetValue: 75, ScaleOutCooldown: 30, ScaleInCooldown: 600 });
  });
});

describe('with a KMS key', () => {
  const stack = newStack();
  const mesh = newMesh(stack);
  const encryptionKey = new Key(stack, 'Key', { enableKeyRotation: true });
  const worker = new QueueWorkerService(stack, 'Worker', { mesh, containers: [WORKER], queue: { encryptionKey } });
  newService(mesh, 'Api').connectTo(worker.queueEndpoint);

  test('both queues use it', () => {
    const queues = Object.values(resources(templateOf(stack), 'AWS::SQS::Queue'));
    const key = { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] };
    expect(queues.map((q) => q.Properties.KmsMasterKeyId)).toEqual([key, key]);
  });

  test('the worker may decrypt, and a sender may encrypt', () => {
    expect(statementsOf(worker, 'Worker')[1].Action).toBe('kms:Decrypt');
    expect(statementsOf(worker, 'Api')[1].Action).toEqual(['kms:GenerateDataKey', 'kms:Decrypt']);
  });

  test('AwsSolutions finds nothing', () => expect(findings(worker)).toEqual([]));
});

test('the visibility timeout follows the longest stop timeout', () => {
  const containers = [
    { ...WORKER, lifecycle: { stopTimeout: Duration.seconds(10) } },
    { ...WORKER, name: 'second', lifecycle: { stopTimeout: Duration.seconds(30) } },
  ];
  const worker = newWorker({ containers, queue: { longestProcessing: Duration.seconds(30) } });
  expect(queueOf(worker).Properties.VisibilityTimeout).toBe(60);
});

test('the visibility timeout ends at the 12 hours of SQS', () => {
  const worker = newWorker({ queue: { longestProcessing: Duration.hours(12) } });
  expect(worker.visibilityTimeout.toSeconds()).toBe(43200);
});

test.each([
  [100, 3],
  [300, 1],
  [301, 1],
  [60, 5],
])('without an acceptable latency, messages of %p s wait for five minutes, or for one message', (longest, target) => {
  const worker = newWorker({ queue: { longestProcessing: Duration.seconds(longest) } });
  expect(worker.backlogPerTask).toBe(target);
});

describe('PLAT-5: a worker that is also called', () => {
  const worker = newWorker({ containers: [WEB] });
  const gateway = new DualAlbGateway(Stack.of(worker), 'Gateway', { network: worker.mesh, internal: InternalSide.http() });
  gateway.internal.route('Worker', { target: worker.port('http') });

  test('over the internal load balancer', () => expect(openPaths(templateOf(worker))).toContain('GatewayInternal -> Worker 8080'));
  test('AwsSolutions finds nothing', () => expect(findings(worker)).toEqual([]));
});

test('with Scaling.fixed there is nothing to scale', () => {
  const worker = newWorker({ scaling: Scaling.fixed(2) }, { containerInsights: ContainerInsights.DISABLED });
  templateOf(worker).resourceCountIs('AWS::ApplicationAutoScaling::ScalingPolicy', 0);
  expect(only(templateOf(worker), 'AWS::ECS::Service').Properties.DesiredCount).toBe(2);
  expect([worker.backlogPerTask, worker.taskCount]).toEqual([undefined, undefined]);
});

describe('from zero', () => {
  const worker = newWorker({ scaling: Scaling.between(0, 4) });

  test('the first task is started by a step, when messages wait and no task runs', () => {
    const step = only(templateOf(worker), 'AWS::ApplicationAutoScaling::ScalingPolicy', 'WorkerServiceTaskCountFirstTask');
    expect(step.Properties.StepScalingPolicyConfiguration).toEqual({
      AdjustmentType: 'ChangeInCapacity',
      Cooldown: 300,
      StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
    });
  });

  test('DT-33: its alarm says nothing while there are no messages, no data, or one minute without a report', () => {
    const alarm = only(templateOf(worker), 'AWS::CloudWatch::Alarm').Properties;
    expect(alarm).toMatchObject({ Threshold: 1, EvaluationPeriods: 3, DatapointsToAlarm: 2, TreatMissingData: 'notBreaching' });
    expect(alarm.Metrics[0].Expression).toBe('IF(MAX([waiting * 0, FILL(running, REPEAT)]) < 1, waiting, 0)');
  });

  test('a minimum above zero needs no such step', () => templateOf(newWorker()).resourceCountIs('AWS::CloudWatch::Alarm', 0));
});

describe('DT-34: a worker that has only its placeholder', () => {
  const stack = newStack();
  const image = new ImageRepository(stack, 'Images').image();
  const sidecar = new ImageRepository(stack, 'Sidecars').image();
  const scaling = Scaling.between(1, 20)
    .onSchedule({
      Morning: { schedule: Schedule.cron({ hour: '8', minute: '0' }), minTasks: 5 },
      Evening: { schedule: Schedule.cron({ hour: '20', minute: '0' }), maxTasks: 9 },
    })
    .during(OfficeHours.weekdays(TimeZone.ETC_UTC));
  const mesh = newMesh(stack);
  const containers = [{ image, process: { command: ['work'] } }];
  new QueueWorkerService(stack, 'Worker', { mesh, containers, scaling });
  new QueueWorkerService(stack, 'Both', { mesh, containers: [...containers, { image: sidecar, name: 'sidecar' }] });
  newService(mesh, 'Api', { containers: [{ ...WEB, image }] });
  const template = templateOf(stack);
  const targetOf = (id: string) => only(template, 'AWS::ApplicationAutoScaling::ScalableTarget', id).Properties;
  const [images, sidecars] = Object.keys(template.toJSON().Conditions);
  const onceReal = (otherwise: number) => ({ 'Fn::If': [images, 1, otherwise] });

  test('has its minimum as its maximum', () => {
    expect(targetOf('Worker')).toMatchObject({ MinCapacity: 1, MaxCapacity: onceReal(20) });
  });

  test('has no more at any time of the day', () => {
    const actions = targetOf('Worker').ScheduledActions as { ScheduledActionName: string; ScalableTargetAction: object }[];
    expect(Object.fromEntries(actions.map((one) => [one.ScheduledActionName, one.ScalableTargetAction]))).toEqual({
      Morning: { MinCapacity: onceReal(5) },
      Evening: { MaxCapacity: onceReal(9) },
      OfficeOpens: { MinCapacity: 1, MaxCapacity: onceReal(20) },
      OfficeCloses: { MinCapacity: 0, MaxCapacity: 0 },
    });
  });

  test('in any of its containers', () => {
    expect(targetOf('Both').MaxCapacity).toEqual({ 'Fn::If': [sidecars, 2, { 'Fn::If': [images, 2, 4] }] });
  });

  test('is the only one: the placeholder of a service answers its requests', () => expect(targetOf('Api').MaxCapacity).toBe(4));
});

test('T24: in development mode the queues go with the stack', () => {
  const worker = newWorker({}, { removalPolicy: RemovalPolicy.DESTROY });
  expect(queueOf(worker)).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
});

test('AwsSolutions finds nothing where ARNs name their partition', () => {
  const app = new App({ context: { '@aws-cdk/core:enablePartitionLiterals': true } });
  const mesh = newMesh(newStack('Shop', app));
  expect(findings(new QueueWorkerService(Stack.of(mesh), 'Worker', { mesh, containers: [WORKER] }))).toEqual([]);
});

test('T21: mesh, worker and sender each in a stack of their own', () => {
  const app = new App();
  const mesh = newMesh(newStack('Network', app));
  const worker = new QueueWorkerService(newStack('Workers', app), 'Worker', { mesh, containers: [WORKER] });
  const sender = newService(mesh, 'Api', {}, newStack('Apis', app));
  sender.connectTo(worker.queueEndpoint);
  worker.connectTo(newService(mesh, 'Store', { containers: [WEB] }, newStack('Stores', app)).port('http'));
  expect(findings(worker)).toEqual([]);
});

test('two services that send to each other are no circle of calls', () => {
  const worker = newWorker();
  const second = new QueueWorkerService(Stack.of(worker), 'Second', { mesh: worker.mesh, containers: [WORKER] });
  worker.connectTo(second.queueEndpoint, { as: 'SECOND' });
  second.connectTo(worker.queueEndpoint, { as: 'FIRST' });
  const [container] = only(templateOf(worker), 'AWS::ECS::TaskDefinition', 'Second').Properties.ContainerDefinitions;
  expect(container.Environment.map((v: { Name: string }) => v.Name)).toEqual(['QUEUE_URL', 'FIRST_URL']);
});

test.each([119, 120])('WorkerOutlivesStop: none at a stop timeout of the processing time or more (%p of 120 s)', (stop) => {
  const worker = newWorker({ containers: [{ ...WORKER, lifecycle: { stopTimeout: Duration.seconds(stop) } }] });
  const warnings = Annotations.fromStack(Stack.of(worker)).findWarning('/Shop/Worker', Match.anyValue());
  expect(warnings.map((w) => w.entry.data)).toEqual(
    stop === 120
      ? []
      : [
          '`queue.longestProcessing` (120 s) is longer than the stop timeout of the containers (119 s): a task that is stopped is killed while it processes a message, unless it uses task protection while it works: https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/jobs.md [ack: cdk-ecs-mesh:WorkerOutlivesStop]',
        ],
  );
});
