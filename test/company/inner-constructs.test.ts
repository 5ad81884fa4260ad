import { App, CfnResource, Duration, PropertyInjectors } from 'aws-cdk-lib';
import { Compatibility } from 'aws-cdk-lib/aws-ecs';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ContainerRedis, DualAlbGateway, ImageRepository, InternalSide, PostgresDatabase, RedisPersistence } from 'cdk-ecs-mesh';
import { IConstruct } from 'constructs';
import { Rendered, companyExamples } from './examples';
import { Override } from './injectors';
import { newMesh, newService, newStack, only, templateOf } from '../helpers';
import { findingsOf } from '../security/packs';

interface Row {
  /** What a company typically changes of the class. */
  readonly change: object;
  /** The part of the template that says so. */
  readonly seen: (properties: Rendered['properties']) => unknown;
}

const KMS = { encryption: 'KMS_MANAGED' };
const attribute = (name: string) => (properties: Rendered['properties']) =>
  [...(properties.LoadBalancerAttributes ?? properties.TargetGroupAttributes)].find(({ Key: key }) => key === name)?.Value;

/** By the ID of the class, without `aws-cdk-lib.aws-`. */
const ROWS: Record<string, Row> = {
  'autoscaling.AutoScalingGroup': {
    change: { maxInstanceLifetime: Duration.days(30) },
    seen: (p) => p.MaxInstanceLifetime === 2_592_000,
  },
  'cloudwatch.Alarm': { change: { actionsEnabled: false }, seen: (p) => p.ActionsEnabled === false },
  'ec2.LaunchTemplate': { change: { disableApiTermination: true }, seen: (p) => p.LaunchTemplateData.DisableApiTermination },
  'ec2.SecurityGroup': { change: { description: 'Company' }, seen: (p) => p.GroupDescription === 'Company' },
  'ec2.Volume': { change: { autoEnableIo: true }, seen: (p) => p.AutoEnableIO },
  'ec2.Vpc': { change: { vpcName: 'company' }, seen: (p) => JSON.stringify(p.Tags).includes('"company"') },
  'ecr.Repository': { change: { imageScanOnPush: false }, seen: (p) => p.ImageScanningConfiguration?.ScanOnPush === false },
  'ecs.Cluster': { change: { containerInsightsV2: 'enhanced' }, seen: (p) => p.ClusterSettings[0].Value === 'enhanced' },
  'ecs.Ec2Service': { change: { propagateTags: 'TASK_DEFINITION' }, seen: (p) => p.PropagateTags === 'TASK_DEFINITION' },
  'ecs.FargateService': { change: { propagateTags: 'TASK_DEFINITION' }, seen: (p) => p.PropagateTags === 'TASK_DEFINITION' },
  'efs.FileSystem': { change: { throughputMode: 'elastic' }, seen: (p) => p.ThroughputMode === 'elastic' },
  'elasticloadbalancingv2.ApplicationLoadBalancer': {
    change: { preserveHostHeader: true },
    seen: (p) => attribute('routing.http.preserve_host_header.enabled')(p) === 'true',
  },
  'elasticloadbalancingv2.ApplicationTargetGroup': {
    change: { loadBalancingAlgorithmType: 'least_outstanding_requests' },
    seen: (p) => attribute('load_balancing.algorithm.type')(p) === 'least_outstanding_requests',
  },
  'events.Rule': { change: { description: 'Company' }, seen: (p) => p.Description === 'Company' },
  'iam.Role': { change: { path: '/company/' }, seen: (p) => p.Path === '/company/' },
  'kms.Key': { change: { description: 'Company' }, seen: (p) => p.Description === 'Company' },
  'lambda.Function': { change: { reservedConcurrentExecutions: 5 }, seen: (p) => p.ReservedConcurrentExecutions === 5 },
  'log.LogGroup': { change: { retention: 365 }, seen: (p) => p.RetentionInDays === 365 },
  'rds.DatabaseInstance': { change: { autoMinorVersionUpgrade: false }, seen: (p) => p.AutoMinorVersionUpgrade === false },
  's3.Bucket': { change: { versioned: true }, seen: (p) => p.VersioningConfiguration.Status === 'Enabled' },
  'scheduler.Schedule': { change: { description: 'Company' }, seen: (p) => p.Description === 'Company' },
  'secretsmanager.Secret': { change: { description: 'Company' }, seen: (p) => p.Description === 'Company' },
  'sns.Topic': { change: { displayName: 'Company' }, seen: (p) => p.DisplayName === 'Company' },
  'sqs.Queue': { change: KMS, seen: (p) => p.KmsMasterKeyId === 'alias/aws/sqs' },
  'ssm.StringParameter': { change: { description: 'Company' }, seen: (p) => p.Description === 'Company' },
};

/** Ephemeral storage is for Fargate only, and the class is that of all compatibilities. */
class FargateStorage extends Override {
  public override inject(props: { compatibility: Compatibility }, context: Parameters<Override['inject']>[1]): object {
    const given = super.inject(props, context);
    return props.compatibility === Compatibility.FARGATE ? { ...given, ephemeralStorageGiB: 40 } : given;
  }
}
const TASKS = new FargateStorage('aws-cdk-lib.aws-ecs.TaskDefinition', {});
const INJECTORS = [TASKS, ...Object.entries(ROWS).map(([name, { change }]) => new Override(`aws-cdk-lib.aws-${name}`, change))];

