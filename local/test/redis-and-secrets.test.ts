import * as http from 'node:http';
import { AddressInfo } from 'node:net';
import { Json } from '../assembly/json';
import { Reader } from '../intrinsics/reader';
import { parseReplies } from '../redis/resp';
import { keptDirectives, parseUserData } from '../redis/user-data';
import { rotate, RotationParts } from '../secrets/rotation';
import { generatePassword, SecretValues } from '../secrets/secret-values';
import { secretsEndpoint } from '../secrets/secrets-endpoint';
import { resolverOf } from './fixture/resolver-of';

const reader = (value: Json) => new Reader(value, 'here', (inner) => inner);

describe('user data', () => {
  const script = (lines: string[]) => ['#!/bin/bash', ...lines, 'systemctl start redis'].join('\n');
  const config = [
    '# cdk-ecs-mesh:redis-config begin',
    'port 6380',
    '',
    '# why',
    'MaxMemory  512mb',
    'save 900 1',
    'include /etc/x',
    '# cdk-ecs-mesh:redis-config end',
  ];

  test('directives between the marks, in order', () => {
    const data = parseUserData(script(["cat > redis.conf <<'END'", ...config, 'END', 'port 9999']));
    expect(data?.directives).toEqual([
      ['port', '6380'],
      ['maxmemory', '512mb'],
      ['save', '900 1'],
      ['include', '/etc/x'],
    ]);
    expect(data?.secretArn).toBeUndefined();
  });

  test('only those that mean the same on this machine are kept', () => {
    const data = parseUserData(script(config));
    expect(data && keptDirectives(data).map(([name]) => name)).toEqual(['maxmemory', 'save']);
  });

  test.each(['SECRET_ARN=arn:aws:x', "SECRET_ARN='arn:aws:x'", '  export SECRET_ARN="arn:aws:x"'])('%s', (line) => {
    expect(parseUserData(script([...config, line]))?.secretArn).toBe('arn:aws:x');
  });

  test('a machine without the marks runs no Redis of ours', () => {
    expect(parseUserData(script(['docker run redis']))).toBeUndefined();
  });

  test('a mark that is never closed is an error', () => {
    expect(() => parseUserData(script(config.slice(0, 3)))).toThrow('without "# cdk-ecs-mesh:redis-config end"');
  });
});

describe('Redis replies', () => {
  test.each<[string, unknown[]]>([
    ['+OK\r\n', ['OK']],
    ['+OK\r\n:7\r\n$-1\r\n', ['OK', 7, null]],
    ['*2\r\n$1\r\na\r\n$2\r\n\xc3\xa4\r\n', [['a', 'ä']]],
    ['+OK\r\n$5\r\nhal', ['OK']],
    ['*2\r\n$1\r\na\r\n', []],
  ])('%j', (received, replies) => expect(parseReplies(received)).toEqual(replies));

  test('an error is a value, for the caller to judge', () => {
    expect(parseReplies('-WRONGPASS no\r\n')).toEqual([new Error('WRONGPASS no')]);
  });
});

