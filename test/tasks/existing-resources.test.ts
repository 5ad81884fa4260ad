import { App, Duration, Fn, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage, NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { ManagedPolicy, PermissionsBoundary, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import {
  Compute,
  ContainerRedis,
  DeploymentJob,
  DualAlbGateway,
  Endpoint,
  ExistingTaskResources,
  ExternalSide,
  ImportedRedis,
  MeshService,
  QueueWorkerService,
  ScheduledJob,
  ServiceConnectMesh,
} from 'cdk-ecs-mesh';
import { findings, newMesh, newService, newStack, only, openPaths, resources, templateOf, WEB } from '../helpers';

const ARN = 'arn:aws:iam::111122223333:role/company/apps/orders';
const containers = [{ image: WEB.image }];

/** Warnings of an app with an ID, as text. */
function warnings(stack: Stack, id: string): string[] {
  const found = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('.'));
  return found.map(({ entry }) => `${entry.data as string}`).filter((text) => text.includes(`cdk-ecs-mesh:${id}`));
}

/** The policies of a template, but that of the flow logs of its network. */
const policiesOf = (template: Template) =>
  Object.entries(resources(template, 'AWS::IAM::Policy')).filter(([id]) => !id.startsWith('Mesh'));

const role = (stack: Stack, id: string, options = {}) => Role.fromRoleArn(stack, id, `${ARN}-${id.toLowerCase()}`, options);
const group = (stack: Stack, id: string, options = {}) =>
  SecurityGroup.fromSecurityGroupId(stack, id, `sg-${id.toLowerCase()}`, options);

/** A service with resources of others, an image in ECR, a bucket and a store. */
function arrange(existing: (stack: Stack) => ExistingTaskResources) {
  const stack = newStack();
  const mesh = newMesh(stack);
  const image = ContainerImage.fromEcrRepository(Repository.fromRepositoryName(stack, 'Images', 'orders'), '1');
  const orders = newService(mesh, 'Api', { containers: [{ ...WEB, image }], existing: existing(stack) });
  orders.connectTo(Endpoint.bucket(Bucket.fromBucketName(stack, 'Uploads', 'uploads')));
  orders.connectTo(new ImportedRedis(stack, 'Store', { host: 'redis.corp', tls: false, securityGroup: group(stack, 'Redis') }));
  return { stack, mesh, orders, template: templateOf(stack) };
}

describe('PR-08, NU-1: roles of others', () => {
  test('with a path: CDK adds policies to them, and creates none', () => {
    const { template, stack } = arrange((scope) => ({ taskRole: role(scope, 'Task'), executionRole: role(scope, 'Execution') }));
    const { TaskRoleArn, ExecutionRoleArn } = only(template, 'AWS::ECS::TaskDefinition').Properties;
    expect([TaskRoleArn, ExecutionRoleArn]).toEqual([`${ARN}-task`, `${ARN}-execution`]);
    const policies = policiesOf(template);
    expect(policies.flatMap(([, { Properties }]) => Properties.Roles).sort()).toEqual(['orders-execution', 'orders-task']);
    expect(JSON.stringify(policies)).toMatch(/s3:GetObject/);
    expect(Object.keys(resources(template, 'AWS::IAM::Role', 'Api'))).toEqual([]);
    expect(warnings(stack, 'RoleStatementsLeft')).toEqual([]);
  });

  test('T15: and the service waits for those policies', () => {
    const { template } = arrange((scope) => ({ taskRole: role(scope, 'Task'), executionRole: role(scope, 'Execution') }));
    const policies = policiesOf(template).map(([id]) => id);
    expect(only(template, 'AWS::ECS::Service', 'Api').DependsOn).toEqual(expect.arrayContaining(policies));
  });

  test.each([
    ['that cannot be changed', (scope: Stack, id: string) => role(scope, id, { mutable: false })],
    [
      'that cannot be changed, with grants to resources',
      (scope: Stack, id: string) => role(scope, id, { mutable: false, addGrantsToResources: true }),
    ],
  ])('%s: the statements are listed for their owner', (_, make) => {
    const { template, stack } = arrange((scope) => ({ taskRole: make(scope, 'Task'), executionRole: make(scope, 'Execution') }));
    expect(policiesOf(template)).toEqual([]);
    const [execution, task] = warnings(stack, 'RoleStatementsLeft').sort();
    expect(execution).toContain(`\`existing.executionRole\` (${ARN}-execution) cannot be changed from here, so its owner must add`);
    for (const action of ['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'logs:CreateLogStream']) {
      expect(execution).toContain(action);
    }
    expect(task).toContain(`\`existing.taskRole\` (${ARN}-task)`);
    for (const text of [execution, task]) expect(text).not.toMatch(/"(Fn::\w+|Ref)"/);
    expect(execution).toMatch(/"Resource":"arn:\$\{AWS::Partition\}:ecr:eu-west-1:\$\{AWS::AccountId\}:repository\/orders"/);
    expect(execution).toMatch(/"Resource":"\$\{ApiLogs[0-9A-F]{8}\.Arn\}"/);
    expect(task).toMatch(/\n\{"Action":"s3:GetObject","Effect":"Allow","Resource":.*uploads\/\*.*\}\n\{"Action":"s3:ListBucket",/);
  });

  describe('of another account, or known only at deployment', () => {
    const inAccount = (existing: (stack: Stack) => ExistingTaskResources) => {
      const stack = new Stack(new App(), 'Shop', { env: { region: 'eu-west-1', account: '999999999999' } });
      const mesh = newMesh(stack);
      return { stack, mesh, existing: existing(stack) };
    };
    const OWNERS: [string, (arranged: ReturnType<typeof inAccount>) => unknown][] = [
      ['a service', ({ stack, mesh, existing }) => new MeshService(stack, 'Api', { mesh, containers, existing })],
      [
        'a job',
        ({ stack, mesh, existing }) =>
          new DeploymentJob(stack, 'Api', { mesh, containers: [{ image: containers[0].image }], existing }),
      ],
      ['a store', ({ stack, mesh, existing }) => new ContainerRedis(stack, 'Api', { mesh, existing })],
    ];

    test.each(OWNERS)('%s: a role of another account cannot be passed to its tasks', (_, create) => {
      const message = (prop: string) =>
        `\`existing.${prop}\` must be a role of the account of the tasks (999999999999), got "${ARN}-task"; leave it out or give one`;
      for (const prop of ['taskRole', 'executionRole']) {
        expect(() => create(inAccount((stack) => ({ [prop]: Role.fromRoleArn(stack, 'Task', `${ARN}-task`) })))).toThrow(
          message(prop),
        );
      }
    });

    test.each(OWNERS)('%s: its logs stay in its account', (_, create) => {
      const logGroupArn = 'arn:aws:logs:eu-west-1:111111111111:log-group:/corp';
      expect(() => create(inAccount((stack) => ({ logGroup: LogGroup.fromLogGroupArn(stack, 'Logs', logGroupArn) })))).toThrow(
        /^`existing.logGroup` must be a log group of the account of the tasks \(999999999999\), got "arn:aws:logs:eu-west-1:111111111111:.*\[LogGroupOfOtherAccount at Shop\/Api/,
      );
    });

    test.each(OWNERS)('%s: the name of a role by a token is a guess, and said', (_, create) => {
      const arranged = inAccount((stack) => ({ executionRole: Role.fromRoleArn(stack, 'Task', Fn.importValue('role')) }));
      create(arranged);
      (arranged.stack.node.root as App).synth();
      expect(warnings(arranged.stack, 'RoleNameGuessed').join()).toContain(
        '`existing.executionRole` (Shop/Task) has an ARN that is known only at deployment',
      );
    });

    test('a role by its name, or that cannot be changed, is no guess', () => {
      const arranged = inAccount((stack) => ({
        executionRole: Role.fromRoleName(stack, 'Start', Fn.importValue('name')),
        taskRole: Role.fromRoleArn(stack, 'Task', Fn.importValue('role'), { mutable: false }),
      }));
      OWNERS[0][1](arranged);
      (arranged.stack.node.root as App).synth();
      expect(warnings(arranged.stack, 'RoleNameGuessed')).toEqual([]);
    });
  });

  test('of the app, with a path and a boundary', () => {
    const { template, stack } = arrange((scope) => ({
      taskRole: new Role(scope, 'Task', {
        assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
        path: '/company/apps/',
        permissionsBoundary: ManagedPolicy.fromManagedPolicyName(scope, 'Boundary', 'company-boundary'),
      }),
    }));
    expect(only(template, 'AWS::IAM::Role', 'Task').Properties).toMatchObject({ Path: '/company/apps/' });
    expect(JSON.stringify(resources(template, 'AWS::IAM::Policy', 'Task'))).toContain('s3:GetObject');
    expect(warnings(stack, 'RoleStatementsLeft')).toEqual([]);
  });

  test('a boundary reaches the roles that are created beside them', () => {
    const stack = newStack();
    PermissionsBoundary.of(stack).apply(ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'company-boundary'));
    newService(newMesh(stack), 'Api', { existing: { taskRole: role(stack, 'Task') } });
    const roles = Object.values(resources(templateOf(stack), 'AWS::IAM::Role'));
    expect(roles.filter(({ Properties }) => Properties.PermissionsBoundary === undefined)).toEqual([]);
  });
});

test('PR-08, NU-1: a log group of others', () => {
  const { template } = arrange((scope) => ({ logGroup: LogGroup.fromLogGroupName(scope, 'Logs', '/company/orders') }));
  const [container] = only(template, 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions;
  expect(container.LogConfiguration.Options['awslogs-group']).toBe('/company/orders');
  expect(Object.keys(resources(template, 'AWS::Logs::LogGroup', 'Api'))).toEqual([]);
  expect(JSON.stringify(resources(template, 'AWS::IAM::Policy', 'ApiExecutionRole'))).toContain('log-group:/company/orders:*');
});

describe('PR-08, NU-1: a security group of others', () => {
  test('that can be changed: connections add their rules to it', () => {
    const { template, stack } = arrange((scope) => ({ securityGroup: group(scope, 'Orders') }));
    expect(openPaths(template)).toEqual(['"sg-orders" -> "sg-redis" 6379']);
    expect(Object.keys(resources(template, 'AWS::EC2::SecurityGroup', 'Api'))).toEqual([]);
    const network = only(template, 'AWS::ECS::Service').Properties.NetworkConfiguration.AwsvpcConfiguration;
    expect(network.SecurityGroups).toEqual(['sg-orders']);
    expect(warnings(stack, 'SecurityGroupRuleLeft')).toEqual([]);
  });

  test('whose outbound traffic is closed: the way to image registries and APIs is opened', () => {
    const { template } = arrange((scope) => ({ securityGroup: group(scope, 'Orders', { allowAllOutbound: false }) }));
    const rules = Object.values(resources(template, 'AWS::EC2::SecurityGroupEgress')).map(({ Properties: p }) => [
      p.GroupId,
      p.FromPort,
    ]);
    expect(rules.sort()).toEqual([
      ['sg-orders', 443],
      ['sg-orders', 6379],
    ]);
  });

  test('that cannot be changed: each rule is said', () => {
    const stack = newStack();
    const mesh = newMesh(stack);
    const orders = newService(mesh, 'Api', { existing: { securityGroup: group(stack, 'Orders', { mutable: false }) } });
    orders.connectTo(
      new ImportedRedis(stack, 'Store', { host: 'r', tls: false, securityGroup: group(stack, 'Redis', { mutable: false }) }),
    );
    orders.connectTo(Endpoint.externalHost('smtp.example.com', { port: 587 }));
    const gateway = new DualAlbGateway(stack, 'Gateway', { network: mesh, external: ExternalSide.http() });
    gateway.external.route('Orders', { target: orders.port('http') });
    templateOf(stack);
    const said = warnings(stack, 'SecurityGroupRuleLeft').map((text) =>
      /^Security group (.*?) was .*the rule: (.*) \[/.exec(text)?.slice(1),
    );
    const unless = ', unless it allows all outbound traffic';
    expect(said.sort()).toEqual([
      ['sg-orders', 'inbound on TCP 8080 from Shop/Gateway/External/SecurityGroup'],
      ['sg-orders', `outbound on TCP 443, for image registries and AWS APIs${unless}`],
      ['sg-orders', `outbound on TCP 587 to the addresses of the server${unless}`],
      ['sg-orders', `outbound on TCP 6379 to sg-redis${unless}`],
      ['sg-redis', 'inbound on TCP 6379 from sg-orders'],
    ]);
  });

  test.each([NetworkMode.BRIDGE, NetworkMode.HOST])('is refused in %s mode', (networkMode) => {
    const stack = newStack();
    const mesh = newMesh(stack);
    const compute = Compute.ec2(mesh.addEc2Capacity('Hosts'), { networkMode });
    const create = () => newService(mesh, 'Api', { compute, existing: { securityGroup: group(stack, 'Orders') } });
    expect(create).toThrow(
      '`existing.securityGroup` must be left out in bridge and host mode, in which tasks have the security groups of their hosts, got "sg-orders"; use NetworkMode.AWS_VPC [SecurityGroupOnHosts at Shop/Api]',
    );
  });
});

describe('NU-1: all together', () => {
  const everything = (stack: Stack): ExistingTaskResources => ({
    taskRole: role(stack, 'Task'),
    executionRole: role(stack, 'Execution'),
    logGroup: LogGroup.fromLogGroupName(stack, 'Logs', '/company/orders'),
    securityGroup: group(stack, 'Orders'),
  });

  test.each<[string, (stack: Stack, mesh: ServiceConnectMesh, existing: ExistingTaskResources) => unknown]>([
    ['a service', (stack, mesh, existing) => new MeshService(stack, 'X', { mesh, containers, existing })],
    ['a worker', (stack, mesh, existing) => new QueueWorkerService(stack, 'X', { mesh, containers, existing })],
    [
      'a scheduled job',
      (stack, mesh, existing) =>
        new ScheduledJob(stack, 'X', { mesh, containers, existing, schedule: ScheduleExpression.rate(Duration.hours(1)) }),
    ],
    ['a deployment job', (stack, mesh, existing) => new DeploymentJob(stack, 'X', { mesh, containers, existing })],
  ])('%s creates none of them, and has no findings', (_, create) => {
    const stack = newStack();
    create(stack, newMesh(stack), everything(stack));
    const template = templateOf(stack);
    const { TaskRoleArn, ExecutionRoleArn } = only(template, 'AWS::ECS::TaskDefinition').Properties;
    expect([TaskRoleArn, ExecutionRoleArn]).toEqual([`${ARN}-task`, `${ARN}-execution`]);
    expect(JSON.stringify(template.toJSON())).toContain('"sg-orders"');
    for (const id of ['XTaskRole', 'XExecutionRole', 'XLogs', 'XSecurityGroup']) {
      expect(Object.keys(template.toJSON().Resources as object).filter((name) => name.startsWith(id))).toEqual([]);
    }
    expect(findings(stack)).toEqual([]);
  });
});
