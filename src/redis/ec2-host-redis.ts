import { CfnWaitCondition, CfnWaitConditionHandle, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { BackupResource } from 'aws-cdk-lib/aws-backup';
import { Alarm, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ARecord, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, IConstruct, IDependable } from 'constructs';
import { Ec2HostRedisProps } from './ec2-host-redis-props';
import { Ec2HostRedisSettings, resolveEc2HostRedis } from './private/ec2-host-redis-settings';
import { AlarmLimits, createRedisAlarms, observeRedis } from './private/redis-alarms';
import { bindRedis, recordRedis } from './private/redis-contract';
import { RedisHost } from './private/redis-host';
import { grantHostItself, grantSessions } from './private/redis-host-access';
import { renderRedisHostUserData } from './private/redis-host-user-data';
import { generateRedisSecret } from './private/redis-secret';
import { RedisAlarmOptions } from './redis-alarm-options';
import { RedisPersistence } from './redis-persistence';
import { Compliance } from '../core/compliance';
import { ConnectOptions, EndpointBinding, IEndpointClient } from '../core/endpoint';
import { IMesh } from '../core/mesh';
import { ObservedMetric } from '../core/observed-component';
import { shareRedis } from './private/shared-redis';
import { MINUTE } from '../core/private/alarms';
import { description } from '../core/private/description';
import { acceptProps, guard } from '../core/private/guard';
import { httpsGroupOf } from '../core/private/https-group';
import { NameRegistry } from '../core/private/name-registry';
import { zoneNameOf } from '../core/private/of-import';
import { keptUnlessDisposable } from '../core/private/removal';
import { createRole } from '../core/private/role';
import { requireSameEnvironment } from '../core/private/same-environment';
import { IRedisStore } from '../core/redis-store';

/**
 * Valkey in Docker's host network on one EC2 instance: full control and no network overhead, but no high availability.
 *
 * Creates the instance (Amazon Linux 2023, IMDSv2, encrypted disks, Session Manager instead of SSH, automatic recovery), a role with the
 * permissions that this one host needs, a security group that admits only declared clients, a generated password in Secrets Manager, a
 * retained data volume (unless persistence is off) and an A record (if the mesh has a private domain). The first deployment waits until the
 * server responds, up to 15 minutes, and fails if it does not.
 *
 * A deployment never replaces the host by itself: a newer operating system requires another `hostGeneration`, and new settings restart the
 * host in place with its address and data, which interrupts Redis for two to three minutes.
 *
 * It survives a crash of the process (at most one second of writes is lost), a restart, and hardware failure (automatic recovery, a few
 * minutes without Redis). It does not survive the loss of its Availability Zone. There is no TLS: data and password are sent unencrypted
 * through the network of the mesh, between the client's and this security group only. For Multi-AZ and TLS use `ElastiCacheRedis`.
 *
 * About 20 USD per month in us-east-1 (November 2026): t3.small on demand 15.18, detailed monitoring 2.10, 30 GiB gp3 2.40, secret 0.40;
 * data transfer is not included.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-configuration-recovery.html
 *
 * @example
 * const mesh = new ServiceConnectMesh(this, 'Mesh', { privateDomain: 'nidhin.local' });
 * const redis = new Ec2HostRedis(this, 'Redis', { mesh }); // redis.nidhin.local
 */
export class Ec2HostRedis extends Construct implements IRedisStore {
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.redis.Ec2HostRedis';

  /** The host name of the server: the A record, or else the private IP address of the host. */
  public readonly host: string;
  /** The TCP port. */
  public readonly port: number;
  /** Always false: the server uses the plain Redis protocol inside the network of the mesh. */
  public readonly tls: boolean = false;
  /** Always false. */
  public readonly clusterMode: boolean = false;
  /** Always undefined: the server has no replica. */
  public readonly readerHost?: string = undefined;
  /** The memory for data, in MiB. */
  public readonly maxMemoryMiB: number;
  /** The connections of the host. */
  public readonly connections: ec2.Connections;
  /** The security group of the host, which admits only declared clients and allows HTTPS egress. */
  public readonly securityGroup: ec2.ISecurityGroup;
  /** The JSON secret with `username` (always `default`) and `password`. */
  public readonly secret: ISecret;
  /** The role of the host. */
  public readonly role: iam.IRole;
  /** The host. */
  public readonly instance: ec2.CfnInstance;
  /** The data volume; undefined if nothing is kept. */
  public readonly volume?: ec2.IVolume;

  private readonly ready: IDependable[];

  constructor(scope: Construct, id: string, props: Ec2HostRedisProps) {
    props = acceptProps({ Ec2HostRedis }, new.target, scope, id, props);
    super(scope, id);
    const { mesh } = props;
    const settings = resolveEc2HostRedis(this, props);
    this.port = settings.port;
    this.maxMemoryMiB = settings.maxMemoryMiB;

    this.securityGroup = this.createSecurityGroup(props);
    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup], defaultPort: ec2.Port.tcp(this.port) });
    this.secret = generateRedisSecret(this, `Password of Redis ${this.node.path}`);
    this.role = createRole(this, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
    this.volume = this.createVolume(mesh, settings);

    const signal = new CfnWaitConditionHandle(this, 'ReadySignal');
    this.instance = this.createHost(mesh, settings, signal);
    const hostPolicy = grantHostItself(this, this.role, this.instance, this.volume);
    const ready = this.createReadyCondition(signal, hostPolicy);

    const record = this.createRecord(mesh, settings);
    this.host = record
      ? `${settings.recordName}.${zoneNameOf(this, 'mesh.privateZone', mesh.privateZone!)}`
      : this.instance.attrPrivateIp;
    this.ready = record ? [ready, record] : [ready];
    recordRedis(this, [`EC2 ${settings.instanceType}, one host`, persistenceDetail(settings.persistence)]);
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
      dependencies: this.ready,
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
   * Adds CloudWatch alarms for the status checks and the CPU of the host. The memory of the server itself is not monitored. 0.10 USD a
   * month each in us-east-1 (November 2026).
   *
   * @param options limits and actions
   */
  public addAlarms(options: RedisAlarmOptions = {}): Alarm[] {
    return createRedisAlarms(this, options, (limits) => this.observe(limits));
  }

  private observe({ cpuPercent }: AlarmLimits): ObservedMetric[] {
    const metric = (metricName: string, statistic: string) =>
      new Metric({ namespace: 'AWS/EC2', metricName, statistic, dimensionsMap: { InstanceId: this.instance.ref }, period: MINUTE });
    return [
      {
        id: 'Status',
        title: 'Failed status checks',
        metric: metric('StatusCheckFailed', 'Maximum'),
        alarm: {
          threshold: 1,
          evaluationPeriods: 2,
          // The host reports as long as it lives.
          treatMissingData: TreatMissingData.BREACHING,
          createdAfter: this.ready,
          description: 'Redis: the host fails its status checks',
        },
      },
      {
        id: 'Cpu',
        title: 'CPU of the host (%)',
        metric: metric('CPUUtilization', 'Average'),
        alarm: { threshold: cpuPercent, description: 'Redis: the host is busy' },
      },
    ];
  }

  private createSecurityGroup({ mesh, securityGroup }: Ec2HostRedisProps): ec2.ISecurityGroup {
    return httpsGroupOf(this, {
      vpc: mesh.vpc,
      description: description('Host of Redis store', this.node.id),
      callsTo: 'Packages, image, secret and AWS APIs',
      existing: securityGroup,
    });
  }

  private createVolume(mesh: IMesh, { volumeSize, subnet }: Ec2HostRedisSettings): ec2.Volume | undefined {
    if (!volumeSize) return undefined;
    const compliance = Compliance.of(this);
    const isSnapshot = mesh.removalPolicy === RemovalPolicy.SNAPSHOT;
    const volume = new ec2.Volume(this, 'Data', {
      availabilityZone: subnet.availabilityZone,
      size: volumeSize,
      volumeType: ec2.EbsDeviceVolumeType.GP3,
      encrypted: true,
      encryptionKey: compliance.encryptionKey(this),
      // A first deployment that fails has no data to keep.
      removalPolicy: isSnapshot ? RemovalPolicy.SNAPSHOT : keptUnlessDisposable(mesh.removalPolicy),
    });
    const volumeArn = Stack.of(this).formatArn({ service: 'ec2', resource: 'volume', resourceName: volume.volumeId });
    compliance._backUp(volume, BackupResource.fromArn(volumeArn));
    return volume;
  }

  private createHost(mesh: IMesh, settings: Ec2HostRedisSettings, signal: CfnWaitConditionHandle): ec2.CfnInstance {
    this.secret.grantRead(this.role);
    const sessions = grantSessions(this, this.role);
    const host = new RedisHost(this, RedisHost.idOf(settings.generation, settings.instanceType), {
      instanceType: settings.instanceType,
      subnet: settings.subnet,
      securityGroup: this.securityGroup,
      role: this.role,
      terminationProtection: mesh.removalPolicy !== RemovalPolicy.DESTROY,
      userData: renderRedisHostUserData({
        settings,
        image: settings.image,
        region: Stack.of(this).region,
        secretArn: this.secret.secretArn,
        volumeId: this.volume?.volumeId,
        readyUrl: signal.ref,
      }),
    });
    host.instance.node.addDependency(sessions);
    this.node.defaultChild = host.instance;
    return host.instance;
  }

  /**
   * Waits for the first start only. It is not a creation policy of the instance: the host can attach its disk only with a policy that names
   * the instance, and that policy can be created only after the instance.
   */
  private createReadyCondition(signal: CfnWaitConditionHandle, hostPolicy: IConstruct): CfnWaitCondition {
    const ready = new CfnWaitCondition(this, 'Ready', { handle: signal.ref, count: 1, timeout: '900' });
    ready.node.addDependency(this.instance, hostPolicy);
    return ready;
  }

  private createRecord(mesh: IMesh, { recordName }: Ec2HostRedisSettings): ARecord | undefined {
    if (recordName === undefined || !mesh.privateZone) return undefined;
    const name = `${recordName}.${zoneNameOf(this, 'mesh.privateZone', mesh.privateZone)}`;
    NameRegistry.of(mesh.privateZone).claim({ kind: 'record name', name, owner: this, prop: 'recordName' });
    return new ARecord(this, 'Record', {
      zone: mesh.privateZone,
      recordName,
      target: RecordTarget.fromIpAddresses(this.instance.attrPrivateIp),
      // Short, so that clients find a new host soon.
      ttl: Duration.seconds(30),
    });
  }
}

guard({ Ec2HostRedis });

function persistenceDetail({ _fsync: fsync }: RedisPersistence): string {
  return fsync ? `append-only file, fsync ${fsync}` : 'nothing kept';
}
