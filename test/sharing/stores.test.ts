import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { IKey, Key } from 'aws-cdk-lib/aws-kms';
import {
  AuroraMysqlEngineVersion,
  AuroraPostgresEngineVersion,
  ClusterInstance,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseInstance,
  DatabaseInstanceEngine,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  AfterRotation,
  Compliance,
  ConnectOptions,
  ContainerRedis,
  DatabaseEngine,
  DatabaseRotation,
  Ec2HostRedis,
  ElastiCacheRedis,
  IEndpoint,
  ImportedDatabase,
  ImportedDatabaseOptions,
  ImportedDatabaseProps,
  ImportedRedis,
  PostgresDatabase,
  Reachability,
  ServerlessRedis,
  ServiceConnectMesh,
  SharedRedisAuthentication,
  TopologyDiagram,
} from 'cdk-ecs-mesh';
import { assemblyOf } from './three-apps';
import { newMesh, newService, newStack, only, openPaths, resources, templateOf, valueText } from '../helpers';

const { NONE, USERNAME_AND_PASSWORD } = SharedRedisAuthentication;

/** An owner with a store, and an app whose service uses it. */
function twoApps(own: (stack: Stack, mesh: ServiceConnectMesh) => void, use: (stack: Stack) => IEndpoint) {
  const owner = newStack('Owner');
  const mesh = new ServiceConnectMesh(owner, 'Mesh', { namespaceName: 'platform' });
  mesh.share('/platform/mesh');
  own(owner, mesh);
  const client = newStack('Client');
  const team = ServiceConnectMesh.fromParameters(client, 'Mesh', '/platform/mesh');
  newService(team, 'Api').connectTo(use(client));
  return [owner, client].map(assemblyOf);
}

const STORE = '/platform/store';
const PG = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17 });
const redis =
  (options = {}) =>
  (stack: Stack) =>
    ImportedRedis.fromParameters(stack, 'Store', STORE, options);

describe('NU-2: a store of one app is used by another one', () => {
  test.each([
    ['ElastiCache', (s: Stack, mesh: ServiceConnectMesh) => new ElastiCacheRedis(s, 'Store', { mesh }), {}],
    [
      'serverless',
      (s: Stack, mesh: ServiceConnectMesh) => new ServerlessRedis(s, 'Store', { mesh }),
      { clusterMode: true, authentication: USERNAME_AND_PASSWORD },
    ],
    [
      'a container',
      (s: Stack, mesh: ServiceConnectMesh) => new ContainerRedis(s, 'Store', { mesh }),
      { tls: false, authentication: USERNAME_AND_PASSWORD },
    ],
    [
      'a host',
      (s: Stack, mesh: ServiceConnectMesh) => new Ec2HostRedis(s, 'Store', { mesh }),
      { tls: false, authentication: USERNAME_AND_PASSWORD },
    ],
  ])('%s: reachable in the proof, one component in the picture', (_, create, options) => {
    const apps = twoApps((stack, mesh) => create(stack, mesh).share(STORE), redis(options));
    expect(() => Reachability.ofAssemblies(apps).expectReachable('Client/Api', 'Owner/Store', 6379)).not.toThrow();
    expect(TopologyDiagram.ofAssemblies(apps).toJson()).not.toContain(STORE);
  });

  test('what the client states is held against the owner', () => {
    const wrong = { tls: false, port: 6400, clusterMode: true, authentication: NONE };
    const apps = twoApps((stack, mesh) => new ElastiCacheRedis(stack, 'Store', { mesh }).share(STORE), redis(wrong));
    expect(() => Reachability.ofAssemblies(apps)).toThrow(
      /"false" for \/platform\/store\/tls, .*\n.*"6400" for .*\n.*"true" for .*cluster-mode.*\n.*"none" for .*authentication, and Owner shares "password"/,
    );
  });
});

describe('NU-2: a database of one app is used by another one', () => {
  const own = (stack: Stack, mesh: ServiceConnectMesh) => new PostgresDatabase(stack, 'Database', { mesh }).share(STORE);

  test('reachable, and one component', () => {
    const apps = twoApps(own, (stack) => ImportedDatabase.fromParameters(stack, 'Database', STORE));
    expect(() => Reachability.ofAssemblies(apps).expectReachable('Client/Api', 'Owner/Database', 5432)).not.toThrow();
    expect(TopologyDiagram.ofAssemblies(apps).toJson()).toContain('"server": "Owner/Database"');
  });

  test('the engine is held against the owner', () => {
    const apps = twoApps(own, (stack) =>
      ImportedDatabase.fromParameters(stack, 'Database', STORE, { engine: DatabaseEngine.MYSQL }),
    );
    expect(() => Reachability.ofAssemblies(apps)).toThrow(
      /states "mysql" for \/platform\/store\/engine, and Owner shares "postgresql"\n.*states "3306" for \/platform\/store\/port/,
    );
  });
});

