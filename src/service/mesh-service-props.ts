import { Rollout } from './rollout';
import { Scaling } from './scaling';
import { ServiceConnect } from './service-connect';
import { ServiceDiscovery } from './service-discovery';
import { Tracing } from './tracing';
import { IMesh } from '../core/mesh';
import { Compute } from '../tasks/compute';
import { ContainerOptions } from '../tasks/container-options';

/** Choices of a service, whatever it is for. */
export interface MeshServiceOptions {
  /** Containers of each task, the main one first. */
  readonly containers: ContainerOptions[];

  /**
   * Name of the service in the mesh: Service Connect aliases, log group and picture use it. Lower-case letters, digits and hyphens.
   *
   * @default - the construct id in kebab-case
   */
  readonly discoveryName?: string;

  /**
   * Where the tasks run.
   *
   * @default Compute.fargate()
   */
  readonly compute?: Compute;

  /**
   * CPU units of a task; 1024 are one vCPU.
   *
   * @default 256
   */
  readonly cpu?: number;

  /**
   * Memory of a task in MiB.
   *
   * @default 512
   */
  readonly memoryMiB?: number;

  /**
   * How many tasks run.
   *
   * @default Scaling.between(2, 4)
   */
  readonly scaling?: Scaling;

  /**
   * How a new version replaces the old one.
   *
   * @default Rollout.rolling()
   */
  readonly rollout?: Rollout;

  /**
   * Whether the tasks carry a Service Connect proxy.
   *
   * @default - `ServiceConnect.onDemand()` where tasks have their own address, `ServiceConnect.none()` in bridge and host mode, and with
   * `Rollout.codeDeploy`
   */
  readonly serviceConnect?: ServiceConnect;

  /**
   * Whether DNS knows the tasks, for clients without a Service Connect proxy.
   *
   * @default - no: Service Connect aliases and gateway routes only
   */
  readonly discovery?: ServiceDiscovery;

  /**
   * Whether the tasks send traces.
   *
   * @default Tracing.none()
   */
  readonly tracing?: Tracing;

  /**
   * Whether `aws ecs execute-command` may open a shell in the containers. Gives the task role four `ssmmessages` actions.
   *
   * @default false
   */
  readonly enableExecuteCommand?: boolean;
}

/** Choices of a service in a mesh. */
export interface MeshServiceProps extends MeshServiceOptions {
  /** Mesh that the service lives in. */
  readonly mesh: IMesh;
}
