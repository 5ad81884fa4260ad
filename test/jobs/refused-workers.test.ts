import { Duration, Stack } from 'aws-cdk-lib';
import { ContainerImage, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import { QueueWorkerService, QueueWorkerServiceProps, Scaling } from 'cdk-ecs-mesh';
import { newMesh, newStack } from '../helpers';

const WORKER = { image: ContainerImage.fromRegistry('my/worker') };

function newWorker(props: Partial<QueueWorkerServiceProps>, containerInsights?: ContainerInsights): QueueWorkerService {
  const mesh = newMesh(newStack(), { containerInsights });
  return new QueueWorkerService(Stack.of(mesh), 'Worker', { mesh, containers: [WORKER], ...props });
}

const range = (prop: string, min: number, max: number, got: number, id: string) =>
  `\`${prop}\` must be a whole number from ${min} to ${max}, got ${got}; choose a value in that range [${id} at Shop/Worker]`;
const secondsRange = (prop: string, min: number, max: number, got: number, id: string) =>
  `\`${prop}\` must be whole seconds from ${min} to ${max}, got "${got} seconds"; choose a duration in that range [${id} at Shop/Worker]`;

test.each([
  ['cpuPercent', 60],
  ['memoryPercent', 80],
  ['requestsPerTarget', 100],
])('T26: scaling a worker on %s is refused', (prop, value) => {
  expect(() => newWorker({ scaling: Scaling.between(1, 4, { [prop]: value }) })).toThrow(
    `\`scaling.${prop}\` must be left out: a worker scales on its backlog, and any other target would stop tasks that are working, got ${value}; keep Scaling.between(min, max), and set \`backlog\` [WorkerScalesOnBacklog at Shop/Worker]`,
  );
});

test('a visibility timeout below the processing time is refused, and the same is not', () => {
  const withTimeout = (seconds: number) => ({
    longestProcessing: Duration.seconds(60),
    visibilityTimeout: Duration.seconds(seconds),
  });
  expect(() => newWorker({ queue: withTimeout(59) })).toThrow(
    '`queue.visibilityTimeout` must be at least `queue.longestProcessing` (60 s), or a second task gets the message while the first works on it, got 59; leave it out for 180 s, or lower `queue.longestProcessing` [WorkerVisibilityTooShort at Shop/Worker]',
  );
  expect(newWorker({ queue: withTimeout(60) }).visibilityTimeout.toSeconds()).toBe(60);
});

test('a latency below one message per task is refused, and one message is not', () => {
  const waiting = (seconds: number) => ({ acceptableLatency: Duration.seconds(seconds), averageProcessing: Duration.seconds(60) });
  expect(() => newWorker({ backlog: waiting(59) })).toThrow(
    '`backlog.acceptableLatency` must be long enough for at least one message per task, because scaling would start idle tasks otherwise, got "59 s, with 60 s for a message"; allow more time, or set `backlog.averageProcessing` to a measured value [BacklogLatencyTooShort at Shop/Worker]',
  );
  expect(newWorker({ backlog: waiting(60) }).backlogPerTask).toBe(1);
  expect(newWorker({ backlog: { ...waiting(59), messagesAtOnce: 2 } }).backlogPerTask).toBe(1.97);
});

test('scaling without Container Insights is refused', () => {
  expect(() => newWorker({}, ContainerInsights.DISABLED)).toThrow(
    '`scaling` must be Scaling.fixed(count) in a mesh without Container Insights, which counts the running tasks; leave `containerInsights` of the mesh out [BacklogNeedsInsights at Shop/Worker]',
  );
  expect(newWorker({}, ContainerInsights.ENHANCED).taskCount).toBeDefined();
});

const seconds = (value: number) => Duration.seconds(value);
test.each<[QueueWorkerServiceProps['queue'], string]>([
  [{ longestProcessing: seconds(0) }, secondsRange('queue.longestProcessing', 1, 43200, 0, 'WorkerProcessingTime')],
  [{ longestProcessing: Duration.millis(1500) }, secondsRange('queue.longestProcessing', 1, 43200, 1.5, 'WorkerProcessingTime')],
  [{ longestProcessing: seconds(43201) }, secondsRange('queue.longestProcessing', 1, 43200, 43201, 'WorkerProcessingTime')],
  [{ visibilityTimeout: seconds(0) }, secondsRange('queue.visibilityTimeout', 1, 43200, 0, 'WorkerVisibility')],
  [{ visibilityTimeout: seconds(43201) }, secondsRange('queue.visibilityTimeout', 1, 43200, 43201, 'WorkerVisibility')],
  [{ maxReceiveCount: 0 }, range('queue.maxReceiveCount', 1, 1000, 0, 'WorkerReceiveCount')],
  [{ maxReceiveCount: 1001 }, range('queue.maxReceiveCount', 1, 1000, 1001, 'WorkerReceiveCount')],
  [{ retention: seconds(59) }, secondsRange('queue.retention', 60, 1209600, 59, 'WorkerRetention')],
  [{ retention: seconds(1209601) }, secondsRange('queue.retention', 60, 1209600, 1209601, 'WorkerRetention')],
])('queue %p is refused', (queue, message) => {
  expect(() => newWorker({ queue })).toThrow(message);
});

test.each<QueueWorkerServiceProps['queue']>([
  { longestProcessing: seconds(1), visibilityTimeout: seconds(1), maxReceiveCount: 1, retention: seconds(60) },
  { visibilityTimeout: seconds(43200), maxReceiveCount: 1000, retention: seconds(1209600) },
])('queue %p is fine', (queue) => {
  expect(newWorker({ queue }).queue).toBeDefined();
});

test.each([0, 1001, 1.5])('%p messages at once are refused', (messagesAtOnce) => {
  expect(() => newWorker({ backlog: { messagesAtOnce } })).toThrow(
    range('backlog.messagesAtOnce', 1, 1000, messagesAtOnce, 'BacklogMessagesAtOnce'),
  );
});

test.each([
  [1, 2.5],
  [1000, 2500],
])('%p messages at once make %p waiting ones per task', (messagesAtOnce, target) => {
  expect(newWorker({ backlog: { messagesAtOnce } }).backlogPerTask).toBe(target);
});

test('a task has one QUEUE_URL', () => {
  const containers = [{ ...WORKER, environment: { QUEUE_URL: 'https://other' } }];
  expect(() => newWorker({ containers })).toThrow(/QUEUE_URL.*\[VariableTaken at Shop\/Worker\]/);
});

test.each<[QueueWorkerServiceProps['backlog'], string, string]>([
  [{ averageProcessing: Duration.seconds(5) }, 'averageProcessing', '"5 seconds"'],
  [{ messagesAtOnce: 2 }, 'messagesAtOnce', '2'],
])('what a fixed number of tasks would drop is refused: %j', (backlog, prop, got) => {
  expect(() => newWorker({ scaling: Scaling.fixed(2), backlog })).toThrow(
    `\`backlog.${prop}\` must be left out with a fixed number of tasks, which the backlog does not change, got ${got}; ` +
      'use Scaling.between(min, max), or remove it [BacklogWithoutScaling at Shop/Worker]',
  );
});

test('the latency of the alarm is not dropped with a fixed number of tasks', () => {
  expect(
    newWorker({ scaling: Scaling.fixed(2), backlog: { acceptableLatency: Duration.minutes(5) } }).backlogPerTask,
  ).toBeUndefined();
});

test('no time at all for a message is refused', () => {
  expect(() => newWorker({ backlog: { averageProcessing: Duration.seconds(0) } })).toThrow(
    '`backlog.averageProcessing` must be longer than 0 seconds, got "0 s"; measure it, or leave it out for the longest processing ' +
      'time [BacklogProcessingTime at Shop/Worker]',
  );
});
