import { RemovalPolicy } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnServerlessCache, CfnUser, CfnUserGroup } from 'aws-cdk-lib/aws-elasticache';
import { ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { serverlessMetrics } from './private/elasticache-metrics';
import { AlarmLimits, createRedisAlarms, observeRedis } from './private/redis-alarms';
import { bindRedis, recordRedis } from './private/redis-contract';
import { generateRedisSecret } from './private/redis-secret';
import { resolveServerlessRedis, ServerlessRedisSettings } from './private/serverless-redis-settings';
import { RedisAlarmOptions } from './redis-alarm-options';
import { ServerlessRedisProps } from './serverless-redis-props';
import { Compliance } from '../core/compliance';
import { ConnectOptions, EndpointBinding, IEndpointClient } from '../core/endpoint';
import { IMesh } from '../core/mesh';
import { ObservedMetric } from '../core/observed-component';
import { shareRedis } from './private/shared-redis';
import { description } from '../core/private/description';
import { acceptProps, guard } from '../core/private/guard';
import { lifeOf } from '../core/private/physical-names';
import { requireSameEnvironment } from '../core/private/same-environment';
import { IRedisStore } from '../core/redis-store';

/** The port of replicas, which cluster-aware clients discover. */
const READER_PORT = 6380;

/**
 * Serverless Valkey on ElastiCache: no nodes to size, in two or three Availability Zones, with pay-per-use pricing.
 *
 * **Clients must use TLS and the Redis Cluster protocol**: they receive `REDIS_TLS=true` and `REDIS_CLUSTER_MODE=true`, and a client that
 * is not cluster-aware fails with `MOVED` or `CROSSSLOT` errors. Multi-key commands need keys in one slot (`{tag}`), and there is only one
 * database.
 *
 * Creates a serverless cache (TLS, encryption at rest, daily snapshots) over the store subnets, a user `default` with a generated password
 * in Secrets Manager and a user group with this one user, and a security group that admits only declared clients, on port 6379 and on 6380,
 * where replicas respond under the same name: enable reading from replicas in the client library to use them.
 *
 * It survives the loss of a node or of an Availability Zone. Replication is asynchronous, so the last writes can be lost. With the mesh's
 * removal policy RETAIN or SNAPSHOT, deletion creates a final snapshot; with DESTROY, it does not. When `maxDataStorage` is reached, keys
 * with an expiry are evicted, least recently used first; there is no other policy.
 *
 * The name of the cache is derived from the construct path, so a change that replaces it (another mesh) requires another construct ID.
 *
 * At least 6.53 USD per month in us-east-1 (list prices, November 2026): 6.13 for 100 MB of data, the minimum, and 0.40 for the secret;
 * each GB-month is 61.32, and a million simple requests are 0.0023.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/WhatIs.corecomponents.html
 *
 * @example
 * const mesh = new ServiceConnectMesh(this, 'Mesh');
 * const redis = new ServerlessRedis(this, 'Redis', { mesh, maxDataStorage: Size.gibibytes(10) });
 */
export class ServerlessRedis extends Construct implements IRedisStore {
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.redis.ServerlessRedis';

  /** The host name of the cache. */
  public readonly host: string;
  /** The TCP port: 6379. */
  public readonly port: number = 6379;
  /** Always true: the store refuses connections without TLS. */
  public readonly tls: boolean = true;
  /** Always true: clients must be cluster-aware. */
  public readonly clusterMode: boolean = true;
  /** Always undefined: a cluster-aware client reads from replicas at the same endpoint, on port 6380. */
  public readonly readerHost?: string = undefined;
  /** The connections of the cache. */
  public readonly connections: ec2.Connections;
  /** The security group of the cache, which admits only declared clients. */
  public readonly securityGroup: ec2.ISecurityGroup;
  /** The JSON secret with `username` (always `default`) and `password`. */
  public readonly secret: ISecret;
  /** The cache. */
  public readonly cache: CfnServerlessCache;
  /** The ElastiCache user. */
  public readonly user: CfnUser;
  /** The user group of the cache. */
  public readonly userGroup: CfnUserGroup;

  private readonly maxDataStorageGiB?: number;

  constructor(scope: Construct, id: string, props: ServerlessRedisProps) {
    props = acceptProps({ ServerlessRedis }, new.target, scope, id, props);
    super(scope, id);
    const { mesh } = props;
    const settings = resolveServerlessRedis(this, props);
    this.maxDataStorageGiB = settings.maxDataStorageGiB;
    this.securityGroup =
      props.securityGroup ??
      new ec2.SecurityGroup(this, 'SecurityGroup', {
        vpc: mesh.vpc,
        description: description('Redis store', this.node.id),
        allowAllOutbound: false,
      });
    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup], defaultPort: ec2.Port.tcp(this.port) });
    const secret = generateRedisSecret(this, `Password of Redis ${this.node.path}`);
    this.secret = secret;
    this.user = this.createUser(settings, secret);
    this.userGroup = new CfnUserGroup(this, 'UserGroup', {
      userGroupId: settings.name,
      engine: 'valkey',
      userIds: [this.user.ref],
    });
    this.cache = this.createCache(mesh, settings);
    this.host = this.cache.attrEndpointAddress;
    recordRedis(this, [`ElastiCache Serverless, Valkey ${settings.majorEngineVersion}`, 'TLS, cluster mode, daily snapshots']);
    observeRedis(this, mesh, (limits) => this.observe(limits));
  }

  /**
   * Describes what a client needs to call this store; used by `connectTo`.
   *
   * @param client client of the connection
   * @param options options of the connection
   */
  public bindEndpoint(client: IEndpointClient, options: ConnectOptions): EndpointBinding {
    requireSameEnvironment(client, this);
    return bindRedis(this, options, {
      credentials: { secret: this.secret, usernameKey: 'username', passwordKey: 'password' },
      dependencies: [this.cache],
      ports: ec2.Port.tcpRange(this.port, READER_PORT),
    });
  }

  /**
   * Shares the store with other apps of the account and Region: creates a parameter in Parameter Store for each value, below a prefix.
   * Clients use it with `ImportedRedis.fromParameters`; another client changes nothing in this app.
   *
   * @param parameterPrefix prefix of the parameters, such as `/platform/cache`, unique in the account and Region
   */
  public share(parameterPrefix: string): void {
    shareRedis(this, parameterPrefix, { secret: this.secret, hasUsername: true });
  }

  /**
   * Adds CloudWatch alarms for data (if a limit is set), throttled commands, connections and evictions. 0.10 USD a month each in us-east-1
   * (November 2026).
   *
   * @param options limits and actions
   */
  public addAlarms(options: RedisAlarmOptions = {}): Alarm[] {
    return createRedisAlarms(this, options, (limits) => this.observe(limits));
  }

  private observe(limits: AlarmLimits): ObservedMetric[] {
    return serverlessMetrics(this.cache.serverlessCacheName, this.maxDataStorageGiB, limits);
  }

  /**
   * Creates the user. Its name is `default`, for clients that authenticate with a password only, and because some user groups must contain
   * a user of that name.
   */
  private createUser({ name }: ServerlessRedisSettings, secret: Secret): CfnUser {
    return new CfnUser(this, 'User', {
      userId: name,
      userName: 'default',
      engine: 'valkey',
      accessString: 'on ~* &* +@all',
      // A dynamic reference: CloudFormation reads the password at deployment, the template only names it.
      passwords: [secret.secretValueFromJson('password').unsafeUnwrap()],
    });
  }

  private createCache(mesh: IMesh, settings: ServerlessRedisSettings): CfnServerlessCache {
    const { name, maxDataStorageGiB, maxEcpuPerSecond } = settings;
    const isKept = mesh.removalPolicy !== RemovalPolicy.DESTROY;
    const cache = new CfnServerlessCache(this, 'Resource', {
      serverlessCacheName: name,
      description: description('Redis', this.node.path),
      engine: 'valkey',
      majorEngineVersion: settings.majorEngineVersion,
      cacheUsageLimits:
        maxDataStorageGiB === undefined && maxEcpuPerSecond === undefined
          ? undefined
          : {
              dataStorage: maxDataStorageGiB === undefined ? undefined : { unit: 'GB', maximum: maxDataStorageGiB },
              ecpuPerSecond: maxEcpuPerSecond === undefined ? undefined : { maximum: maxEcpuPerSecond },
            },
      kmsKeyId: Compliance.of(this).encryptionKey(this)?.keyArn,
      subnetIds: settings.subnetIds,
      securityGroupIds: [this.securityGroup.securityGroupId],
      userGroupId: this.userGroup.ref,
      snapshotRetentionLimit: settings.snapshotRetentionDays,
      dailySnapshotTime: settings.dailySnapshotTime,
      // A cache made again after this one would find the name taken, and its deletion would fail.
      finalSnapshotName: isKept ? `${name}-final-${lifeOf()}` : undefined,
    });
    // The data is kept as a snapshot: a cache left running would hold the network and go on costing.
    cache.applyRemovalPolicy(RemovalPolicy.DESTROY);
    return cache;
  }
}

guard({ ServerlessRedis });
