import { Duration } from 'aws-cdk-lib';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { IMesh } from '../core/mesh';
import { ContainerOptions } from '../service/container-options';

/** Choices of a scheduled job. */
export interface ScheduledJobProps {
  /** Mesh that the job runs in. */
  readonly mesh: IMesh;

  /** Containers of the task, the main one first; without ports, since nothing can call a job. It ends when the first of them does. */
  readonly containers: ContainerOptions[];

  /**
   * When it runs: `ScheduleExpression.cron({ ..., timeZone })`, `.rate(duration)` or `.at(date, timeZone)`. In a time zone with summer
   * time a cron expression follows the clock on the wall.
   *
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
   */
  readonly schedule: ScheduleExpression;

  /**
   * Name of the job in the mesh: log group and picture use it. Lower-case letters, digits and hyphens.
   *
   * @default - the construct id in kebab-case
   */
  readonly discoveryName?: string;

  /**
   * CPU units of the task; 1024 are one vCPU.
   *
   * @default 256
   */
  readonly cpu?: number;

  /**
   * Memory of the task in MiB.
   *
   * @default 512
   */
  readonly memoryMiB?: number;

  /**
   * Processor that the images are built for.
   *
   * @default CpuArchitecture.X86_64
   */
  readonly cpuArchitecture?: CpuArchitecture;

  /**
   * Window in which the job may start, 1 to 1440 minutes, so that many jobs of one hour do not start in the same second.
   *
   * @default - no window: it starts within the minute
   */
  readonly flexibleWindow?: Duration;

  /**
   * Times that a failed start is tried again, 0 to 185. A task that starts and fails later is not started again.
   *
   * @default 3
   */
  readonly retryAttempts?: number;

  /**
   * Time after which a start that failed is given up, 1 minute to 24 hours.
   *
   * @default Duration.hours(1)
   */
  readonly maxEventAge?: Duration;

  /**
   * Whether the schedule runs.
   *
   * @default true
   */
  readonly enabled?: boolean;
}
