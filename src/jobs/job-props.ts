import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { IMesh } from '../core/mesh';
import { ContainerOptions } from '../tasks/container-options';
import { TaskSize } from '../tasks/task-size';

/** Options for every job: a Fargate task that runs to its end. */
export interface JobProps {
  /** The mesh that the job runs in. */
  readonly mesh: IMesh;

  /** Containers of the task, the main one first; without ports, since nothing can call a job. It ends when an essential one does; the result is that of the first. */
  readonly containers: ContainerOptions[];

  /**
   * Containers beside the job's, such as agents and proxies, often of third parties. They share the network and the role of the task, and
   * get no variables and secrets of connections but those that `connectTo` names them for. An essential one must not end before the job.
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
   * CPU and memory of the task, shared by its containers.
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
}
