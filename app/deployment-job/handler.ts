import { CloudFormation, Ecs, Failure, Task } from './aws-clients';

/** What the template says about the job; CloudFormation hands over every value as text. */
export interface JobProperties {
  readonly Job: string;
  readonly Cluster: string;
  readonly TaskDefinition: string;
  /** The container whose exit code decides. */
  readonly Container: string;
  readonly Subnets: string[];
  readonly SecurityGroups: string[];
  readonly LogGroup: string;
  readonly TimeoutSeconds: string;
  /** `true` while a placeholder takes the place of an image. */
  readonly Placeholder?: string;
}

/** The part of CloudFormation's request that is used. */
export interface JobEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly RequestId: string;
  readonly StackId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: JobProperties;
}

/** The world outside of the handler. */
export interface World {
  readonly ecs: Ecs;
  readonly cloudFormation: CloudFormation;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly log: (text: string) => void;
}

const POLL = 5_000;

/** New permissions and roles take some seconds until every part of IAM knows them. */
const PATIENCE = 60_000;

/** Runs the task of a deployment job to its end, and throws if it did not succeed. */
export async function handle(event: JobEvent, world: World): Promise<{ PhysicalResourceId: string }> {
  // Always the same: a new id would be a replacement, and a Delete of the old one.
  const answer = { PhysicalResourceId: event.PhysicalResourceId ?? event.LogicalResourceId };
  const deadline = world.now() + Number(event.ResourceProperties.TimeoutSeconds) * 1000;
  const why = await reasonToSkip(event, deadline, world);
  if (why) world.log(`${event.ResourceProperties.Job} does not run: ${why}`);
  else await run(event, deadline, world);
  return answer;
}

async function reasonToSkip(event: JobEvent, deadline: number, world: World): Promise<string | undefined> {
  if (event.RequestType === 'Delete') return 'it is deleted';
  if (event.ResourceProperties.Placeholder === 'true') return 'no image has been deployed yet';
  const { Stacks } = await patiently(world, deadline, () => world.cloudFormation.describeStacks({ StackName: event.StackId }));
  const status = Stacks?.[0]?.StackStatus ?? '';
  // The old code need not know what the new one has done to the data, and its failure would stop the rollback.
  return status.includes('ROLLBACK') ? `the stack is in ${status}` : undefined;
}

/** The deadline counts from the start of the function: Lambda ends it after 15 minutes, and then nobody stops the task or says why. */
async function run(event: JobEvent, deadline: number, world: World): Promise<void> {
  const job = event.ResourceProperties;
  const started = await patiently(world, deadline, () => world.ecs.runTask(request(event)));
  const taskArn = started.tasks?.[0]?.taskArn;
  if (!taskArn) throw failure(job, `ECS did not start the task: ${inWords(started.failures)}`);
  world.log(`${job.Job} runs as ${taskArn}`);
  const stopped = await waitForStop(job, taskArn, deadline, world);
  if (!stopped) {
    const reason = `deployment job was not done after ${job.TimeoutSeconds} seconds`;
    await world.ecs.stopTask({ cluster: job.Cluster, task: taskArn, reason });
    throw failure(job, `it was not done after ${job.TimeoutSeconds} seconds, and was stopped`, taskArn);
  }
  const complaint = complaintAbout(job, stopped);
  if (complaint) throw failure(job, complaint, taskArn);
}

function request({ RequestId, ResourceProperties: job }: JobEvent): object {
  return {
    cluster: job.Cluster,
    taskDefinition: job.TaskDefinition,
    launchType: 'FARGATE',
    platformVersion: 'LATEST',
    count: 1,
    networkConfiguration: {
      awsvpcConfiguration: { subnets: job.Subnets, securityGroups: job.SecurityGroups, assignPublicIp: 'DISABLED' },
    },
    enableECSManagedTags: true,
    propagateTags: 'TASK_DEFINITION',
    startedBy: `deployment/${job.Job}`,
    // Lambda repeats an invocation that broke off; ECS then answers with the task that is there.
    clientToken: RequestId,
  };
}

async function waitForStop(job: JobProperties, taskArn: string, deadline: number, world: World): Promise<Task | undefined> {
  while (world.now() < deadline) {
    await world.sleep(POLL);
    const task = await describe(job, taskArn, world);
    if (task?.lastStatus === 'STOPPED') return task;
  }
  return undefined;
}

/** A task that ECS cannot show just now is still running, and so is the wait for it. */
async function describe(job: JobProperties, taskArn: string, world: World): Promise<Task | undefined> {
  try {
    const { tasks } = await world.ecs.describeTasks({ cluster: job.Cluster, tasks: [taskArn] });
    return tasks?.[0];
  } catch (error) {
    world.log(`DescribeTasks: ${(error as Error).message}`);
    return undefined;
  }
}

/** The main container decides: what ends with it, such as a sidecar, is told to stop, and has another exit code then. */
function complaintAbout(job: JobProperties, task: Task): string | undefined {
  const containers = task.containers ?? [];
  if (containers.find(({ name }) => name === job.Container)?.exitCode === 0) return undefined;
  const ends = containers
    .filter(({ exitCode, reason }) => exitCode !== 0 || reason)
    .map(({ name, exitCode, reason }) => {
      const end = exitCode === undefined ? 'never ran' : `exited with ${exitCode}`;
      return `container ${name} ${end}${reason ? ` (${reason})` : ''}`;
    });
  return [...ends, task.stoppedReason ?? 'no reason given'].join('; ');
}

function failure(job: JobProperties, what: string, taskArn?: string): Error {
  const where = taskArn ? ` Task ${taskArn.split('/').pop()}, log group ${job.LogGroup}.` : '';
  const error = new Error(`Deployment job ${job.Job} failed: ${what}.${where}`);
  // It is shown in the events of the stack, where the stack of the handler helps nobody.
  error.stack = error.message;
  return error;
}

function inWords(failures: Failure[] = []): string {
  return failures.map(({ reason, detail }) => [reason, detail].filter(Boolean).join(', ')).join('; ') || 'no reason given';
}

async function patiently<T>(world: World, deadline: number, call: () => Promise<T>): Promise<T> {
  const end = Math.min(world.now() + PATIENCE, deadline);
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isTooEarly(error as Error) || world.now() >= end) throw error;
      world.log(`tried again: ${(error as Error).message}`);
      await world.sleep(POLL);
    }
  }
}

function isTooEarly({ name, message }: Error): boolean {
  return /AccessDenied|UnauthorizedOperation/.test(name) || /assume the role|AccessDenied|not authorized/i.test(message);
}
