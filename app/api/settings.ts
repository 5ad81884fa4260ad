import { Environment } from '../common/environment';
import { readServerSettings, ServerSettings } from '../common/settings';
import { ProviderName } from './provider/provider';
import { RedisSettings } from './store/redis-store';

export interface ApiSettings extends ServerSettings {
  readonly provider: ProviderName;
  readonly upstreamUrl: string;
  readonly key: { readonly secretId: string; readonly field?: string } | { readonly value?: string };
  readonly redis?: RedisSettings;
  readonly cacheEmbedded: boolean;
  readonly l1Entries: number;
  readonly l1Seconds: number;
}

/** Every setting of the API in one place; app/README.md has them as a table. */
export function readApiSettings(env: Environment): ApiSettings {
  return {
    ...readServerSettings(env),
    provider: env.oneOf('PROVIDER', ['embedded', 'upstream'], 'embedded'),
    upstreamUrl: env.url('UPSTREAM_URL', 'https://api.ipgeolocation.io'),
    key: readKey(env),
    redis: readRedis(env),
    cacheEmbedded: env.flag('CACHE_EMBEDDED'),
    l1Entries: env.integer('L1_ENTRIES', 50_000, 1, 1_000_000),
    l1Seconds: env.integer('L1_SECONDS', 60, 1, 86_400),
  };
}

function readKey(env: Environment): ApiSettings['key'] {
  if (!env.flag('API_KEY_FROM_SECRETSMANAGER')) return { value: env.text('API_KEY') };
  const secretId = env.text('SECRET_NAME');
  if (!secretId) throw new Error('SECRET_NAME must be set, because API_KEY_FROM_SECRETSMANAGER is true');
  return { secretId, field: env.text('SECRET_KEY') };
}

function readRedis(env: Environment): RedisSettings | undefined {
  const host = env.text('REDIS_HOST');
  if (!host) return undefined;
  return {
    host,
    port: env.integer('REDIS_PORT', 6379, 1, 65535),
    tls: env.flag('REDIS_TLS'),
    username: env.text('REDIS_USERNAME'),
    password: env.text('REDIS_PASSWORD'),
    cluster: env.flag('REDIS_CLUSTER_MODE'),
  };
}
