import { Duration, RemovalPolicy, Size, Stack, TimeZone } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  BucketAccess,
  BucketEndpointOptions,
  DatabaseRotation,
  Endpoint,
  MetricRecord,
  OfficeHours,
  PostgresDatabase,
  PostgresDatabaseProps,
} from 'cdk-ecs-mesh';
import { findings, newMesh, newService, newStack, only, openPaths, resources, templateOf } from '../helpers';

/** A database and a client of it. */
function connected(props: Partial<PostgresDatabaseProps> = {}, removalPolicy?: RemovalPolicy) {
  const mesh = newMesh(newStack(), { removalPolicy });
  const database = new PostgresDatabase(Stack.of(mesh), 'Database', { mesh, ...props });
  const client = newService(mesh, 'Web');
  client.connectTo(database);
  return { database, template: templateOf(mesh) };
}

const instanceOf = (props: Partial<PostgresDatabaseProps> = {}) =>
  only(connected(props).template, 'AWS::RDS::DBInstance').Properties;

const logRetention = (of: Template) =>
  Object.values(resources(of, 'Custom::LogRetention')).map(({ Properties }) => Properties.RemovalPolicy);

describe('PostgresDatabase', () => {
  const { database, template } = connected();

  test('FLASK-8, CARE-7: Multi-AZ, encrypted, 20 GB gp3, 7 days of backups, isolated subnets, protected', () => {
    const instance = only(template, 'AWS::RDS::DBInstance');
    expect(instance.Properties).toMatchObject({
      Engine: 'postgres',
      EngineVersion: '17',
      DBInstanceClass: 'db.t4g.micro',
      DBName: 'app',
      MultiAZ: true,
      StorageEncrypted: true,
      StorageType: 'gp3',
      AllocatedStorage: '20',
      BackupRetentionPeriod: 7,
      PubliclyAccessible: false,
      DeletionProtection: true,
      AutoMinorVersionUpgrade: true,
      CopyTagsToSnapshot: true,
      EnableIAMDatabaseAuthentication: true,
      EnableCloudwatchLogsExports: ['postgresql', 'upgrade'],
    });
    expect(instance).toMatchObject({ DeletionPolicy: 'Snapshot', UpdateReplacePolicy: 'Snapshot' });
    expect(JSON.stringify(only(template, 'AWS::RDS::DBSubnetGroup').Properties.SubnetIds)).toMatch(/Isolated.*Isolated/);
  });

  test('TLS is required by the parameter group', () => {
    expect(only(template, 'AWS::RDS::DBParameterGroup').Properties.Parameters).toEqual({ 'rds.force_ssl': '1' });
  });

  test('DT-10: PR-24: the default names the major version only, whose minor versions RDS keeps up', () => {
    const { EngineVersion, AutoMinorVersionUpgrade } = instanceOf();
    expect([EngineVersion, AutoMinorVersionUpgrade]).toEqual(['17', true]);
    expect(only(template, 'AWS::RDS::DBParameterGroup').Properties.Family).toBe('postgres17');
  });

  test('DT-67: a major upgrade is refused by RDS unless it was allowed', () => {
    expect(instanceOf()).not.toHaveProperty('AllowMajorVersionUpgrade');
    const upgraded = connected({ version: PostgresEngineVersion.VER_18, allowMajorVersionUpgrade: true }).template;
    expect(only(upgraded, 'AWS::RDS::DBInstance').Properties).toMatchObject({
      EngineVersion: '18',
      AllowMajorVersionUpgrade: true,
    });
    expect(only(upgraded, 'AWS::RDS::DBParameterGroup').Properties.Family).toBe('postgres18');
  });

  test('only the client reaches it', () => {
    expect(openPaths(template).filter((path) => path.includes('-> Database '))).toEqual(['Web -> Database 5432']);
  });

  test('the client gets address, secrets, and may read the secret again', () => {
    const [container] = only(template, 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions;
    expect(container.Environment.map((v: { Name: string }) => v.Name)).toEqual([
      'DATABASE_HOST',
      'DATABASE_NAME',
      'DATABASE_PORT',
      'DATABASE_SECRET_ARN',
      'DATABASE_SSLMODE',
    ]);
    expect(container.Secrets.map((v: { Name: string }) => v.Name)).toEqual(['DATABASE_PASSWORD', 'DATABASE_USERNAME']);
    const [statement] = only(template, 'AWS::IAM::Policy', 'WebTaskRole').Properties.PolicyDocument.Statement;
    expect(statement).toEqual({
      Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
      Effect: 'Allow',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^DatabaseInstance/), 'MasterUserSecret.SecretArn'] },
    });
  });

  test('T15: tasks wait for the instance, and so for its secret, and for the policies that name the secret', () => {
    const { DependsOn } = only(template, 'AWS::ECS::Service');
    for (const id of [/^DatabaseInstance[0-9A-F]{8}$/, /^WebTaskRoleDefaultPolicy/, /^WebExecutionRoleDefaultPolicy/]) {
      expect(DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(id)]));
    }
  });

  test('AwsSolutions finds nothing', () => expect(findings(database)).toEqual([]));

  test('all props', () => {
    const all = instanceOf({
      databaseName: 'votes',
      version: PostgresEngineVersion.VER_16_9,
      instanceType: new InstanceType('m7g.large'),
      storage: Size.gibibytes(100),
      multiAz: false,
      backupRetention: Duration.days(35),
      allowMajorVersionUpgrade: true,
      rotation: DatabaseRotation.managedByRds({ every: Duration.days(1) }),
    });
    expect(all).toMatchObject({
      DBName: 'votes',
      EngineVersion: '16.9',
      DBInstanceClass: 'db.m7g.large',
      AllocatedStorage: '100',
      MultiAZ: false,
      BackupRetentionPeriod: 35,
    });
  });

  test.each([
    [undefined, 20],
    [Size.gibibytes(100), 100],
  ])('of %p: the alarm on free storage is at 15 %% of %d GiB', (storage, gibibytes) => {
    const { database: one } = connected({ storage });
    const metrics = MetricRecord.of(one).components.flatMap((component) => (component.owner === one ? component.metrics : []));
    expect(metrics.find(({ id }) => id === 'FreeStorage')?.alarm?.threshold).toBe(Math.round(0.15 * gibibytes * 1024 ** 3));
  });

  test('its logs are kept for a month', () => {
    const kept = Object.values(resources(template, 'Custom::LogRetention')).map(({ Properties }) => Properties);
    expect(kept.map(({ RetentionInDays }) => RetentionInDays)).toEqual([30, 30]);
    expect(kept.map(({ LogGroupName }) => JSON.stringify(LogGroupName))).toEqual([
      expect.stringMatching(/"\/aws\/rds\/instance\/",\{"Ref":"DatabaseInstance\w+"\},"\/postgresql"/),
      expect.stringMatching(/"\/aws\/rds\/instance\/",\{"Ref":"DatabaseInstance\w+"\},"\/upgrade"/),
    ]);
  });

  test('T24: in development mode nothing is protected or kept', () => {
    const { database: dev, template: devTemplate } = connected({ multiAz: false }, RemovalPolicy.DESTROY);
    const instance = only(devTemplate, 'AWS::RDS::DBInstance');
    expect([instance.Properties.DeletionProtection, instance.Properties.DeleteAutomatedBackups]).toEqual([false, true]);
    expect(instance).toMatchObject({ DeletionPolicy: 'Delete' });
    expect(logRetention(devTemplate)).toEqual(['destroy', 'destroy']);
    expect(logRetention(template)).toEqual([undefined, undefined]);
    expect(findings(dev)).toEqual([]);
  });

  test.each<[Partial<PostgresDatabaseProps>, string]>([
    [
      { databaseName: '1st' },
      '`databaseName` must be 1 to 63 letters, digits and underscores, starting with a letter, got "1st"; write it like "app" [BadDatabaseName at Shop/Database]',
    ],
    ...['user', 'USER', 'order', 'postgres', 'template1'].map((databaseName): [Partial<PostgresDatabaseProps>, string] => [
      { databaseName },
      `\`databaseName\` must not be a reserved word in PostgreSQL, or a database that exists on every instance, got "${databaseName}"; write it like "${databaseName.toLowerCase()}_db" [ReservedDatabaseName at Shop/Database]`,
    ]),
    [
      { storage: Size.gibibytes(19) },
      '`storage` must be a whole number from 20 to 65536, got 19; choose a value in that range [StorageOutOfRange at Shop/Database]',
    ],
    [
      { backupRetention: Duration.days(0) },
      '`backupRetention` must be a whole number from 1 to 35, got 0; choose a value in that range [BackupRetentionOutOfRange at Shop/Database]',
    ],
    [
      { backupRetention: Duration.days(36) },
      '`backupRetention` must be a whole number from 1 to 35, got 36; choose a value in that range [BackupRetentionOutOfRange at Shop/Database]',
    ],
  ])('%p is refused', (props, message) => {
    expect(() => connected(props)).toThrow(message);
  });
});

