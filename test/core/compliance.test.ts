import { App, Duration, RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import {
  Compliance,
  ContainerRedis,
  RedisPersistence,
  DualAlbGateway,
  DualAlbGatewayProps,
  Ec2HostRedis,
  ElastiCacheRedis,
  ExternalSide,
  InternalSide,
  MeshNetwork,
  NatStrategy,
  OfficeHours,
  PostgresDatabase,
  QueueWorkerService,
  ScheduledJob,
  ServerlessRedis,
  ServiceConnectMesh,
  StrictComplianceOptions,
} from 'cdk-ecs-mesh';
import { newMesh, newService, newStack, only, resources, templateOf, WEB } from '../helpers';

const KEY = { 'Fn::GetAtt': [expect.stringMatching(/^ComplianceKey/), 'Arn'] };

/** A stack in which everything is strict. */
function strictStack(options: StrictComplianceOptions = {}): Stack {
  const stack = newStack();
  Compliance.strict(options).applyTo(stack);
  return stack;
}

function strictMesh(removalPolicy?: RemovalPolicy): ServiceConnectMesh {
  return newMesh(strictStack(), { removalPolicy });
}

function retentions(template: Template): unknown[] {
  return Object.values(resources(template, 'AWS::Logs::LogGroup')).map(({ Properties }) => Properties.RetentionInDays);
}

describe('who gets which compliance', () => {
  test('the standard is the default', () => {
    const compliance = Compliance.of(newStack());
    expect(compliance).toBe(Compliance.standard());
    expect(compliance.isStrict).toBe(false);
    expect(compliance.logRetention).toBe(RetentionDays.ONE_MONTH);
  });

  test('the standard makes nothing', () => {
    const stack = newStack();
    expect(Compliance.of(stack).encryptionKey(stack)).toBeUndefined();
    expect(stack.node.children).toEqual([]);
  });

  test('the nearest choice counts', () => {
    const app = new App();
    Compliance.strict().applyTo(app);
    const [audited, free] = ['Audited', 'Free'].map((id) => newStack(id, app));
    Compliance.standard().applyTo(free);
    expect([audited, free].map((stack) => Compliance.of(stack).isStrict)).toEqual([true, false]);
  });

  test('too late for what is made already', () => {
    const mesh = newMesh();
    expect(() => Compliance.strict().applyTo(Stack.of(mesh))).toThrow(
      '`applyTo` must come before the constructs in its scope, and Shop/Mesh was made already; apply it to the app or stack before you create anything in it [ComplianceTooLate at Shop]',
    );
  });

  test('not too late for what is elsewhere, or had a nearer choice', () => {
    const app = new App();
    const [one, two] = ['One', 'Two'].map((id) => newStack(id, app));
    Compliance.strict().applyTo(one);
    newMesh(one);
    expect(() => Compliance.strict().applyTo(two)).not.toThrow();
    expect(() => Compliance.standard().applyTo(app)).not.toThrow();
  });

  test.each([
    [Duration.hours(0), 0],
    [Duration.hours(36), 1.5],
  ])('a recovery point lives whole days, %s not', (backupRetention, got) => {
    expect(() => strictStack({ backupRetention })).toThrow(
      `\`backupRetention\` must be whole days, at least one, got ${got}; leave it out for 35 days [StrictBackupRetention at Shop]`,
    );
    expect(() => strictStack({ backupRetention: Duration.days(1) })).not.toThrow();
  });
});

describe('the key', () => {
  test('one in each stack, rotated, kept when the stack goes; logs of this account may use it', () => {
    const template = templateOf(strictMesh());
    const key = only(template, 'AWS::KMS::Key');
    expect(key.Properties).toMatchObject({ EnableKeyRotation: true, PendingWindowInDays: 30 });
    expect(key).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    const [logs] = key.Properties.KeyPolicy.Statement.filter((s: { Condition?: object }) => s.Condition);
    expect(logs.Principal).toEqual({ Service: 'logs.eu-west-1.amazonaws.com' });
    expect(JSON.stringify(logs.Condition)).toContain(':log-group:*');
  });

  test('of the part of a stack that is strict', () => {
    const mesh = newMesh();
    const stack = Stack.of(mesh);
    const redis = newStack('Other', mesh.node.root as App);
    Compliance.strict().applyTo(redis);
    new ServerlessRedis(redis, 'Redis', { mesh });
    expect([stack, redis].map((s) => Object.keys(resources(templateOf(s), 'AWS::KMS::Key')).length)).toEqual([0, 1]);
  });

  test('the one that was given', () => {
    const app = new App();
    const keys = newStack('Keys', app);
    Compliance.strict({ key: new Key(keys, 'Key') }).applyTo(app);
    const mesh = newMesh(newStack('Shop', app));
    expect(resources(templateOf(mesh), 'AWS::KMS::Key')).toEqual({});
    expect(JSON.stringify(only(templateOf(keys), 'AWS::KMS::Key').Properties.KeyPolicy)).toContain('logs.eu-west-1.amazonaws.com');
  });

  test('encrypts every log group and every secret', () => {
    const mesh = strictMesh();
    newService(mesh, 'Api').connectTo(new ElastiCacheRedis(Stack.of(mesh), 'Redis', { mesh }));
    const template = templateOf(mesh);
    template.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: Match.objectLike({}) });
    template.allResourcesProperties('AWS::SecretsManager::Secret', { KmsKeyId: Match.objectLike({}) });
    expect(only(template, 'AWS::ElastiCache::ReplicationGroup').Properties.KmsKeyId).toEqual(KEY);
  });

  test('the start of a task may read a secret with it, and do nothing else', () => {
    const mesh = strictMesh();
    newService(mesh, 'Api').connectTo(new ServerlessRedis(Stack.of(mesh), 'Redis', { mesh }));
    const template = templateOf(mesh);
    const policy = only(template, 'AWS::IAM::ManagedPolicy', 'ApiExecutionRolePolicy').Properties.PolicyDocument;
    expect(policy.Statement).toContainEqual({
      Action: 'kms:Decrypt',
      Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' } },
      Effect: 'Allow',
      Resource: KEY,
    });
    expect(only(template, 'AWS::ElastiCache::ServerlessCache').Properties.KmsKeyId).toEqual(KEY);
  });

  test('the host of a store may grant its disk the use of it', () => {
    const mesh = strictMesh();
    new Ec2HostRedis(Stack.of(mesh), 'Redis', { mesh });
    const template = templateOf(mesh);
    expect(only(template, 'AWS::EC2::Volume').Properties.KmsKeyId).toEqual(KEY);
    const { Statement: statements } = only(template, 'AWS::IAM::ManagedPolicy', 'RedisHostPolicy').Properties.PolicyDocument;
    expect(statements[2]).toMatchObject({ Action: 'kms:CreateGrant', Resource: KEY });
    expect(statements[2].Condition.StringEquals).toEqual({ 'kms:ViaService': 'ec2.eu-west-1.amazonaws.com' });
  });

  test('queues of workers and of schedules have it, and who sends may use it', () => {
    const mesh = strictMesh();
    const containers = [{ image: WEB.image }];
    new QueueWorkerService(Stack.of(mesh), 'Worker', { mesh, containers });
    new ScheduledJob(Stack.of(mesh), 'Job', { mesh, containers, schedule: ScheduleExpression.rate(Duration.hours(1)) });
    const template = templateOf(mesh);
    template.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: Match.objectLike({}) });
    const schedule = only(template, 'AWS::IAM::ManagedPolicy', 'JobScheduleRole').Properties.PolicyDocument.Statement;
    expect(schedule).toContainEqual({
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Condition: { StringEquals: { 'kms:ViaService': 'sqs.eu-west-1.amazonaws.com' } },
      Effect: 'Allow',
      Resource: KEY,
    });
  });

  test('sessions of ECS Exec are encrypted with it on their way and in their log', () => {
    const mesh = strictMesh();
    const { ExecuteCommandConfiguration: exec } = only(templateOf(mesh), 'AWS::ECS::Cluster').Properties.Configuration;
    expect(exec.KmsKeyId).toEqual(KEY);
    expect(exec.LogConfiguration.CloudWatchEncryptionEnabled).toBe(true);
  });
});

