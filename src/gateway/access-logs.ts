import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { Compliance } from '../core/compliance';
import { acknowledge } from '../core/private/acknowledge';
import { validationError, requireInteger } from '../core/private/errors';
import { guard } from '../core/private/guard';
import { keptUnlessDisposable } from '../core/private/removal';
import { inUnit } from '../core/private/resolved';
import { isUnknown } from '../core/private/unknown';

/** Options for the log bucket that a gateway creates. */
export interface ManagedLogBucketOptions {
  /**
   * The age at which logs are deleted, in whole days.
   *
   * @default Duration.days(90)
   */
  readonly expiration?: Duration;
}

/** The destination of a load balancer's log objects. */
interface Destination {
  readonly bucket: IBucket;
  readonly prefix?: string;
}

/**
 * The destination of the access logs of a gateway's load balancers: one compressed file per load balancer node every 5 minutes.
 *
 * Load balancers write only to S3, to a bucket in their own Region without a KMS key
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html). The logs do not contain requests that
 * do not reach a load balancer, or that are lost under high load.
 *
 * Cost: storage, about 0.023 USD per GB and month (us-east-1 list price, November 2026); the delivery of logs is free of charge.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 *
 * new DualAlbGateway(this, 'Gateway', {
 *   network: mesh,
 *   external: ExternalSide.https({ certificate }),
 *   accessLogs: AccessLogs.managedBucket({ expiration: Duration.days(365) }),
 * });
 */
export class AccessLogs {
  /**
   * A bucket that the gateway creates: private, TLS only, with S3 managed encryption; old logs are deleted. The logs of the two sides are
   * under `external` and `internal`. The bucket is retained when the stack is deleted, unless the gateway's `removalPolicy` is DESTROY.
   *
   * @param options age at which logs are deleted
   */
  public static managedBucket(options: ManagedLogBucketOptions = {}): AccessLogs {
    const expiration = options.expiration ?? Duration.days(90);
    return new AccessLogs(
      (scope, policy) => ({ bucket: createBucket(scope, policy, expiration) }),
      (scope) =>
        requireInteger(
          scope,
          'AccessLogsExpiration',
          'accessLogs.expiration',
          inUnit(scope, 'accessLogs.expiration', () => expiration.toDays({ integral: false })),
          1,
          36_500,
        ),
    );
  }

  /**
   * An existing bucket in the gateway's Region, without a KMS key. The bucket policy of a bucket in this app is extended; an imported
   * bucket must already allow the load balancers to write.
   *
   * @param bucket the bucket
   * @param prefix prefix of the object names, before `external` and `internal`
   */
  public static bucket(bucket: IBucket, prefix?: string): AccessLogs {
    return new AccessLogs(
      () => ({ bucket, prefix }),
      (scope) => {
        requireNoKey(scope, bucket);
        requireSameRegion(scope, bucket);
        requirePrefix(scope, prefix);
      },
    );
  }

  /** No access logs. The checks of AwsSolutions and of AWS Security Hub then report each load balancer. */
  public static none(): AccessLogs {
    return new AccessLogs();
  }

  private constructor(
    private readonly create?: (scope: Construct, policy: RemovalPolicy) => Destination,
    private readonly check: (scope: Construct) => void = () => {},
  ) {}

  /**
   * Returns the bucket, which is created in the scope if it is the gateway's own; undefined for no logs.
   *
   * @internal
   */
  public _resolve(scope: Construct, policy: RemovalPolicy): Destination | undefined {
    return this.create?.(scope, policy);
  }

  /**
   * Throws for a bucket that the load balancers could not write to.
   *
   * @internal
   */
  public _validate(scope: Construct): void {
    this.check(scope);
    if (this.create) requireRegion(scope);
  }
}

guard({ AccessLogs });

function createBucket(scope: Construct, policy: RemovalPolicy, expiration: Duration): Bucket {
  const { isStrict } = Compliance.of(scope);
  const bucket = new Bucket(scope, 'AccessLogBucket', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    versioned: isStrict ? true : undefined,
    lifecycleRules: [
      {
        id: 'ExpireLogs',
        enabled: true,
        expiration,
        // Nobody overwrites a log, so what is noncurrent was deleted or has expired.
        noncurrentVersionExpiration: isStrict ? Duration.days(30) : undefined,
        abortIncompleteMultipartUploadAfter: Duration.days(7),
      },
    ],
    removalPolicy: keptUnlessDisposable(policy),
    autoDeleteObjects: policy === RemovalPolicy.DESTROY,
  });
  acknowledge(
    bucket,
    ['AwsSolutions-S1', '*-S3BucketLoggingEnabled'],
    'The bucket is itself the place where access logs go; logging its own writes would never end.',
  );
  acknowledge(
    bucket,
    '*-S3DefaultEncryptionKMS',
    'Load balancers write only to buckets with S3-managed keys, not with keys of KMS.',
  );
  acknowledge(
    bucket,
    '*-S3BucketReplicationEnabled',
    'A copy belongs in another Region or account, which is not for a gateway to choose; give it a replicated bucket with `AccessLogs.bucket`.',
  );
  return bucket;
}

/** Requires a known Region, because it determines which principal writes the logs. */
function requireRegion(scope: Construct): void {
  const { region, stackName } = Stack.of(scope);
  if (!isUnknown(region)) return;
  throw validationError(scope, 'AccessLogsRegion', {
    prop: 'accessLogs',
    must: `be in a stack whose region is known, since it decides who writes the logs, and ${stackName} has none`,
    fix: "set `env: { region: '...' }` on the stack, or `accessLogs: AccessLogs.none()`",
  });
}

function requireNoKey(scope: Construct, bucket: IBucket): void {
  if (!bucket.encryptionKey) return;
  throw validationError(scope, 'AccessLogsEncryption', {
    prop: 'accessLogs',
    must: `go to a bucket without a KMS key, and ${bucket.node.path} has one, with which load balancers cannot write`,
    fix: 'use a bucket with `BucketEncryption.S3_MANAGED`, or `AccessLogs.managedBucket()`',
  });
}

function requireSameRegion(scope: Construct, bucket: IBucket): void {
  const { region } = Stack.of(scope);
  const found = bucket.env.region;
  if (isUnknown(region) || isUnknown(found) || region === found) return;
  throw validationError(scope, 'AccessLogsBucketRegion', {
    prop: 'accessLogs',
    must: `go to a bucket in ${region}, the region of the load balancers, and ${bucket.node.path} is in another`,
    got: found,
    fix: 'use a bucket of that region, or `AccessLogs.managedBucket()`; replicate it for a copy elsewhere',
  });
}

function requirePrefix(scope: Construct, prefix: string | undefined): void {
  if (prefix === undefined || isUnknown(prefix)) return;
  if (prefix !== '' && !/^\/|\/$|AWSLogs/.test(prefix)) return;
  throw validationError(scope, 'AccessLogsPrefix', {
    prop: 'accessLogs',
    must: 'have a prefix that neither starts nor ends with `/` and does not contain AWSLogs',
    got: prefix,
    fix: 'write a prefix such as "load-balancers/prod", or leave it out',
  });
}
