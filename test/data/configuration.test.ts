import { Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import {
  Endpoint,
  FeatureFlags,
  IEndpoint,
  ParameterRead,
  ServiceConnectMesh,
  ParameterSettings,
  TopologyRecord,
} from 'cdk-ecs-mesh';
import { findings, newMesh, newService, only, resources, templateOf } from '../helpers';

interface Given {
  readonly variables: Record<string, unknown>;
  readonly secrets: string[];
  readonly taskRole?: unknown[];
  readonly executionRole: unknown[];
}

const READ = ['ssm:GetParameter', 'ssm:GetParameters'];

/** What a service is given when it connects to an endpoint. */
function given(mesh: ServiceConnectMesh, endpoint: IEndpoint, as?: string): Given {
  newService(mesh, 'Api').connectTo(endpoint, { as });
  const template = templateOf(mesh);
  const [container] = only(template, 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions;
  const policies = (prefix: string) =>
    Object.values(resources(template, 'AWS::IAM::Policy', prefix))[0]?.Properties.PolicyDocument.Statement.map(
      (s: { Action: unknown }) => s,
    );
  return {
    variables: Object.fromEntries((container.Environment ?? []).map((v: { Name: string; Value: unknown }) => [v.Name, v.Value])),
    secrets: (container.Secrets ?? []).map((secret: { Name: string }) => secret.Name),
    taskRole: policies('ApiTaskRole'),
    executionRole: policies('ApiExecutionRole').filter((s: { Action: unknown }) => /ssm|kms/.test(JSON.stringify(s.Action))),
  };
}

/** A parameter of the stack that the mesh is in. */
const plain = (mesh: ServiceConnectMesh) => StringParameter.fromStringParameterName(Stack.of(mesh), 'LogLevel', '/shop/log-level');
const secure = (mesh: ServiceConnectMesh) =>
  StringParameter.fromSecureStringParameterAttributes(Stack.of(mesh), 'Limit', {
    parameterName: '/shop/limit',
    encryptionKey: new Key(Stack.of(mesh), 'Key'),
  });

const arnOf = (name: string) => ({ 'Fn::Join': ['', expect.arrayContaining([expect.stringContaining(`:parameter/${name}`)])] });

describe('PLAT-9: a parameter', () => {
  test('at start: a variable that ECS reads, with one action on one parameter', () => {
    const mesh = newMesh();
    const { variables, secrets, taskRole, executionRole } = given(mesh, Endpoint.parameter(plain(mesh)));
    expect([variables, secrets, taskRole]).toEqual([{}, ['LOG_LEVEL'], undefined]);
    expect(executionRole).toEqual([{ Action: 'ssm:GetParameters', Effect: 'Allow', Resource: arnOf('shop/log-level') }]);
  });

  test('at run time: its name, and read by the task role', () => {
    const mesh = newMesh();
    const { variables, secrets, taskRole, executionRole } = given(
      mesh,
      Endpoint.parameter(plain(mesh), { read: ParameterRead.AT_RUN_TIME }),
    );
    expect([variables, secrets, executionRole]).toEqual([{ LOG_LEVEL_PARAMETER: '/shop/log-level' }, [], []]);
    expect(taskRole).toEqual([{ Action: READ, Effect: 'Allow', Resource: arnOf('shop/log-level') }]);
  });

  test.each([[ParameterRead.AT_START], [ParameterRead.AT_RUN_TIME]])(
    'a SecureString with a key, %s: decryption with that key only',
    (read) => {
      const mesh = newMesh();
      const { taskRole = [], executionRole } = given(mesh, Endpoint.parameter(secure(mesh), { read }), 'RATE');
      const key = { 'Fn::GetAtt': [expect.stringContaining('Key'), 'Arn'] };
      expect([...taskRole, ...executionRole]).toContainEqual({
        Action: 'kms:Decrypt',
        Condition: { StringEquals: { 'kms:ViaService': 'ssm.eu-west-1.amazonaws.com' } },
        Effect: 'Allow',
        Resource: key,
      });
    },
  );

  test('a prefix of the client', () => {
    const mesh = newMesh();
    expect(given(mesh, Endpoint.parameter(plain(mesh)), 'LEVEL').secrets).toEqual(['LEVEL']);
  });
});

describe('PLAT-9: feature flags', () => {
  const newFlags = (mesh: ServiceConnectMesh, flags: Record<string, boolean> = { newCheckout: false, beta: true }, name?: string) =>
    new FeatureFlags(Stack.of(mesh), 'Flags', { mesh, flags, name });

  test('a parameter each, which takes nothing but true and false', () => {
    const mesh = newMesh();
    newFlags(mesh);
    const found = Object.values(resources(templateOf(mesh), 'AWS::SSM::Parameter')).map(({ Properties: p }) => [
      p.Name,
      p.Value,
      p.AllowedPattern,
    ]);
    expect(found).toEqual([
      ['/shop-mesh/flags/beta', 'true', '^(true|false)$'],
      ['/shop-mesh/flags/newCheckout', 'false', '^(true|false)$'],
    ]);
  });

  test('a client gets the path, and read on these parameters', () => {
    const mesh = newMesh();
    const { variables, taskRole, executionRole } = given(mesh, newFlags(mesh));
    expect([variables, executionRole]).toEqual([{ FLAGS_PATH: '/shop-mesh/flags/' }, []]);
    const resource = (id: string) => ({ 'Fn::Join': ['', expect.arrayContaining([{ Ref: expect.stringContaining(id) }])] });
    expect(taskRole).toEqual([{ Action: READ, Effect: 'Allow', Resource: [resource('Flagsbeta'), resource('FlagsnewCheckout')] }]);
  });

  test('a prefix, a path and the parameters themselves', () => {
    const mesh = newMesh();
    const flags = newFlags(mesh, { beta: true }, 'switches');
    expect([flags.path, Object.keys(flags.parameters)]).toEqual(['/shop-mesh/switches/', ['beta']]);
    expect(given(mesh, flags, 'UI').variables).toEqual({ UI_PATH: '/shop-mesh/switches/' });
  });

  test('they are in the picture', () => {
    const mesh = newMesh();
    given(mesh, newFlags(mesh));
    expect(TopologyRecord.of(mesh).components).toContainEqual(
      expect.objectContaining({ id: 'Shop/Flags', label: 'Parameter Store', details: ['flags /shop-mesh/flags/'] }),
    );
  });

  test('AwsSolutions finds nothing', () => {
    const mesh = newMesh();
    newService(mesh, 'Api').connectTo(newFlags(mesh));
    expect(findings(mesh)).toEqual([]);
  });

  test.each([
    [
      {},
      'name',
      '`flags` must have 1 to 50 entries, got 0; split them by the services that read them [ParameterCount at Shop/Flags]',
    ],
    [
      Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`f${i}`, true])),
      'name',
      '`flags` must have 1 to 50 entries, got 51; split them by the services that read them [ParameterCount at Shop/Flags]',
    ],
    [
      { 'new checkout': true },
      'name',
      '`flags` must have names of 1 to 128 letters, digits, hyphens and underscores, got "new checkout"; choose another name [BadParameterName at Shop/Flags]',
    ],
    [
      { beta: true },
      'my flags',
      '`name` must form a path of letters, digits, dots, hyphens and underscores that does not start with "aws" or "ssm", got "/shop-mesh/my flags/"; set `name`, or `meshName` of the mesh [BadParameterPath at Shop/Flags]',
    ],
  ])('%# is refused', (flags, name, message) => expect(() => newFlags(newMesh(), flags, name)).toThrow(message));

  test('fifty flags are fine', () => {
    expect(() => newFlags(newMesh(), Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}`, true])))).not.toThrow();
  });

  test('Parameter Store keeps names that begin with aws for itself', () => {
    const mesh = new ServiceConnectMesh(Stack.of(newMesh()), 'Other', { meshName: 'aws-shop' });
    expect(() => newFlags(mesh)).toThrow(
      'got "/aws-shop/flags/"; set `name`, or `meshName` of the mesh [BadParameterPath at Shop/Flags]',
    );
  });

  test('a path is taken once in a mesh', () => {
    const mesh = newMesh();
    newFlags(mesh);
    expect(() => new ParameterSettings(Stack.of(mesh), 'Others', { mesh, name: 'flags', values: { A: '1' } })).toThrow(
      '[NameTaken at Shop/Others]',
    );
  });
});

describe('PLAT-9: settings', () => {
  const newSettings = (mesh: ServiceConnectMesh, values: Record<string, string>) =>
    new ParameterSettings(Stack.of(mesh), 'ApiSettings', { mesh, name: 'settings-of-api', values });

  test('every one is a variable at start, and can be read again', () => {
    const mesh = newMesh();
    const settings = newSettings(mesh, { PAGE_SIZE: '50', LOG_LEVEL: 'info' });
    expect(Object.keys(settings.parameters)).toEqual(['LOG_LEVEL', 'PAGE_SIZE']);
    const { variables, secrets, taskRole, executionRole } = given(mesh, settings);
    expect([variables, secrets]).toEqual([{ SETTINGS_PATH: '/shop-mesh/settings-of-api/' }, ['LOG_LEVEL', 'PAGE_SIZE']]);
    expect(taskRole).toMatchObject([{ Action: READ, Resource: [expect.anything(), expect.anything()] }]);
    expect(executionRole).toMatchObject([{ Action: 'ssm:GetParameters' }, { Action: 'ssm:GetParameters' }]);
  });

  test('a prefix goes before every name', () => {
    const mesh = newMesh();
    const { variables, secrets } = given(mesh, newSettings(mesh, { LEVEL: 'info' }), 'LOG');
    expect([variables, secrets]).toEqual([{ LOG_PATH: '/shop-mesh/settings-of-api/' }, ['LOG_LEVEL']]);
  });

  test.each([['x'.repeat(4096)], ['x']])('values of 1 to 4096 bytes', (value) => {
    expect(() => newSettings(newMesh(), { A: value })).not.toThrow();
  });

  test.each([
    ['', 0],
    ['x'.repeat(4097), 4097],
    ['ü'.repeat(2049), 4098],
  ])('a value of other sizes is refused', (value, bytes) => {
    expect(() => newSettings(newMesh(), { A: value })).toThrow(
      `\`values.A\` must be 1 to 4096 bytes, got ${bytes}; leave an empty one out; store a large one in a bucket or in the image [ParameterSize at Shop/ApiSettings]`,
    );
  });

  test('a name that is no variable is refused', () => {
    expect(() => newSettings(newMesh(), { logLevel: 'info' })).toThrow(
      '`values` must have names of 1 to 128 upper-case letters, digits and underscores, starting with a letter, got "logLevel"; choose another name [BadParameterName at Shop/ApiSettings]',
    );
  });
});
