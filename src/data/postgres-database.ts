import { Duration, RemovalPolicy, Size, SizeRoundingBehavior } from 'aws-cdk-lib';
import { BackupResource } from 'aws-cdk-lib/aws-backup';
import { Connections, ISecurityGroup, InstanceClass, InstanceSize, InstanceType, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import { LogRetention } from 'aws-cdk-lib/aws-logs';
import {
  CfnDBInstance,
  DatabaseInstance,
  DatabaseInstanceEngine,
  ParameterGroup,
  PostgresEngineVersion,
  StorageType,
} from 'aws-cdk-lib/aws-rds';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { DatabaseEngine } from './database-engine';
import { DatabaseRotation } from './database-rotation';
import { PostgresDatabaseProps } from './postgres-database-props';
import { createDatabaseAudit } from './private/audited-database';
import { DatabaseHours } from './private/database-hours';
import { DATABASE_LOGS, limitDatabaseLogs } from './private/database-logs';
import { observeDatabase } from './private/database-metrics';
import { databaseSubnets } from './private/database-subnets';
import { officeWindows } from './private/office-windows';
import { isReservedName } from './private/reserved-names';
import { requireSnapshot, restoreFrom } from './private/restored-instance';
import { Compliance } from '../core/compliance';
import { ConnectOptions, EndpointBinding, IEndpoint, IEndpointClient } from '../core/endpoint';
import { acknowledge } from '../core/private/acknowledge';
import { description } from '../core/private/description';
import { warnIfEnded } from '../core/private/ends-of-support';
import { validationError, requireInteger } from '../core/private/errors';
import { acceptProps, guard } from '../core/private/guard';
import { requireInstanceType } from '../core/private/instance-type';
import { inUnit, requireResolved } from '../core/private/resolved';
import { requireSameEnvironment } from '../core/private/same-environment';
import { secretStatements } from '../core/private/secret-statements';
import { publish } from '../core/private/sharing';
import { isUnknown } from '../core/private/unknown';
import { ComponentKind, TopologyRecord } from '../core/topology-record';

const PORT = 5432;

/**
 * A PostgreSQL database that services connect to.
 *
 * Creates an RDS instance over two zones (Multi-AZ) in the isolated subnets, encrypted, with gp3 storage, daily backups, logs in CloudWatch
 * for 30 days, IAM authentication and a parameter group that refuses connections without TLS; a password that RDS generates, stores in
 * Secrets Manager and changes every 7 days; and a security group that admits declared clients only. With the mesh's `removalPolicy:
 * RETAIN`, it is protected from deletion and a final snapshot is taken; with `DESTROY`, it is deleted with its backups.
 *
 * A connected client gets `DATABASE_HOST`, `DATABASE_PORT`, `DATABASE_NAME`, `DATABASE_SSLMODE` (`require`) and `DATABASE_SECRET_ARN`, and
 * the secrets `DATABASE_USERNAME` and `DATABASE_PASSWORD`. A rotation invalidates the password that running tasks started with, so the stack
 * of a service redeploys it then; new connections of the old tasks fail meanwhile, for some minutes. Code that reads the JSON secret at
 * `DATABASE_SECRET_ARN` again when authentication fails, which the task role can do, is connected with
 * `afterRotation: AfterRotation.READ_AGAIN`; https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/configuration.md has an example.
 *
 * Cost: about 28 USD a month in us-east-1 for two db.t4g.micro with 20 GiB (list price, November 2026), and 0.40 USD for the secret.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * declare const web: MeshService;
 * const database = new PostgresDatabase(this, 'Database', { mesh });
 * web.connectTo(database);
 */
export class PostgresDatabase extends Construct implements IEndpoint {
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.data.PostgresDatabase';

  /** The connections of the database. */
  public readonly connections: Connections;

  /** The security group, which admits only declared clients. */
  public readonly securityGroup: ISecurityGroup;

  /** The RDS instance. */
  public readonly instance: DatabaseInstance;

  /** The JSON secret with `username` and `password`; also `host`, `port` and `dbname` if RDS does not manage it. */
  public readonly secret: ISecret;

  /** The host name of the writer. It does not change on failover. */
  public readonly host: string;

  /** The TCP port. */
  public readonly port: number = PORT;

  /** The name of the database. */
  public readonly databaseName: string;

  private readonly rotation: DatabaseRotation;

  constructor(scope: Construct, id: string, props: PostgresDatabaseProps) {
    props = acceptProps({ PostgresDatabase }, new.target, scope, id, props);
    super(scope, id);
    this.databaseName = props.databaseName ?? 'app';
    this.rotation = props.rotation ?? DatabaseRotation.managedByRds();
    this.validate(props);
    this.securityGroup =
      props.securityGroup ??
      new SecurityGroup(this, 'SecurityGroup', {
        vpc: props.mesh.vpc,
        allowAllOutbound: false,
        description: description('Database', id),
      });
    this.connections = new Connections({ securityGroups: [this.securityGroup], defaultPort: Port.tcp(PORT) });
    this.instance = this.createInstance(props);
    this.secret = this.instance.secret!;
    this.host = this.instance.instanceEndpoint.hostname;
    this.rotation._attach({ construct: this, mesh: props.mesh, instance: this.instance, port: PORT });
    const hours = props.officeHours ?? props.mesh.officeHours;
    if (hours && !hours._isAlways) new DatabaseHours(this, 'OfficeHours', props.mesh, this.instance, hours);
    TopologyRecord.of(this).addComponent({
      id: this.node.path,
      kind: ComponentKind.DATABASE,
      label: this.databaseName,
      details: ['PostgreSQL', (this.instance.node.defaultChild as CfnDBInstance).multiAz ? 'two zones' : 'one zone'],
    });
    observeDatabase(this, props.mesh, this.databaseName, this.instance, props.storage ?? Size.gibibytes(20));
  }

  public bindEndpoint(client: IEndpointClient, options: ConnectOptions): EndpointBinding {
    requireSameEnvironment(client, this);
    const prefix = options.as ?? 'DATABASE';
    const secret = this.rotation._secretFor(this.instance);
    return {
      facts: { server: this.node.path, protocol: 'postgresql', dnsName: this.host, port: PORT },
      environment: {
        [`${prefix}_HOST`]: this.host,
        [`${prefix}_PORT`]: String(PORT),
        [`${prefix}_NAME`]: this.databaseName,
        [`${prefix}_SSLMODE`]: 'require',
        [`${prefix}_SECRET_ARN`]: secret.secretArn,
      },
      secrets: {
        [`${prefix}_USERNAME`]: ContainerSecret.fromSecretsManager(secret, 'username'),
        [`${prefix}_PASSWORD`]: ContainerSecret.fromSecretsManager(secret, 'password'),
      },
      rotatedSecrets: this.rotation._isRotated ? [secret] : [],
      reaches: [{ server: this, port: Port.tcp(PORT) }],
      policyStatements: secretStatements(secret),
      // Clients wait for the instance and its secret, not for the retention of its logs, which comes after it.
      dependencies: this.instance.node.children.filter((child) => !(child instanceof LogRetention)),
    };
  }

  /**
   * Shares the database with other apps of the account and Region: creates a parameter in Parameter Store for each value, below a prefix.
   * Clients use it with `ImportedDatabase.fromParameters`; another client changes nothing in this app. A key of the app that encrypts the secret
   * decrypts it from then on for every role of the account that may read the secret; an imported key needs this statement from its owner.
   *
   * @param parameterPrefix prefix of the parameters, such as `/platform/database`, unique in the account and Region
   */
  public share(parameterPrefix: string): void {
    publish({
      owner: this,
      prefix: parameterPrefix,
      secret: this.rotation._secretFor(this.instance),
      values: {
        engine: DatabaseEngine.POSTGRESQL,
        host: this.host,
        port: String(PORT),
        'database-name': this.databaseName,
        'security-group-id': this.securityGroup.securityGroupId,
      },
    });
  }

  private createInstance(props: PostgresDatabaseProps): DatabaseInstance {
    requireInstanceType(this, 'instanceType', props.instanceType);
    const engine = DatabaseInstanceEngine.postgres({ version: props.version ?? PostgresEngineVersion.VER_17 });
    const kept = props.mesh.removalPolicy !== RemovalPolicy.DESTROY;
    const compliance = Compliance.of(this);
    const encryptionKey = compliance.encryptionKey(this);
    const audit = createDatabaseAudit(this, kept);
    const hours = props.officeHours ?? props.mesh.officeHours;
    const instance = new DatabaseInstance(this, 'Instance', {
      engine,
      vpc: props.mesh.vpc,
      vpcSubnets: databaseSubnets(this, props.mesh),
      securityGroups: [this.securityGroup],
      instanceType: props.instanceType ?? InstanceType.of(InstanceClass.T4G, InstanceSize.MICRO),
      databaseName: this.databaseName,
      ...this.rotation._settings(this),
      multiAz: props.multiAz ?? true,
      allocatedStorage: (props.storage ?? Size.gibibytes(20)).toGibibytes(),
      storageType: StorageType.GP3,
      storageEncrypted: true,
      storageEncryptionKey: encryptionKey,
      backupRetention: props.backupRetention ?? Duration.days(7),
      copyTagsToSnapshot: true,
      autoMinorVersionUpgrade: true,
      allowMajorVersionUpgrade: props.allowMajorVersionUpgrade,
      iamAuthentication: true,
      publiclyAccessible: false,
      cloudwatchLogsExports: DATABASE_LOGS,
      ...audit?.settings,
      parameterGroup: new ParameterGroup(this, 'Parameters', {
        engine,
        description: 'Refuses connections without TLS',
        parameters: { 'rds.force_ssl': '1' },
      }),
      deletionProtection: kept,
      removalPolicy: kept ? RemovalPolicy.SNAPSHOT : RemovalPolicy.DESTROY,
      deleteAutomatedBackups: !kept,
      ...officeWindows(this, hours),
    });
    if (props.snapshotIdentifier !== undefined) restoreFrom(props.snapshotIdentifier, instance);
    acknowledge(
      instance,
      'AwsSolutions-RDS11',
      'The port is not a secret: only declared clients can reach it, and tools expect 5432.',
    );
    if (props.multiAz === false) {
      acknowledge(
        instance,
        ['AwsSolutions-RDS3', '*-RDSMultiAZSupport'],
        'A single Availability Zone is specified with `multiAz: false`.',
      );
    }
    if (!kept) {
      acknowledge(
        instance,
        ['AwsSolutions-RDS10', '*-RDSInstanceDeletionProtectionEnabled'],
        'Development mode is specified with the `removalPolicy` of the mesh.',
      );
    }
    if (audit) instance.node.addDependency(...audit.groups);
    else limitDatabaseLogs(instance, kept);
    compliance._backUp(instance, BackupResource.fromRdsDatabaseInstance(instance), hours);
    return instance;
  }

  private validate({ storage, backupRetention, version, snapshotIdentifier }: PostgresDatabaseProps): void {
    warnIfEnded(this, 'version', 'rds/postgres', version?.postgresFullVersion);
    if (!isUnknown(this.databaseName) && !/^[A-Za-z][A-Za-z0-9_]{0,62}$/.test(this.databaseName)) {
      throw validationError(this, 'BadDatabaseName', {
        prop: 'databaseName',
        must: 'be 1 to 63 letters, digits and underscores, starting with a letter',
        got: this.databaseName,
        fix: 'write it like "app"',
      });
    }
    if (isReservedName(this.databaseName)) {
      throw validationError(this, 'ReservedDatabaseName', {
        prop: 'databaseName',
        must: 'not be a reserved word in PostgreSQL, or a database that exists on every instance',
        got: this.databaseName,
        fix: `write it like "${this.databaseName.toLowerCase()}_db"`,
      });
    }
    requireSnapshot(this, snapshotIdentifier);
    requireResolved(this, 'storage', storage);
    requireInteger(this, 'StorageOutOfRange', 'storage', storage?.toGibibytes({ rounding: SizeRoundingBehavior.NONE }), 20, 65536);
    requireInteger(
      this,
      'BackupRetentionOutOfRange',
      'backupRetention',
      inUnit(this, 'backupRetention', () => backupRetention?.toDays({ integral: false })),
      1,
      35,
    );
    this.rotation._validate(this);
  }
}

guard({ PostgresDatabase });
