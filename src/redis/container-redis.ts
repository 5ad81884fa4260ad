import { Size } from 'aws-cdk-lib';
import { Alarm, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Connections } from 'aws-cdk-lib/aws-ec2';
import { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import { FileSystem } from 'aws-cdk-lib/aws-efs';
import { NetworkLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { ContainerRedisProps } from './container-redis-props';
import { redisHealthCheck, renderRedisCommand } from './private/container-redis-command';
import { mountRedisFileSystem } from './private/container-redis-file-system';
import { createRedisLoadBalancer } from './private/container-redis-load-balancer';
import { ContainerRedisSettings, resolveContainerRedis } from './private/container-redis-settings';
import { AlarmLimits, createRedisAlarms, observeRedis } from './private/redis-alarms';
import { bindRedis, recordRedis } from './private/redis-contract';
import { generateRedisSecret } from './private/redis-secret';
import { RedisAlarmOptions } from './redis-alarm-options';
import { ConnectOptions, EndpointBinding, IEndpointClient } from '../core/endpoint';
import { IMesh } from '../core/mesh';
import { MetricRecord } from '../core/metric-record';
import { ObservedMetric } from '../core/observed-component';
import { PortProtocol } from '../core/port-protocol';
import { shareRedis } from './private/shared-redis';
import { MINUTE } from '../core/private/alarms';
import { warnIfImageEnded } from '../core/private/ends-of-support';
import { acceptProps, guard } from '../core/private/guard';
import { namesChildBy } from '../core/private/name-prop';
import { requireSameEnvironment } from '../core/private/same-environment';
import { requireProxy } from '../core/private/service-connect-client';
import { IRedisStore } from '../core/redis-store';
import { MeshService } from '../service/mesh-service';
import { Rollout } from '../service/rollout';
import { Scaling } from '../service/scaling';
import { ServiceConnect } from '../service/service-connect';
import { WritablePath } from '../tasks/writable-path';

const PORT_NAME = 'redis';

/**
 * Valkey, or any Redis image with or without modules, in a container of the mesh: in the namespace as `redis.<namespace>:6379`, or behind
 * its own internal load balancer.
 *
 * Creates a MeshService of one task (read-only root file system, no Linux capabilities, health check with the password) and a generated
 * password in Secrets Manager; with `RedisExposure.networkLoadBalancer()` an internal NLB with a security group of its own; with
 * `RedisPersistence.appendOnly()` an encrypted EFS file system with an access point, daily backups and IAM authorization. Clients are
 * deployed after the server, and each is admitted individually.
 *
 * There is only one writer at any time: a deployment stops the old task before it starts the new one, and Redis is unavailable for about a
 * minute. The same applies to the loss of the task, its host or its Availability Zone: ECS starts another task, in another zone if
 * necessary. Without persistence, it starts empty; with EFS, it loses at most the last second of writes. There is no TLS between client and
 * server: data and password are sent unencrypted through the network of the mesh, between the two security groups only. For failover and
 * TLS use `ElastiCacheRedis`.
 *
 * About 9.41 USD per month in us-east-1 (list prices, November 2026): one Fargate task of 256 CPU units and 512 MiB 9.01, secret 0.40; a
 * load balancer adds 16.43, EFS 0.30 per GB; logs and data transfer are not included.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect.html
 *
 * @example
 * const mesh = new ServiceConnectMesh(this, 'Mesh', { namespaceName: 'care-ns' });
 * const redis = new ContainerRedis(this, 'Redis', { mesh }); // redis.care-ns:6379
 */
export class ContainerRedis extends Construct implements IRedisStore {
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.redis.ContainerRedis';

  /** The Service Connect alias without its port, or the DNS name of the load balancer. */
  public readonly host: string;
  /** The TCP port: 6379. */
  public readonly port: number;
  /** Always false: the server uses the plain Redis protocol inside the network of the mesh. */
  public readonly tls: boolean = false;
  /** Always false. */
  public readonly clusterMode: boolean = false;
  /** Always undefined: the server has no replica. */
  public readonly readerHost?: string = undefined;
  /** The memory for data, in MiB. */
  public readonly maxMemoryMiB: number;
  /** The connections of the task or the load balancer, whichever clients reach. */
  public readonly connections: Connections;
  /** The JSON secret with `username` (always `default`) and `password`; undefined with `RedisAuthentication.NONE`. */
  public readonly secret?: ISecret;
  /** The service that runs the server as its one task. */
  public readonly service: MeshService;
  /** The internal load balancer; undefined with Service Connect. */
  public readonly loadBalancer?: NetworkLoadBalancer;
  /** The file system of the append-only file; undefined if nothing is kept. */
  public readonly fileSystem?: FileSystem;

  constructor(scope: Construct, id: string, props: ContainerRedisProps) {
    props = acceptProps({ ContainerRedis }, new.target, scope, id, props);
    super(scope, id);
    const settings = resolveContainerRedis(this, props);
    const { exposure, persistence } = settings;
    this.port = settings.port;
    this.maxMemoryMiB = settings.maxMemoryMiB;

    this.secret = settings.open ? undefined : generateRedisSecret(this, `Password of Redis ${this.node.path}`);
    // The store's own alarm is the earlier one, and knows what silence means.
    MetricRecord.of(this)._replaceAlarm(this, 'Memory');
    this.service = this.createService(props.mesh, settings);
    if (props.image) warnIfImageEnded(this, 'image', this.service.service.taskDefinition.defaultContainer!.imageName);
    this.fileSystem = persistence._fsync ? mountRedisFileSystem(this, this.service, persistence._securityGroup) : undefined;
    this.loadBalancer = exposure._usesServiceConnect
      ? undefined
      : createRedisLoadBalancer(this, this.service, { port: this.port, existing: exposure._securityGroup });

    this.host = this.loadBalancer?.loadBalancerDnsName ?? this.service.port(PORT_NAME).dnsName;
    this.connections = (this.loadBalancer ?? this.service).connections;
    const where = this.loadBalancer ? 'own internal load balancer' : 'Service Connect';
    const kept = persistence._fsync ? `append-only file on EFS, fsync ${persistence._fsync}` : 'nothing kept';
    recordRedis(this, [`${settings.compute._label}, one task, ${where}`, kept], this.service.node.path);
    // CPU and the running task are watched with the service.
    observeRedis(this, props.mesh, (limits) => this.observe(limits).slice(0, 1));
  }

  /**
   * Describes what a client needs to call this store; used by `connectTo`.
   *
   * @param client client of the connection; it needs a Service Connect proxy, unless the store has a load balancer
   * @param options options of the connection
   */
  public bindEndpoint(client: IEndpointClient, options: ConnectOptions): EndpointBinding {
    requireSameEnvironment(client, this);
    if (!this.loadBalancer) {
      requireProxy(client, this.host, 'give the store `exposure: RedisExposure.networkLoadBalancer()`');
    }
    return bindRedis(this, options, {
      credentials: this.secret && { secret: this.secret, usernameKey: 'username', passwordKey: 'password' },
      dependencies: [this.service.service.node.defaultChild!],
      server: this.service.node.path,
      calledPort: this.loadBalancer ? undefined : { service: this.service, name: PORT_NAME },
    });
  }

  /**
   * Shares the store with other apps of the account and Region: creates a parameter in Parameter Store for each value, below a prefix.
   * Clients use it with `ImportedRedis.fromParameters`; another client changes nothing in this app.
   *
   * @param parameterPrefix prefix of the parameters, such as `/platform/cache`, unique in the account and Region
   */
  public share(parameterPrefix: string): void {
    shareRedis(this, parameterPrefix, { secret: this.secret, hasUsername: true, component: this.service.node.path });
  }

  /**
   * Adds CloudWatch alarms for the memory and CPU of the task. Missing data is breaching, because the one task reports as long as it runs.
   * 0.10 USD a month each in us-east-1 (November 2026).
   *
   * @param options limits and actions
   */
  public addAlarms(options: RedisAlarmOptions = {}): Alarm[] {
    return createRedisAlarms(this, options, (limits) => this.observe(limits));
  }

  private observe({ memoryPercent, cpuPercent }: AlarmLimits): ObservedMetric[] {
    const { service } = this.service;
    return [
      {
        id: 'Memory',
        title: 'Memory (%)',
        metric: service.metricMemoryUtilization({ period: MINUTE, statistic: 'Maximum' }),
        alarm: {
          threshold: memoryPercent,
          // The one task reports as long as it runs, which may be in office hours only.
          treatMissingData: stopsAtNight(this.service) ? TreatMissingData.NOT_BREACHING : TreatMissingData.BREACHING,
          createdAfter: [service],
          description: 'Redis: the memory of the task is nearly full, or no task runs',
        },
      },
      {
        id: 'Cpu',
        title: 'CPU (%)',
        metric: service.metricCpuUtilization({ period: MINUTE }),
        alarm: { threshold: cpuPercent, description: 'Redis: the task is busy' },
      },
    ];
  }

  private createService(mesh: IMesh, settings: ContainerRedisSettings): MeshService {
    namesChildBy(this, 'discoveryName');
    return new MeshService(this, 'Server', {
      mesh,
      compute: settings.compute,
      taskSize: settings.taskSize,
      existing: settings.existing,
      // Two servers would be two truths, and two writers would spoil one file.
      scaling: Scaling.fixed(1),
      rollout: Rollout.rolling({ minHealthyPercent: 0, maxHealthyPercent: 100 }),
      networking: {
        discoveryName: settings.discoveryName,
        serviceConnect: settings.exposure._usesServiceConnect ? ServiceConnect.clientAndServer() : ServiceConnect.none(),
      },
      containers: [
        {
          image: settings.image,
          ports: [
            {
              name: PORT_NAME,
              containerPort: settings.port,
              protocol: PortProtocol.TCP,
              dnsName: settings.exposure._dnsName,
            },
          ],
          process: { user: settings.user, command: renderRedisCommand(settings) },
          healthCheck: redisHealthCheck(settings),
          secrets: this.secret ? { REDIS_PASSWORD: EcsSecret.fromSecretsManager(this.secret, 'password') } : undefined,
          storage: {
            // Nothing is kept, so nothing but a snapshot that a client asks for is written.
            writablePaths: settings.persistence._fsync ? [] : [WritablePath.tmpfs('/data', { size: Size.mebibytes(16) })],
          },
        },
      ],
    });
  }
}

guard({ ContainerRedis });

function stopsAtNight({ mesh }: MeshService): boolean {
  return mesh.officeHours !== undefined && !mesh.officeHours._isAlways;
}
