import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Alias, IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Compliance, ElastiCacheRedis, ImageRepository, QueueWorkerService } from 'cdk-ecs-mesh';
import { Construct } from 'constructs';
import { newMesh, newService, newStack, WEB } from '../helpers';

function warnings(stack: Stack, id: string): string[] {
  const found = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp(id));
  return found.map(({ entry }) => `${entry.data as string}`);
}

const IMPORTED = 'arn:aws:kms:eu-west-1:111122223333:key/1';

test.each<[string, (stack: Stack) => IKey]>([
  ['a key by its ARN', (stack) => Key.fromKeyArn(stack, 'Key', IMPORTED)],
  ['an alias by its name', (stack) => Alias.fromAliasName(stack, 'Key', 'alias/corp')],
])('%s: one warning with the statements that its owner must add', (_, key) => {
  const stack = newStack();
  Compliance.strict({ key: key(stack) }).applyTo(stack);
  const mesh = newMesh(stack);
  newService(mesh, 'Api').connectTo(new ElastiCacheRedis(stack, 'Redis', { mesh }));
  const found = warnings(stack, 'ComplianceKeyPolicy');
  expect(found).toHaveLength(1);
  const [account, logs] = found[0]
    .split('\n')
    .slice(1)
    .map((line) => (line.startsWith('{') ? JSON.parse(line) : line));
  expect(account).toEqual({
    Action: 'kms:*',
    Effect: 'Allow',
    Principal: { AWS: 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' },
    Resource: '*',
  });
  expect(logs).toMatchObject({
    Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
    Principal: { Service: 'logs.eu-west-1.amazonaws.com' },
    Condition: {
      ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:${AWS::Partition}:logs:eu-west-1:${AWS::AccountId}:log-group:*' },
    },
  });
});

test('a key of the app has the statements: no warning', () => {
  const app = new App();
  Compliance.strict({ key: new Key(newStack('Keys', app), 'Key') }).applyTo(app);
  expect(warnings(Stack.of(newMesh(newStack('Shop', app))), 'ComplianceKeyPolicy')).toEqual([]);
  const own = newStack();
  Compliance.strict().applyTo(own);
  expect(warnings(Stack.of(newMesh(own)), 'ComplianceKeyPolicy')).toEqual([]);
});

/** Where a key is given, and its prop. */
const GIVEN: [string, (stack: Stack, key: IKey) => unknown, prop: string][] = [
  ['compliance of a stack', (stack, key) => Compliance.strict({ key }).applyTo(stack), 'key'],
  ['compliance of a part', (stack, key) => Compliance.strict({ key }).applyTo(new Construct(stack, 'Part')), 'key'],
  [
    'compliance of an app',
    (stack, key) => {
      Compliance.strict({ key }).applyTo(stack.node.root);
      return newMesh(stack);
    },
    'key',
  ],
  [
    'the queue of a worker',
    (stack, encryptionKey) =>
      new QueueWorkerService(stack, 'Worker', {
        mesh: newMesh(stack),
        containers: [{ image: WEB.image }],
        queue: { encryptionKey },
      }),
    'queue.encryptionKey',
  ],
  ['a repository', (stack, encryptionKey) => new ImageRepository(stack, 'Images', { encryptionKey }), 'encryptionKey'],
];
const inRegion = (region?: string) => {
  const app = new App();
  return [new Stack(app, 'Shop', { env: { region, account: '111122223333' } }), newStack('Keys', app)] as const;
};

describe.each(GIVEN)('%s', (_, give, prop) => {
  test.each<[string, (stack: Stack, keys: Stack) => IKey, got: string]>([
    ['by its ARN', (stack) => Key.fromKeyArn(stack, 'Key', IMPORTED), `"${IMPORTED}"`],
    ['of another stack', (__, keys) => new Key(keys, 'Key'), '"Keys/Key (eu-west-1)"'],
  ])('a key of another Region %s: an error', (__, key, got) => {
    const [stack, keys] = inRegion('us-east-1');
    expect(() => give(stack, key(stack, keys))).toThrow(
      `\`${prop}\` must be a key of us-east-1, the Region of the stack, got ${got}; use a key of us-east-1, or the replica there of a ` +
        'multi-Region key [KeyRegion at Shop',
    );
  });

  test.each(['eu-west-1', undefined])('a stack of the Region %s: none', (region) => {
    const [stack] = inRegion(region);
    expect(() => give(stack, Key.fromKeyArn(stack, 'Key', IMPORTED))).not.toThrow();
  });

  test('a key that only the deployment knows: none', () => {
    const [stack] = inRegion('us-east-1');
    expect(() => give(stack, Key.fromKeyArn(stack, 'Key', new CfnParameter(stack, 'Arn').valueAsString))).not.toThrow();
  });
});