/** Each store and database with a secret. */
const WITH_SECRETS: Record<string, (stack: Stack, mesh: ServiceConnectMesh) => { share(prefix: string): void }> = {
  ElastiCache: (stack, mesh) => new ElastiCacheRedis(stack, 'Store', { mesh }),
  serverless: (stack, mesh) => new ServerlessRedis(stack, 'Store', { mesh }),
  'a container': (stack, mesh) => new ContainerRedis(stack, 'Store', { mesh }),
  'a host': (stack, mesh) => new Ec2HostRedis(stack, 'Store', { mesh }),
  'a database, its password managed by RDS': (stack, mesh) => new PostgresDatabase(stack, 'Store', { mesh }),
  'a database, its password not rotated': (stack, mesh) =>
    new PostgresDatabase(stack, 'Store', { mesh, rotation: DatabaseRotation.none('The code reads it once.') }),
};

describe.each(Object.entries(WITH_SECRETS))('the key of a shared secret: %s', (_, create) => {
  const ADMITTED = {
    Action: 'kms:Decrypt',
    Condition: {
      StringEquals: { 'kms:CallerAccount': { Ref: 'AWS::AccountId' }, 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' },
    },
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Resource: '*',
  };
  const shared = (key?: (stack: Stack) => IKey) => {
    const stack = newStack();
    Compliance.strict({ key: key?.(stack) }).applyTo(stack);
    const store = create(stack, newMesh(stack));
    return { stack, store };
  };
  const admitted = (stack: Stack) =>
    only(templateOf(stack), 'AWS::KMS::Key').Properties.KeyPolicy.Statement.filter(
      (statement: object) => JSON.stringify(statement) === JSON.stringify(ADMITTED),
    );

  test('decrypts it for the roles of other apps, which its owner does not know', () => {
    const { stack, store } = shared();
    store.share('/platform/store');
    store.share('/platform/again');
    expect(admitted(stack)).toHaveLength(1);
  });

  test('is left alone if nothing is shared', () => {
    expect(admitted(shared().stack)).toHaveLength(0);
  });

  test('is left to its owner if it is imported, with a warning', () => {
    const { stack, store } = shared((scope) => Key.fromKeyArn(scope, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/1'));
    store.share('/platform/store');
    Annotations.fromStack(stack).hasWarning(
      '/Shop/Store',
      Match.stringLikeRegexp('The key Shop/Key .*kms:CallerAccount.*KeyStatementLeft'),
    );
  });
});

describe('DT-36: services of another app follow the rotation of a shared password', () => {
  const rules = (options?: ConnectOptions) => {
    const stack = newStack('Client');
    const team = ServiceConnectMesh.fromParameters(stack, 'Mesh', '/platform/mesh');
    newService(team, 'Api').connectTo(ImportedDatabase.fromParameters(stack, 'Database', STORE), options);
    return Object.values(resources(templateOf(stack), 'AWS::Events::Rule'));
  };

  test('they are redeployed', () => {
    const [{ Properties }, ...others] = rules();
    expect(others).toEqual([]);
    const secret = { Ref: expect.stringMatching(/^SsmParameterValueplatformstoresecretarn/) };
    expect(Properties.EventPattern.resources).toEqual([secret]);
    expect(valueText(Properties.Targets[0].Input)).toContain('ApiService');
  });

  test('unless they read it again', () => {
    expect(rules({ afterRotation: AfterRotation.READ_AGAIN })).toEqual([]);
  });
});

describe('PR-07, NU-1: databases of the CDK', () => {
  const stack = newStack();
  const mesh = newMesh(stack);
  const vpc = mesh.vpc;
  const cluster = new DatabaseCluster(stack, 'Aurora', {
    vpc,
    engine: DatabaseClusterEngine.auroraMysql({ version: AuroraMysqlEngineVersion.VER_3_08_0 }),
    writer: ClusterInstance.serverlessV2('writer'),
  });
  const options = { engine: DatabaseEngine.MYSQL, databaseName: 'orders' };
  newService(mesh, 'Orders').connectTo(ImportedDatabase.fromDatabaseCluster(stack, 'OrdersDb', cluster, options));
  const instance = new DatabaseInstance(stack, 'Pg', {
    vpc,
    engine: PG,
  });
  const pg = { engine: DatabaseEngine.POSTGRESQL, databaseName: 'users' };
  newService(mesh, 'Users').connectTo(ImportedDatabase.fromDatabaseInstance(stack, 'UsersDb', instance, pg));
  const template = templateOf(stack);
  const container = (id: string) => only(template, 'AWS::ECS::TaskDefinition', id).Properties.ContainerDefinitions[0];
  const names = (id: string) => container(id).Environment.map(({ Name }: { Name: string }) => Name);

  test('an Aurora MySQL cluster with its reader and its secret', () => {
    expect(names('Orders')).toEqual([
      'DATABASE_HOST',
      'DATABASE_NAME',
      'DATABASE_PORT',
      'DATABASE_READER_HOST',
      'DATABASE_SECRET_ARN',
      'DATABASE_SSLMODE',
    ]);
    expect(container('Orders').Environment).toContainEqual({ Name: 'DATABASE_SSLMODE', Value: 'REQUIRED' });
    expect(container('Orders').Secrets.map(({ Name }: { Name: string }) => Name)).toEqual([
      'DATABASE_PASSWORD',
      'DATABASE_USERNAME',
    ]);
  });

  test('an RDS instance', () => {
    expect(container('Users').Environment).toContainEqual({ Name: 'DATABASE_SSLMODE', Value: 'require' });
    expect(names('Users')).not.toContain('DATABASE_READER_HOST');
  });

  test.each<[string, boolean, Partial<ImportedDatabaseOptions>]>([
    ['RDS', true, {}],
    ['nobody', false, {}],
    [
      'nobody, as far as it is known: the secret is another one',
      true,
      { secret: Secret.fromSecretNameV2(newStack('Other'), 'Own', 'own') },
    ],
  ])('services follow the rotation of a password that is rotated by %s', (by, manageMasterUserPassword, more) => {
    const own = newStack();
    const newNetwork = newMesh(own);
    const engine = DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_17_4 });
    const writer = ClusterInstance.serverlessV2('writer');
    const made = {
      Pg: new DatabaseInstance(own, 'Pg', { vpc: newNetwork.vpc, engine: PG, manageMasterUserPassword }),
      Aurora: new DatabaseCluster(own, 'Aurora', { vpc: newNetwork.vpc, engine, writer, manageMasterUserPassword }),
    };
    const service = newService(newNetwork, 'Api');
    service.connectTo(ImportedDatabase.fromDatabaseInstance(own, 'PgDb', made.Pg, { ...pg, ...more }));
    service.connectTo(ImportedDatabase.fromDatabaseCluster(own, 'AuroraDb', made.Aurora, { ...pg, ...more }), { as: 'AURORA' });
    expect(Object.keys(resources(templateOf(own), 'AWS::Events::Rule'))).toHaveLength(by === 'RDS' ? 2 : 0);
  });

  test('clients are admitted, and deployed after it', () => {
    const text = JSON.stringify(template.findResources('AWS::EC2::SecurityGroupIngress'));
    expect(text).toContain('AuroraSecurityGroup');
    expect(text).toContain('PgSecurityGroup');
    expect(only(template, 'AWS::ECS::Service', 'Users').DependsOn!.join()).toMatch(/Pg[0-9A-F]{8}/);
  });
});

describe('databases elsewhere', () => {
  const connected = (props: Partial<ImportedDatabaseProps>) => {
    const mesh = newMesh();
    const stack = Stack.of(mesh);
    const own = { engine: DatabaseEngine.MYSQL, host: 'db.example.com', databaseName: 'shop', ...props };
    newService(mesh, 'Api').connectTo(new ImportedDatabase(stack, 'Db', own));
    return templateOf(mesh);
  };

  test('with a security group that the owner gives', () => {
    const securityGroup = SecurityGroup.fromSecurityGroupId(new Stack(new App(), 'X'), 'Group', 'sg-db');
    expect(openPaths(connected({ securityGroup }))).toEqual(['Api -> "sg-db" 3306']);
  });

  test('without one, clients may leave on the port, and get no credentials', () => {
    const template = connected({ port: 3307 });
    const [{ SecurityGroupEgress: egress }] = Object.values(template.findResources('AWS::EC2::SecurityGroup', {}))
      .map(({ Properties }) => Properties)
      .filter(({ GroupDescription }) => /Tasks of api/.test(GroupDescription));
    expect(egress).toContainEqual(expect.objectContaining({ CidrIp: '0.0.0.0/0', FromPort: 3307 }));
    expect(only(template, 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions[0].Secrets).toBeUndefined();
  });

  test.each([['a b'], [''], ['x'.repeat(65)]])('a bad name: %j', (databaseName) => {
    expect(() => connected({ databaseName })).toThrow(
      `\`databaseName\` must be 1 to 64 characters without spaces, quotes and characters that a URL would need to escape, got ${JSON.stringify(databaseName)}; write the name as \`\\l\` of psql or \`SHOW DATABASES\` prints it [BadExistingDatabaseName at Shop/Db]`,
    );
  });

  test('a bad host', () => {
    expect(() => connected({ host: 'mysql://x' })).toThrow(
      /`host` must be a DNS name or an IPv4 address, got "mysql:\/\/x".*BadHostName/,
    );
  });
});
