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
import { ServerlessRedisProps } from './serverless-redis-options';
import { Compliance } from '../core/compliance';
import { ConnectOptions, EndpointBinding, IEndpointClient } from '../core/endpoint';
import { IMesh } from '../core/mesh';
import { ObservedMetric } from '../core/observed-component';
import { description } from '../core/private/description';
import { lifeOf } from '../core/private/physical-names';
import { IRedisStore } from '../core/redis-store';

/** Port of replicas, which cluster-aware clients are told about. */
const READER_PORT = 6380;

/**
 * Serverless Valkey on ElastiCache: no nodes to size, over two or three zones, paid by use.
 *
 * **Clients must speak TLS and the cluster protocol**: they get `REDIS_TLS=true` and `REDIS_CLUSTER_MODE=true`, and one that is not
 * cluster-aware fails with `MOVED` or `CROSSSLOT` errors. Multi-key commands need keys of one slot (`{tag}`), and there is one database.
 *
 * Creates a serverless cache (TLS, encryption at rest, daily snapshots) over the store subnets, a user `default` with a generated
 * password in Secrets Manager and a user group with this one user, and a security group that admits declared clients only, on port 6379
 * and on 6380, where replicas answer under the same name: switch on reading from replicas in the client library to use them.
 *
 * Survives: the loss of a node or of a zone, by itself. Replication is asynchronous, so the last writes may be lost. With the removal
 * policy RETAIN or SNAPSHOT of the mesh, deletion leaves a final snapshot; with DESTROY nothing. Memory is managed: when `maxDataStorage`
 * is reached, keys with an expiry are dropped, least recently used first; there is no other policy.
 *
 * The name of the cache comes from the construct path, so a change that replaces it (the mesh) needs another construct id.
 *
 * At least 6.53 USD per month in us-east-1 (list prices, November 2026): 100 MB of data, the minimum, 6.13, secret 0.40; a GB stored all
 * month is 61.32, a million simple requests 0.0023.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/WhatIs.corecomponents.html
 *
 * @example
 * const mesh = new ServiceConnectMesh(this, 'Mesh');
 * const redis = new ServerlessRedis(this, 'Redis', { mesh, maxDataStorage: Size.gibibytes(10) });
 */
export class ServerlessRedis extends Construct implements IRedisStore {
  /** Host name of the cache. */
  public readonly host: string;
  /** TCP port: 6379. */
  public readonly port: number = 6379;
  /** Always true: the store refuses connections without TLS. */
  public readonly tls: boolean = true;
  /** Always true: clients must be cluster-aware. */
  public readonly clusterMode: boolean = true;
  /** Connections of the cache. */
  public readonly connections: ec2.Connections;
  /** Security group of the cache: closed but for declared clients. */
  public readonly securityGroup: ec2.ISecurityGroup;
  /** JSON with `username` (always `default`) and `password`. */
  public readonly secret: ISecret;
  /** The cache. */
  public readonly cache: CfnServerlessCache;
  /** The one user. */
  public readonly user: CfnUser;
  /** The user group of the cache. */
  public readonly userGroup: CfnUserGroup;

  private readonly maxDataStorageGiB?: number;

  constructor(scope: Construct, id: string, props: ServerlessRedisProps) {
    super(scope, id);
    const { mesh } = props;
    const settings = resolveServerlessRedis(this, props);
    this.maxDataStorageGiB = settings.maxDataStorageGiB;
    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
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
   * Describe what a client needs in order to call this store; used by `connectTo`.
   *
   * @param _client the caller
   * @param options the caller's choices
   */
  public bindEndpoint(_client: IEndpointClient, options: ConnectOptions): EndpointBinding {
    return bindRedis(this, options, {
      credentials: { secret: this.secret, usernameKey: 'username', passwordKey: 'password' },
      dependencies: [this.cache],
      ports: ec2.Port.tcpRange(this.port, READER_PORT),
    });
  }

  /**
   * Add CloudWatch alarms for data (where a limit is set), throttled commands, connections and evictions. 0.10 USD a month each in us-east-1 (November 2026).
   *
   * @param options limits, and who is told
   */
  public addAlarms(options: RedisAlarmOptions = {}): Alarm[] {
    return createRedisAlarms(this, options, (limits) => this.observe(limits));
  }

  private observe(limits: AlarmLimits): ObservedMetric[] {
    return serverlessMetrics(this.cache.serverlessCacheName, this.maxDataStorageGiB, limits);
  }

  /** Named `default`, for clients that authenticate by password alone, and because some groups must have a user of that name. */
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
