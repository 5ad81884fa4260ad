import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { MaxMemoryPolicy } from './max-memory-policy';
import { RedisPersistence } from './redis-persistence';
import { IMesh } from '../core/mesh';

/** Choices of a Redis server on one EC2 host. */
export interface Ec2HostRedisOptions {
  /**
   * Name of the A record in the private domain of the mesh: `redis` gives `redis.nidhin.local`.
   *
   * @default - `redis` where the mesh has a private domain; otherwise no record, and clients use the private address of the host
   */
  readonly recordName?: string;

  /**
   * Type of the host, of the Nitro generation. An ARM type gets the ARM image of the operating system. A change within one architecture
   * restarts the host in place; a change of the architecture is a move to a new host, as with `hostGeneration`.
   *
   * @default - t3.small
   */
  readonly instanceType?: InstanceType;

  /**
   * Count of hosts that this store has had. Raise it by one to move to a new host with the newest Amazon Linux 2023; the data volume
   * moves along. Switch off the termination protection of the old host before, and expect some minutes without Redis: see
   * docs/redis-stores.md.
   *
   * @default 1
   */
  readonly hostGeneration?: number;

  /**
   * Image of the server, Valkey or Redis, that can be pulled without a login. Pin it by digest where every start must run the same bits.
   *
   * @default 'valkey/valkey:8.1-alpine'
   */
  readonly image?: string;

  /**
   * TCP port, 1024 to 65535.
   *
   * @default 6379
   */
  readonly port?: number;

  /**
   * Memory for data, 64 MiB to three quarters of the memory of the host. The rest is for the operating system and for the copies of pages
   * that a rewrite of the append-only file makes.
   *
   * @default - half of the memory of the instance type; required for a type outside the t, c, m and r families
   */
  readonly maxMemoryMiB?: number;

  /**
   * What happens when that memory is full.
   *
   * The default never drops a key that has no expiry, so a queue or a lock does not vanish because a cache beside it grew. It is also the
   * default of ElastiCache.
   *
   * @default MaxMemoryPolicy.VOLATILE_LRU
   */
  readonly maxMemoryPolicy?: MaxMemoryPolicy;

  /**
   * What is kept when the process or the host stops.
   *
   * @default RedisPersistence.appendOnly()
   */
  readonly persistence?: RedisPersistence;

  /**
   * Zone of the host and its data volume. Both stay there for life: set it where the order of the subnets may change.
   *
   * @default - the zone of the first task subnet of the mesh
   */
  readonly availabilityZone?: string;
}

/** Properties of `Ec2HostRedis`. */
export interface Ec2HostRedisProps extends Ec2HostRedisOptions {
  /** Where the host lives: in a task subnet, since it needs a way out for packages, image and secret. */
  readonly mesh: IMesh;
}
