import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Paths } from './addresses';
import { CpuProfile, selfTimes, sourceInBundle } from './cpu-profile';
import { CONNECTIONS, FEW } from './plan';
import { redisEnvironment, startApi } from './servers';
import { Service, Workshop } from './workshop';
import { table } from '../statistics';

const ROWS = 25;

/** Where the API spends its time, by function; the sampling slows it down, so only the shares count. */
export async function profileReport(shop: Workshop, paths: Paths, redis: Service): Promise<string> {
  const few = { file: paths.api, count: FEW };
  const shared = { ...redisEnvironment(redis), CACHE_EMBEDDED: 'true', L1_ENTRIES: '1' };
  return [
    await profileOne(shop, 'answers in memory', few, redisEnvironment(redis)),
    await profileOne(shop, 'none in memory, embedded data', { file: paths.api, count: paths.count }, redisEnvironment(redis)),
    await profileOne(shop, 'none in memory, Redis HIT', few, shared),
  ].join('\n\n');
}

async function profileOne(
  shop: Workshop,
  title: string,
  paths: { file: string; count: number },
  env: Record<string, string>,
): Promise<string> {
  const folder = join(shop.directory, 'profiles');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const api = await startApi(shop, `profile ${title}`, env, ['--cpu-prof', `--cpu-prof-dir=${folder}`]);
  await shop.wrk({ origin: api.origin, connections: CONNECTIONS, seconds: shop.plan.profileSeconds, paths });
  await api.stop();
  const [file] = readdirSync(folder);
  if (!file) throw new Error(`${title}: the API wrote no profile`);
  const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile;
  const bundle = readFileSync(join(shop.bundle('api'), 'index.js'), 'utf8').split('\n');
  const times = selfTimes(profile, (url, line) => (url.endsWith('/index.js') ? sourceInBundle(bundle, line) : url || 'V8'));
  const busy = times.filter(({ name }) => name !== '(idle)');
  const sum = busy.reduce((all, { micros }) => all + micros, 0);
  const share = (micros: number) => `${((100 * micros) / sum).toFixed(1)}`;
  const rows = busy.slice(0, ROWS).map(({ name, where, micros }) => [name, where, share(micros)]);
  const own = busy.filter(({ where }) => where.startsWith('app/')).reduce((all, { micros }) => all + micros, 0);
  return [
    `### Profile of the API, ${title}: our own functions take ${share(own)} % of its busy time`,
    table(['function', 'in', 'self %'], rows),
  ].join('\n\n');
}
