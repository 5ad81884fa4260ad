import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { InterfaceVpcEndpointAwsService, IVpc, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Code, Function as LambdaFunction, FunctionProps, IFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Compliance, DatabaseRotation, MeshNetwork, NatStrategy, PostgresDatabase, ServiceConnectMesh } from 'cdk-ecs-mesh';
import { newMesh, newService, newStack, only, openPaths, resources, templateOf } from '../helpers';
import { findingsOf, inWords } from '../security/packs';

/** A database with a rotation, and a client of it. */
function rotated(rotation?: DatabaseRotation | ((mesh: ServiceConnectMesh) => DatabaseRotation), mesh = newMesh(newStack())) {
  const chosen = typeof rotation === 'function' ? rotation(mesh) : rotation;
  const database = new PostgresDatabase(Stack.of(mesh), 'Database', { mesh, rotation: chosen });
  newService(mesh, 'Web').connectTo(database);
  return { database, mesh, template: templateOf(mesh) };
}

function rotator(mesh: ServiceConnectMesh, props: Partial<FunctionProps> = {}): LambdaFunction {
  return new LambdaFunction(Stack.of(mesh), 'Rotator', {
    ...{ runtime: Runtime.PYTHON_3_13, handler: 'index.handler', code: Code.fromInline('def handler(event, context): ...') },
    ...{ vpc: mesh.vpc, vpcSubnets: mesh.taskSubnets },
    ...props,
  });
}

function attach(mesh: ServiceConnectMesh, fn: IFunction) {
  return { database: new PostgresDatabase(Stack.of(mesh), 'Database', { mesh, rotation: DatabaseRotation.byFunction(fn) }) };
}

const byFunction = (mesh: ServiceConnectMesh) => DatabaseRotation.byFunction(rotator(mesh));
const SCHEDULE = 'AWS::SecretsManager::RotationSchedule';

function strictMesh(): ServiceConnectMesh {
  const stack = newStack();
  Compliance.strict().applyTo(stack);
  return newMesh(stack);
}

const REASON = 'The reporting tool reads it once.';
const ALL: Record<string, (mesh: ServiceConnectMesh) => DatabaseRotation | undefined> = {
  'the default': () => undefined,
  'managed by RDS': () => DatabaseRotation.managedByRds(),
  'managed by RDS, every month': () => DatabaseRotation.managedByRds({ every: Duration.days(30) }),
  'by a function': byFunction,
  none: () => DatabaseRotation.none(REASON),
};

