import { Stack } from 'aws-cdk-lib';
import { ElastiCacheRedis, PostgresDatabase } from 'cdk-ecs-mesh';
import { AwsSolutionsChecks } from 'cdk-nag';
import { newMesh, only, templateOf } from '../helpers';

describe('PR-22: data of a snapshot', () => {
  const restored = (snapshotIdentifier?: string) => {
    const mesh = newMesh();
    const database = new PostgresDatabase(Stack.of(mesh), 'Database', { mesh, snapshotIdentifier });
    return only(templateOf(database), 'AWS::RDS::DBInstance').Properties;
  };

  test('a database has nothing beside the snapshot that RDS takes from it', () => {
    const properties = restored('shop-snapshot');
    expect(properties).toMatchObject({ DBSnapshotIdentifier: 'shop-snapshot', ManageMasterUserPassword: true, MultiAZ: true });
    const fromIt = ['DBName', 'MasterUsername', 'StorageEncrypted', 'KmsKeyId'];
    for (const name of fromIt) expect(properties).not.toHaveProperty(name);
    for (const name of fromIt.slice(0, 3)) expect(restored()).toHaveProperty(name);
  });

  test('its encryption is a finding until somebody has looked: no template can say it', () => {
    const findingsOf = (snapshotIdentifier?: string) => {
      const mesh = newMesh();
      new PostgresDatabase(Stack.of(mesh), 'Database', { mesh, snapshotIdentifier });
      return new AwsSolutionsChecks().validateScope(mesh.node.root).violations.map(({ ruleName }) => ruleName);
    };
    expect(findingsOf('shop-snapshot')).toContain('AwsSolutions-RDS2');
    expect(findingsOf()).not.toContain('AwsSolutions-RDS2');
  });

  test.each(['arn:aws:rds:eu-west-1:111122223333:snapshot:shop', 'rds:shop-2026-11-30-05-00', 'awsbackup:job-1'])(
    '%s is a snapshot',
    (snapshot) => expect(restored(snapshot).DBSnapshotIdentifier).toBe(snapshot),
  );

  test.each(['arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:shop', '2026', 'my_snapshot'])('%s is refused', (snapshot) => {
    expect(() => restored(snapshot)).toThrow('[BadSnapshotIdentifier at Shop/Database]');
  });

  test('a store begins with the data of its snapshot', () => {
    const mesh = newMesh();
    const store = new ElastiCacheRedis(Stack.of(mesh), 'Redis', { mesh, snapshotName: 'last-week' });
    expect(only(templateOf(store), 'AWS::ElastiCache::ReplicationGroup').Properties.SnapshotName).toBe('last-week');
  });
});