describe('Endpoint.bucket', () => {
  function statements(options?: BucketEndpointOptions, withKey = false) {
    const client = newService(newMesh(), 'Web');
    const stack = Stack.of(client);
    const bucket = new Bucket(stack, 'Uploads', { encryptionKey: withKey ? new Key(stack, 'Key') : undefined });
    client.connectTo(Endpoint.bucket(bucket, options));
    return { client, statements: only(templateOf(client), 'AWS::IAM::Policy', 'WebTaskRole').Properties.PolicyDocument.Statement };
  }

  test.each<[BucketAccess | undefined, string | string[]]>([
    [undefined, 's3:GetObject'],
    [BucketAccess.READ, 's3:GetObject'],
    [BucketAccess.WRITE, ['s3:PutObject', 's3:AbortMultipartUpload']],
    [BucketAccess.READ_WRITE, ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload']],
  ])('%s: exactly these actions on exactly its objects', (access, actions) => {
    expect(statements({ access }).statements).toEqual([
      { Action: 's3:ListBucket', Effect: 'Allow', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Uploads/), 'Arn'] } },
      {
        Action: actions,
        Effect: 'Allow',
        Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringMatching(/^Uploads/), 'Arn'] }, '/*']] },
      },
    ]);
  });

  test('a prefix narrows both statements', () => {
    const [list, objects] = statements({ keyPrefix: 'images/' }).statements;
    expect(list.Condition).toEqual({ StringLike: { 's3:prefix': 'images/*' } });
    expect(JSON.stringify(objects.Resource)).toContain('"/images/*"');
  });

  test('with a key of its own', () => {
    expect(statements({}, true).statements[2].Action).toBe('kms:Decrypt');
    expect(statements({ access: BucketAccess.WRITE }, true).statements[2].Action).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
  });

  test('variables; no finding but those of the bucket that the user made', () => {
    const { client } = statements({ access: BucketAccess.READ_WRITE, keyPrefix: 'a/' });
    const [container] = only(templateOf(client), 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions;
    expect(container.Environment).toEqual([
      { Name: 'UPLOADS_BUCKET', Value: { Ref: expect.stringMatching(/^Uploads/) } },
      { Name: 'UPLOADS_REGION', Value: 'eu-west-1' },
    ]);
    expect(findings(client).filter((finding) => !finding.includes('Uploads'))).toEqual([]);
  });
});

