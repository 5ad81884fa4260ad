import { App, CfnParameter, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  AfterRotation,
  Compliance,
  DatabaseRotation,
  DeploymentJob,
  DualAlbGateway,
  InternalSide,
  MeshAlarms,
  MeshService,
  PostgresDatabase,
  QueueWorkerService,
  Rollout,
  ScheduledJob,
  ServiceConnectMesh,
} from 'cdk-ecs-mesh';
import { newMesh, newService, newStack, only, resources, templateOf, valueText, WEB } from '../helpers';
import { findingsOf, inWords } from '../security/packs';

const RULE = 'AWS::Events::Rule';
const database = (mesh: ServiceConnectMesh, rotation?: DatabaseRotation, id = 'Database') =>
  new PostgresDatabase(Stack.of(mesh), id, { mesh, rotation });

const byFunction = (mesh: ServiceConnectMesh) =>
  DatabaseRotation.byFunction(
    new LambdaFunction(Stack.of(mesh), 'Rotator', {
      ...{ runtime: Runtime.PYTHON_3_13, handler: 'index.handler', code: Code.fromInline('def handler(event, context): ...') },
      ...{ vpc: mesh.vpc, vpcSubnets: mesh.taskSubnets },
    }),
  );

/** What the target of a rule is told: the stack, the secret and the services. */
function inputOf(template: Template, rule = '') {
  const [target] = only(template, RULE, rule).Properties.Targets;
  return JSON.parse(valueText(target.Input));
}

const rules = (scope: Stack | MeshService) => Object.values(resources(templateOf(scope), RULE));

/** The actions of a role, each with its resources. */
function allowed(template: Template): Record<string, string[]> {
  const { PolicyDocument } = only(template, 'AWS::IAM::Policy', 'Redeployment').Properties;
  return Object.fromEntries(
    (PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[]).map(({ Action, Resource }) => [
      [Action].flat().join(' '),
      [Resource].flat().map(valueText),
    ]),
  );
}

