import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Environment } from '../common/environment';
import { Log } from '../common/log';
import { runService } from '../common/run-service';
import { DRAIN_DEADLINE_MS } from '../common/settings';
import { findTaskIdentity } from '../common/task-identity';
import { ApiKeySource, FixedApiKey, RotatingApiKey } from './provider/api-key';
import { EmbeddedProvider } from './provider/embedded-provider';
import { LookupTable } from './provider/lookup-table';
import { Provider } from './provider/provider';
import { secretReader } from './provider/secrets-manager';
import { UpstreamProvider } from './provider/upstream-provider';
import { createApiService } from './service';
import { ApiSettings, readApiSettings } from './settings';
import { GuardedStore } from './store/guarded-store';
import { RedisSettings, RedisStore } from './store/redis-store';

/** A start waits this long for Redis, and then goes on without it. */
const REDIS_START_MS = 1000;

async function main(): Promise<void> {
  const settings = readApiSettings(new Environment());
  const task = await findTaskIdentity();
  const log = new Log({ service: 'geo-api', task: task.id });
  const embedded = new EmbeddedProvider(LookupTable.load(readFileSync(join(__dirname, 'data', 'geo.bin.gz'))));
  const upstream = upstreamProvider(settings, log);
  const store = settings.redis && (await guardedStore(settings.redis, log));
  const api = createApiService({
    ...settings,
    provider: upstream ?? embedded,
    fallback: upstream && embedded,
    store,
    cacheAnswers: upstream !== undefined || settings.cacheEmbedded,
    task,
    log,
  });
  log.info('configured', {
    provider: (upstream ?? embedded).name,
    data: embedded.build,
    redis: !store
      ? 'none'
      : upstream || settings.cacheEmbedded
        ? 'answers and counters'
        : 'counters only: embedded answers need no cache',
  });
  await runService(api.http, log, settings, { waitMs: settings.drainMs, deadlineMs: DRAIN_DEADLINE_MS, release: api.release });
}

async function guardedStore(settings: RedisSettings, log: Log): Promise<GuardedStore> {
  const store = new RedisStore(settings);
  await store.settle(REDIS_START_MS);
  return new GuardedStore({ store, log });
}

function upstreamProvider(settings: ApiSettings, log: Log): Provider | undefined {
  if (settings.provider !== 'upstream') return undefined;
  const keys = keySource(settings, log);
  if (!keys) {
    log.warn('PROVIDER is upstream, but there is no API key: answers come from the embedded data');
    return undefined;
  }
  // Read now, so that a missing key is said at the start; a lookup would read it as well.
  void keys.current().then((key) => {
    if (key === undefined) log.warn('there is no API key yet: answers come from the embedded data');
  });
  return new UpstreamProvider({ url: settings.upstreamUrl, keys });
}

function keySource({ key }: ApiSettings, log: Log): ApiKeySource | undefined {
  if ('secretId' in key) return new RotatingApiKey(secretReader(key.secretId, key.field), log);
  return key.value ? new FixedApiKey(key.value) : undefined;
}

main().catch((error: unknown) => {
  new Log({ service: 'geo-api' }).error('cannot start', { reason: error instanceof Error ? error.message : String(error) });
  process.exit(1);
});
