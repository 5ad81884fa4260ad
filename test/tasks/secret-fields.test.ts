import { Annotations as CdkAnnotations, Duration, SecretValue, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import { DatabaseSecret } from 'aws-cdk-lib/aws-rds';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { ISecret, Secret, SecretProps } from 'aws-cdk-lib/aws-secretsmanager';
import {
  DatabaseEngine,
  DeploymentJob,
  Endpoint,
  ImportedDatabase,
  ImportedRedis,
  QueueWorkerService,
  ScheduledJob,
  ServiceConnectMesh,
} from 'cdk-ecs-mesh';
import { newMesh, newService, WEB } from '../helpers';

type Make = (mesh: ServiceConnectMesh, secret: ISecret, field: string) => unknown;

const schedule = ScheduleExpression.rate(Duration.hours(1));
const own = (secret: ISecret, field: string) => [
  { image: WEB.image, name: 'own', secrets: { TOKEN: ContainerSecret.fromSecretsManager(secret, field) } },
];

/** Everything that reads a field of a secret, with the prop that a message names. */
const READERS: Record<string, [string, Make]> = {
  MeshService: [
    'containers[0].secrets.TOKEN',
    (mesh, secret, field) => newService(mesh, 'Web', { containers: own(secret, field) }),
  ],
  'a sidecar': ['sidecars[0].secrets.TOKEN', (mesh, secret, field) => newService(mesh, 'Web', { sidecars: own(secret, field) })],
  QueueWorkerService: [
    'containers[0].secrets.TOKEN',
    (mesh, secret, field) => new QueueWorkerService(Stack.of(mesh), 'Web', { mesh, containers: own(secret, field) }),
  ],
  ScheduledJob: [
    'containers[0].secrets.TOKEN',
    (mesh, secret, field) => new ScheduledJob(Stack.of(mesh), 'Web', { mesh, containers: own(secret, field), schedule }),
  ],
  DeploymentJob: [
    'containers[0].secrets.TOKEN',
    (mesh, secret, field) => new DeploymentJob(Stack.of(mesh), 'Web', { mesh, containers: own(secret, field) }),
  ],
  'Endpoint.secret': ['connectTo', (mesh, secret, field) => newService(mesh, 'Web').connectTo(Endpoint.secret(secret, { field }))],
  ImportedRedis: [
    'connectTo',
    (mesh, secret, passwordField) => {
      const props = { host: 'redis.example.com', tls: true, credentials: { secret, passwordField } };
      newService(mesh, 'Web').connectTo(new ImportedRedis(Stack.of(mesh), 'Redis', props));
    },
  ],
};

function warningsOf(make: Make, field: string, props: SecretProps = {}, acknowledged = false): string[] {
  const mesh = newMesh();
  const stack = Stack.of(mesh);
  if (acknowledged) CdkAnnotations.of(stack).acknowledgeWarning('cdk-ecs-mesh:SecretFieldUnknown', 'written by hand');
  make(mesh, new Secret(stack, 'Secret', props), field);
  return Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp('SecretFieldUnknown'))
    .map(({ entry }) => String(entry.data));
}

const say = (prop: string, field: string, has: string, fix: string) =>
  `\`${prop}\` of Shop/Web names the field ${field} of Shop/Secret, which ${has} when it is created: tasks that need it do not start. ${fix} ` +
  'Acknowledge this if the secret exists already and has another value since. [ack: cdk-ecs-mesh:SecretFieldUnknown]';
const GENERATE =
  'Leave the field out, or set `generateSecretString` of the secret with `secretStringTemplate` and `generateStringKey`.';
const generated = { generateSecretString: { secretStringTemplate: '{"user":"web"}', generateStringKey: 'password' } };

describe.each(Object.entries(READERS))('a field of a secret that %s reads', (_, [prop, make]) => {
  test('is there', () => expect(warningsOf(make, 'password', generated)).toEqual([]));
  test('is none of a text', () =>
    expect(warningsOf(make, 'password')).toEqual([say(prop, 'password', 'is a text and no object with fields', GENERATE)]));
  test('is misspelt', () =>
    expect(warningsOf(make, 'pasword', generated)).toEqual([
      say(prop, 'pasword', 'has the fields user, password', 'Did you mean "password"?'),
    ]));
  test('was written by hand', () => expect(warningsOf(make, 'password', {}, true)).toEqual([]));
});

describe('the value of a secret', () => {
  const [, make] = READERS.MeshService;
  test.each<[string, SecretProps, number]>([
    ['an object', { secretObjectValue: { token: SecretValue.unsafePlainText('x') } }, 0],
    ['another object', { secretObjectValue: { other: SecretValue.unsafePlainText('x') } }, 1],
    ['a text in the code', { secretStringValue: SecretValue.unsafePlainText('x') }, 1],
    ['a number', { secretStringValue: SecretValue.unsafePlainText('1') }, 1],
    ['a text that a deployment reads', { secretStringValue: SecretValue.ssmSecure('/x', '1') }, 0],
    ['a template without a key', { generateSecretString: { passwordLength: 20 } }, 1],
  ])('%s', (_, props, count) => expect(warningsOf(make, 'token', props)).toHaveLength(count));

  test('of a database is known', () => {
    const mesh = newMesh();
    const stack = Stack.of(mesh);
    const props = { host: 'db.example.com', engine: DatabaseEngine.MYSQL, databaseName: 'orders' };
    const secret = new DatabaseSecret(stack, 'Secret', { username: 'admin' });
    newService(mesh, 'Web').connectTo(new ImportedDatabase(stack, 'Db', { ...props, secret }));
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('SecretFieldUnknown'))).toEqual([]);
  });
});
