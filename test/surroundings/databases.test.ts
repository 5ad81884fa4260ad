import { Duration, Stack } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseClusterFromSnapshot,
  DatabaseInstance,
  DatabaseInstanceEngine,
  DatabaseInstanceFromSnapshot,
  DatabaseInstanceReadReplica,
  IDatabaseCluster,
  IDatabaseInstance,
  OracleEngineVersion,
  PostgresEngineVersion,
  SnapshotCredentials,
} from 'aws-cdk-lib/aws-rds';
import * as lib from 'cdk-ecs-mesh';
import { newMesh, newService, newStack, only, resources, templateOf } from '../helpers';

type Databases<T> = Record<string, (stack: Stack, mesh: lib.ServiceConnectMesh) => T>;

const postgres = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17 });
const aurora = DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_4 });
const credentials = SnapshotCredentials.fromGeneratedSecret('postgres');
const writer = ClusterInstance.serverlessV2('Writer');

const RDS_ROTATES = 'an instance with a secret of RDS';

const INSTANCES: Databases<IDatabaseInstance> = {
  'an instance': (stack, { vpc }) => new DatabaseInstance(stack, 'Db', { engine: postgres, vpc }),
  [RDS_ROTATES]: (stack, { vpc }) => new DatabaseInstance(stack, 'Db', { engine: postgres, vpc, manageMasterUserPassword: true }),
  'an instance of a snapshot': (stack, { vpc }) =>
    new DatabaseInstanceFromSnapshot(stack, 'Db', { engine: postgres, vpc, snapshotIdentifier: 'before', credentials }),
};
const CLUSTERS: Databases<IDatabaseCluster> = {
  'a cluster': (stack, { vpc }) => new DatabaseCluster(stack, 'Db', { engine: aurora, vpc, writer }),
  'a cluster of a snapshot': (stack, { vpc }) =>
    new DatabaseClusterFromSnapshot(stack, 'Db', {
      ...{ engine: aurora, vpc, writer },
      ...{ snapshotIdentifier: 'before', snapshotCredentials: credentials },
    }),
};
const options = { engine: lib.DatabaseEngine.POSTGRESQL, databaseName: 'orders' };

/** A client of each, before which something may be done to the database. */
const CLIENTS = [
  ...Object.entries(INSTANCES).map(
    ([name, create]): [
      string,
      (stack: Stack, mesh: lib.ServiceConnectMesh) => IDatabaseInstance | IDatabaseCluster,
      typeof importInstance,
    ] => [name, create, importInstance],
  ),
  ...Object.entries(CLUSTERS).map(
    ([name, create]): [
      string,
      (stack: Stack, mesh: lib.ServiceConnectMesh) => IDatabaseInstance | IDatabaseCluster,
      typeof importInstance,
    ] => [name, create, importCluster],
  ),
] as const;

function importInstance(stack: Stack, database: unknown, engine = options.engine): lib.ImportedDatabase {
  return lib.ImportedDatabase.fromDatabaseInstance(stack, 'Orders', database as IDatabaseInstance, { ...options, engine });
}

function importCluster(stack: Stack, database: unknown, engine = options.engine): lib.ImportedDatabase {
  return lib.ImportedDatabase.fromDatabaseCluster(stack, 'Orders', database as IDatabaseCluster, { ...options, engine });
}

describe.each(CLIENTS)('PR-07: %s of the app', (name, create, take) => {
  const arrange = (act: (database: unknown) => void = () => undefined) => {
    const stack = newStack();
    const mesh = newMesh(stack);
    const database = create(stack, mesh);
    act(database);
    newService(mesh, 'Api').connectTo(take(stack, database));
    return templateOf(stack);
  };

  test('clients get its secret, and start after it', () => {
    const template = arrange();
    const [{ Secrets }] = only(template, 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions as {
      Secrets: { Name: string }[];
    }[];
    expect(Secrets.map(({ Name }) => Name)).toEqual(['DATABASE_PASSWORD', 'DATABASE_USERNAME']);
    const { DependsOn = [] } = only(template, 'AWS::ECS::Service');
    expect(DependsOn.filter((id) => /^Db[0-9A-F]{8}$/.test(id))).toHaveLength(1);
  });

  test('its port is open to them', () => {
    const rules = Object.values(resources(arrange(), 'AWS::EC2::SecurityGroupIngress', 'DbSecurityGroup'));
    expect(rules).toHaveLength(1);
  });

  test('another engine than its own is refused', () => {
    const stack = newStack();
    const database = create(stack, newMesh(stack));
    expect(() => take(stack, database, lib.DatabaseEngine.MYSQL)).toThrow(
      /^`engine` must be the engine of Shop\/Db, which is (aurora-)?postgres(ql)?, got "mysql"; use DatabaseEngine.POSTGRESQL \[DatabaseEngineDiffers at Shop\/Orders\]$/,
    );
  });

  test('services follow a rotation that the app has set up, or RDS', () => {
    const stack = newStack();
    const mesh = newMesh(stack);
    const database = create(stack, mesh) as DatabaseInstance;
    const endpoint = take(stack, database);
    const client = newService(mesh, 'Api');
    const rotated = () => endpoint.bindEndpoint(client, {}).rotatedSecrets!.length;
    if (name === RDS_ROTATES) return expect(rotated()).toBe(1);
    expect(rotated()).toBe(0);
    database.addRotationSingleUser({ automaticallyAfter: Duration.days(30) });
    expect(rotated()).toBe(1);
  });
});

test('a read replica has no secret of its own, and its clients get that of its options', () => {
  const stack = newStack();
  const mesh = newMesh(stack);
  const source = new DatabaseInstance(stack, 'Source', { engine: postgres, vpc: mesh.vpc });
  const settings = { sourceDatabaseInstance: source, instanceType: new InstanceType('t4g.small'), vpc: mesh.vpc };
  const replica = new DatabaseInstanceReadReplica(stack, 'Db', settings);
  const endpoint = lib.ImportedDatabase.fromDatabaseInstance(stack, 'Orders', replica, { ...options, secret: source.secret });
  newService(mesh, 'Api').connectTo(endpoint);
  expect(endpoint.secret).toBe(source.secret);
  expect(only(templateOf(stack), 'AWS::ECS::Service').DependsOn).toContain('Db5D02A0A9');
});

test('a cluster that is imported without a reader has none', () => {
  const stack = newStack();
  const attributes = { clusterIdentifier: 'orders', clusterEndpointAddress: 'orders.example.com', port: 5432 };
  const cluster = DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Db', attributes);
  newService(newMesh(stack), 'Api').connectTo(importCluster(stack, cluster));
  expect(JSON.stringify(only(templateOf(stack), 'AWS::ECS::TaskDefinition'))).not.toContain('READER');
});

test('a database of another kind is refused with the way that it has', () => {
  const stack = newStack();
  const engine = DatabaseInstanceEngine.oracleSe2({ version: OracleEngineVersion.VER_19 });
  const database = new DatabaseInstance(stack, 'Db', { engine, vpc: newMesh(stack).vpc });
  expect(() => importInstance(stack, database)).toThrow(
    /^`engine` must be the engine of Shop\/Db, which is oracle-se2, got "postgresql"; connect to its address with `Endpoint.externalHost`/,
  );
});
