import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { ContainerRedisPersistence } from './container-redis-persistence';
import { MaxMemoryPolicy } from './max-memory-policy';
import { RedisAuthentication } from './redis-authentication';
import { RedisExposure } from './redis-exposure';
import { IMesh } from '../core/mesh';
import { Compute } from '../tasks/compute';

/** Choices of a Redis server in a container. */
export interface ContainerRedisOptions {
  /**
   * Image of the server: Valkey, Redis (from version 8 on with search, JSON and more), or another one that has `sh` and one of
   * `valkey-server`, `redis-stack-server` and `redis-server` on its path, and runs the command that it is given, as the official ones do.
   *
   * @default - `valkey/valkey:8.1-alpine`
   */
  readonly image?: ContainerImage;

  /**
   * User and group of the server, such as `1000:1000`.
   *
   * @default '999' - the redis user of the official images
   */
  readonly user?: string;

  /**
   * Name in the mesh: Service Connect alias and log group use it. Lower-case letters, digits and hyphens.
   *
   * @default - the construct id in kebab-case: `Redis` gives `redis.<namespace>`
   */
  readonly discoveryName?: string;

  /**
   * Where the task runs: Fargate, or EC2 hosts in awsvpc network mode.
   *
   * @default Compute.fargate()
   */
  readonly compute?: Compute;

  /**
   * CPU units of the task; 1024 are one vCPU. The server's commands run on one thread.
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
   * Memory for data, 16 MiB to three quarters of the task's. The rest is for connections, and for the copies of pages that a rewrite of
   * the append-only file makes: a task above its memory is killed.
   *
   * @default - three quarters of the task's memory, of which a Service Connect proxy takes 64 MiB first
   */
  readonly maxMemoryMiB?: number;

  /**
   * What happens when that memory is full. The default never drops a key that has no expiry.
   *
   * @default MaxMemoryPolicy.VOLATILE_LRU
   */
  readonly maxMemoryPolicy?: MaxMemoryPolicy;

  /**
   * How clients reach the server.
   *
   * @default RedisExposure.serviceConnect()
   */
  readonly exposure?: RedisExposure;

  /**
   * What is kept when the task stops.
   *
   * @default ContainerRedisPersistence.none()
   */
  readonly persistence?: ContainerRedisPersistence;

  /**
   * Whether the server asks for a password.
   *
   * @default RedisAuthentication.PASSWORD
   */
  readonly authentication?: RedisAuthentication;
}

/** Properties of `ContainerRedis`. */
export interface ContainerRedisProps extends ContainerRedisOptions {
  /** Where the server lives: one task in the task subnets. */
  readonly mesh: IMesh;
}
