import { Rollout } from './rollout';
import { Scaling } from './scaling';
import { ServiceNetworking } from './service-networking';
import { ServiceOperations } from './service-operations';
import { IMesh } from '../core/mesh';
import { Compute } from '../tasks/compute';
import { ContainerOptions } from '../tasks/container-options';
import { ExistingTaskResources } from '../tasks/existing-task-resources';
import { TaskSize } from '../tasks/task-size';

/** Options for a service in a mesh. */
export interface MeshServiceProps {
  /** The mesh that the service runs in. */
  readonly mesh: IMesh;

  /** The containers of the app in each task, the main container first. They receive the variables and secrets of connections. */
  readonly containers: ContainerOptions[];

  /**
   * Containers in addition to the app's, such as agents and proxies, often from third parties. They share the network and the role of the
   * task, and receive variables and secrets of a connection only if `connectTo` names them.
   *
   * @default - none
   */
  readonly sidecars?: ContainerOptions[];

  /**
   * The capacity that the tasks run on.
   *
   * @default Compute.fargate()
   */
  readonly compute?: Compute;

  /**
   * The CPU and memory of each task, which its containers share.
   *
   * @default - 256 CPU units and 512 MiB
   */
  readonly taskSize?: TaskSize;

  /**
   * The number of tasks.
   *
   * @default Scaling.between(2, 4)
   */
  readonly scaling?: Scaling;

  /**
   * Specifies how a new version replaces the old one.
   *
   * @default Rollout.rolling()
   */
  readonly rollout?: Rollout;

  /**
   * The name in the mesh, Service Connect and DNS settings.
   *
   * @default - named after the construct, with Service Connect if tasks have their own addresses, and not registered in DNS
   */
  readonly networking?: ServiceNetworking;

  /**
   * The settings of traces and of shells in running containers.
   *
   * @default - neither
   */
  readonly operations?: ServiceOperations;

  /**
   * Roles, a security group and a log group that exist already.
   *
   * @default - each is created
   */
  readonly existing?: ExistingTaskResources;
}
