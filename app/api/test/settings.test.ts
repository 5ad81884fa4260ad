import { createServer } from 'node:http';
import { Environment } from '../../common/environment';
import { findTaskIdentity } from '../../common/task-identity';
import { start, stop } from '../../test/http-client';
import { readApiSettings } from '../settings';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe('settings', () => {
  const read = (values: Record<string, string>) => readApiSettings(new Environment(values));

  test('defaults', () => {
    expect(read({})).toEqual({
      host: '0.0.0.0',
      port: 8080,
      drainMs: 3000,
      trustedHops: 0,
      provider: 'embedded',
      upstreamUrl: 'https://api.ipgeolocation.io',
      key: { value: undefined },
      redis: undefined,
      cacheEmbedded: false,
      l1Entries: 50_000,
      l1Seconds: 60,
    });
  });

  test('Redis and the secret, as the constructs write them', () => {
    const settings = read({
      REDIS_HOST: 'redis.nidhin.local',
      REDIS_PORT: '6380',
      REDIS_TLS: 'true',
      REDIS_USERNAME: 'app',
      REDIS_PASSWORD: 'pw',
      REDIS_CLUSTER_MODE: 'true',
      API_KEY_FROM_SECRETSMANAGER: 'true',
      SECRET_NAME: 'geo/key',
      SECRET_KEY: '',
    });
    expect(settings.redis).toEqual({
      host: 'redis.nidhin.local',
      port: 6380,
      tls: true,
      username: 'app',
      password: 'pw',
      cluster: true,
    });
    expect(settings.key).toEqual({ secretId: 'geo/key', field: undefined });
  });

  test.each([
    [{ PORT: '80a' }, 'PORT must be a whole number from 0 to 65535, got "80a"'],
    [{ REDIS_TLS: 'yes', REDIS_HOST: 'x' }, 'REDIS_TLS must be true or false, got "yes"'],
    [{ PROVIDER: 'other' }, 'PROVIDER must be one of embedded, upstream, got "other"'],
    [{ UPSTREAM_URL: 'ftp://x' }, 'UPSTREAM_URL must be an http:// or https:// address, got "ftp://x"'],
    [{ UPSTREAM_URL: 'x' }, 'UPSTREAM_URL must be an http:// or https:// address, got "x"'],
    [{ API_KEY_FROM_SECRETSMANAGER: 'true' }, 'SECRET_NAME must be set, because API_KEY_FROM_SECRETSMANAGER is true'],
  ])('%j stops the start', (values, message) => {
    expect(() => read(values as Record<string, string>)).toThrow(message);
  });
});

describe('the task’s name', () => {
  async function metadata(body: string): Promise<string> {
    const server = createServer((request, response) => response.end(request.url === '/v4/abc/task' ? body : ''));
    closing.push(async () => stop(server));
    return `http://127.0.0.1:${await start(server)}/v4/abc`;
  }

  test('comes from ECS', async () => {
    const uri = await metadata('{"TaskARN":"arn:aws:ecs:eu-west-1:1:task/cluster/0123abc","AvailabilityZone":"eu-west-1a"}');
    expect(await findTaskIdentity({ ECS_CONTAINER_METADATA_URI_V4: uri, TASK_ID: 'x' })).toEqual({
      id: '0123abc',
      zone: 'eu-west-1a',
    });
  });

  test.each(['not json', '{}'])('else from TASK_ID: metadata %j', async (body) => {
    expect(await findTaskIdentity({ ECS_CONTAINER_METADATA_URI_V4: await metadata(body), TASK_ID: 'mine\r\nX: y' })).toEqual({
      id: 'mine__X:_y',
    });
  });

  test('else from the host', async () => {
    expect((await findTaskIdentity({})).id).not.toBe('');
    expect((await findTaskIdentity({ ECS_CONTAINER_METADATA_URI_V4: 'http://127.0.0.1:1', TASK_ID: 'mine' })).id).toBe('mine');
  });
});