describe.each(Object.entries(ALL))('%s', (_, choose) => {
  test('DT-11: PR-25: no macro, no nested stack, and no role that the template does not name', () => {
    const { template } = rotated((mesh) => choose(mesh)!);
    expect(Object.keys(template.toJSON())).not.toContain('Transform');
    expect(JSON.stringify(template.toJSON())).not.toMatch(/HostedRotationLambda|Fn::Transform|AWS::CloudFormation::Stack"/);
  });

  test('DT-13: the deployment itself rotates nothing', () => {
    const { template } = rotated((mesh) => choose(mesh)!);
    for (const { Properties } of Object.values(resources(template, SCHEDULE))) {
      expect(Properties.RotateImmediatelyOnUpdate).toBe(false);
    }
  });

  test('the user, the database and the logical id of the instance are the same, so that a change is made in place', () => {
    const instance = Object.entries(resources(rotated((mesh) => choose(mesh)!).template, 'AWS::RDS::DBInstance'))[0];
    expect(instance).toMatchObject(['DatabaseInstanceAA8A5FDE', { Properties: { MasterUsername: 'app', DBName: 'app' } }]);
  });

  test('the client gets the same variables', () => {
    const { template } = rotated((mesh) => choose(mesh)!);
    const [{ Environment, Secrets }] = only(template, 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions;
    expect([...Environment, ...Secrets].map(({ Name }: { Name: string }) => Name)).toEqual([
      ...['DATABASE_HOST', 'DATABASE_NAME', 'DATABASE_PORT', 'DATABASE_SECRET_ARN', 'DATABASE_SSLMODE'],
      ...['DATABASE_PASSWORD', 'DATABASE_USERNAME'],
    ]);
  });

  test('no finding of AwsSolutions, NIST, HIPAA or PCI DSS on the database', () => {
    const { mesh } = rotated((made) => choose(made)!, strictMesh());
    const found = findingsOf(mesh.node.root as App).filter(({ path }) => path.startsWith('Shop/Database'));
    expect(inWords(found)).toEqual([]);
  });
});

describe('managed by RDS', () => {
  const { template } = rotated();

  test('NU-4: RDS makes the secret and rotates it on its own schedule; there is nothing else', () => {
    expect(only(template, 'AWS::RDS::DBInstance').Properties).toMatchObject({ ManageMasterUserPassword: true });
    expect(only(template, 'AWS::RDS::DBInstance').Properties).not.toHaveProperty('MasterUserPassword');
    for (const type of ['AWS::SecretsManager::Secret', SCHEDULE]) template.resourceCountIs(type, 0);
  });

  test('tasks and the execution role read the secret of the instance', () => {
    const arn = { 'Fn::GetAtt': ['DatabaseInstanceAA8A5FDE', 'MasterUserSecret.SecretArn'] };
    const [container] = only(template, 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions;
    expect(container.Secrets[0].ValueFrom).toEqual({ 'Fn::Join': ['', [arn, ':password::']] });
    expect(container.Environment).toContainEqual({ Name: 'DATABASE_SECRET_ARN', Value: arn });
    for (const role of ['WebTaskRole', 'WebExecutionRole']) {
      const { Statement } = only(template, 'AWS::IAM::Policy', role).Properties.PolicyDocument;
      expect(Statement.filter(({ Action }: { Action: unknown }) => `${Action}`.includes('secretsmanager'))).toEqual([
        { Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], Effect: 'Allow', Resource: arn },
      ]);
    }
  });

  test('in strict mode the secret has the key of the stack, which both roles may decrypt with', () => {
    const strict = rotated(undefined, strictMesh()).template;
    const key = { 'Fn::GetAtt': [expect.stringMatching(/^ComplianceKey/), 'Arn'] };
    expect(only(strict, 'AWS::RDS::DBInstance').Properties.MasterUserSecret).toEqual({ KmsKeyId: key });
    for (const role of ['WebTaskRole', 'WebExecutionRole']) {
      const { Statement } = only(strict, 'AWS::IAM::ManagedPolicy', role).Properties.PolicyDocument;
      expect(Statement).toContainEqual(expect.objectContaining({ Action: 'kms:Decrypt', Resource: key }));
    }
  });

  test('another time is a schedule without a function', () => {
    const monthly = rotated(DatabaseRotation.managedByRds({ every: Duration.days(30) })).template;
    expect(only(monthly, SCHEDULE).Properties).toEqual({
      SecretId: { 'Fn::GetAtt': ['DatabaseInstanceAA8A5FDE', 'MasterUserSecret.SecretArn'] },
      RotationRules: { ScheduleExpression: 'rate(30 days)' },
      RotateImmediatelyOnUpdate: false,
    });
  });
});

describe('by a function', () => {
  const { template } = rotated(byFunction);

  test('it is called every 30 days, once it may be, and may do its work', () => {
    const schedule = only(template, SCHEDULE);
    expect(schedule.Properties).toMatchObject({
      SecretId: { Ref: expect.stringMatching(/^DatabaseInstanceSecretAttachment/) },
      RotationLambdaARN: { 'Fn::GetAtt': [expect.stringMatching(/^Rotator/), 'Arn'] },
      RotationRules: { ScheduleExpression: 'rate(30 days)' },
    });
    for (const id of [/^DatabaseSecretsManagerMayInvoke/, /^DatabaseRotationPolicy/]) {
      expect(schedule.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(id)]));
    }
  });

  test('Secrets Manager may call it for secrets of this account only', () => {
    expect(only(template, 'AWS::Lambda::Permission', 'Database').Properties).toMatchObject({
      Action: 'lambda:InvokeFunction',
      Principal: 'secretsmanager.amazonaws.com',
      SourceAccount: { Ref: 'AWS::AccountId' },
    });
  });

  test('its role has the rights on this secret, and waits for nothing of the database', () => {
    const { PolicyDocument, Roles } = only(template, 'AWS::IAM::Policy', 'DatabaseRotationPolicy').Properties;
    expect(Roles).toEqual([{ Ref: expect.stringMatching(/^RotatorServiceRole/) }]);
    expect(PolicyDocument.Statement).toEqual([
      {
        Action: ['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'].map(
          (action) => `secretsmanager:${action}`,
        ),
        Effect: 'Allow',
        Resource: { Ref: expect.stringMatching(/Secret(?!Attachment)/) },
      },
      { Action: 'secretsmanager:GetRandomPassword', Effect: 'Allow', Resource: '*' },
    ]);
    expect(JSON.stringify(only(template, 'AWS::Lambda::Function', 'Rotator').DependsOn)).not.toContain('Database');
  });

  test('in strict mode it may use the key of the secret', () => {
    const { Statement } = only(rotated(byFunction, strictMesh()).template, 'AWS::IAM::ManagedPolicy', 'DatabaseRotationPolicy')
      .Properties.PolicyDocument;
    expect(Statement[2]).toMatchObject({
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Condition: { StringEquals: { 'kms:ViaService': expect.anything() } },
    });
  });

  test('it reaches the database, and nobody else but the client does', () => {
    expect(openPaths(template).filter((path) => path.includes('-> Database '))).toEqual([
      'Rotator -> Database 5432',
      'Web -> Database 5432',
    ]);
  });

  test('in a network without a way out it reaches Secrets Manager through an endpoint', () => {
    const mesh = newMesh(newStack(), { network: MeshNetwork.threeTier({ nat: NatStrategy.none() }) });
    new PostgresDatabase(Stack.of(mesh), 'Database', { mesh, rotation: byFunction(mesh) });
    expect(openPaths(templateOf(mesh))).toContain('Rotator -> MeshEndpointsSecretsmanager 443');
  });

  test('an imported function keeps its own role', () => {
    const imported = (mesh: ServiceConnectMesh): IFunction =>
      LambdaFunction.fromFunctionAttributes(Stack.of(mesh), 'Imported', {
        functionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:rotate',
        securityGroup: SecurityGroup.fromSecurityGroupId(Stack.of(mesh), 'Group', 'sg-0'),
        sameEnvironment: true,
      });
    const made = rotated((mesh) => DatabaseRotation.byFunction(imported(mesh))).template;
    expect(Object.keys(resources(made, 'AWS::Lambda::Permission', 'Database'))).toHaveLength(1);
    expect(resources(made, 'AWS::IAM::Policy', 'DatabaseRotationPolicy')).toEqual({});
  });

  test.each<[string, (mesh: ServiceConnectMesh) => IFunction, string]>([
    [
      'outside the network',
      (mesh) => rotator(mesh, { vpc: undefined, vpcSubnets: undefined }),
      '`rotation.byFunction.fn` must be a function in the VPC of the mesh, not an alias or a version of one, because the database can be reached only from there, got "Shop/Rotator"; give the function `vpc: mesh.vpc` and `vpcSubnets: mesh.taskSubnets`, or import it with its `securityGroup` [RotationFunctionOutsideVpc at Shop/Database]',
    ],
    [
      'in another stack',
      (mesh) => {
        const stack = newStack('Functions', mesh.node.root as App);
        return new LambdaFunction(stack, 'Rotator', {
          ...{ runtime: Runtime.PYTHON_3_13, handler: 'index.handler', code: Code.fromInline('...'), vpc: mesh.vpc },
        });
      },
      '`rotation.byFunction.fn` must be in the stack of the database, because each refers to the other, got "Functions/Rotator"; move it there, or import it there with `Function.fromFunctionAttributes` [RotationFunctionInOtherStack at Shop/Database]',
    ],
  ])('a function %s is refused', (_, fn, message) => {
    expect(() => rotated((mesh) => DatabaseRotation.byFunction(fn(mesh)))).toThrow(message);
  });

  const imported = (id: string) => (stack: Stack) =>
    Vpc.fromVpcAttributes(stack, id, {
      vpcId: id,
      availabilityZones: ['eu-west-1a', 'eu-west-1b'],
      privateSubnetIds: ['subnet-1', 'subnet-2'],
    });
  const token = (stack: Stack) => {
    const vpcId = new CfnParameter(stack, 'VpcId').valueAsString;
    return Vpc.fromVpcAttributes(stack, 'Given', {
      vpcId,
      availabilityZones: ['a', 'b'],
      privateSubnetIds: ['subnet-1', 'subnet-2'],
    });
  };

  test.each<[string, (stack: Stack) => IVpc, boolean]>([
    ['another one that exists', imported('vpc-2'), true],
    ['another one of the app, of which only one is known to exist', (stack) => new Vpc(stack, 'Other'), false],
    ['one that only a deployment knows', token, false],
    ['the same one, imported again', (stack) => imported('vpc-1')(new Stack(stack, 'Again')), false],
  ])('a function in %s', (_, other, isAway) => {
    const stack = newStack();
    const mesh = newMesh(stack, { network: MeshNetwork.fromVpc(imported('vpc-1')(stack)) });
    rotated(DatabaseRotation.byFunction(rotator(mesh, { vpc: other(stack), vpcSubnets: undefined })), mesh);
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('RotationFunctionInOtherVpc'))).toHaveLength(
      Number(isAway),
    );
  });

  const noRoute = (subnets: string[]) =>
    `\`rotation.byFunction.fn\` must have a route to Secrets Manager from each of its subnets; a function has no public address, got ${JSON.stringify(subnets)}; set \`vpcSubnets: mesh.taskSubnets\` of the function, or call \`addInterfaceEndpoint('SecretsManager', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER })\` of the VPC [RotationFunctionWithoutRoute]`;
  test.each([
    [SubnetType.PRIVATE_ISOLATED, 'Isolated', {}, true],
    [SubnetType.PUBLIC, 'Public', { allowPublicSubnet: true }, true],
    [SubnetType.PRIVATE_ISOLATED, 'Isolated', {}, false], // its code can be told the name of the endpoint
  ])('a function in %s subnets reaches Secrets Manager by an endpoint only', (subnetType, name, more, privateDnsEnabled) => {
    const mesh = newMesh();
    const { database } = attach(mesh, rotator(mesh, { vpcSubnets: { subnetType }, ...more }));
    expect(database.node.validate()).toContain(noRoute([1, 2].map((i) => `Shop/Mesh/Vpc/${name}Subnet${i}`)));
    mesh.vpc.addInterfaceEndpoint('SecretsManager', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER, privateDnsEnabled });
    expect(database.node.validate()).toEqual([]);
  });

  test.each([NatStrategy.perAz(), NatStrategy.none()])('a function in the subnets of the tasks has a route: %#', (nat) => {
    const mesh = newMesh(newStack(), { network: MeshNetwork.threeTier({ nat }) });
    expect(attach(mesh, rotator(mesh)).database.node.validate()).toEqual([]);
  });
});

