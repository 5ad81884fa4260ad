import { Connections, Peer, Port } from 'aws-cdk-lib/aws-ec2';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { ImportedRedisProps } from './imported-redis-props';
import { bindRedis, recordRedis, RedisCredentials } from './private/redis-contract';
import { sharedRedisProps } from './private/shared-redis';
import { SharedRedisOptions } from './shared-redis-options';
import { ConnectOptions, EndpointBinding, IEndpointClient } from '../core/endpoint';
import { validationError, requireInteger } from '../core/private/errors';
import { acceptProps, guard } from '../core/private/guard';
import { requireHostName } from '../core/private/host-name';
import { requireSameEnvironment } from '../core/private/same-environment';
import { isUnknown } from '../core/private/unknown';
import { IRedisStore } from '../core/redis-store';
import { TopologyRecord } from '../core/topology-record';

/**
 * An existing Redis or Valkey server: in another stack or account, on premises, or from another provider.
 *
 * Creates no resources. Clients receive the same variables as from any other store, so migrating to or from a store of this library is a
 * change of one line.
 *
 * @example
 * const secret = secretsmanager.Secret.fromSecretNameV2(this, 'RedisSecret', 'shop/redis');
 * const redis = new ImportedRedis(this, 'Redis', { host: 'redis.example.com', tls: true, credentials: { secret } });
 */
export class ImportedRedis extends Construct implements IRedisStore {
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.redis.ImportedRedis';

  /**
   * Uses a store that another app shares with `store.share(parameterPrefix)`, in the same account and Region. The security group rules, of
   * the client and of the server, are in the client's stack. A `ContainerRedis` without a load balancer is called by its Service Connect
   * alias, so its clients must be in the same namespace and be deployed after it.
   *
   * @param scope scope of the store
   * @param id ID of the store in the scope
   * @param parameterPrefix prefix under which the owner shares it, such as `/platform/cache`
   * @param options facts about the store, which `Reachability.ofAssemblies` holds against those of the owner
   *
   * @example
   * declare const orders: MeshService;
   * orders.connectTo(ImportedRedis.fromParameters(this, 'Cache', '/platform/cache'));
   */
  public static fromParameters(
    scope: Construct,
    id: string,
    parameterPrefix: string,
    options: SharedRedisOptions = {},
  ): ImportedRedis {
    const parts = new Construct(scope, `${id}Shared`);
    const redis = new ImportedRedis(scope, id, sharedRedisProps(parts, parameterPrefix, options));
    redis.sharedAs = parameterPrefix;
    // It is the component of its owner, by the name under which it is shared.
    TopologyRecord.of(redis)._remove(redis.node.path);
    recordRedis(redis, ['of another app'], parameterPrefix);
    return redis;
  }

  public readonly host: string;
  public readonly port: number;
  public readonly tls: boolean;
  public readonly clusterMode: boolean;
  public readonly readerHost?: string;
  public readonly connections: Connections;
  /** The JSON secret with the credentials; undefined if the server requires none. */
  public readonly secret?: ISecret;

  private readonly credentials?: RedisCredentials;
  private sharedAs?: string;

  constructor(scope: Construct, id: string, props: ImportedRedisProps) {
    props = acceptProps({ ImportedRedis }, new.target, scope, id, props);
    super(scope, id);
    this.validate(props);
    this.host = props.host;
    this.port = props.port ?? 6379;
    this.tls = props.tls;
    this.clusterMode = props.mode?._isCluster ?? false;
    this.readerHost = props.mode?._readerHost;
    this.secret = props.credentials?.secret;
    this.credentials = props.credentials && {
      secret: props.credentials.secret,
      usernameKey: props.credentials.usernameField,
      passwordKey: props.credentials.passwordField ?? 'password',
    };
    const defaultPort = Port.tcp(this.port);
    this.connections = props.securityGroup
      ? new Connections({ securityGroups: [props.securityGroup], defaultPort })
      : new Connections({ peer: Peer.anyIpv4(), defaultPort });
    recordRedis(this, ['existing server', ...(this.tls ? ['TLS'] : []), ...(this.clusterMode ? ['cluster mode'] : [])]);
  }

  /**
   * Describes what a client needs to call this store; used by `connectTo`.
   *
   * @param client client of the connection
   * @param options options of the connection
   */
  public bindEndpoint(client: IEndpointClient, options: ConnectOptions): EndpointBinding {
    for (const group of this.connections.securityGroups) requireSameEnvironment(client, group);
    return bindRedis(this, options, { credentials: this.credentials, server: this.sharedAs });
  }

  private validate(props: ImportedRedisProps): void {
    requireHostName(this, 'host', props.host, 'redis.example.com');
    requireHostName(this, 'mode.readerHost', props.mode?._readerHost, 'redis.example.com');
    requireInteger(this, 'PortOutOfRange', 'port', props.port, 1, 65535);
    this.validateField('passwordField', props.credentials?.passwordField);
    this.validateField('usernameField', props.credentials?.usernameField);
  }

  /** ECS puts the field between colons behind the ARN of the secret. */
  private validateField(prop: string, field: string | undefined): void {
    if (field === undefined || isUnknown(field) || /^[^:]+$/.test(field)) return;
    throw validationError(this, 'RedisSecretField', {
      prop: `credentials.${prop}`,
      must: 'be a field of the secret, without ":"',
      got: field,
      fix: 'write the name as it is in the JSON of the secret',
    });
  }
}

guard({ ImportedRedis });
