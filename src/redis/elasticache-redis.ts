import { Names, RemovalPolicy } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnParameterGroup, CfnReplicationGroup, CfnSubnetGroup } from 'aws-cdk-lib/aws-elasticache';
import { ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import { ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { ElastiCacheRedisProps } from './elasticache-redis-props';
import { refuseShards } from './private/elasticache-features';
import { nodeMetrics } from './private/elasticache-metrics';
import { ElastiCacheSettings, resolveElastiCache } from './private/elasticache-settings';
import { connectionsOf } from './private/node-connections';
import { AlarmLimits, createRedisAlarms, observeRedis } from './private/redis-alarms';
import { bindRedis, recordRedis } from './private/redis-contract';
import { generateRedisSecret } from './private/redis-secret';
import { RedisAlarmOptions } from './redis-alarm-options';
import { Compliance } from '../core/compliance';
import { ConnectOptions, EndpointBinding, IEndpointClient } from '../core/endpoint';
import { IMesh } from '../core/mesh';
import { ObservedMetric } from '../core/observed-component';
import { shareRedis } from './private/shared-redis';
import { acknowledge } from '../core/private/acknowledge';
import { description } from '../core/private/description';
import { acceptProps, guard } from '../core/private/guard';
import { createLogGroup } from '../core/private/log-group';
import { requireSameEnvironment } from '../core/private/same-environment';
import { IRedisStore } from '../core/redis-store';

/**
 * Managed Valkey (or Redis OSS) on ElastiCache nodes: a primary, replicas in other Availability Zones, and automatic failover behind stable
 * names.
 *
 * Creates a replication group (Multi-AZ, TLS, encryption at rest, AUTH, automatic minor version upgrades, daily snapshots, slow log and
 * engine log in CloudWatch Logs), its subnet group over the store subnets, its parameter group, a security group that admits only declared
 * clients, a generated password in Secrets Manager and a log group (30 days). Cluster mode is disabled, so every client library works.
 *
 * It survives the loss of a node or of an Availability Zone (failover takes about a minute; replication is asynchronous, so the last writes
 * can be lost). With the mesh's removal policy RETAIN or SNAPSHOT, deleting the stack creates a final snapshot; with DESTROY, it does not.
 *
 * The password is passed by reference and is never in the template. Clients authenticate with the password only, without a user name.
 *
 * About 19 USD per month in us-east-1 (November 2026): two Valkey cache.t4g.micro nodes 18.69, secret 0.40; snapshots beyond the first (at
 * most 0.60 for full nodes of this type), logs and data transfer are not included.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html
 *
 * @example
 * const mesh = new ServiceConnectMesh(this, 'Mesh');
 * const redis = new ElastiCacheRedis(this, 'Redis', { mesh, nodeType: 'cache.t4g.small' });
 */
export class ElastiCacheRedis extends Construct implements IRedisStore {
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.redis.ElastiCacheRedis';

  /** The host name of the primary. */
  public readonly host: string;
  /** The TCP port. */
  public readonly port: number;
  /** Always true: the store refuses connections without TLS. */
  public readonly tls: boolean = true;
  /** Always false: there is one shard, which every client library supports. */
  public readonly clusterMode: boolean = false;
  /** The host name that spreads reads over replicas; undefined if there are none. */
  public readonly readerHost?: string;
  /** The connections of the nodes. */
  public readonly connections: ec2.Connections;
  /** The security group of the nodes, which admits only declared clients. */
  public readonly securityGroup: ec2.ISecurityGroup;
  /** The JSON secret with the `password`. */
  public readonly secret: ISecret;
  /** The log group of the slow log and the engine log. */
  public readonly logGroup: ILogGroup;
  /** The replication group. */
  public readonly replicationGroup: CfnReplicationGroup;

  constructor(scope: Construct, id: string, props: ElastiCacheRedisProps) {
    props = acceptProps({ ElastiCacheRedis }, new.target, scope, id, props);
    super(scope, id);
    const { mesh } = props;
    const settings = resolveElastiCache(this, props);
    this.port = settings.port;

    this.securityGroup =
      props.securityGroup ??
      new ec2.SecurityGroup(this, 'SecurityGroup', {
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
    observeRedis(this, mesh, (limits) => this.observe(limits), connectionsOf(nodeType));
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
      credentials: { secret: this.secret, passwordKey: 'password' },
      dependencies: [this.replicationGroup],
    });
  }

  /**
   * Shares the store with other apps of the account and Region: creates a parameter in Parameter Store for each value, below a prefix.
   * Clients use it with `ImportedRedis.fromParameters`; another client changes nothing in this app.
   *
   * @param parameterPrefix prefix of the parameters, such as `/platform/cache`, unique in the account and Region
   */
  public share(parameterPrefix: string): void {
    shareRedis(this, parameterPrefix, { secret: this.secret });
  }

  /**
   * Adds CloudWatch alarms for memory, CPU, connections, evictions and replication lag of every node. 0.10 USD a month each in us-east-1
   * (November 2026).
   *
   * @param options limits and actions
   */
  public addAlarms(options: RedisAlarmOptions = {}): Alarm[] {
    const accepts = connectionsOf(this.replicationGroup.cacheNodeType!);
    return createRedisAlarms(this, options, (limits) => this.observe(limits), accepts);
  }

  private observe(limits: AlarmLimits): ObservedMetric[] {
    const { ref: replicationGroupId, cacheNodeType, numCacheClusters } = this.replicationGroup;
    return nodeMetrics({ replicationGroupId, nodeType: cacheNodeType!, nodes: numCacheClusters! }, limits);
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
      snapshotName: settings.snapshotName,
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
    refuseShards(this, group);
    if (numReplicas === 0) acknowledge(group, 'AwsSolutions-AEC4', 'A single node is specified with `numReplicas: 0`.');
    // RETAIN keeps the data, as a snapshot: nodes left running would hold the network and go on costing.
    group.applyRemovalPolicy(mesh.removalPolicy === RemovalPolicy.DESTROY ? RemovalPolicy.DESTROY : RemovalPolicy.SNAPSHOT);
    return group;
  }
}

guard({ ElastiCacheRedis });