const idOf = (construct: IConstruct) => (construct.constructor as { PROPERTY_INJECTION_ID?: string }).PROPERTY_INJECTION_ID;

describe('the examples with injectors on all of these classes at once', () => {
  let found: Rendered[];
  beforeAll(() => (found = companyExamples((app) => PropertyInjectors.of(app).add(...INJECTORS))));
  const rendered = (id: string) =>
    found.filter(({ construct }) => {
      const owner = construct.node.scope!;
      return idOf(owner) === id && owner.node.defaultChild === construct && CfnResource.isCfnResource(construct);
    });

  test.each(INJECTORS)('$constructUniqueId: called once for each construct', ({ constructUniqueId, paths }) => {
    const made = rendered(constructUniqueId).map(({ construct }) => construct.node.scope!.node.path);
    expect(made.length).toBeGreaterThan(0);
    expect([...paths].sort()).toEqual(made.sort());
  });

  test.each(Object.keys(ROWS))('aws-cdk-lib.aws-%s: the template has what was injected', (name) => {
    const without = rendered(`aws-cdk-lib.aws-${name}`).filter(({ properties }) => !ROWS[name].seen(properties));
    expect(without.map(({ construct }) => construct.node.path)).toEqual([]);
  });

  test('aws-cdk-lib.aws-ecs.TaskDefinition: those for Fargate have the storage', () => {
    const fargate = rendered(TASKS.constructUniqueId).filter(
      ({ properties }) => properties.RequiresCompatibilities[0] === 'FARGATE',
    );
    expect(new Set(fargate.map(({ properties }) => properties.EphemeralStorage?.SizeInGiB))).toEqual(new Set([40]));
  });
});

/** A stack with an injector on one class of aws-cdk-lib. */
function injected(name: string, change: object) {
  const stack = newStack();
  PropertyInjectors.of(stack).add(new Override(`aws-cdk-lib.aws-${name}`, change));
  return stack;
}

describe('what would contradict an injector follows it', () => {
  test('ECS Exec logs into the log group that the injector has named', () => {
    const stack = newStack();
    PropertyInjectors.of(stack).add({
      constructUniqueId: 'aws-cdk-lib.aws-log.LogGroup',
      inject: ({ logGroupName, ...props }) => ({ ...props, logGroupName: logGroupName && `/company${logGroupName}` }),
    });
    newMesh(stack);
    const { LogConfiguration } = only(templateOf(stack), 'AWS::ECS::Cluster').Properties.Configuration.ExecuteCommandConfiguration;
    expect(LogConfiguration.CloudWatchLogGroupName).toBe('/company/ecs/shop-mesh/exec');
  });

  test('ECS Exec logs into the log group whose name the injector has removed', () => {
    const stack = injected('log.LogGroup', { logGroupName: undefined });
    newMesh(stack);
    const { LogConfiguration } = only(templateOf(stack), 'AWS::ECS::Cluster').Properties.Configuration.ExecuteCommandConfiguration;
    expect(LogConfiguration.CloudWatchLogGroupName).toEqual({ Ref: expect.stringMatching(/^MeshExecLogs/) });
  });

  test('a repository is encrypted with the key of the injector', () => {
    const stack = newStack();
    const encryptionKey = new Key(stack, 'Key');
    PropertyInjectors.of(stack).add(new Override('aws-cdk-lib.aws-ecr.Repository', { encryption: undefined, encryptionKey }));
    new ImageRepository(stack, 'Images');
    expect(only(templateOf(stack), 'AWS::ECR::Repository').Properties.EncryptionConfiguration.EncryptionType).toBe('KMS');
  });
});

describe('what an injector takes away is found in the template', () => {
  const packs = ['AwsSolutions', 'EcsMesh'];
  const shop = (stack: ReturnType<typeof newStack>) => {
    const mesh = newMesh(stack);
    newService(mesh, 'Api').connectTo(new ContainerRedis(stack, 'Redis', { mesh, persistence: RedisPersistence.appendOnly() }));
    new PostgresDatabase(stack, 'Database', { mesh });
    new DualAlbGateway(stack, 'Gateway', { network: mesh, internal: InternalSide.http() });
    return findingsOf(stack.node.root as App, packs).map(({ rule, path }) => `${rule} ${path}`);
  };

  test.each<[string, object, string]>([
    ['ecs.Cluster', { containerInsightsV2: 'disabled' }, 'ECS4 Shop/Mesh/Cluster'],
    ['efs.FileSystem', { encrypted: false }, 'EFS1 Shop/Redis/FileSystem'],
    ['ecs.FargateService', { enableExecuteCommand: true }, 'ExecOnReadOnlyRoot Shop/Api/Service'],
    ['rds.DatabaseInstance', { storageEncrypted: false }, 'RDS2 Shop/Database/Instance'],
    ['elasticloadbalancingv2.ApplicationLoadBalancer', { dropInvalidHeaderFields: false }, ''],
  ])('%s: %j', (name, change, finding) => {
    const found = shop(injected(name, change));
    if (finding) expect(found.filter((each) => each.startsWith(finding))).not.toEqual([]);
    else expect(found).toEqual([]);
  });
});