describe('none', () => {
  test('a generated password stays; its finding has the reason that was given', () => {
    const { template } = rotated(DatabaseRotation.none(REASON));
    expect(JSON.stringify(only(template, 'AWS::RDS::DBInstance').Properties.MasterUserPassword)).toContain(
      '{{resolve:secretsmanager:',
    );
    template.resourceCountIs(SCHEDULE, 0);
  });

  test('the policies that name the secret are not made after the instance', () => {
    const { template } = rotated(DatabaseRotation.none(REASON));
    for (const role of ['WebTaskRole', 'WebExecutionRole']) {
      expect(JSON.stringify(only(template, 'AWS::IAM::Policy', role))).not.toMatch(/DatabaseInstance(?!Secret)|Attachment/);
    }
    expect(only(template, 'AWS::ECS::Service').DependsOn).toEqual(
      expect.arrayContaining([expect.stringMatching(/^DatabaseInstanceSecretAttachment/)]),
    );
  });

  test('the reason is asked for', () => {
    expect(() => rotated(DatabaseRotation.none(' '))).toThrow(
      `\`rotation.none.reason\` must specify why the password is not rotated, got " "; specify the client that reads it once and cannot be restarted, or use \`DatabaseRotation.managedByRds()\` [RotationReasonMissing at Shop/Database]`,
    );
  });
});

describe.each<[string, (every: Duration) => (mesh: ServiceConnectMesh) => DatabaseRotation]>([
  ['managed by RDS', (every) => () => DatabaseRotation.managedByRds({ every })],
  ['by a function', (every) => (mesh) => DatabaseRotation.byFunction(rotator(mesh), { every })],
])('%s: the time between rotations', (_, choose) => {
  test.each([
    [1, 'rate(1 day)'],
    [365, 'rate(365 days)'],
  ])('%d days', (days, expression) => {
    const { template } = rotated(choose(Duration.days(days)));
    expect(only(template, SCHEDULE).Properties.RotationRules).toEqual({ ScheduleExpression: expression });
  });

  test.each<[Duration, number]>([
    [Duration.days(0), 0],
    [Duration.days(366), 366],
    [Duration.hours(36), 1.5],
  ])('%s is refused', (every, got) => {
    expect(() => rotated(choose(every))).toThrow(
      `\`rotation.every\` must be a whole number from 1 to 365, got ${got}; choose a value in that range [RotationOutOfRange at Shop/Database]`,
    );
  });
});
