import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { ContainerImage, LogDrivers, Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import { Alias, IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { IStringParameter, StringParameter } from 'aws-cdk-lib/aws-ssm';
import * as lib from 'cdk-ecs-mesh';
import { findings, newMesh, newService, newStack, resources, templateOf, valueText, WEB } from '../helpers';
import { smallApp } from '../small-app';

type Key_ = (stack: Stack) => IKey;
type Connect = (stack: Stack, mesh: lib.ServiceConnectMesh, key: IKey) => unknown;

const ARN = 'arn:aws:kms:eu-west-1:111111111111:key/1';
const secretWith = (stack: Stack, encryptionKey?: IKey): ISecret => {
  const secretPartialArn = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:shop/token';
  return Secret.fromSecretAttributes(stack, 'Secret', { secretPartialArn, encryptionKey });
};
const parameterWith = (stack: Stack, encryptionKey: IKey): IStringParameter =>
  StringParameter.fromSecureStringParameterAttributes(stack, 'Limit', { parameterName: '/limit', encryptionKey });
const client = (endpoint: (stack: Stack, key: IKey) => lib.IEndpoint): Connect =>
  ((stack, mesh, key) => newService(mesh, 'Api').connectTo(endpoint(stack, key))) as Connect;
const database = (stack: Stack, key: IKey) =>
  new lib.ImportedDatabase(stack, 'Orders', {
    ...{ engine: lib.DatabaseEngine.MYSQL, databaseName: 'orders', host: 'db.example.com' },
    secret: secretWith(stack, key),
  });
const table = (stack: Stack, encryptionKey: IKey) =>
  new Table(stack, 'Carts', { partitionKey: { name: 'id', type: AttributeType.STRING }, encryptionKey });
const job = (mesh: lib.ServiceConnectMesh, secrets: Record<string, ContainerSecret>) =>
  new lib.DeploymentJob(Stack.of(mesh), 'Migrate', { mesh, containers: [{ image: WEB.image, secrets }] });

/** Whatever a key can encrypt for a client: the role that uses the key, and the service that it uses it through. */
const CLIENTS: [string, Connect, [role: string, service: string][]][] = [
  [
    'a queue',
    client((stack, key) => lib.Endpoint.queue(new Queue(stack, 'Mail', { encryptionMasterKey: key }), lib.QueueAccess.SEND)),
    [['ApiTaskRole', 'sqs']],
  ],
  ['a topic', client((stack, key) => lib.Endpoint.topic(new Topic(stack, 'News', { masterKey: key }))), [['ApiTaskRole', 'sns']]],
  [
    'a bucket',
    client((stack, key) => lib.Endpoint.bucket(new Bucket(stack, 'Files', { encryptionKey: key }))),
    [['ApiTaskRole', 's3']],
  ],
  ['a table', client((stack, key) => lib.Endpoint.table(table(stack, key))), [['ApiTaskRole', 'dynamodb']]],
  ['a secret', client((stack, key) => lib.Endpoint.secret(secretWith(stack, key))), [['ApiTaskRole', 'secretsmanager']]],
  ['a parameter', client((stack, key) => lib.Endpoint.parameter(parameterWith(stack, key))), [['ApiExecutionRole', 'ssm']]],
  [
    'a parameter at run time',
    client((stack, key) => lib.Endpoint.parameter(parameterWith(stack, key), { read: lib.ParameterRead.AT_RUN_TIME })),
    [['ApiTaskRole', 'ssm']],
  ],
  [
    'a database',
    client(database),
    [
      ['ApiTaskRole', 'secretsmanager'],
      ['ApiExecutionRole', 'secretsmanager'],
    ],
  ],
  [
    'a store',
    client(
      (stack, key) =>
        new lib.ImportedRedis(stack, 'Redis', {
          host: 'redis.example.com',
          tls: true,
          credentials: { secret: secretWith(stack, key) },
        }),
    ),
    [['ApiExecutionRole', 'secretsmanager']],
  ],
  [
    'a secret of a container',
    (stack, mesh, key) =>
      newService(mesh, 'Api', {
        containers: [{ ...WEB, secrets: { TOKEN: ContainerSecret.fromSecretsManager(secretWith(stack, key), 'token') } }],
      }),
    [['ApiExecutionRole', 'secretsmanager']],
  ],
  [
    'a secret of a sidecar',
    (stack, mesh, key) =>
      newService(mesh, 'Api', {
        sidecars: [
          { image: WEB.image, name: 'agent', secrets: { TOKEN: ContainerSecret.fromSecretsManager(secretWith(stack, key)) } },
        ],
      }),
    [['ApiExecutionRole', 'secretsmanager']],
  ],
  [
    'a secret of a job',
    (stack, mesh, key) => job(mesh, { TOKEN: ContainerSecret.fromSecretsManager(secretWith(stack, key)) }),
    [['MigrateExecutionRole', 'secretsmanager']],
  ],
  [
    'the credentials of a registry',
    (stack, mesh, key) => {
      const image = ContainerImage.fromRegistry('registry.corp/api:1', { credentials: secretWith(stack, key) });
      return newService(mesh, 'Api', { containers: [{ ...WEB, image }] });
    },
    [['ApiExecutionRole', 'secretsmanager']],
  ],
  [
    'the options of a log driver',
    (stack, mesh, key) => {
      const secretOptions = { token: ContainerSecret.fromSecretsManager(secretWith(stack, key)) };
      const logging = lib.ContainerLogging.driver(LogDrivers.firelens({ secretOptions }));
      return newService(mesh, 'Api', { containers: [{ ...WEB, logging }] });
    },
    [['ApiExecutionRole', 'secretsmanager']],
  ],
  [
    'a worker',
    (stack, mesh, encryptionKey) =>
      new lib.QueueWorkerService(stack, 'Worker', { mesh, containers: [{ image: WEB.image }], queue: { encryptionKey } }),
    [['WorkerTaskRole', 'sqs']],
  ],
];

const KEYS: [string, Key_, resource: string, alias: string | undefined][] = [
  ['a key by its ARN', (stack) => Key.fromKeyArn(stack, 'Key', ARN), ARN, undefined],
  [
    'an alias by its name',
    (stack) => Alias.fromAliasName(stack, 'Key', 'alias/company'),
    'arn:AWS::Partition:kms:eu-west-1:AWS::AccountId:key/*',
    'alias/company',
  ],
  [
    'an alias of the app',
    (stack) => new Alias(stack, 'Alias', { aliasName: 'alias/own', targetKey: Key.fromKeyArn(stack, 'Key', ARN) }),
    ARN,
    undefined,
  ],
];

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition: Record<string, Record<string, string>>;
}

function uses(stack: Stack, role: string): Statement[] {
  const policies = Object.values(resources(templateOf(stack), 'AWS::IAM::Policy', role));
  const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[]);
  return statements.filter(({ Action }) => [Action].flat().includes('kms:Decrypt'));
}

