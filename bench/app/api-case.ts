import { Paths } from './addresses';
import { readCacheStates, renderCacheStates } from './cache-states';
import { CONNECTIONS, FEW } from './plan';
import { parseRedisBenchmark, redisBenchmarkCommand } from './redis-benchmark';
import { recordAnswer, redisEnvironment, startApi, startCeilings, stopAll } from './servers';
import { Case, comparison, inTurn, Missing } from './turns';
import { Service, Workshop } from './workshop';

const FIXED = 'fixed answer, same stack';

/** The API alone, by where its answers come from, next to what its stack, Node.js and Redis can do. */
export async function apiReport(shop: Workshop, paths: Paths, redis: Service): Promise<string> {
  const deployed = await startApi(shop, 'api L1', redisEnvironment(redis));
  const missing = await startApi(shop, 'api miss', redisEnvironment(redis));
  const shared = await startApi(shop, 'api redis', { ...redisEnvironment(redis), CACHE_EMBEDDED: 'true', L1_ENTRIES: '1' });
  const url = `${deployed.origin}/v1/lookup/${paths.first}`;
  await fetch(url);
  const answer = await recordAnswer(url, '/v1/lookup/{ip}');
  const { fixed, bare } = await startCeilings(shop, 'api', answer);

  const ask = (name: string, service: Service, count: number, remark?: () => Promise<string>): Case => ({
    name,
    remark,
    run: () => {
      const load = { origin: service.origin, connections: CONNECTIONS, seconds: shop.plan.turnSeconds };
      return shop.wrkWithCost({ ...load, paths: { file: paths.api, count } }, { server: [service.pid] });
    },
  });
  const states = (service: Service) => async () => renderCacheStates(await readCacheStates(service.origin));
  const cases: (Case | Missing)[] = [
    ask('node:http, same bytes', bare, FEW),
    ask(FIXED, fixed, FEW),
    ask('API, answers in memory', deployed, FEW, states(deployed)),
    ask('API, none in memory, embedded data', missing, paths.count, states(missing)),
    ask('API, none in memory, Redis HIT', shared, FEW, states(shared)),
    redisCase(shop, redis, Buffer.byteLength(answer.body)),
  ];
  const measured = cases.filter((each): each is Case => !('missing' in each));
  const turns = await inTurn(measured, shop.plan.rounds);
  const rows = await comparison(cases, turns, FIXED);
  await stopAll(deployed, missing, shared, fixed, bare);
  return [
    `## The API: ${CONNECTIONS} connections, ${shop.plan.rounds} turns of ${shop.plan.turnSeconds} s each, in turn: median (least-most)`,
    rows,
    `The answer has ${Buffer.byteLength(answer.body)} bytes. redis-benchmark runs on the servers' processor, Redis on that of the load.`,
  ].join('\n\n');
}

function redisCase(shop: Workshop, redis: Service, bytes: number): Case | Missing {
  const name = 'redis-benchmark GET, same bytes';
  try {
    shop.tool('redis-benchmark');
  } catch (error) {
    return { name, missing: (error as Error).message };
  }
  const command = redisBenchmarkCommand(redis.port, { connections: CONNECTIONS, requests: 20_000 * shop.plan.turnSeconds, bytes });
  return {
    name,
    run: async () => ({ ...parseRedisBenchmark(await shop.load(command, 60, []), 'GET'), micros: {} }),
  };
}
