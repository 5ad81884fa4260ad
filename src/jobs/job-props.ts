import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { IMesh } from '../core/mesh';
import { ContainerOptions } from '../tasks/container-options';
import { ExistingTaskResources } from '../tasks/existing-task-resources';
import { TaskSize } from '../tasks/task-size';

/** Options for every job: a Fargate task that runs to its end. */
export interface JobProps {
  /** The mesh that the job runs in. */
  readonly mesh: IMesh;

  /**
   * The containers of the task, the main container first; without ports, because nothing can call a job. The job ends when an essential
   * container does; its result is that of the first container.
   */
  readonly containers: ContainerOptions[];

  /**
   * Containers in addition to the job's, such as agents and proxies, often from third parties. They share the network and the role of the
   * task, and receive variables and secrets of a connection only if `connectTo` names them. An essential sidecar must not stop before the
   * job.
   *
   * @default - none
   */
  readonly sidecars?: ContainerOptions[];

  /**
   * The name of the job in the mesh, which the log group and the topology diagram use: lowercase letters, digits and hyphens.
   *
   * @default - the construct id in kebab-case
   */
  readonly discoveryName?: string;

  /**
   * The CPU and memory of the task, which its containers share.
   *
   * @default - 256 CPU units and 512 MiB
   */
  readonly taskSize?: TaskSize;

  /**
   * The CPU architecture that the images are built for.
   *
   * @default CpuArchitecture.X86_64
   */
  readonly cpuArchitecture?: CpuArchitecture;

  /**
   * Roles, a security group and a log group that exist already.
   *
   * @default - each is created
   */
  readonly existing?: ExistingTaskResources;
}
