import { Fn, Token } from 'aws-cdk-lib';

/**
 * Engine and version of an ElastiCache store.
 *
 * A change of the version upgrades the nodes in place; Valkey takes over from Redis OSS in place too, never the other way.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html
 */
export class ElastiCacheEngine {
  /** Valkey 7.2. */
  public static readonly VALKEY_7_2 = ElastiCacheEngine.valkey('7.2');
  /** Valkey 8.1. */
  public static readonly VALKEY_8_1 = ElastiCacheEngine.valkey('8.1');
  /** Valkey 8.2. */
  public static readonly VALKEY_8_2 = ElastiCacheEngine.valkey('8.2');
  /** Valkey 9.0. */
  public static readonly VALKEY_9_0 = ElastiCacheEngine.valkey('9.0');
  /** Valkey 9.1. */
  public static readonly VALKEY_9_1 = ElastiCacheEngine.valkey('9.1');
  /** Redis OSS 7.1, the last one; about 25 % dearer than Valkey. */
  public static readonly REDIS_OSS_7_1 = ElastiCacheEngine.of('redis', '7.1', 'redis7');

  /**
   * Another version of Valkey.
   *
   * @param version major and minor version, such as `9.2`
   */
  public static valkey(version: string): ElastiCacheEngine {
    const major = Token.isUnresolved(version) ? Fn.select(0, Fn.split('.', version)) : version.split('.')[0];
    return ElastiCacheEngine.of('valkey', version, `valkey${major}`);
  }

  /**
   * Any engine and version that ElastiCache knows.
   *
   * @param name engine as ElastiCache calls it, `valkey` or `redis`
   * @param version version as ElastiCache calls it, such as `7.0`
   * @param parameterFamily family of its parameter groups, such as `redis7`
   */
  public static of(name: string, version: string, parameterFamily: string): ElastiCacheEngine {
    return new ElastiCacheEngine(name, version, parameterFamily);
  }

  private constructor(
    /** Engine as ElastiCache calls it. */
    public readonly name: string,
    /** Version as ElastiCache calls it. */
    public readonly version: string,
    /** Family of its parameter groups. */
    public readonly parameterFamily: string,
  ) {}
}
