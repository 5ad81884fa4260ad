import { Stack } from 'aws-cdk-lib';
import { SecurityGroup, SecurityGroupProps } from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { ImportedRedis, ImportedRedisProps, RedisMode, TopologyRecord } from 'cdk-ecs-mesh';
import { newMesh, newService, newStack, only, openPaths, resources, templateOf } from '../helpers';

const SECRET_ARN = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:redis-AbCdEf';

/** A client of an imported server: what its container gets, and the template. */
function connected(props: Partial<ImportedRedisProps> = {}, ownGroup?: Partial<SecurityGroupProps>) {
  const mesh = newMesh(newStack());
  const stack = Stack.of(mesh);
  const securityGroup = ownGroup && new SecurityGroup(stack, 'RedisSecurityGroup', { vpc: mesh.vpc, ...ownGroup });
  const redis = new ImportedRedis(stack, 'Redis', { host: 'redis.example.com', tls: true, securityGroup, ...props });
  newService(mesh, 'Api').connectTo(redis);
  const template = templateOf(stack);
  const [container] = only(template, 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions;
  const entries: { Name: string; Value: unknown }[] = container.Environment;
  return { redis, template, container, environment: Object.fromEntries(entries.map(({ Name, Value }) => [Name, Value])) };
}

test('the least: host and TLS', () => {
  const { redis, template, container, environment } = connected();
  expect(environment).toEqual({
    REDIS_HOST: 'redis.example.com',
    REDIS_PORT: '6379',
    REDIS_TLS: 'true',
    REDIS_URL: 'rediss://redis.example.com:6379',
  });
  expect(container.Secrets).toBeUndefined();
  expect(redis).toMatchObject({ port: 6379, tls: true, clusterMode: false, readerHost: undefined, secret: undefined });
  expect(Object.keys(template.toJSON().Resources as object).filter((id) => id.startsWith('Redis'))).toEqual([]);
});

test('a secret without a field for the user: the password alone', () => {
  const { container, redis } = connected({
    credentials: { secret: Secret.fromSecretCompleteArn(newStack(), 'Secret', SECRET_ARN) },
  });
  expect(container.Secrets).toEqual([{ Name: 'REDIS_PASSWORD', ValueFrom: `${SECRET_ARN}:password::` }]);
  expect(redis.secret).toBeDefined();
});

test('every choice', () => {
  const stack = newStack();
  const secret = Secret.fromSecretCompleteArn(stack, 'Secret', SECRET_ARN);
  const redis = new ImportedRedis(stack, 'Redis', {
    host: '10.0.0.5',
    tls: false,
    port: 7000,
    mode: RedisMode.withReader('readers.example.com'),
    credentials: { secret, usernameField: 'login', passwordField: 'token' },
  });
  const api = newService(newMesh(stack), 'Api');
  api.connectTo(redis, { as: 'CACHE' });
  const [container] = only(templateOf(stack), 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions;
  expect(container.Environment).toEqual([
    { Name: 'CACHE_HOST', Value: '10.0.0.5' },
    { Name: 'CACHE_PORT', Value: '7000' },
    { Name: 'CACHE_READER_HOST', Value: 'readers.example.com' },
    { Name: 'CACHE_TLS', Value: 'false' },
    { Name: 'CACHE_URL', Value: 'redis://10.0.0.5:7000' },
  ]);
  expect(container.Secrets).toEqual([
    { Name: 'CACHE_PASSWORD', ValueFrom: `${SECRET_ARN}:token::` },
    { Name: 'CACHE_USERNAME', ValueFrom: `${SECRET_ARN}:login::` },
  ]);
});

test('cluster mode is told to clients', () => {
  expect(connected({ mode: RedisMode.cluster() }).environment).toMatchObject({ REDIS_CLUSTER_MODE: 'true', REDIS_TLS: 'true' });
});

test('with its security group, the client is let in there', () => {
  const { template } = connected({}, { allowAllOutbound: false });
  expect(openPaths(template)).toEqual(['Api -> Redis 6379']);
});

test('without one, the client may go out to the port, and no further', () => {
  const { template } = connected({ port: 6380 });
  expect(openPaths(template)).toEqual([]);
  expect(only(template, 'AWS::EC2::SecurityGroup', 'ApiSecurityGroup').Properties.SecurityGroupEgress).toEqual([
    expect.objectContaining({ FromPort: 443, ToPort: 443 }),
    expect.objectContaining({ CidrIp: '0.0.0.0/0', FromPort: 6380, ToPort: 6380 }),
  ]);
  expect(resources(template, 'AWS::EC2::SecurityGroupIngress')).toEqual({});
});

test('it is a box in the picture', () => {
  const { redis } = connected({ mode: RedisMode.cluster() });
  expect(TopologyRecord.of(redis).components).toContainEqual({
    id: 'Shop/Redis',
    kind: 'redis',
    label: 'Redis',
    details: ['existing server', 'TLS', 'cluster mode'],
  });
});

describe('refuses', () => {
  test.each(['redis://redis.example.com', 'redis.example.com:6379', 'user@redis', ''])('the host %j', (host) => {
    expect(() => connected({ host })).toThrow(
      `\`host\` must be a DNS name or an IPv4 address, got ${JSON.stringify(host)}; ` +
        'write it like "redis.example.com", without scheme, port and credentials [BadHostName at Shop/Redis]',
    );
  });

  test('a reader that is no name', () => {
    expect(() => connected({ mode: RedisMode.withReader('a b') })).toThrow(
      '`mode.readerHost` must be a DNS name or an IPv4 address, got "a b"',
    );
  });

  test.each(['', 'a:b'])('the field %j of the secret', (usernameField) => {
    const secret = Secret.fromSecretCompleteArn(newStack(), 'Secret', SECRET_ARN);
    expect(() => connected({ credentials: { secret, usernameField } })).toThrow(
      `\`credentials.usernameField\` must be a field of the secret, without ":", got "${usernameField}"; ` +
        'write the name as it is in the JSON of the secret [RedisSecretField at Shop/Redis]',
    );
  });

  test.each([0, 65536])('the port %d', (port) => {
    expect(() => connected({ port })).toThrow(`\`port\` must be a whole number from 1 to 65535, got ${port}`);
  });

  test.each([1, 65535])('but not %d', (port) => expect(connected({ port }).redis.port).toBe(port));
});
