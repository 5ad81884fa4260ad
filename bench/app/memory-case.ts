import { Paths } from './addresses';
import { AS_BROWSER } from './page-case';
import { redisEnvironment, startApi, startFrontend, stopAll } from './servers';
import { Service, Workshop } from './workshop';
import { slope, table } from '../statistics';

const CONNECTIONS = 32;
/** Of what the pair can do: half of the processor stays free, as autoscaling would have it. */
const LOAD = 0.5;

export interface Sample {
  readonly seconds: number;
  readonly apiMiB: number;
  readonly frontendMiB: number;
}

/** Resident memory of API and frontend under a steady load of pages, each of which is another address. */
export async function memoryReport(shop: Workshop, paths: Paths, redis: Service): Promise<string> {
  const api = await startApi(shop, 'memory api', { ...redisEnvironment(redis), CACHE_EMBEDDED: 'true' });
  const frontend = await startFrontend(shop, 'memory frontend', api);
  const load = {
    origin: frontend.origin,
    connections: CONNECTIONS,
    headers: AS_BROWSER,
    paths: { file: paths.page, count: paths.count },
  };
  const started = Date.now();
  const sample = (): Sample => ({
    seconds: (Date.now() - started) / 1000,
    apiMiB: shop.resident(api),
    frontendMiB: shop.resident(frontend),
  });
  const samples = [sample()];
  const { perSecond } = await shop.wrk({ ...load, seconds: 2 });
  const timer = setInterval(() => samples.push(sample()), shop.plan.memoryEverySeconds * 1000);
  const result = await shop
    .wrk({ ...load, seconds: shop.plan.memorySeconds, perSecond: LOAD * perSecond })
    .finally(() => clearInterval(timer));
  samples.push(sample());
  await stopAll(frontend, api);
  return render(shop, samples, result.requests, result.failures);
}

/** Growth in MiB a minute over the second half: the first is spent on filling caches and warming up. */
export function growthPerMinute(samples: readonly Sample[], part: 'apiMiB' | 'frontendMiB'): number {
  const half = samples.slice(Math.floor(samples.length / 2));
  return slope(half.map((sample) => ({ x: sample.seconds / 60, y: sample[part] })));
}

function render(shop: Workshop, samples: readonly Sample[], requests: number, failures: number): string {
  const rows = samples.map(({ seconds, apiMiB, frontendMiB }) => [seconds.toFixed(0), apiMiB.toFixed(0), frontendMiB.toFixed(0)]);
  return [
    `## Memory under ${shop.plan.memorySeconds} s of load at half of what the pair can do: ${requests} pages`,
    table(['seconds', 'API MiB', 'frontend MiB'], rows),
    `Growth over the second half: API ${growthPerMinute(samples, 'apiMiB').toFixed(2)} MiB a minute, frontend ${growthPerMinute(samples, 'frontendMiB').toFixed(2)}. Failures: ${failures}.`,
  ].join('\n\n');
}