describe('DT-65: a database with office hours is backed up and maintained while it runs', () => {
  const windows = (officeHours: OfficeHours, zone?: string) => {
    const mesh = newMesh(newStack(), zone === 'mesh' ? { officeHours } : {});
    new PostgresDatabase(Stack.of(mesh), 'Database', { mesh, officeHours: zone === 'mesh' ? undefined : officeHours });
    const { PreferredBackupWindow, PreferredMaintenanceWindow } = only(templateOf(mesh), 'AWS::RDS::DBInstance').Properties;
    return [PreferredBackupWindow, PreferredMaintenanceWindow];
  };

  // Open in summer and in winter: from 08:00 of the time that is later in UTC.
  test.each([
    ['UTC', TimeZone.ETC_UTC, '08:00-08:30', 'wed:08:30-wed:09:00'],
    ['Berlin', TimeZone.EUROPE_BERLIN, '07:00-07:30', 'wed:07:30-wed:08:00'],
    ['New York', TimeZone.AMERICA_NEW_YORK, '13:00-13:30', 'wed:13:30-wed:14:00'],
    ['Kolkata', TimeZone.ASIA_KOLKATA, '02:30-03:00', 'wed:03:00-wed:03:30'],
    ['Sydney, the evening before', TimeZone.AUSTRALIA_SYDNEY, '22:00-22:30', 'tue:22:30-tue:23:00'],
    ['Auckland, the evening before', TimeZone.PACIFIC_AUCKLAND, '20:00-20:30', 'tue:20:30-tue:21:00'],
  ])('%s', (_, timeZone, backup, maintenance) => {
    expect(windows(OfficeHours.weekdays(timeZone))).toEqual([backup, maintenance]);
    expect(windows(OfficeHours.everyDay(timeZone), 'mesh')).toEqual([backup, maintenance]);
  });

  test('always open: RDS chooses', () => {
    expect(windows(OfficeHours.always())).toEqual([undefined, undefined]);
  });

  test('hours with none that is open in summer and in winter: a warning', () => {
    const mesh = newMesh();
    const officeHours = OfficeHours.weekdays(TimeZone.EUROPE_BERLIN, { opens: '08:00', closes: '09:59' });
    new PostgresDatabase(Stack.of(mesh), 'Database', { mesh, officeHours });
    const found = Annotations.fromStack(Stack.of(mesh)).findWarning('*', Match.stringLikeRegexp('NoBackupInOfficeHours'));
    expect(found.map(({ entry }) => entry.data)).toEqual([
      'The office hours 08:00 to 09:59 are too short for a backup and maintenance in summer and in winter, which need an hour that is open in both: RDS chooses windows, and may skip them. [ack: cdk-ecs-mesh:NoBackupInOfficeHours]',
    ]);
  });
});
