import { Construct } from 'constructs';
import { ContainerRedis } from './container-redis';
import { ContainerRedisOptions } from './container-redis-options';
import { Ec2HostRedis } from './ec2-host-redis';
import { Ec2HostRedisOptions } from './ec2-host-redis-options';
import { ElastiCacheRedis } from './elasticache-redis';
import { ElastiCacheRedisOptions } from './elasticache-redis-options';
import { ServerlessRedis } from './serverless-redis';
import { ServerlessRedisOptions } from './serverless-redis-options';
import { IMesh } from '../core/mesh';
import { IRedisStore } from '../core/redis-store';

/**
 * Specifies the Redis store of a pattern: one that it creates, or an existing one.
 *
 * @example
 * const mesh = new ServiceConnectMesh(this, 'Mesh');
 * const backend = RedisBackend.elastiCache({ numReplicas: 2 });
 * const store = backend.createStore(this, 'Redis', mesh);
 */
export class RedisBackend {
  /**
   * Valkey on one EC2 host; see `Ec2HostRedis`.
   *
   * @param options options of the store
   */
  public static ec2Host(options: Ec2HostRedisOptions = {}): RedisBackend {
    return new RedisBackend((scope, id, mesh) => new Ec2HostRedis(scope, id, { ...options, mesh }));
  }

  /**
   * Managed Valkey over two Availability Zones; see `ElastiCacheRedis`.
   *
   * @param options options of the store
   */
  public static elastiCache(options: ElastiCacheRedisOptions = {}): RedisBackend {
    return new RedisBackend((scope, id, mesh) => new ElastiCacheRedis(scope, id, { ...options, mesh }));
  }

  /**
   * Valkey, or any Redis image, in a container of the mesh; see `ContainerRedis`.
   *
   * @param options options of the store
   */
  public static container(options: ContainerRedisOptions = {}): RedisBackend {
    return new RedisBackend((scope, id, mesh) => new ContainerRedis(scope, id, { ...options, mesh }));
  }

  /**
   * Serverless Valkey, for clients that speak TLS and the cluster protocol; see `ServerlessRedis`.
   *
   * @param options options of the store
   */
  public static serverless(options: ServerlessRedisOptions = {}): RedisBackend {
    return new RedisBackend((scope, id, mesh) => new ServerlessRedis(scope, id, { ...options, mesh }));
  }

  /**
   * An existing store, such as one that several patterns share, or an `ImportedRedis`.
   *
   * @param store the store
   */
  public static existing(store: IRedisStore): RedisBackend {
    return new RedisBackend(() => store);
  }

  private constructor(private readonly create: (scope: Construct, id: string, mesh: IMesh) => IRedisStore) {}

  /**
   * Creates the store, or returns the existing one.
   *
   * @param scope scope of the store
   * @param id construct ID of the store
   * @param mesh mesh of the store
   */
  public createStore(scope: Construct, id: string, mesh: IMesh): IRedisStore {
    return this.create(scope, id, mesh);
  }
}
