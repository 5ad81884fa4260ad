import { Construct } from 'constructs';
import { ConnectOptions } from '../core/endpoint';
import { acceptProps } from '../core/private/guard';
import { IRedisStore } from '../core/redis-store';
import { ElastiCacheRedis } from '../redis/elasticache-redis';
import { MeshService } from '../service/mesh-service';
import { MeshServiceProps } from '../service/mesh-service-props';

/** Options for a service with a Redis store. */
export interface RedisBackedEcsServiceProps extends MeshServiceProps {
  /**
   * The store of the service. Several services can share one.
   *
   * @default - its own ElastiCacheRedis: Valkey in two Availability Zones with automatic failover, TLS, AUTH and snapshots
   */
  readonly redis?: IRedisStore;

  /**
   * The prefix of the store's variables, and the containers and sidecars that receive them.
   *
   * @default - `REDIS` in all of `containers`, and in no sidecar
   */
  readonly redisConnection?: ConnectOptions;
}

/**
 * An ECS service that is connected to a Redis store.
 *
 * Creates everything that MeshService does, and unless `redis` is given a Multi-AZ ElastiCacheRedis. Each of `containers` gets the
 * contract of IRedisStore: `REDIS_HOST`, `REDIS_PORT`, `REDIS_TLS`, `REDIS_URL`, and the secrets `REDIS_USERNAME` and `REDIS_PASSWORD`
 * where the store has them, so that a store can be swapped for another by one line.
 *
 * Cost: two Fargate tasks of 256 CPU units and 512 MiB about 18 USD, a store of two cache.t4g.micro about 19 USD a month in us-east-1
 * (list prices, November 2026), logs, snapshots and traffic apart.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * const api = new RedisBackedEcsService(this, 'Api', {
 *   mesh,
 *   containers: [{ image: ecs.ContainerImage.fromRegistry('my/api'), ports: [{ name: 'http', containerPort: 8080 }] }],
 * });
 */
export class RedisBackedEcsService extends MeshService {
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.patterns.RedisBackedEcsService';

  /** The Redis store that was passed to the service, or that the service created. */
  public readonly redis: IRedisStore;

  constructor(scope: Construct, id: string, props: RedisBackedEcsServiceProps) {
    props = acceptProps({ RedisBackedEcsService }, new.target, scope, id, props);
    super(scope, id, props);
    this.redis = props.redis ?? new ElastiCacheRedis(this, 'Redis', { mesh: props.mesh });
    this.connectTo(this.redis, props.redisConnection);
  }
}
