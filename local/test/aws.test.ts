import * as fs from 'node:fs';
import * as path from 'node:path';
import { ResourceBody } from '../assembly/stack-template';
import { AwsHost } from '../aws/aws-host';
import { readAws } from '../aws/plan';
import { signed } from '../aws/signature';
import { resolverOf } from './fixture/resolver-of';

const QUEUES = 'https://sqs.eu-west-1.amazonaws.com/111122223333/';
const task = (Value: object): ResourceBody => ({
  Type: 'AWS::ECS::TaskDefinition',
  Properties: { ContainerDefinitions: [{ Name: 'a', Environment: [{ Name: 'X', Value: Value as never }] }] },
});
const RESOURCES: Record<string, ResourceBody> = {
  Task: task({ Ref: 'Uploads' }),
  Uploads: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      VersioningConfiguration: { Status: 'Enabled' },
      CorsConfiguration: { CorsRules: [{ AllowedOrigins: ['https://a.example'], AllowedMethods: ['PUT'] }] },
    },
  },
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
  Ordered: {
    Type: 'AWS::SQS::Queue',
    Properties: { QueueName: 'ordered.fifo', FifoQueue: true, ContentBasedDeduplication: true, DeduplicationScope: 'messageGroup' },
  },
  Flag: {
    Type: 'AWS::SSM::Parameter',
    Properties: { Name: '/mesh/flags/x', Value: 'false', Type: 'String', AllowedPattern: '^(true|false)$' },
  },
};

test('a bucket that a task names is made, one for logs alone is not', () => {
  const { buckets } = readAws(resolverOf(RESOURCES));
  const rule = { origins: ['https://a.example'], methods: ['PUT'], headers: [] };
  expect(buckets.map(({ name, versioned, cors }) => [name, versioned, cors])).toEqual([['uploads', true, [rule]]]);
});

test('queues have the attributes of the template, and those that the server does not know are left out', () => {
  const { queues } = readAws(resolverOf(RESOURCES));
  expect(queues.map(({ url, name }) => [url, name])).toEqual([
    [`${QUEUES}Dead`, 'Dead'],
    [`${QUEUES}work`, 'work'],
    [`${QUEUES}ordered.fifo`, 'ordered.fifo'],
  ]);
  expect(queues[0].attributes).toEqual({ MessageRetentionPeriod: '1209600' });
  expect(queues[1].attributes.VisibilityTimeout).toBe('165');
  const redrive = { deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:111122223333:Dead', maxReceiveCount: 5 };
  expect(JSON.parse(queues[1].attributes.RedrivePolicy)).toEqual(redrive);
  expect(queues[2].attributes).toEqual({
    ContentBasedDeduplication: 'true',
    DeduplicationScope: 'messageGroup',
    FifoQueue: 'true',
  });
});

test('parameters have value, type and pattern', () => {
  const parameter = { name: '/mesh/flags/x', value: 'false', type: 'String', allowedPattern: '^(true|false)$' };
  expect(readAws(resolverOf(RESOURCES)).parameters).toEqual([parameter]);
});

test('a signature is the one that botocore 1.44 makes of the same request', () => {
  const request = { method: 'GET', url: new URL('http://example.com/b/k?b=2&a=1'), headers: {}, content: '' };
  const at = new Date('2026-11-30T03:14:15.926Z');
  const { authorization, ...headers } = signed({ ...request, service: 's3', region: 'eu-west-1' }, at);
  expect(headers['x-amz-date']).toBe('20261130T031415Z');
  expect(authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=local\/20261130\/eu-west-1\/s3\/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=28d0ec5e8473486bb3830a7e7bbe95f270427727c80574e692c6b91e1c40abdd$/,
  );
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
    expect(host.adjust({ WORK_URL: `${QUEUES}work`, OTHER: QUEUES })).toEqual({
      WORK_URL: 'http://127.50.0.2:4566/111122223333/work',
      OTHER: QUEUES,
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