describe('DT-36: tasks that hold a password from their start are replaced after its rotation', () => {
  test.each<[string, (mesh: ServiceConnectMesh) => DatabaseRotation | undefined, string]>([
    ['the default', () => undefined, 'DatabaseInstance.MasterUserSecret.SecretArn'],
    [
      'RDS, every day',
      () => DatabaseRotation.managedByRds({ every: Duration.days(1) }),
      'DatabaseInstance.MasterUserSecret.SecretArn',
    ],
    ['a function', byFunction, 'DatabaseInstanceSecret'],
  ])('DT-36: rotated by %s: at the event, and every five minutes', (_, rotation, secret) => {
    const mesh = newMesh();
    newService(mesh, 'Web').connectTo(database(mesh, rotation(mesh)));
    const { EventPattern, ScheduleExpression: rate } = only(templateOf(mesh), RULE, 'Redeployment').Properties;
    expect({ ...EventPattern, resources: EventPattern.resources.map(valueText) }).toEqual({
      source: ['aws.secretsmanager'],
      'detail-type': ['Secret Label Updated'],
      resources: [expect.stringContaining(secret)],
      detail: { labelUpdated: ['AWSCURRENT'] },
    });
    expect(rate).toBe('rate(5 minutes)');
    expect(inputOf(templateOf(mesh))).toEqual({
      stack: 'AWS::StackId',
      secret: expect.stringContaining(secret),
      services: ['WebService'],
    });
  });

  test('DT-36: a password that nobody rotates needs nothing', () => {
    const mesh = newMesh();
    newService(mesh, 'Web').connectTo(database(mesh, DatabaseRotation.none('It is read once.')));
    expect(rules(Stack.of(mesh))).toEqual([]);
  });

  test('DT-36: code that reads the secret again is not redeployed', () => {
    const mesh = newMesh();
    newService(mesh, 'Web').connectTo(database(mesh), { afterRotation: AfterRotation.READ_AGAIN });
    expect(rules(Stack.of(mesh))).toEqual([]);
  });

  test('DT-36: a worker is, too; jobs are not, since each run reads the new value', () => {
    const mesh = newMesh();
    const [stack, server, containers] = [Stack.of(mesh), database(mesh), [{ image: WEB.image }]];
    new ScheduledJob(stack, 'Nightly', { mesh, containers, schedule: ScheduleExpression.rate(Duration.days(1)) }).connectTo(server);
    new DeploymentJob(stack, 'Migrate', { mesh, containers }).connectTo(server);
    new QueueWorkerService(stack, 'Worker', { mesh, containers }).connectTo(server);
    expect(inputOf(templateOf(mesh), 'Redeployment').services).toEqual(['WorkerService']);
  });

  test('DT-36: one function for a stack, one rule for a secret, each service once', () => {
    const mesh = newMesh();
    const [first, second] = [database(mesh), database(mesh, undefined, 'Other')];
    for (const id of ['Api', 'Web']) {
      const service = newService(mesh, id);
      service.connectTo(first);
      service.connectTo(first);
    }
    newService(mesh, 'Third').connectTo(second);
    const template = templateOf(mesh);
    expect(Object.keys(resources(template, 'AWS::Lambda::Function', 'Redeployment'))).toHaveLength(1);
    expect(inputOf(template, 'RedeploymentShopDatabase').services).toEqual(['ApiService', 'WebService']);
    expect(inputOf(template, 'RedeploymentShopOther').services).toEqual(['ThirdService']);
  });

  test('DT-36: a secret of your own', () => {
    const mesh = newMesh();
    const secret = new Secret(Stack.of(mesh), 'Token');
    newService(mesh, 'Web').redeployAfterRotation(secret);
    expect(inputOf(templateOf(mesh))).toEqual({ stack: 'AWS::StackId', secret: 'Token', services: ['WebService'] });
  });

  const PARTIAL = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:team/api-rotate';
  const encryptionKey = (stack: Stack) => Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111122223333:key/1');

  test.each<[string, (stack: Stack) => ISecret, arn: RegExp]>([
    ['its name', (stack) => Secret.fromSecretNameV2(stack, 'Token', 'team/api-rotate'), /^arn:AWS::Partition:.*:secret:team/],
    ['its partial ARN', (stack) => Secret.fromSecretPartialArn(stack, 'Token', PARTIAL), /^arn:aws:.*:secret:team/],
    [
      'its partial ARN and key',
      (stack) => Secret.fromSecretAttributes(stack, 'Token', { secretPartialArn: PARTIAL, encryptionKey: encryptionKey(stack) }),
      /^arn:aws:.*:secret:team/,
    ],
  ])('a secret that is known by %s: its own events, and the ARN with six random characters', (_, secret, arn) => {
    const mesh = newMesh();
    newService(mesh, 'Web').redeployAfterRotation(secret(Stack.of(mesh)));
    const { resources: matched, detail } = only(templateOf(mesh), RULE).Properties.EventPattern;
    const prefix = valueText(matched[0].prefix);
    expect(prefix).toMatch(arn);
    expect(prefix).toMatch(/:secret:team\/api-rotate-$/);
    expect([matched.length, detail]).toEqual([1, { name: ['team/api-rotate'], labelUpdated: ['AWSCURRENT'] }]);
    expect(allowed(templateOf(mesh))['secretsmanager:DescribeSecret']).toEqual([`${prefix}??????`]);
    expect(inputOf(templateOf(mesh)).secret).toBe(prefix.slice(0, -1));
  });

  test('a secret that is known by its complete ARN: that ARN', () => {
    const mesh = newMesh();
    newService(mesh, 'Web').redeployAfterRotation(Secret.fromSecretCompleteArn(Stack.of(mesh), 'Token', `${PARTIAL}-a1b2c3`));
    expect(only(templateOf(mesh), RULE).Properties.EventPattern).toMatchObject({
      resources: [`${PARTIAL}-a1b2c3`],
      detail: { labelUpdated: ['AWSCURRENT'] },
    });
    expect(allowed(templateOf(mesh))['secretsmanager:DescribeSecret']).toEqual([`${PARTIAL}-a1b2c3`]);
  });

  test('a partial ARN that only the deployment knows: the name in it', () => {
    const mesh = newMesh();
    const arn = new CfnParameter(Stack.of(mesh), 'Arn').valueAsString;
    newService(mesh, 'Web').redeployAfterRotation(Secret.fromSecretPartialArn(Stack.of(mesh), 'Token', arn));
    expect(only(templateOf(mesh), RULE).Properties.EventPattern).toMatchObject({
      resources: [{ prefix: { 'Fn::Join': ['', [{ Ref: 'Arn' }, '-']] } }],
      detail: { name: [{ 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: 'Arn' }] }] }] },
    });
  });

  test('DT-36: the function may look at these secrets and update these services, and nothing else', () => {
    const mesh = newMesh();
    const server = database(mesh);
    for (const id of ['Api', 'Web']) newService(mesh, id).connectTo(server);
    expect(allowed(templateOf(mesh))).toEqual({
      'cloudformation:DescribeStacks': ['AWS::StackId'],
      'logs:CreateLogStream logs:PutLogEvents': ['RedeploymentLogs.Arn'],
      'secretsmanager:DescribeSecret': [expect.stringContaining('DatabaseInstance')],
      'ecs:DescribeServices ecs:ListServiceDeployments ecs:UpdateService': ['ApiService', 'WebService'],
    });
  });

  test('DT-36: the rule is made after the permissions, and EventBridge may call the function for this rule only', () => {
    const mesh = newMesh();
    newService(mesh, 'Web').connectTo(database(mesh));
    const template = templateOf(mesh);
    const [[id, rule]] = Object.entries(resources(template, RULE));
    expect(rule.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^RedeploymentRoleDefaultPolicy/)]));
    expect(only(template, 'AWS::Lambda::Permission', 'Redeployment').Properties).toMatchObject({
      Principal: 'events.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': [id, 'Arn'] },
    });
  });

  test('DT-36: CodeDeploy does not take deployments from ECS: a warning', () => {
    const mesh = newMesh();
    const service = newService(mesh, 'Web', { rollout: Rollout.codeDeploy() });
    service.connectTo(database(mesh));
    new DualAlbGateway(Stack.of(mesh), 'Gateway', { network: mesh, internal: InternalSide.http() }).internal.route('Web', {
      target: service.port('http'),
    });
    expect(rules(service)).toEqual([]);
    const found = Annotations.fromStack(Stack.of(mesh)).findWarning('/Shop/Web', Match.stringLikeRegexp('RotationNotFollowed'));
    expect(found.map(({ entry }) => entry.data)).toEqual([
      'CodeDeploy starts the deployments of web, so that nothing redeploys it after a rotation of Shop/Database/Instance/ManagedSecret, ' +
        'and its tasks cannot open new connections then. Start the pipeline after each rotation, choose another rollout, or connect with ' +
        '`afterRotation: AfterRotation.READ_AGAIN` if the code reads the secret again. [ack: cdk-ecs-mesh:RotationNotFollowed]',
    ]);
  });

  test('DT-36: in stacks of their own: the function is with the services', () => {
    const app = new App();
    const mesh = newMesh(newStack('Net', app));
    const server = new PostgresDatabase(newStack('Data', app), 'Database', { mesh });
    const web = newService(mesh, 'Web', {}, newStack('Web', app));
    web.connectTo(server);
    app.synth();
    expect(rules(web)).toHaveLength(1);
    expect(rules(Stack.of(server))).toEqual([]);
  });

  test.each([
    [RemovalPolicy.DESTROY, 'Delete'],
    [RemovalPolicy.RETAIN, 'RetainExceptOnCreate'],
  ])('DT-36: its logs expire; with %s in strict mode the group has %s', (removalPolicy, policy) => {
    const stack = newStack();
    Compliance.strict().applyTo(stack);
    const mesh = newMesh(stack, { removalPolicy });
    newService(mesh, 'Web').connectTo(database(mesh));
    expect(only(templateOf(mesh), 'AWS::Logs::LogGroup', 'Redeployment')).toMatchObject({
      DeletionPolicy: policy,
      Properties: { RetentionInDays: expect.any(Number), KmsKeyId: expect.anything() },
    });
    expect(inWords(findingsOf(stack.node.root as App)).filter((text) => text.includes('Redeployment'))).toEqual([]);
  });

  test('DT-36: an alarm says when it fails', () => {
    const mesh = newMesh();
    new MeshAlarms(Stack.of(mesh), 'Alarms', { mesh });
    newService(mesh, 'Web').connectTo(database(mesh));
    const alarm = { Namespace: 'AWS/Lambda', MetricName: 'Errors', Period: 300, EvaluationPeriods: 3, Threshold: 1 };
    templateOf(mesh).hasResourceProperties('AWS::CloudWatch::Alarm', alarm);
  });
});
