import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { MaxMemoryPolicy } from './max-memory-policy';
import { RedisAuthentication } from './redis-authentication';
import { RedisExposure } from './redis-exposure';
import { RedisPersistence } from './redis-persistence';
import { IMesh } from '../core/mesh';
import { Compute } from '../tasks/compute';
import { ExistingTaskResources } from '../tasks/existing-task-resources';
import { TaskSize } from '../tasks/task-size';

/** Properties for `ContainerRedis`. */
export interface ContainerRedisProps {
  /** The mesh of the server, which runs as one task in the task subnets. */
  readonly mesh: IMesh;

  /**
   * The image of the server: Valkey, Redis (from version 8, with search, JSON and more), or another image that has `sh` and one of
   * `valkey-server`, `redis-stack-server` and `redis-server` on its path and runs the command that it is given, like the official images.
   *
   * @default - `valkey/valkey:8.1-alpine`
   */
  readonly image?: ContainerImage;

  /**
   * The user and group of the server, such as `1000:1000`.
   *
   * @default '999' - the redis user of the official images
   */
  readonly user?: string;

  /**
   * The name in the mesh, which the Service Connect alias and the log group use: lowercase letters, digits and hyphens.
   *
   * @default - the construct id in kebab-case: `Redis` gives `redis.<namespace>`
   */
  readonly discoveryName?: string;

  /**
   * The capacity that the task runs on: Fargate, or EC2 hosts in awsvpc network mode.
   *
   * @default Compute.fargate()
   */
  readonly compute?: Compute;

  /**
   * The CPU and memory of the task. The server runs commands on one thread.
   *
   * @default - 256 CPU units and 512 MiB
   */
  readonly taskSize?: TaskSize;

  /**
   * The memory for data, 16 MiB to three quarters of the task's memory. The rest is for connections and for the copies of pages that a
   * rewrite of the append-only file creates: a task that exceeds its memory is killed.
   *
   * @default - three quarters of the task's memory, after 64 MiB for a Service Connect proxy
   */
  readonly maxMemoryMiB?: number;

  /**
   * The eviction policy when that memory is full. The default never evicts a key without an expiry.
   *
   * @default MaxMemoryPolicy.VOLATILE_LRU
   */
  readonly maxMemoryPolicy?: MaxMemoryPolicy;

  /**
   * Specifies how clients reach the server.
   *
   * @default RedisExposure.serviceConnect()
   */
  readonly exposure?: RedisExposure;

  /**
   * Specifies what the store keeps when the task stops.
   *
   * @default RedisPersistence.none()
   */
  readonly persistence?: RedisPersistence;

  /**
   * Specifies whether the server requires a password.
   *
   * @default RedisAuthentication.PASSWORD
   */
  readonly authentication?: RedisAuthentication;

  /**
   * Roles, log group and security group of the task that exist already. With Service Connect, clients reach this security group; that of a load
   * balancer is an option of `RedisExposure.networkLoadBalancer`.
   *
   * @default - everything is created
   */
  readonly existing?: ExistingTaskResources;
}
