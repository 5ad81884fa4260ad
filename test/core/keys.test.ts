import { Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import {
  BucketAccess,
  Compliance,
  ElastiCacheRedis,
  Endpoint,
  IEndpoint,
  OfficeHours,
  ParameterRead,
  PostgresDatabase,
  QueueAccess,
  QueueWorkerService,
  ScheduledJob,
  ServiceConnectMesh,
  TableAccess,
} from 'cdk-ecs-mesh';
import { newMesh, newService, newStack, resources, templateOf, WEB } from '../helpers';

const strictMesh = () => {
  const stack = newStack();
  Compliance.strict().applyTo(stack);
  return newMesh(stack);
};
const keyOf = (stack: Stack) => Compliance.of(stack).encryptionKey(stack)!;
const containers = [{ image: WEB.image }];
const id = { name: 'id', type: AttributeType.STRING };
const parameter = (stack: Stack, read: ParameterRead) =>
  Endpoint.parameter(
    StringParameter.fromSecureStringParameterAttributes(stack, 'Limit', { parameterName: '/limit', encryptionKey: keyOf(stack) }),
    { read },
  );

/** Each endpoint whose data a key can encrypt, with the services that use the key for its clients. */
const ENDPOINTS: [string, (stack: Stack, mesh: ServiceConnectMesh) => IEndpoint, string[]][] = [
  ['a database', (stack, mesh) => new PostgresDatabase(stack, 'Database', { mesh }), ['secretsmanager']],
  ['a store', (stack, mesh) => new ElastiCacheRedis(stack, 'Redis', { mesh }), ['secretsmanager']],
  ['a worker', (stack, mesh) => new QueueWorkerService(stack, 'Worker', { mesh, containers }).queueEndpoint, ['sqs']],
  [
    'a bucket',
    (stack) => Endpoint.bucket(new Bucket(stack, 'Files', { encryptionKey: keyOf(stack) }), { access: BucketAccess.READ_WRITE }),
    ['s3'],
  ],
  [
    'a table',
    (stack) =>
      Endpoint.table(new Table(stack, 'Carts', { partitionKey: id, encryptionKey: keyOf(stack) }), {
        access: TableAccess.READ_WRITE,
      }),
    ['dynamodb'],
  ],
  ['a topic', (stack) => Endpoint.topic(new Topic(stack, 'News', { masterKey: keyOf(stack) })), ['sns']],
  [
    'a queue',
    (stack) => Endpoint.queue(new Queue(stack, 'Mail', { encryptionMasterKey: keyOf(stack) }), QueueAccess.CONSUME),
    ['sqs'],
  ],
  ['a secret', (stack) => Endpoint.secret(new Secret(stack, 'Token', { encryptionKey: keyOf(stack) })), ['secretsmanager']],
  ['a parameter, at the start', (stack) => parameter(stack, ParameterRead.AT_START), ['ssm']],
  ['a parameter, at run time', (stack) => parameter(stack, ParameterRead.AT_RUN_TIME), ['ssm']],
];

/** The services through which roles may use keys; "itself" for a role that may use one itself. */
function users(stack: Stack): string[] {
  const statements = ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy']
    .flatMap((type) => Object.values(resources(templateOf(stack), type)))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter(({ Action }) => [Action].flat().some((action: string) => action.startsWith('kms:')));
  const services = statements.map(({ Condition }) => Condition?.StringEquals?.['kms:ViaService'] ?? 'itself');
  return [...new Set(services)].sort();
}

const via = (services: string[]) => services.map((service) => `${service}.eu-west-1.amazonaws.com`);

describe('roles use the key of a stack through the service that it is for: it encrypts what belongs to others, too', () => {
  test.each(ENDPOINTS)('clients of %s', (_, create, services) => {
    const mesh = strictMesh();
    const stack = Stack.of(mesh);
    newService(mesh, 'Client').connectTo(create(stack, mesh));
    expect(users(stack)).toEqual(via(services));
  });

  test.each<[string, (stack: Stack, mesh: ServiceConnectMesh) => unknown]>([
    [
      'a job',
      (stack, mesh) => new ScheduledJob(stack, 'Job', { mesh, containers, schedule: ScheduleExpression.rate(Duration.hours(1)) }),
    ],
    [
      'office hours',
      (stack, mesh) => new PostgresDatabase(stack, 'Database', { mesh, officeHours: OfficeHours.weekdays(TimeZone.ETC_UTC) }),
    ],
  ])('the schedule of %s', (_, create) => {
    const mesh = strictMesh();
    create(Stack.of(mesh), mesh);
    expect(users(Stack.of(mesh))).toEqual(via(['sqs']));
  });

  test('a bucket of another Region: the service there', () => {
    const mesh = newMesh();
    const stack = Stack.of(mesh);
    const encryptionKey = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/0');
    const bucket = Bucket.fromBucketAttributes(stack, 'Files', { bucketName: 'files', region: 'us-east-1', encryptionKey });
    newService(mesh, 'Client').connectTo(Endpoint.bucket(bucket));
    expect(users(stack)).toEqual(['s3.us-east-1.amazonaws.com']);
  });
});
