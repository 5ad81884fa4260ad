import { BoundPort } from '../ecs/container-environment';
import { Placement } from '../ecs/placement';
import { ServicePlan } from '../ecs/service-plan';
import { ContainerPlan } from '../ecs/task-definition';
import { Resolver } from '../intrinsics/resolver';

/** What an engine is told about a task before its first container starts. */
export interface TaskRequest {
  readonly id: string;
  readonly label: string;
  readonly service: ServicePlan;
  readonly placement: Placement;
}

/** Starts the containers of a run's tasks: as processes of this machine, or as containers of Docker or Podman. */
export interface Engine {
  readonly kind: 'process' | 'container';
  /** How a reader of the table knows it. */
  readonly description: string;
  /** What of a template this engine cannot do, for the list at the end of a run. */
  readonly notEmulated: readonly string[];
  /** Prepares what all tasks share, after load balancers and stores have addresses and before the first task. */
  start(): Promise<void>;
  /** Makes a task's network: its ports are bound when this resolves. */
  open(task: TaskRequest): Promise<TaskSite>;
  /** Brings what all tasks share to another version of the template, before the tasks of that version start. */
  apply(resolver: Resolver): Promise<void>;
  /** Starts nothing more; what is being started goes on to its end. */
  close(): void;
  /** Ends what is left, after everything that was being started; returns how many containers had to be killed. */
  stop(): Promise<number>;
}

/** A task's place in an engine. */
export interface TaskSite {
  /** Where the load balancers of the run reach the task's ports. */
  readonly ports: readonly BoundPort[];
  /** By which the task knows itself, where that is not how the runner knows it. */
  readonly address?: string;
  start(container: ContainerPlan): Promise<ContainerRuntime>;
  /** Gives the network back, after the last container has ended. */
  close(): Promise<void>;
}

/** A container that an engine has started. */
export interface ContainerRuntime {
  /** How a person finds it on this machine. */
  readonly id: string;
  /** Its process on this machine, where it is one. */
  readonly pid?: number;
  readonly ended: boolean;
  /** The exit code, the signal, or a sentence. */
  readonly exited: Promise<number | string>;
  /** Resolves when it is sent. */
  signal(signal: NodeJS.Signals): Promise<void>;
  /** The image's signal, then SIGKILL after the grace period. */
  stop(graceMs: number): Promise<void>;
  /** Runs a command inside, bounded; returns its exit code. */
  run(command: readonly string[], timeoutMs: number): Promise<number>;
}