describe.each(KEYS)('%s', (_, key, resource, alias) => {
  test.each(CLIENTS)('of %s: the roles of the client may use it, through the service only', (__, connect, roles) => {
    const stack = newStack();
    connect(stack, newMesh(stack), key(stack));
    for (const [role, service] of roles) {
      expect(uses(stack, role).map(({ Resource, Condition }) => [valueText(Resource), Condition])).toEqual([
        [
          resource,
          {
            StringEquals: { 'kms:ViaService': `${service}.eu-west-1.amazonaws.com` },
            ...(alias && { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': alias } }),
          },
        ],
      ]);
    }
    expect(findings(stack).filter((finding) => /IAM5/.test(finding))).toEqual([]);
  });
});

test('a secret by its name or partial ARN: the task reads it under the ARN with its six random characters', () => {
  const stack = newStack();
  newService(newMesh(stack), 'Api').connectTo(database(stack, Key.fromKeyArn(stack, 'Key', ARN)));
  const [policy] = Object.values(resources(templateOf(stack), 'AWS::IAM::Policy', 'ApiTaskRole'));
  const [{ Resource }] = policy.Properties.PolicyDocument.Statement as Statement[];
  expect(Resource).toBe('arn:aws:secretsmanager:eu-west-1:111111111111:secret:shop/token-??????');
});

describe.each(CLIENTS.filter(([, , roles]) => roles.some(([, service]) => service === 'secretsmanager')))(
  '%s of another account',
  (_, connect, roles) => {
    const warnings = (account: string, key?: Key_) => {
      const stack = new Stack(smallApp(), 'Shop', { env: { account, region: 'eu-west-1' } });
      connect(stack, newMesh(stack), key?.(stack) as IKey);
      const found = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('SecretWithoutKey'));
      return { stack, texts: found.map(({ entry }) => `${entry.data as string}`) };
    };

    test('without its key: one warning with the import that has it', () => {
      expect(warnings('111122223333').texts).toEqual([
        expect.stringMatching(
          /has the secret arn:aws:secretsmanager:eu-west-1:111111111111:secret:shop\/token of another account, .*`Secret\.fromSecretAttributes\(\{ secretCompleteArn, encryptionKey \}\)`/,
        ),
      ]);
    });

    test('with its key: the statements of the roles, and no warning', () => {
      const { stack, texts } = warnings('111122223333', (scope) => Key.fromKeyArn(scope, 'Key', ARN));
      expect(texts).toEqual([]);
      for (const [role] of roles) expect(uses(stack, role).map(({ Resource }) => Resource)).toEqual([ARN]);
    });

    test('in its own account: no warning', () => expect(warnings('111111111111').texts).toEqual([]));
  },
);

test.each<[string, (secret: ISecret) => lib.MeshServiceProps['containers'][0]]>([
  ['the credentials of a registry', (credentials) => ({ ...WEB, image: ContainerImage.fromRegistry('corp/x:1', { credentials }) })],
  [
    'the options of a log driver',
    (secret) => {
      const secretOptions = { token: ContainerSecret.fromSecretsManager(secret) };
      return { ...WEB, logging: lib.ContainerLogging.driver(LogDrivers.firelens({ secretOptions })) };
    },
  ],
  [
    'the token of Splunk',
    (secret) => {
      const logging = LogDrivers.splunk({
        url: 'https://splunk.example.com',
        secretToken: ContainerSecret.fromSecretsManager(secret),
      });
      return { ...WEB, logging: lib.ContainerLogging.driver(logging) };
    },
  ],
])('%s in a stack of another account: an error of ours', (_, container) => {
  const app = smallApp();
  const [stack, far] = ['111122223333', '222222222222'].map(
    (account) => new Stack(app, `Shop${account}`, { env: { account, region: 'eu-west-1' } }),
  );
  const containers = [container(new Secret(far, 'Secret', { secretName: 'token' }))];
  expect(() => newService(newMesh(stack), 'Api', { containers })).toThrow(/SecretOfOtherAccount/);
});
