import { ISecurityGroup, InstanceType } from 'aws-cdk-lib/aws-ec2';
import { MaxMemoryPolicy } from './max-memory-policy';
import { RedisPersistence } from './redis-persistence';
import { IMesh } from '../core/mesh';

/** Properties for `Ec2HostRedis`. */
export interface Ec2HostRedisProps {
  /** The mesh of the host, which is in a task subnet because it downloads packages, image and secret. */
  readonly mesh: IMesh;

  /**
   * The name of the A record in the private domain of the mesh: `redis` gives `redis.nidhin.local`.
   *
   * @default - `redis` if the mesh has a private domain; otherwise no record, and clients use the private IP address of the host
   */
  readonly recordName?: string;

  /**
   * The instance type of the host, of the Nitro generation. An ARM type uses the ARM image of the operating system. Changing the type
   * within one CPU architecture restarts the host in place; changing the architecture moves the store to a new host, as with
   * `hostGeneration`.
   *
   * @default - t3.small
   */
  readonly instanceType?: InstanceType;

  /**
   * The generation of the host. Increase it by one to move to a new host with the latest Amazon Linux 2023; the data volume moves to it.
   * Disable the termination protection of the old host first, and expect a few minutes without Redis: see
   * https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/redis-stores.md.
   *
   * @default 1
   */
  readonly hostGeneration?: number;

  /**
   * The image of the server, Valkey or Redis, which must be available without a login. Pin it by digest if every start must run identical
   * code.
   *
   * @default 'valkey/valkey:8.1-alpine'
   */
  readonly image?: string;

  /**
   * The TCP port, 1024 to 65535.
   *
   * @default 6379
   */
  readonly port?: number;

  /**
   * The memory for data, 64 MiB to three quarters of the memory of the host. The rest is for the operating system and for the copies of
   * pages that a rewrite of the append-only file creates.
   *
   * @default - half of the memory of the instance type; required for a type outside the t, c, m and r families
   */
  readonly maxMemoryMiB?: number;

  /**
   * The eviction policy when that memory is full.
   *
   * The default never evicts a key without an expiry, so that a queue or a lock does not disappear because a cache in the same store grows.
   * It is also the default of ElastiCache.
   *
   * @default MaxMemoryPolicy.VOLATILE_LRU
   */
  readonly maxMemoryPolicy?: MaxMemoryPolicy;

  /**
   * Specifies what the store keeps when the process or the host stops.
   *
   * @default RedisPersistence.appendOnly()
   */
  readonly persistence?: RedisPersistence;

  /**
   * The Availability Zone of the host and its data volume. They cannot change it later, so set it if the order of the subnets might change.
   *
   * @default - the zone of the first task subnet of the mesh
   */
  readonly availabilityZone?: string;

  /**
   * A security group that exists already. The stacks of clients add their rules to it; for a group from
   * `SecurityGroup.fromSecurityGroupId(..., { mutable: false })`, warnings name the rules that its owner must add.
   *
   * @default - a group of its own, which admits connected clients only
   */
  readonly securityGroup?: ISecurityGroup;
}
