import * as path from 'node:path';
import { JobPlan, overridden, TaskOverrides, timeoutOf } from './job-plan';
import { Placer } from '../ecs/placement';
import { RunContext } from '../ecs/run-context';
import { Task } from '../ecs/task';

/** One run of a job, which has ended. */
export interface JobRun {
  readonly plan: JobPlan;
  readonly exitCode: number | string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** The log of the container whose exit code counts. */
  readonly log: string;
}

/** Starts tasks that run to their end, and keeps what came of them. */
export class JobRunner {
  public readonly runs: JobRun[] = [];
  /** The tasks that run right now, whose containers ask for metadata. */
  public readonly tasks = new Set<Task>();
  private started = 0;

  constructor(
    public plans: readonly JobPlan[],
    private readonly placer: Placer,
    private readonly context: RunContext,
  ) {}

  /** Runs the job once; an error says how it failed and where its log is, as the event of the stack does. */
  public async run(plan: JobPlan, overrides: TaskOverrides = {}): Promise<JobRun> {
    const startedAt = Date.now();
    const service = overridden(plan, overrides);
    const placement = this.placer.place(service);
    const task = new Task(service, ++this.started, placement, this.context);
    this.tasks.add(task);
    const log = path.join(this.context.logDirectory, `${task.label}.${plan.container}.log`);
    try {
      const exitCode = await this.ended(task, plan);
      const run = { plan, exitCode, startedAt, endedAt: Date.now(), log };
      this.runs.push(run);
      if (exitCode !== 0) throw new Error(`the job ${plan.label} failed: ${plan.container} ended with ${exitCode}; see ${log}`);
      return run;
    } finally {
      this.tasks.delete(task);
      this.placer.free(service, placement);
    }
  }

  public async stop(): Promise<void> {
    await Promise.all([...this.tasks].map((task) => task.stop('the run is over')));
  }

  private async ended(task: Task, plan: JobPlan): Promise<number | string> {
    const timeoutMs = timeoutOf(plan);
    const stopped = new Promise<void>((resolve) => task.once('stopped', () => resolve()));
    const timer = setTimeout(() => void task.stop(`did not end within ${timeoutMs / 1000} s`), timeoutMs);
    await task.start();
    await stopped;
    clearTimeout(timer);
    const counted = task.containers.find((container) => container.plan.name === plan.container);
    return counted ? counted.runtime.exited : `no start: ${task.stoppedReason}`;
  }
}
