import { MaxMemoryPolicy } from '../max-memory-policy';
import { RedisPersistence } from '../redis-persistence';

/** The settings of a self-hosted server. */
export interface RedisServerSettings {
  readonly port: number;
  readonly maxMemoryMiB: number;
  readonly maxMemoryPolicy: MaxMemoryPolicy;
  readonly persistence: Pick<RedisPersistence, '_fsync'>;
  /** Specifies whether clients can connect without a password. */
  readonly open?: boolean;
}

/**
 * Renders plain redis.conf directives between two marker lines, by which the local runner finds the settings of the deployed server in the
 * template. The password is not among them.
 */
export function renderRedisConfig(settings: RedisServerSettings): string[] {
  const { _fsync: fsync } = settings.persistence;
  return [
    '# cdk-ecs-mesh:redis-config begin',
    `port ${settings.port}`,
    'bind * -::*',
    // Should the password ever be missing, the server answers its own host only. Official images compile this default to "no".
    `protected-mode ${settings.open ? 'no' : 'yes'}`,
    'dir /data',
    `maxmemory ${settings.maxMemoryMiB}mb`,
    `maxmemory-policy ${settings.maxMemoryPolicy}`,
    `appendonly ${fsync ? 'yes' : 'no'}`,
    ...(fsync ? [`appendfsync ${fsync}`] : []),
    // No snapshots: with the append-only file they add nothing but memory peaks, without it nothing is to be kept.
    'save ""',
    '# cdk-ecs-mesh:redis-config end',
  ];
}