describe('policies', () => {
  test('none is inline, and a service waits for those of its roles', () => {
    const mesh = strictMesh();
    newService(mesh, 'Api', { operations: { enableExecuteCommand: true } });
    const template = templateOf(mesh);
    expect(resources(template, 'AWS::IAM::Policy')).toEqual({});
    const { DependsOn: waitsFor } = only(template, 'AWS::ECS::Service');
    expect(waitsFor).toEqual(expect.arrayContaining(Object.keys(resources(template, 'AWS::IAM::ManagedPolicy', 'Api'))));
  });
});

describe('logs', () => {
  test('a year; one removed with the stack only in development', () => {
    const template = templateOf(strictMesh());
    expect(new Set(retentions(template))).toEqual(new Set([365]));
    expect(only(template, 'AWS::Logs::LogGroup', 'MeshExecLogs')).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate' });
    const development = templateOf(strictMesh(RemovalPolicy.DESTROY));
    expect(only(development, 'AWS::Logs::LogGroup', 'MeshExecLogs')).toMatchObject({ DeletionPolicy: 'Delete' });
  });

  test('as long as was asked for', () => {
    const mesh = newMesh(strictStack({ logRetention: RetentionDays.TEN_YEARS }));
    expect(new Set(retentions(templateOf(mesh)))).toEqual(new Set([3653]));
  });
});

