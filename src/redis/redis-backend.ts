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
 * Which Redis a pattern gets: a store that is yet to be made, or one that exists.
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
   * @param options choices of the store
   */
  public static ec2Host(options: Ec2HostRedisOptions = {}): RedisBackend {
    return new RedisBackend((scope, id, mesh) => new Ec2HostRedis(scope, id, { ...options, mesh }));
  }

  /**
   * Managed Valkey over two zones; see `ElastiCacheRedis`.
   *
   * @param options choices of the store
   */
  public static elastiCache(options: ElastiCacheRedisOptions = {}): RedisBackend {
    return new RedisBackend((scope, id, mesh) => new ElastiCacheRedis(scope, id, { ...options, mesh }));
  }

  /**
   * Valkey, or any Redis image, in a container of the mesh; see `ContainerRedis`.
   *
   * @param options choices of the store
   */
  public static container(options: ContainerRedisOptions = {}): RedisBackend {
    return new RedisBackend((scope, id, mesh) => new ContainerRedis(scope, id, { ...options, mesh }));
  }

  /**
   * Serverless Valkey, for clients that speak TLS and the cluster protocol; see `ServerlessRedis`.
   *
   * @param options choices of the store
   */
  public static serverless(options: ServerlessRedisOptions = {}): RedisBackend {
    return new RedisBackend((scope, id, mesh) => new ServerlessRedis(scope, id, { ...options, mesh }));
  }

  /**
   * A store that exists already, such as one shared by several patterns, or an `ImportedRedis`.
   *
   * @param store the store
   */
  public static existing(store: IRedisStore): RedisBackend {
    return new RedisBackend(() => store);
  }

  private constructor(private readonly create: (scope: Construct, id: string, mesh: IMesh) => IRedisStore) {}

  /**
   * Make the store, or give back the existing one.
   *
   * @param scope where to make it
   * @param id its construct id
   * @param mesh where it lives
   */
  public createStore(scope: Construct, id: string, mesh: IMesh): IRedisStore {
    return this.create(scope, id, mesh);
  }
}
