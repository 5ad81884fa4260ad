import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { IMesh } from '../core/mesh';
import { ContainerOptions } from '../tasks/container-options';

/** Choices of every job: a Fargate task that runs to its end. */
export interface JobProps {
  /** Mesh that the job runs in. */
  readonly mesh: IMesh;

  /** Containers of the task, the main one first; without ports, since nothing can call a job. It ends when the first of them does. */
  readonly containers: ContainerOptions[];

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
}