describe('backups', () => {
  const planOf = (options: StrictComplianceOptions = {}) => {
    const mesh = newMesh(strictStack(options));
    const stack = Stack.of(mesh);
    new ContainerRedis(stack, 'Redis', { mesh, persistence: RedisPersistence.appendOnly() });
    new Ec2HostRedis(stack, 'Host', { mesh });
    new PostgresDatabase(stack, 'Database', { mesh });
    return templateOf(stack);
  };

  test('one plan, daily, for 35 days, in a vault with the key from which nobody deletes', () => {
    const template = planOf();
    const [rule] = only(template, 'AWS::Backup::BackupPlan').Properties.BackupPlan.BackupPlanRule;
    expect([rule.StartWindowMinutes, rule.CompletionWindowMinutes]).toEqual([480, 960]);
    expect(rule).toMatchObject({ ScheduleExpression: 'cron(0 5 * * ? *)', Lifecycle: { DeleteAfterDays: 35 } });
    const vault = only(template, 'AWS::Backup::BackupVault');
    expect(vault.Properties.EncryptionKeyArn).toEqual(KEY);
    expect(vault.Properties.AccessPolicy.Statement[0].Effect).toBe('Deny');
    expect(vault).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate' });
  });

  test('DT-65: what has office hours is backed up when it runs, and the rest at night, into one vault', () => {
    const stack = strictStack();
    const mesh = newMesh(stack, { officeHours: OfficeHours.weekdays(TimeZone.EUROPE_BERLIN, { opens: '07:30' }) });
    new PostgresDatabase(stack, 'Database', { mesh });
    new PostgresDatabase(stack, 'Always', { mesh, officeHours: OfficeHours.always() });
    new Ec2HostRedis(stack, 'Host', { mesh });
    const plans = Object.values(resources(templateOf(stack), 'AWS::Backup::BackupPlan')).map(
      ({ Properties }) => Properties.BackupPlan,
    );
    expect(plans.map(({ BackupPlanRule: [rule] }) => [rule.ScheduleExpression, rule.ScheduleExpressionTimezone])).toEqual([
      ['cron(30 7 ? * MON-FRI *)', 'Europe/Berlin'],
      ['cron(0 5 * * ? *)', undefined],
    ]);
    expect(plans.map(({ BackupPlanName: name }) => name)).toEqual([
      expect.stringMatching(/^[A-Za-z0-9-]{1,29}-EuropeBerlin0730$/),
      expect.stringMatching(/^Shop-Compliance-[0-9A-F]{8}$/),
    ]);
    expect(Object.keys(resources(templateOf(stack), 'AWS::Backup::BackupVault'))).toHaveLength(1);
  });

  test('DT-61: vault and plan have names of the stack, and the vault, which stays behind, one of its life too', () => {
    const template = planOf();
    expect(only(template, 'AWS::Backup::BackupVault').Properties.BackupVaultName).toEqual({
      'Fn::Join': [
        '',
        [
          expect.stringMatching(/^Shop-Compliance-[0-9A-F]{8}-$/),
          { 'Fn::Select': [4, { 'Fn::Split': ['-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }] }] },
        ],
      ],
    });
    const { BackupPlanName: plan } = only(template, 'AWS::Backup::BackupPlan').Properties.BackupPlan;
    expect(plan).toMatch(/^Shop-Compliance-[0-9A-F]{8}$/);
  });

  test('DT-61: a vault has 50 characters at most, whatever the stack is called', () => {
    const stack = new Stack(new App(), 'Shop', { stackName: `s${'x'.repeat(127)}` });
    Compliance.strict().applyTo(stack);
    new ContainerRedis(stack, 'Redis', { mesh: newMesh(stack), persistence: RedisPersistence.appendOnly() });
    const { 'Fn::Join': join } = only(templateOf(stack), 'AWS::Backup::BackupVault').Properties.BackupVaultName;
    expect(join[1][0].length + 12).toBeLessThanOrEqual(50);
  });

  test('of file system, volume and database', () => {
    const template = planOf({ backupRetention: Duration.days(90) });
    const selections = Object.values(resources(template, 'AWS::Backup::BackupSelection'));
    const backedUp = JSON.stringify(selections.map(({ Properties }) => Properties.BackupSelection.Resources));
    for (const id of ['RedisFileSystem', 'HostData', 'DatabaseInstance']) expect(backedUp).toContain(id);
    expect(selections).toHaveLength(3);
    const [rule] = only(template, 'AWS::Backup::BackupPlan').Properties.BackupPlan.BackupPlanRule;
    expect(rule.Lifecycle).toEqual({ DeleteAfterDays: 90 });
  });
});

describe('a database', () => {
  const template = () => {
    const mesh = strictMesh();
    newService(mesh, 'Api').connectTo(new PostgresDatabase(Stack.of(mesh), 'Database', { mesh }));
    return templateOf(mesh);
  };

  test('has its log groups before RDS would make them, without a function that sets their retention', () => {
    const made = template();
    const instance = only(made, 'AWS::RDS::DBInstance');
    // The part of the stack's id is 12 characters long, and 63 are allowed.
    const [name, life] = instance.Properties.DBInstanceIdentifier['Fn::Join'][1];
    expect(name).toMatch(/^shop-database-[0-9a-f]{8}-$/);
    expect(JSON.stringify(life)).toContain('{"Ref":"AWS::StackId"}');
    const logs = resources(made, 'AWS::Logs::LogGroup', 'DatabaseLogs');
    expect(Object.values(logs).map((log) => log.Properties.LogGroupName['Fn::Join'][1])).toEqual([
      [`/aws/rds/instance/${name}`, life, '/postgresql'],
      [`/aws/rds/instance/${name}`, life, '/upgrade'],
    ]);
    expect(instance.DependsOn).toEqual(expect.arrayContaining(Object.keys(logs)));
    made.resourceCountIs('Custom::LogRetention', 0);
  });

  test('has the key for its storage and its password, which clients may decrypt, and is watched every minute', () => {
    const made = template();
    expect(only(made, 'AWS::RDS::DBInstance').Properties).toMatchObject({ KmsKeyId: KEY, MonitoringInterval: 60 });
    expect(only(made, 'AWS::RDS::DBInstance').Properties.MasterUserSecret).toEqual({ KmsKeyId: KEY });
    const { Statement: statements } = only(made, 'AWS::IAM::ManagedPolicy', 'ApiTaskRolePolicy').Properties.PolicyDocument;
    expect(statements[1]).toMatchObject({ Action: 'kms:Decrypt', Resource: KEY });
  });
});

test('a NAT instance is watched every minute, and admits what it can forward', () => {
  const network = MeshNetwork.threeTier({ nat: NatStrategy.instance() });
  const template = templateOf(newMesh(strictStack(), { network }));
  template.hasResourceProperties('AWS::EC2::Instance', { Monitoring: true });
  const { SecurityGroupIngress } = only(template, 'AWS::EC2::SecurityGroup', 'MeshVpcNat').Properties;
  expect(SecurityGroupIngress.map(({ IpProtocol, CidrIp }: Record<string, string>) => [IpProtocol, CidrIp])).toEqual(
    ['tcp', 'udp', 'icmp'].map((protocol) => [protocol, '10.0.0.0/16']),
  );
});

describe('a gateway', () => {
  const gateway = (sides: Pick<DualAlbGatewayProps, 'external' | 'internal'> = { internal: InternalSide.http() }) => {
    const network = strictMesh();
    return new DualAlbGateway(Stack.of(network), 'Gateway', { network, ...sides });
  };

  test('has a web ACL on the internal side too, there without a limit for an address', () => {
    const { internal } = gateway();
    const rules = () => internal.webAcl!.rules as { name: string }[];
    expect(rules().map(({ name }) => name)).not.toContain('RateLimit');
    const association = only(templateOf(internal), 'AWS::WAFv2::WebACLAssociation').Properties;
    expect(association.ResourceArn).toEqual({ Ref: expect.stringMatching(/^GatewayInternalLoadBalancer/) });
  });

  test('has a log bucket with versions, of which old ones go', () => {
    const bucket = only(templateOf(gateway().internal.loadBalancer), 'AWS::S3::Bucket').Properties;
    expect(bucket.VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(bucket.LifecycleConfiguration.Rules[0].NoncurrentVersionExpiration).toEqual({ NoncurrentDays: 30 });
  });

  test('refuses plain HTTP from the internet', () => {
    expect(() => gateway({ external: ExternalSide.http() })).toThrow(
      '`external` must use HTTPS with `Compliance.strict()`, got "http"; use `ExternalSide.https({ certificate })` [StrictNeedsHttps at Shop/Gateway]',
    );
  });
});

describe('DT-85: roles that services take on behalf of this account only', () => {
  const trusts = (stack: Stack) =>
    Object.values(resources(templateOf(stack), 'AWS::IAM::Role')).map(
      ({ Properties }) => Properties.AssumeRolePolicyDocument.Statement[0],
    );
  const stackOf = (stack: Stack) => {
    const mesh = newMesh(stack);
    newService(mesh, 'Api');
    new PostgresDatabase(stack, 'Database', { mesh });
    return stack;
  };
  const byService = (stack: Stack, service: string) =>
    trusts(stack)
      .filter(({ Principal }) => Principal.Service === service)
      .map(({ Condition }) => Condition);
  const OWN = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };

  test.each([
    ['strict', () => stackOf(strictStack()), [OWN]],
    ['standard', () => stackOf(newStack()), []],
  ])('%s', (_, make, monitoring) => {
    const stack = make();
    expect(byService(stack, 'vpc-flow-logs.amazonaws.com')).toEqual([OWN]);
    expect(byService(stack, 'monitoring.rds.amazonaws.com')).toEqual(monitoring);
    // The role of the code, and that of the start, for which AWS's page has no condition.
    expect(byService(stack, 'ecs-tasks.amazonaws.com')).toEqual([OWN, undefined]);
  });
});
