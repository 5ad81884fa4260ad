import { App, Stack } from 'aws-cdk-lib';
import { AttributeType, Table, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Endpoint, IEndpoint, QueueAccess, TableAccess } from 'cdk-ecs-mesh';
import { findings, newMesh, newService, newStack, only, resources, templateOf } from '../helpers';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/0';
const arn = (service: string, name: string) => `arn:aws:${service}:eu-west-1:111122223333:${name}`;

/** The statements and the variables of a client. */
function connected(create: (stack: Stack) => IEndpoint, as?: string) {
  const stack = newStack();
  newService(newMesh(stack), 'Api').connectTo(create(stack), { as });
  const template = templateOf(stack);
  const policies = Object.values(resources(template, 'AWS::IAM::Policy', 'ApiTaskRole'));
  const { Environment } = only(template, 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions[0];
  return {
    stack,
    variables: Object.fromEntries(Environment.map(({ Name, Value }: Record<string, string>) => [Name, Value])),
    statements: policies
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .map(({ Action, Resource }) => [[Action].flat().join(' '), Resource]),
  };
}

const table = (stack: Stack, options = {}) => Table.fromTableAttributes(stack, 'Orders', { tableName: 'orders', ...options });

describe('NU-22: a table of others', () => {
  test('is read by default, without its indexes', () => {
    const { variables, statements } = connected((stack) =>
      Endpoint.table(Table.fromTableArn(stack, 'Orders', arn('dynamodb', 'table/orders'))),
    );
    expect(variables).toEqual({ ORDERS_TABLE: 'orders', ORDERS_REGION: 'eu-west-1' });
    expect(statements).toEqual([
      [
        'dynamodb:BatchGetItem dynamodb:ConditionCheckItem dynamodb:DescribeTable dynamodb:GetItem dynamodb:Query dynamodb:Scan',
        arn('dynamodb', 'table/orders'),
      ],
    ]);
  });

  test.each([
    [TableAccess.READ, 'dynamodb:GetItem', 'dynamodb:PutItem'],
    [TableAccess.WRITE, 'dynamodb:PutItem', 'dynamodb:GetItem'],
  ])('%s allows %s and not %s', (access, allowed, denied) => {
    const text = JSON.stringify(connected((stack) => Endpoint.table(table(stack), { access })).statements);
    expect(text).toContain(allowed);
    expect(text).not.toContain(denied);
  });

  test('with indexes, without a wildcard', () => {
    const { stack, statements } = connected((scope) => Endpoint.table(table(scope), { indexes: ['by-customer'] }));
    expect(JSON.stringify(statements)).toMatch(/table\/orders\/index\/by-customer"/);
    expect(findings(stack)).toEqual([]);
  });

  test('of the app, TableV2 with its key', () => {
    const { statements } = connected((scope) =>
      Endpoint.table(new TableV2(scope, 'Orders', { partitionKey: { name: 'id', type: AttributeType.STRING } }), {
        access: TableAccess.READ_WRITE,
      }),
    );
    expect(statements[0][0]).toContain('dynamodb:UpdateItem');
  });

  test.each([['ab'], ['a b'], ['*']])('a bad index: %j', (index) => {
    expect(() => connected((stack) => Endpoint.table(table(stack), { indexes: [index] }))).toThrow(
      `\`indexes\` must be names of secondary indexes: 3 to 255 letters, digits, hyphens, dots and underscores, got ${JSON.stringify(index)}; write it like "by-customer"; leave it out for a service that queries the table only [BadIndexName at Shop/Orders]`,
    );
  });
});

describe('NU-22: a topic of others', () => {
  test('with its key', () => {
    const { variables, statements } = connected((stack) =>
      Endpoint.topic(Topic.fromTopicAttributes(stack, 'News', { topicArn: arn('sns', 'news'), keyArn: KEY })),
    );
    expect(variables).toEqual({ NEWS_TOPIC_ARN: arn('sns', 'news') });
    expect(statements).toEqual([
      ['sns:Publish', arn('sns', 'news')],
      ['kms:Decrypt kms:GenerateDataKey', KEY],
    ]);
  });
});

describe('PR-32, NU-22: a queue of others', () => {
  const queue = (stack: Stack) => Queue.fromQueueAttributes(stack, 'Mail', { queueArn: arn('sqs', 'mail.fifo'), keyArn: KEY });

  test('to send to, with its key', () => {
    const { variables, statements } = connected((stack) => Endpoint.queue(queue(stack), QueueAccess.SEND));
    expect(JSON.stringify(variables.MAIL_URL)).toContain('/mail.fifo');
    expect(statements).toEqual([
      ['sqs:SendMessage', arn('sqs', 'mail.fifo')],
      ['kms:GenerateDataKey kms:Decrypt', KEY],
    ]);
  });

  test('to consume, under another prefix', () => {
    const { variables, statements } = connected((stack) => Endpoint.queue(queue(stack), QueueAccess.CONSUME), 'WORK');
    expect(Object.keys(variables)).toEqual(['WORK_URL']);
    expect(statements[0][0]).toBe('sqs:ReceiveMessage sqs:DeleteMessage sqs:ChangeMessageVisibility sqs:GetQueueAttributes');
  });
});

test.each<[string, (stack: Stack) => IEndpoint]>([
  ['table', (stack) => Endpoint.table(Table.fromTableArn(stack, 'X', 'arn:aws:dynamodb:us-east-1:111122223333:table/x'))],
  ['topic', (stack) => Endpoint.topic(Topic.fromTopicArn(stack, 'X', 'arn:aws:sns:us-east-1:111122223333:x'))],
  ['queue', (stack) => Endpoint.queue(Queue.fromQueueArn(stack, 'X', 'arn:aws:sqs:us-east-1:111122223333:x'), QueueAccess.SEND)],
])('a %s of another Region is refused', (_, create) => {
  const stack = new Stack(new App(), 'Shop', { env: { region: 'eu-west-1', account: '111122223333' } });
  const api = newService(newMesh(stack), 'Api');
  expect(() => api.connectTo(create(stack))).toThrow(
    /must name a server in the account and Region of its client.*OtherEnvironment/,
  );
});
