import * as fs from 'node:fs';
import * as path from 'node:path';
import { ResourceBody } from '../assembly/stack-template';
import { AwsHost } from '../aws/aws-host';
import { readAws } from '../aws/plan';
import { resolverOf } from './fixture/resolver-of';

const URL = 'https://sqs.eu-west-1.amazonaws.com/111122223333/';
const task = (Value: object): ResourceBody => ({
  Type: 'AWS::ECS::TaskDefinition',
  Properties: { ContainerDefinitions: [{ Name: 'a', Environment: [{ Name: 'X', Value: Value as never }] }] },
});
const RESOURCES: Record<string, ResourceBody> = {
  Task: task({ Ref: 'Uploads' }),
  Uploads: { Type: 'AWS::S3::Bucket', Properties: { VersioningConfiguration: { Status: 'Enabled' } } },
  AccessLogs: { Type: 'AWS::S3::Bucket' },
  Dead: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1209600, SqsManagedSseEnabled: true } },
  Queue: {
    Type: 'AWS::SQS::Queue',
    Properties: {
      QueueName: 'work',
      VisibilityTimeout: 165,
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 5 },
    },
  },
  Flag: {
    Type: 'AWS::SSM::Parameter',
    Properties: { Name: '/mesh/flags/x', Value: 'false', Type: 'String', AllowedPattern: '^(true|false)$' },
  },
};

test('a bucket that a task names is made, one for logs alone is not', () => {
  const { buckets } = readAws(resolverOf(RESOURCES));
  expect(buckets.map(({ name, versioned }) => [name, versioned])).toEqual([['uploads', true]]);
});

test('queues have the attributes of the template, and those that the server does not know are left out', () => {
  const { queues } = readAws(resolverOf(RESOURCES));
  expect(queues.map(({ url, name }) => [url, name])).toEqual([
    [`${URL}Dead`, 'Dead'],
    [`${URL}work`, 'work'],
  ]);
  expect(queues[0].attributes).toEqual({ MessageRetentionPeriod: '1209600' });
  expect(queues[1].attributes.VisibilityTimeout).toBe('165');
  const redrive = { deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:111122223333:Dead', maxReceiveCount: 5 };
  expect(JSON.parse(queues[1].attributes.RedrivePolicy)).toEqual(redrive);
});

test('parameters have value, type and pattern', () => {
  const parameter = { name: '/mesh/flags/x', value: 'false', type: 'String', allowedPattern: '^(true|false)$' };
  expect(readAws(resolverOf(RESOURCES)).parameters).toEqual([parameter]);
});

describe('containers', () => {
  const host = new AwsHost({ resolver: resolverOf(RESOURCES) } as never);

  test('are told nothing where the template needs no server', () => {
    expect(host.adjust({ A: '1' })).toEqual({ A: '1' });
    expect(() => host.client).toThrow('the template has no queue, parameter or bucket that a task uses');
  });

  test('find the server, and their queue below its address', () => {
    host.plan = readAws(resolverOf(RESOURCES));
    host.endpoint = 'http://127.50.0.2:4566';
    expect(host.adjust({ WORK_URL: `${URL}work`, OTHER: URL })).toEqual({
      WORK_URL: 'http://127.50.0.2:4566/111122223333/work',
      OTHER: URL,
      AWS_ENDPOINT_URL_S3: host.endpoint,
      AWS_ENDPOINT_URL_SQS: host.endpoint,
      AWS_ENDPOINT_URL_SSM: host.endpoint,
    });
  });
});

test('the server and everything that it needs are pinned by hash', () => {
  const lines = fs.readFileSync(path.join(__dirname, '..', 'aws', 'requirements.txt'), 'utf8').split('\n');
  const packages = lines.filter((line) => /^\w/.test(line));
  expect(packages.filter((line) => !/^[\w.-]+==[\w.]+ .*\\$/.test(line))).toEqual([]);
  expect(packages.some((line) => line.startsWith('ministack=='))).toBe(true);
});
