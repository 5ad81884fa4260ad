import { Connections, Peer, Port } from 'aws-cdk-lib/aws-ec2';
import { Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import { IDatabaseCluster, IDatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, IConstruct, IDependable } from 'constructs';
import { DatabaseEngine } from './database-engine';
import { ImportedDatabaseOptions, ImportedDatabaseProps, SharedDatabaseOptions } from './imported-database-props';
import { ConnectOptions, EndpointBinding, IEndpoint, IEndpointClient } from '../core/endpoint';
import { isRotated, readerHostOf, requireEngine, secretOf } from './private/existing-database';
import { sharedDatabaseProps } from './private/shared-database';
import { validationError, requireInteger } from '../core/private/errors';
import { acceptProps, guard } from '../core/private/guard';
import { requireHostName } from '../core/private/host-name';
import { numberText } from '../core/private/number-text';
import { ofImport } from '../core/private/of-import';
import { requireSameEnvironment } from '../core/private/same-environment';
import { secretStatements } from '../core/private/secret-statements';
import { isUnknown } from '../core/private/unknown';
import { ComponentKind } from '../core/topology-record';

/**
 * An existing relational database: PostgreSQL, MySQL or MariaDB, on RDS or Aurora, of this app or of another one, or elsewhere.
 *
 * Creates no resources. A connected client gets `DATABASE_HOST`, `DATABASE_PORT`, `DATABASE_NAME`, `DATABASE_SSLMODE` (`require` for
 * PostgreSQL, `REQUIRED` for MySQL and MariaDB) and, with a secret, `DATABASE_SECRET_ARN` and the secrets `DATABASE_USERNAME` and
 * `DATABASE_PASSWORD`; with a reader endpoint, `DATABASE_READER_HOST`.
 *
 * Services are redeployed after each rotation of the password of a database that another app shares, or whose password RDS manages
 * (`manageMasterUserPassword` of a database of this app). The rotation of any other secret is not known here: call
 * `service.redeployAfterRotation(secret)` if it has one.
 *
 * @example
 * declare const orders: MeshService;
 * declare const cluster: rds.DatabaseCluster;
 * orders.connectTo(
 *   ImportedDatabase.fromDatabaseCluster(this, 'Orders', cluster, { engine: DatabaseEngine.MYSQL, databaseName: 'orders' }),
 * );
 */
export class ImportedDatabase extends Construct implements IEndpoint {
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.data.ImportedDatabase';

  /**
   * Uses an RDS instance: of this app, or from `DatabaseInstance.fromDatabaseInstanceAttributes`.
   *
   * @param scope scope of the endpoint
   * @param id ID of the endpoint in the scope
   * @param instance the instance
   * @param options engine, name and secret
   */
  public static fromDatabaseInstance(
    scope: Construct,
    id: string,
    instance: IDatabaseInstance,
    options: ImportedDatabaseOptions,
  ): ImportedDatabase {
    const { hostname: host, port } = instance.instanceEndpoint;
    requireEngine(scope, id, instance, options);
    const database = new ImportedDatabase(scope, id, { secret: secretOf(instance), ...options, host, port });
    if (!options.secret) database.source = instance;
    return database.at(instance.connections, instance.node.defaultChild);
  }

  /**
   * Uses an Aurora or Multi-AZ cluster: of this app, or from `DatabaseCluster.fromDatabaseClusterAttributes` with its endpoints.
   *
   * @param scope scope of the endpoint
   * @param id ID of the endpoint in the scope
   * @param cluster the cluster
   * @param options engine, name and secret
   */
  public static fromDatabaseCluster(
    scope: Construct,
    id: string,
    cluster: IDatabaseCluster,
    options: ImportedDatabaseOptions,
  ): ImportedDatabase {
    const { hostname: host, port } = ofImport(scope, () => cluster.clusterEndpoint, {
      prop: 'cluster',
      needs: 'its endpoint',
      got: cluster,
      fix: 'pass `clusterEndpointAddress` and `port`, and `readerEndpointAddress` if it has one, to DatabaseCluster.fromDatabaseClusterAttributes',
    });
    requireEngine(scope, id, cluster, options);
    const props = { secret: secretOf(cluster), ...options, host, port, readerHost: readerHostOf(cluster) };
    const database = new ImportedDatabase(scope, id, props);
    if (!options.secret) database.source = cluster;
    return database.at(cluster.connections, cluster.node.defaultChild && cluster);
  }

  /**
   * Uses a database that another app shares with `database.share(parameterPrefix)`, in the same account and Region. Its password counts as
   * rotated: services are redeployed after each rotation, unless they connect with `afterRotation: AfterRotation.READ_AGAIN`.
   *
   * @param scope scope of the endpoint
   * @param id ID of the endpoint in the scope
   * @param parameterPrefix prefix under which the owner shares it, such as `/platform/database`
   * @param options engine and port, which `Reachability.ofAssemblies` holds against those of the owner
   */
  public static fromParameters(
    scope: Construct,
    id: string,
    parameterPrefix: string,
    options: SharedDatabaseOptions = {},
  ): ImportedDatabase {
    const parts = new Construct(scope, `${id}Shared`);
    const { engine = DatabaseEngine.POSTGRESQL } = options;
    const database = new ImportedDatabase(scope, id, sharedDatabaseProps(parts, parameterPrefix, { ...options, engine }));
    database.topologyId = parameterPrefix;
    database.isShared = true;
    return database;
  }

  /** The host name of the writer. */
  public readonly host: string;

  /** The TCP port. */
  public readonly port: number;

  /** The name of the database. */
  public readonly databaseName: string;

  /** The engine. */
  public readonly engine: DatabaseEngine;

  /** The JSON secret with `username` and `password`, if there is one. */
  public readonly secret?: ISecret;

  private readonly readerHost?: string;
  private connections: Connections;
  private ready: IDependable[] = [];
  private topologyId = this.node.path;
  /** The database of the CDK whose own secret clients receive. */
  private source?: IConstruct;
  private isShared = false;

  constructor(scope: Construct, id: string, props: ImportedDatabaseProps) {
    props = acceptProps({ ImportedDatabase }, new.target, scope, id, props);
    super(scope, id);
    this.validate(props);
    this.host = props.host;
    this.engine = props.engine;
    this.port = props.port ?? (props.engine === DatabaseEngine.POSTGRESQL ? 5432 : 3306);
    this.databaseName = props.databaseName;
    this.secret = props.secret;
    this.readerHost = props.readerHost;
    const defaultPort = Port.tcp(this.port);
    this.connections = props.securityGroup
      ? new Connections({ securityGroups: [props.securityGroup], defaultPort })
      : new Connections({ peer: Peer.anyIpv4(), defaultPort });
  }

  public bindEndpoint(client: IEndpointClient, options: ConnectOptions): EndpointBinding {
    requireSameEnvironment(client, this);
    const prefix = options.as ?? 'DATABASE';
    const { host, port, engine, secret, readerHost, topologyId: server } = this;
    const label = isUnknown(this.databaseName) ? this.node.id : this.databaseName;
    return {
      facts: { server, protocol: engine, dnsName: host, port: isUnknown(port) ? undefined : port },
      components: [{ id: server, kind: ComponentKind.DATABASE, label, details: [engine, 'existing'] }],
      environment: {
        [`${prefix}_HOST`]: host,
        [`${prefix}_PORT`]: numberText(port),
        [`${prefix}_NAME`]: this.databaseName,
        [`${prefix}_SSLMODE`]: engine === DatabaseEngine.POSTGRESQL ? 'require' : 'REQUIRED',
        ...(readerHost ? { [`${prefix}_READER_HOST`]: readerHost } : {}),
        ...(secret ? { [`${prefix}_SECRET_ARN`]: secret.secretArn } : {}),
      },
      secrets: secret && {
        [`${prefix}_USERNAME`]: ContainerSecret.fromSecretsManager(secret, 'username'),
        [`${prefix}_PASSWORD`]: ContainerSecret.fromSecretsManager(secret, 'password'),
      },
      rotatedSecrets: secret && (this.isShared || (this.source && isRotated(this.source))) ? [secret] : [],
      reaches: [{ server: { connections: this.connections }, port: Port.tcp(port) }],
      policyStatements: secret && secretStatements(secret),
      dependencies: this.ready,
    };
  }

  /** Uses the connections of a database of the CDK, which can have several groups. */
  private at(connections: Connections, ready?: IDependable): this {
    if (connections.securityGroups.length > 0) this.connections = connections;
    if (ready) this.ready = [ready];
    return this;
  }

  private validate({ host, port, readerHost, databaseName }: ImportedDatabaseProps): void {
    requireInteger(this, 'PortOutOfRange', 'port', port, 1, 65535);
    requireHostName(this, 'host', host, 'db.example.com');
    requireHostName(this, 'readerHost', readerHost, 'db.example.com');
    if (isUnknown(databaseName) || /^[^\s/?#"'`\\;\u0000-\u001f\u007f]{1,64}$/.test(databaseName)) return;
    throw validationError(this, 'BadExistingDatabaseName', {
      prop: 'databaseName',
      must: 'be 1 to 64 characters without spaces, quotes and characters that a URL would need to escape',
      got: databaseName,
      fix: 'write the name as `\\l` of psql or `SHOW DATABASES` prints it',
    });
  }
}

guard({ ImportedDatabase });
