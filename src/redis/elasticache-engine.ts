import { Fn, Token } from 'aws-cdk-lib';
import { guard } from '../core/private/guard';

/**
 * The engine and version of an ElastiCache store.
 *
 * Changing the version upgrades the nodes in place. Redis OSS can be upgraded to Valkey in place, but not the reverse.
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
  /** Redis OSS 7.1, the last version; about 25 % more expensive than Valkey. */
  public static readonly REDIS_OSS_7_1 = ElastiCacheEngine.of('redis', '7.1', 'redis7');

  /**
   * Uses another version of Valkey.
   *
   * @param version major and minor version, such as `9.2`
   */
  public static valkey(version: string): ElastiCacheEngine {
    const major = Token.isUnresolved(version) ? Fn.select(0, Fn.split('.', version)) : version.split('.')[0];
    return ElastiCacheEngine.of('valkey', version, `valkey${major}`);
  }

  /**
   * Uses any engine and version that ElastiCache supports.
   *
   * @param name name of the engine in ElastiCache, `valkey` or `redis`
   * @param version version in ElastiCache, such as `7.0`
   * @param parameterFamily parameter group family, such as `redis7`
   */
  public static of(name: string, version: string, parameterFamily: string): ElastiCacheEngine {
    return new ElastiCacheEngine(name, version, parameterFamily);
  }

  private constructor(
    /** The name of the engine in ElastiCache. */
    public readonly name: string,
    /** The version in ElastiCache. */
    public readonly version: string,
    /** The parameter group family. */
    public readonly parameterFamily: string,
  ) {}
}

guard({ ElastiCacheEngine });
