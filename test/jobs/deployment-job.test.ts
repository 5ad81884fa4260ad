import { App, Duration, Stack } from 'aws-cdk-lib';
import { Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ContainerImage, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import {
  Compliance,
  DeploymentJob,
  DeploymentJobProps,
  DualAlbGateway,
  Ec2HostRedis,
  ElastiCacheRedis,
  ImageRepository,
  InternalSide,
  PostgresDatabase,
  QueueWorkerService,
  Reachability,
  ScheduledJob,
  ServerlessRedis,
  ServiceConnectMesh,
  TopologyRecord,
} from 'cdk-ecs-mesh';
import { findings, newMesh, newService, newStack, only, openPaths, resources, templateOf, WEB } from '../helpers';

const MIGRATE = { image: ContainerImage.fromRegistry('my/web'), process: { command: ['python', 'manage.py', 'migrate'] } };

/** A job in a mesh of its own. */
function newJob(props: Partial<DeploymentJobProps> = {}, mesh = newMesh(newStack())): DeploymentJob {
  return new DeploymentJob(Stack.of(mesh), 'Migrate', { mesh, containers: [MIGRATE], ...props });
}

const meshOf = (job: DeploymentJob) => job.mesh as ServiceConnectMesh;
const runOf = (job: DeploymentJob) => only(templateOf(job), 'Custom::EcsMeshDeploymentJob');
const runId = (job: DeploymentJob) => Object.keys(resources(templateOf(job), 'Custom::EcsMeshDeploymentJob'))[0];
const taskOf = (job: DeploymentJob) => only(templateOf(job), 'AWS::ECS::TaskDefinition', 'Migrate').Properties;
const FUNCTION = 'CustomEcsMeshDeploymentJob';

describe('DeploymentJob with minimal props', () => {
  const job = newJob();
  const template = templateOf(job);
  const arnOf = (prefix: string) => ({ 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${prefix}`)), 'Arn'] });
  const refTo = (prefix: string) => ({ Ref: expect.stringMatching(new RegExp(`^${prefix}`)) });

  test('the run names task, place and time; CloudFormation waits a minute longer than the function', () => {
    const { Subnets, ...rest } = runOf(job).Properties;
    expect(rest).toEqual({
      ServiceToken: arnOf(FUNCTION),
      ServiceTimeout: '660',
      Job: 'migrate',
      Cluster: arnOf('MeshCluster'),
      TaskDefinition: refTo('MigrateTaskDefinition'),
      Container: 'migrate',
      SecurityGroups: [{ 'Fn::GetAtt': [expect.stringMatching(/^MigrateSecurityGroup/), 'GroupId'] }],
      LogGroup: refTo('MigrateLogs'),
      TimeoutSeconds: '600',
    });
    expect(JSON.stringify(Subnets)).toMatch(/Private.*Private/);
  });

  test('the task: 256 CPU units, 512 MiB, x86, the hardening of a service', () => {
    expect(taskOf(job)).toMatchObject({ Cpu: '256', Memory: '512', RuntimePlatform: { CpuArchitecture: 'X86_64' } });
    const [container] = taskOf(job).ContainerDefinitions;
    expect(container).toMatchObject({ Name: 'migrate', ReadonlyRootFilesystem: true, Command: MIGRATE.process.command });
    expect(only(template, 'AWS::Logs::LogGroup', 'MigrateLogs').Properties.LogGroupName).toBe('/ecs/shop-mesh/migrate');
  });

  test('the function: Node.js 24, 256 MiB, the most that Lambda allows of time', () => {
    const { Properties } = only(template, 'AWS::Lambda::Function', FUNCTION);
    expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', MemorySize: 256, Timeout: 900, Handler: '__entrypoint__.handler' });
  });

  test('the function may run this job, watch and stop tasks of the cluster, and ask for its own stack', () => {
    const [{ PolicyDocument }] = only(template, 'AWS::IAM::Role', FUNCTION).Properties.Policies;
    const arn = (end: unknown[]) => ({ 'Fn::Join': ['', expect.arrayContaining(end)] });
    const family = expect.stringMatching(/^:task-definition\/Shop-Migrate-[0-9A-F]{8}:\*$/);
    const tasks = arn([':task/', refTo('MeshCluster'), '/*'].slice(1));
    const created = { StringEquals: { 'ecs:CreateAction': 'RunTask' } };
    const toEcs = { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } };
    expect(PolicyDocument.Statement).toEqual([
      {
        Action: 'ecs:RunTask',
        Effect: 'Allow',
        Resource: arn([family]),
        Condition: { ArnEquals: { 'ecs:cluster': arnOf('MeshCluster') } },
      },
      { Action: 'iam:PassRole', Effect: 'Allow', Resource: ['MigrateTask', 'MigrateExec'].map(arnOf), Condition: toEcs },
      { Action: ['ecs:DescribeTasks', 'ecs:StopTask'], Effect: 'Allow', Resource: tasks },
      { Action: 'ecs:TagResource', Effect: 'Allow', Resource: tasks, Condition: created },
      { Action: 'cloudformation:DescribeStacks', Effect: 'Allow', Resource: { Ref: 'AWS::StackId' } },
    ]);
  });

  test('T15, T22, T24: it runs after the policies of its roles, the way out, and the capacity providers', () => {
    const first = runOf(job).DependsOn!.join(' ');
    expect(first).toMatch(/MigrateExecutionRoleDefaultPolicy/);
    expect(first).toMatch(/PrivateSubnet1DefaultRoute/);
    expect(first).toMatch(/MeshCluster/);
  });

  test('nothing may come in', () => expect(openPaths(template)).toEqual([]));
  test('it is in the picture', () => {
    const component = TopologyRecord.of(job).components.find(({ id }) => id === 'Shop/Migrate');
    expect(component).toMatchObject({ label: 'migrate', details: ['Fargate, one task', 'in deployments'] });
  });
  test('AwsSolutions finds nothing', () => expect(findings(job)).toEqual([]));
});

test('all props', () => {
  const job = newJob({
    containers: [
      { ...MIGRATE, name: 'main' },
      { ...MIGRATE, name: 'sidecar', lifecycle: { essential: false } },
    ],
    discoveryName: 'schema',
    taskSize: { cpu: 1024, memoryMiB: 2048 },
    cpuArchitecture: CpuArchitecture.ARM64,
    timeout: Duration.minutes(14),
  });
  expect(taskOf(job)).toMatchObject({ Cpu: '1024', Memory: '2048', RuntimePlatform: { CpuArchitecture: 'ARM64' } });
  expect(runOf(job).Properties).toMatchObject({ Job: 'schema', Container: 'main', TimeoutSeconds: '840', ServiceTimeout: '900' });
  expect([job.timeout.toMinutes(), job.containers.map((c) => c.containerName)]).toEqual([14, ['main', 'sidecar']]);
});

test('connectTo works as on a service: variables, secrets, rules and order', () => {
  const job = newJob();
  job.connectTo(new PostgresDatabase(Stack.of(job), 'Database', { mesh: job.mesh }));
  const [container] = taskOf(job).ContainerDefinitions;
  expect(container.Environment.map((v: { Name: string }) => v.Name)).toContain('DATABASE_HOST');
  expect(container.Secrets.map((v: { Name: string }) => v.Name)).toContain('DATABASE_PASSWORD');
  expect(openPaths(templateOf(job))).toContain('Migrate -> Database 5432');
  expect(runOf(job).DependsOn).toEqual(expect.arrayContaining(Object.keys(resources(templateOf(job), 'AWS::RDS::DBInstance'))));
  expect(findings(job)).toEqual([]);
  Reachability.of(job).expectReachable('Shop/Migrate', 'Shop/Database', 5432);
});

describe('T15: the run waits for the rules of its security group', () => {
  const others = (job: DeploymentJob): [string, () => void][] => {
    const stack = Stack.of(job);
    const { mesh } = job;
    const gateway = () => new DualAlbGateway(stack, 'Gateway', { network: mesh, internal: InternalSide.http() });
    return [
      ['a database', () => job.connectTo(new PostgresDatabase(stack, 'Server', { mesh }))],
      ['a cache', () => job.connectTo(new ElastiCacheRedis(stack, 'Server', { mesh }))],
      ['a serverless cache', () => job.connectTo(new ServerlessRedis(stack, 'Server', { mesh }))],
      ['a Redis host', () => job.connectTo(new Ec2HostRedis(stack, 'Server', { mesh }))],
      ['a route', () => job.connectTo(gateway().internal.route('Web', { target: newService(meshOf(job), 'Web').port('http') }))],
      ['a rule of the user', () => job.connections.allowTo(new SecurityGroup(stack, 'Server', { vpc: mesh.vpc }), Port.tcp(9000))],
    ];
  };

  test.each(others(newJob()).map(([name], i) => [name, i] as const))('to %s', (_, i) => {
    const job = newJob();
    others(job)[i][1]();
    const template = templateOf(job);
    const ids = ['Ingress', 'Egress'].flatMap((way) =>
      Object.entries(resources(template, `AWS::EC2::SecurityGroup${way}`)).flatMap(([id, { Properties }]) =>
        JSON.stringify(Properties).includes('MigrateSecurityGroup') ? [id] : [],
      ),
    );
    expect(ids.length).toBeGreaterThanOrEqual(2);
    expect(runOf(job).DependsOn).toEqual(expect.arrayContaining(ids));
  });

  test('from a group of others, and in stacks of their own', () => {
    const app = new App();
    const mesh = newMesh(newStack('Network', app));
    const database = new PostgresDatabase(newStack('Data', app), 'Database', { mesh });
    const stack = newStack('Jobs', app);
    const existing = { securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-others') };
    const job = new DeploymentJob(stack, 'Migrate', { mesh, containers: [MIGRATE], existing });
    job.connectTo(database);
    const ids = Object.keys(resources(templateOf(job), 'AWS::EC2::SecurityGroupIngress'));
    expect(ids).toHaveLength(1);
    expect(runOf(job).DependsOn).toEqual(expect.arrayContaining(ids));
  });
});

describe('before', () => {
  test('services and workers wait for the run, and for nothing else of the job', () => {
    const job = newJob();
    const mesh = meshOf(job);
    const worker = new QueueWorkerService(Stack.of(mesh), 'Worker', { mesh, containers: [{ image: WEB.image }] });
    for (const service of [newService(mesh, 'Web'), worker]) job.before(service);
    for (const name of ['Web', 'Worker']) {
      const { DependsOn } = only(templateOf(job), 'AWS::ECS::Service', name);
      expect(DependsOn!.filter((id) => id.startsWith('Migrate'))).toEqual([runId(job)]);
    }
  });

  test('T21: mesh, database, job and service each in a stack of their own', () => {
    const app = new App();
    const mesh = newMesh(newStack('Network', app));
    const database = new PostgresDatabase(newStack('Data', app), 'Database', { mesh });
    const job = new DeploymentJob(newStack('Jobs', app), 'Migrate', { mesh, containers: [MIGRATE] });
    const web = newService(mesh, 'Web', {}, newStack('Web', app));
    job.connectTo(database);
    web.connectTo(database);
    job.before(web);
    expect(findings(job)).toEqual([]);
    expect(Stack.of(web).dependencies.map(({ stackName }) => stackName)).toContain('Jobs');
  });

  const circle =
    '`before` must not close a circle, since a service deploys after the jobs before it, and a job after the services that it calls, got "Shop/Web -> Shop/Migrate -> Shop/Web"; let one of them call through a queue, or by an address that needs no order (Endpoint.externalHost) [CallCycle at Shop/Web]';
  const calls =
    '`connectTo` must not close a circle of calls, since each service deploys after those it calls, got "Shop/Migrate -> Shop/Web -> Shop/Migrate"; let one of them call through a queue, or by an address that needs no order (Endpoint.externalHost) [CallCycle at Shop/Migrate]';

  function routed() {
    const job = newJob();
    const web = newService(meshOf(job), 'Web');
    const gateway = new DualAlbGateway(Stack.of(job), 'Gateway', { network: job.mesh, internal: InternalSide.http() });
    return { job, web, route: gateway.internal.route('Web', { target: web.port('http') }) };
  }

  test('a service that the job calls is refused', () => {
    const { job, web, route } = routed();
    job.connectTo(route);
    expect(() => job.before(web)).toThrow(circle);
  });

  test('a call to a service that waits for the job is refused', () => {
    const { job, web, route } = routed();
    job.before(web);
    expect(() => job.connectTo(route)).toThrow(calls);
  });
});

test('jobs of a stack share one function, whose policy grows by the job', () => {
  const job = newJob();
  new DeploymentJob(Stack.of(job), 'Seed', { mesh: job.mesh, containers: [MIGRATE] });
  expect(Object.keys(resources(templateOf(job), 'AWS::Lambda::Function', FUNCTION))).toHaveLength(1);
  const [{ PolicyDocument }] = only(templateOf(job), 'AWS::IAM::Role', FUNCTION).Properties.Policies;
  expect(PolicyDocument.Statement).toHaveLength(7);
});

test('another cluster is another permission', () => {
  const job = newJob();
  const mesh = new ServiceConnectMesh(Stack.of(job), 'Other');
  new DeploymentJob(Stack.of(job), 'Seed', { mesh, containers: [MIGRATE] });
  const [{ PolicyDocument }] = only(templateOf(job), 'AWS::IAM::Role', FUNCTION).Properties.Policies;
  expect(PolicyDocument.Statement).toHaveLength(9);
});

describe('the placeholder of an image', () => {
  const stack = newStack();
  const mesh = newMesh(stack);
  const repository = (id: string) => ({ image: new ImageRepository(stack, id).image(), process: { command: ['migrate'] } });
  const containers = [
    { ...repository('One'), name: 'one' },
    { ...repository('Two'), name: 'two' },
  ];
  const job = newJob({ containers }, mesh);
  new ScheduledJob(stack, 'Report', {
    mesh,
    containers: containers.slice(1),
    schedule: ScheduleExpression.rate(Duration.hours(1)),
  });
  const [one, two] = Object.keys(templateOf(job).toJSON().Conditions);

  test('keeps the job from running, whichever container has it', () => {
    const inner = { 'Fn::If': [one, 'true', 'false'] };
    expect(runOf(job).Properties.Placeholder).toEqual({ 'Fn::If': [two, 'true', inner] });
  });

  test('keeps a schedule off, since it would never end', () => {
    expect(only(templateOf(job), 'AWS::Scheduler::Schedule').Properties.State).toEqual({ 'Fn::If': [two, 'DISABLED', 'ENABLED'] });
  });
});

test.each([59, 841])('a timeout of %d seconds is refused', (seconds) => {
  expect(() => newJob({ timeout: Duration.seconds(seconds) })).toThrow(
    `\`timeout\` must be whole seconds from 60 to 840, got "${seconds} seconds"; choose a duration in that range [JobTimeout at Shop/Migrate]`,
  );
});

test('a timeout of one minute is fine', () => {
  expect(runOf(newJob({ timeout: Duration.minutes(1) })).Properties).toMatchObject({ TimeoutSeconds: '60', ServiceTimeout: '120' });
});

test('ports are refused', () => {
  expect(() => newJob({ containers: [WEB] })).toThrow(
    '`containers[0].ports` must be left out, because nothing can call a job, got ["http"]; use MeshService for a server [JobHasPorts at Shop/Migrate]',
  );
});

test('strict compliance: managed policies for the roles of the task', () => {
  const stack = newStack();
  Compliance.strict().applyTo(stack);
  expect(Object.keys(resources(templateOf(newJob({}, newMesh(stack))), 'AWS::IAM::ManagedPolicy', 'Migrate'))).not.toEqual([]);
});

test('DT-83: two jobs share a function, whose log group expires', () => {
  const mesh = newMesh();
  const containers = [{ image: ContainerImage.fromRegistry('my/job') }];
  for (const id of ['One', 'Two']) new DeploymentJob(Stack.of(mesh), id, { mesh, containers });
  const template = templateOf(mesh);
  const { LogGroup } = only(template, 'AWS::Lambda::Function', 'CustomEcsMeshDeploymentJob').Properties.LoggingConfig;
  expect(resources(template, 'AWS::Logs::LogGroup')[LogGroup.Ref].Properties).toMatchObject({ RetentionInDays: 30 });
});