describe('secrets', () => {
  const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:';
  const values = new SecretValues(
    resolverOf({
      Plain: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'app/plain', SecretString: 'as-is' } },
      Json: {
        Type: 'AWS::SecretsManager::Secret',
        Properties: { GenerateSecretString: { SecretStringTemplate: '{"username":"me"}', GenerateStringKey: 'password' } },
      },
      Database: { Type: 'AWS::RDS::DBInstance', Properties: { ManageMasterUserPassword: true, MasterUsername: 'app' } },
      Empty: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'app/empty' } },
      Setting: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/app/setting', Value: 'on', Type: 'String' } },
    }),
    { imported: 'from-the-command-line' },
  );

  test.each([
    [`${arn}app/plain-local0`, 'as-is'],
    [`${arn}app/plain`, 'as-is'],
    [`${arn}Json-generated000-local0:username::`, 'me'],
    [`${arn}rds!db-Database-local0:username::`, 'app'],
    ['arn:aws:ssm:eu-west-1:111122223333:parameter/app/setting', 'on'],
    ['/app/setting', 'on'],
    ['arn:aws:secretsmanager:us-east-1:999988887777:secret:imported-AbCdEf', 'from-the-command-line'],
  ])('%s', (reference, value) => expect(values.valueFrom(reference, 'here')).toBe(value));

  test.each([
    [`${arn}nothing-local0`, 'here: the template has no secret'],
    [`${arn}app/plain-local0:key::`, 'here: secret app/plain has no JSON key "key"'],
    ['/app/other', 'here: the template has no SSM parameter /app/other'],
    [`${arn}app/empty-local0`, 'here: secret app/empty has no value with the label AWSCURRENT'],
    [`${arn}app/plain-local0::AWSPREVIOUS:`, 'here: secret app/plain has no value with the label AWSPREVIOUS'],
  ])('%s is an error', (reference, message) => expect(() => values.valueFrom(reference, 'here')).toThrow(message));

  test.each([`${arn}app/db-local0`, `${arn}app/db`])('a rotation redeploys the services in the rule of %s', async (secret) => {
    const rule = (services: unknown[]) => ({
      Api: { Type: 'AWS::ECS::Service', Properties: {} },
      Secret: {
        Type: 'AWS::SecretsManager::Secret',
        Properties: { Name: 'app/db', SecretString: '{"username":"app","password":"old"}' },
      },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventPattern: { source: ['aws.secretsmanager'] },
          Targets: [{ Input: JSON.stringify({ secret, services }) }],
        },
      },
    });
    const [{ stack, logicalId, key }] = resolverOf(rule([])).resources('AWS::ECS::Service');
    const resolver = resolverOf(rule([resolverOf(rule([])).evaluate(stack, { Ref: logicalId }, key)]));
    const services = [{ plan: { key, label: 'api' } }];
    const redeploy = jest.fn(() => Promise.resolve());
    const parts = {
      ...{ resolver, services, deployer: { redeploy }, say: () => undefined, secrets: new SecretValues(resolver) },
      postgres: { servers: [{ isOf: () => true, changePassword: () => undefined }] },
    };
    await rotate(parts as unknown as RotationParts, 'app/db');
    expect(redeploy).toHaveBeenCalledWith(services[0]);
  });

  test('the generated half of a JSON secret is a password', () => {
    expect(values.valueFrom(`${arn}Json-generated000-local0:password::`, 'here')).toHaveLength(32);
  });

  test('RDS makes a password of all characters that it takes', () => {
    const password = values.valueFrom(`${arn}rds!db-Database-local0:password::`, 'here');
    expect(password).toMatch(/^[^/@"' ]{28}$/);
    expect(password).toMatch(/[^A-Za-z0-9]/);
  });

  test('generated passwords obey their options', () => {
    for (let i = 0; i < 50; i++) {
      const password = generatePassword(reader({ PasswordLength: 12, ExcludePunctuation: true, ExcludeCharacters: 'abcXYZ019' }));
      expect(password).toMatch(/^[d-zA-W2-8]{12}$/);
      expect([/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(password))).toBe(true);
    }
  });

  describe('GetSecretValue', () => {
    const server = http.createServer(secretsEndpoint(values));
    beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
    afterAll(() => server.close());

    async function post(action: string, body: string) {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      const response = await fetch(url, { method: 'POST', headers: { 'x-amz-target': `secretsmanager.${action}` }, body });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    }

    test('answers by name', async () => {
      const { status, body } = await post('GetSecretValue', '{"SecretId":"app/plain"}');
      expect([status, body.SecretString, body.Name]).toEqual([200, 'as-is', 'app/plain']);
    });

    test('takes another value, which tasks that start afterwards have', async () => {
      const plain = `${arn}app/plain-local0`;
      expect((await post('PutSecretValue', '{"SecretId":"app/plain","SecretString":"new"}')).body.ARN).toBe(plain);
      expect([values.find('app/plain')?.value, values.valueFrom(plain, 'here')]).toEqual(['new', 'new']);
      expect(values.valueFrom(`${plain}::AWSPREVIOUS:`, 'here')).toBe('as-is');
      values.replace(plain, 'as-is');
    });

    test.each([
      ['GetSecretValue', '{"SecretId":"nothing"}', 'ResourceNotFoundException'],
      ['GetSecretValue', 'not JSON', 'ResourceNotFoundException'],
      ['GetSecretValue', '{"SecretId":"app/empty"}', 'ResourceNotFoundException'],
      ['GetSecretValue', '{"SecretId":"app/plain","VersionStage":"AWSPENDING"}', 'ResourceNotFoundException'],
      ['PutSecretValue', '{"SecretId":"nothing","SecretString":"x"}', 'ResourceNotFoundException'],
      ['DeleteSecret', '{}', 'InvalidRequestException'],
    ])('%s %s is %s', async (action, body, type) => {
      expect(await post(action, body)).toMatchObject({ status: 400, body: { __type: type } });
    });
  });
});
