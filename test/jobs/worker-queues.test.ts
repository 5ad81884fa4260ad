import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { CfnQueue, IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { MeshAlarms, QueueWorkerService, ServiceConnectMesh, WorkerQueueOptions } from 'cdk-ecs-mesh';
import { newMesh, newService, newStack, only, resources, templateOf } from '../helpers';

const ARN = 'arn:aws:sqs:eu-west-1:111122223333:orders';
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012';

function newWorker(queue: (scope: Stack) => WorkerQueueOptions): QueueWorkerService {
  const mesh = newMesh(newStack());
  const stack = Stack.of(mesh);
  const containers = [{ image: ContainerImage.fromRegistry('my/worker') }];
  return new QueueWorkerService(stack, 'Worker', { mesh, containers, queue: queue(stack) });
}

const statementsOf = (worker: QueueWorkerService) =>
  only(templateOf(worker), 'AWS::IAM::Policy', 'WorkerTaskRole').Properties.PolicyDocument.Statement as {
    Action: string | string[];
    Resource: unknown;
  }[];

describe('PR-32, NU-16: a FIFO queue', () => {
  test('both queues are FIFO, since a dead-letter queue has to be of the same kind; standard ones do not say false, which SQS refuses', () => {
    const queues = (fifo: boolean) =>
      Object.values(resources(templateOf(newWorker(() => ({ fifo }))), 'AWS::SQS::Queue')).map((each) => each.Properties);
    expect(queues(true)).toMatchObject([{ FifoQueue: true }, { FifoQueue: true }]);
    for (const properties of queues(false)) expect(properties).not.toHaveProperty('FifoQueue');
  });

  test('deduplication by content only if it is asked for, and only with FIFO', () => {
    const queue = (options: WorkerQueueOptions) => only(templateOf(newWorker(() => options)), 'AWS::SQS::Queue', 'WorkerQueue');
    expect(queue({ fifo: true }).Properties).not.toHaveProperty('ContentBasedDeduplication');
    expect(queue({ fifo: true, contentBasedDeduplication: true }).Properties).toMatchObject({ ContentBasedDeduplication: true });
    expect(() => newWorker(() => ({ contentBasedDeduplication: true }))).toThrow(
      '`queue.contentBasedDeduplication` must be left out without `queue.fifo`: a standard queue has no deduplication, got true; set `queue.fifo` to true, or remove it [WorkerDeduplication at Shop/Worker]',
    );
  });
});

describe('PR-32, NU-16: a queue that exists', () => {
  const imported = (scope: Stack) => Queue.fromQueueAttributes(scope, 'Orders', { queueArn: ARN, keyArn: KEY });

  test('no queue is created; the worker may consume it and use its key; senders reach the same queue', () => {
    const worker = newWorker((stack) => ({ existing: imported(stack), visibilityTimeout: Duration.minutes(5) }));
    newService(worker.mesh as ServiceConnectMesh, 'Api').connectTo(worker.queueEndpoint);
    const template = templateOf(worker);
    expect(resources(template, 'AWS::SQS::Queue')).toEqual({});
    expect(statementsOf(worker).slice(0, 2)).toMatchObject([
      { Action: expect.arrayContaining(['sqs:ReceiveMessage', 'sqs:DeleteMessage']), Resource: ARN },
      { Action: 'kms:Decrypt', Resource: KEY },
    ]);
    const sender = only(template, 'AWS::IAM::Policy', 'ApiTaskRole').Properties.PolicyDocument.Statement;
    expect(sender[0]).toMatchObject({ Action: 'sqs:SendMessage', Resource: ARN });
    expect(worker.queue.queueArn).toBe(ARN);
  });

  test('it scales on the messages of that queue', () => {
    const worker = newWorker((stack) => ({ existing: imported(stack), visibilityTimeout: Duration.minutes(5) }));
    const policies = JSON.stringify(resources(templateOf(worker), 'AWS::ApplicationAutoScaling::ScalingPolicy'));
    expect(policies).toContain('{"Name":"QueueName","Value":"orders"}');
  });

  test('alarms watch its age, and its dead letters where they are known', () => {
    const dead = (queue: (scope: Stack) => IQueue) => {
      const worker = newWorker((stack) => ({ existing: queue(stack), visibilityTimeout: Duration.minutes(5) }));
      new MeshAlarms(Stack.of(worker), 'Alarms', { mesh: worker.mesh });
      const alarms = Object.keys(resources(templateOf(worker), 'AWS::CloudWatch::Alarm'));
      return ['MessageAge', 'DeadLetters'].map((name) => alarms.some((id) => id.includes(name)));
    };
    const created = (scope: Stack) =>
      new Queue(scope, 'Own', { deadLetterQueue: { queue: new Queue(scope, 'Given'), maxReceiveCount: 3 } });
    expect(dead(imported)).toEqual([true, false]);
    expect(dead(created)).toEqual([true, true]);
  });

  test.each<[string, (scope: Stack) => IQueue, number]>([
    ['imported', imported, 30],
    ['created without a timeout', (scope) => new Queue(scope, 'Own'), 30],
    ['created with too short a timeout', (scope) => new Queue(scope, 'Own', { visibilityTimeout: Duration.seconds(60) }), 60],
  ])('its visibility timeout is not above the processing time: %s', (_, existing, seconds) => {
    expect(() => newWorker((stack) => ({ existing: existing(stack) }))).toThrow(
      `\`queue.visibilityTimeout\` must be at least \`queue.longestProcessing\` (120 s), or a second task gets the message while the first works on it, got ${seconds}; say the timeout that the queue has, raise it there, or lower \`queue.longestProcessing\` [WorkerVisibilityTooShort at Shop/Worker]`,
    );
  });

  test('the timeout of a queue of the same app is read from it', () => {
    const worker = newWorker((stack) => ({ existing: new Queue(stack, 'Own', { visibilityTimeout: Duration.minutes(7) }) }));
    expect(worker.visibilityTimeout.toSeconds()).toBe(420);
    const plain = (stack: Stack) => {
      const definition = new CfnQueue(stack, 'Plain', { visibilityTimeout: 300 });
      return Queue.fromQueueArn(stack, 'Orders', definition.attrArn);
    };
    expect(() => newWorker((stack) => ({ existing: plain(stack) }))).toThrow('[WorkerVisibilityTooShort at Shop/Worker]');
  });

  test('a timeout that is known only at deployment is not judged', () => {
    const worker = newWorker((stack) => {
      const seconds = new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber;
      return { existing: new Queue(stack, 'Own', { visibilityTimeout: Duration.seconds(seconds) }) };
    });
    expect(worker.visibilityTimeout.isUnresolved()).toBe(true);
  });

  test.each<WorkerQueueOptions>([
    { fifo: true },
    { contentBasedDeduplication: false },
    { maxReceiveCount: 3 },
    { retention: Duration.days(1) },
  ])('%p belongs to its owner', (option) => {
    const [name] = Object.keys(option);
    expect(() => newWorker((stack) => ({ existing: imported(stack), ...option }))).toThrow(
      `\`queue.${name}\` must be left out beside \`queue.existing\`, which has been created with its own; remove it`,
    );
  });

  test('a queue of another account or Region is refused, since nothing here writes the policies that it would need', () => {
    const other = (scope: Stack) => Queue.fromQueueArn(scope, 'Orders', ARN.replace('eu-west-1', 'us-east-1'));
    expect(() => newWorker((stack) => ({ existing: other(stack), visibilityTimeout: Duration.minutes(5) }))).toThrow(
      '[ArnOfOtherPlace at Shop/Worker]',
    );
  });
});
