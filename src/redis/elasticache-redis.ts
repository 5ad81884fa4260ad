import { Names, RemovalPolicy } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnParameterGroup, CfnReplicationGroup, CfnSubnetGroup } from 'aws-cdk-lib/aws-elasticache';
import { ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import { ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { ElastiCacheRedisProps } from './elasticache-redis-options';
import { nodeMetrics } from './private/elasticache-metrics';
import { ElastiCacheSettings, resolveElastiCache } from './private/elasticache-settings';
import { AlarmLimits, createRedisAlarms, observeRedis } from './private/redis-alarms';
import { bindRedis, recordRedis } from './private/redis-contract';
import { generateRedisSecret } from './private/redis-secret';
import { RedisAlarmOptions } from './redis-alarm-options';
import { Compliance } from '../core/compliance';
import { ConnectOptions, EndpointBinding, IEndpointClient } from '../core/endpoint';
import { IMesh } from '../core/mesh';
import { ObservedMetric } from '../core/observed-component';
import { acknowledge } from '../core/private/acknowledge';
import { description } from '../core/private/description';
import { createLogGroup } from '../core/private/log-group';
import { IRedisStore } from '../core/redis-store';

/**
 * Managed Valkey (or Redis OSS) on ElastiCache nodes: one primary, replicas in other zones, automatic failover behind names that stay.
 *
 * Creates a replication group (Multi-AZ, TLS, encryption at rest, AUTH, minor versions and patches by AWS, daily snapshots, slow log and
 * engine log in CloudWatch Logs), its subnet group over the store subnets, its parameter group, a security group that admits declared
 * clients only, a generated password in Secrets Manager and a log group (30 days). Cluster mode is off: every client library works.
 *
 * Survives: the loss of a node or of a zone (failover in about a minute, replication is asynchronous, so the last writes may be lost).
 * With the removal policy RETAIN or SNAPSHOT of the mesh, the deletion of the stack leaves a final snapshot; with DESTROY nothing.
 *
 * The password is passed by reference and never in the template. Clients authenticate by password alone, without a user name.
 *
 * About 19 USD per month in us-east-1 (November 2026): two Valkey cache.t4g.micro nodes 18.69, secret 0.40; snapshots beyond the first
 * (at most 0.60 for full nodes of this type), logs and data transfer not counted.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html
 *
 * @example
 * const mesh = new ServiceConnectMesh(this, 'Mesh');
 * const redis = new ElastiCacheRedis(this, 'Redis', { mesh, nodeType: 'cache.t4g.small' });
 */
export class ElastiCacheRedis extends Construct implements IRedisStore {
  /** Host name of the primary. */
  public readonly host: string;
  /** TCP port. */
  public readonly port: number;
  /** Always true: the store refuses connections without TLS. */
  public readonly tls: boolean = true;
  /** Always false: one shard, which every client library understands. */
  public readonly clusterMode: boolean = false;
  /** Host name that spreads reads over replicas; absent where there are none. */
  public readonly readerHost?: string;
  /** Connections of the nodes. */
  public readonly connections: ec2.Connections;
  /** Security group of the nodes: closed but for declared clients. */
  public readonly securityGroup: ec2.ISecurityGroup;
  /** JSON with the `password`. */
  public readonly secret: ISecret;
  /** Where the slow log and the engine log go. */
  public readonly logGroup: ILogGroup;
  /** The nodes. */
  public readonly replicationGroup: CfnReplicationGroup;

  constructor(scope: Construct, id: string, props: ElastiCacheRedisProps) {
    super(scope, id);
    const { mesh } = props;
    const settings = resolveElastiCache(this, props);
    this.port = settings.port;

    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: mesh.vpc,
      description: description('Nodes of Redis store', this.node.id),
      allowAllOutbound: false,
    });
    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup], defaultPort: ec2.Port.tcp(this.port) });
    const secret = generateRedisSecret(this, `Password of Redis ${this.node.path}`);
    this.secret = secret;
    this.logGroup = this.createLogs(mesh);
    this.replicationGroup = this.createReplicationGroup(mesh, settings, secret);

    this.host = this.replicationGroup.attrPrimaryEndPointAddress;
    this.readerHost = settings.numReplicas > 0 ? this.replicationGroup.attrReaderEndPointAddress : undefined;
    const { engine, nodeType, numReplicas } = settings;
    recordRedis(this, [`ElastiCache ${engine.name} ${engine.version}, ${1 + numReplicas} x ${nodeType}`, 'TLS, daily snapshots']);
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
      credentials: { secret: this.secret, passwordKey: 'password' },
      dependencies: [this.replicationGroup],
    });
  }

  /**
   * Add CloudWatch alarms for memory, CPU, connections, evictions and replication lag of every node. 0.10 USD a month each in us-east-1 (November 2026).
   *
   * @param options limits, and who is told
   */
  public addAlarms(options: RedisAlarmOptions = {}): Alarm[] {
    return createRedisAlarms(this, options, (limits) => this.observe(limits));
  }

  private observe(limits: AlarmLimits): ObservedMetric[] {
    return nodeMetrics(this.replicationGroup.ref, this.replicationGroup.numCacheClusters!, limits);
  }

  private createLogs(mesh: IMesh): LogGroup {
    return createLogGroup(this, 'LogGroup', {
      // AWS delivers logs to any group by a resource policy of limited size, except to groups under this prefix.
      logGroupName: `/aws/vendedlogs/elasticache/${Names.uniqueResourceName(this, { separator: '-', maxLength: 128 })}`,
      disposable: mesh.removalPolicy === RemovalPolicy.DESTROY,
    });
  }

  private createReplicationGroup(mesh: IMesh, settings: ElastiCacheSettings, secret: Secret): CfnReplicationGroup {
    const { engine, numReplicas } = settings;
    const subnetGroup = new CfnSubnetGroup(this, 'SubnetGroup', {
      description: description('Subnets of Redis', this.node.path),
      subnetIds: settings.subnetIds,
    });
    const parameterGroup = new CfnParameterGroup(this, 'ParameterGroup', {
      description: description('Settings of Redis', this.node.path),
      cacheParameterGroupFamily: engine.parameterFamily,
      properties: { 'maxmemory-policy': settings.maxMemoryPolicy },
    });
    const group = new CfnReplicationGroup(this, 'Resource', {
      replicationGroupDescription: description('Redis', this.node.path),
      engine: engine.name,
      engineVersion: engine.version,
      cacheNodeType: settings.nodeType,
      dataTieringEnabled: settings.dataTiering || undefined,
      numCacheClusters: 1 + numReplicas,
      multiAzEnabled: numReplicas > 0,
      automaticFailoverEnabled: numReplicas > 0,
      port: settings.port,
      cacheSubnetGroupName: subnetGroup.ref,
      cacheParameterGroupName: parameterGroup.ref,
      securityGroupIds: [this.securityGroup.securityGroupId],
      transitEncryptionEnabled: true,
      atRestEncryptionEnabled: true,
      kmsKeyId: Compliance.of(this).encryptionKey(this)?.keyArn,
      // A dynamic reference: CloudFormation reads the password at deployment, the template only names it.
      authToken: secret.secretValueFromJson('password').unsafeUnwrap(),
      autoMinorVersionUpgrade: true,
      snapshotRetentionLimit: settings.snapshotRetentionDays,
      snapshotWindow: settings.snapshotWindow,
      preferredMaintenanceWindow: settings.maintenanceWindow,
      logDeliveryConfigurations: settings.logTypes.map((logType) => ({
        logType,
        logFormat: 'json',
        destinationType: 'cloudwatch-logs',
        destinationDetails: { cloudWatchLogsDetails: { logGroup: this.logGroup.logGroupName } },
      })),
    });
    if (numReplicas === 0) acknowledge(group, 'AwsSolutions-AEC4', 'One node was asked for with `numReplicas: 0`.');
    // RETAIN keeps the data, as a snapshot: nodes left running would hold the network and go on costing.
    group.applyRemovalPolicy(mesh.removalPolicy === RemovalPolicy.DESTROY ? RemovalPolicy.DESTROY : RemovalPolicy.SNAPSHOT);
    return group;
  }
}
