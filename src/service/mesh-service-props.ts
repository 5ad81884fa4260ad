import { Rollout } from './rollout';
import { Scaling } from './scaling';
import { ServiceNetworking } from './service-networking';
import { ServiceOperations } from './service-operations';
import { IMesh } from '../core/mesh';
import { Compute } from '../tasks/compute';
import { ContainerOptions } from '../tasks/container-options';
import { TaskSize } from '../tasks/task-size';

/** Options for a service in a mesh. */
export interface MeshServiceProps {
  /** The mesh that the service runs in. */
  readonly mesh: IMesh;

  /** Containers of the app in each task, the main one first. They get the variables and secrets of connections. */
  readonly containers: ContainerOptions[];

  /**
   * Containers beside the app's, such as agents and proxies, often of third parties. They share the network and the role of the task, and
   * get no variables and secrets of connections but those that `connectTo` names them for.
   *
   * @default - none
   */
  readonly sidecars?: ContainerOptions[];

  /**
   * Capacity that the tasks run on.
   *
   * @default Compute.fargate()
   */
  readonly compute?: Compute;

  /**
   * CPU and memory of each task, shared by its containers.
   *
   * @default - 256 CPU units and 512 MiB
   */
  readonly taskSize?: TaskSize;

  /**
   * Number of tasks.
   *
   * @default Scaling.between(2, 4)
   */
  readonly scaling?: Scaling;

  /**
   * Way in which a new version replaces the old one.
   *
   * @default Rollout.rolling()
   */
  readonly rollout?: Rollout;

  /**
   * Name in the mesh, Service Connect and DNS.
   *
   * @default - named after the construct, with Service Connect where tasks have addresses of their own, and not in DNS
   */
  readonly networking?: ServiceNetworking;

  /**
   * Traces, and shells in running containers.
   *
   * @default - neither
   */
  readonly operations?: ServiceOperations;
}
