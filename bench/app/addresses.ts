import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** More than the API keeps in memory, so that asking for them in turn never finds one there. */
const MANY = 60_000;
const PER_REQUEST = 100;
const AT_A_TIME = 4;

/** Files of paths for wrk, one a line. */
export interface Paths {
  readonly api: string;
  readonly page: string;
  readonly first: string;
  readonly count: number;
}

/** Public IPv4 addresses that the embedded data has a place for, the same ones every time, spread over all networks. */
export async function writePaths(origin: string, directory: string): Promise<Paths> {
  const located: string[] = [];
  const candidates = randomAddresses();
  const ask = async (): Promise<void> => {
    while (located.length < MANY) {
      const ips = Array.from({ length: PER_REQUEST }, () => candidates.next().value);
      located.push(...(await locatedOf(origin, ips)));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, ask));
  const paths = { api: join(directory, 'api.paths'), page: join(directory, 'page.paths'), first: located[0], count: MANY };
  const lines = (prefix: string) => located.slice(0, MANY).map((ip) => `${prefix}${ip}\n`);
  writeFileSync(paths.api, lines('/v1/lookup/').join(''));
  writeFileSync(paths.page, lines('/?ip=').join(''));
  return paths;
}

async function locatedOf(origin: string, ips: string[]): Promise<string[]> {
  const response = await fetch(`${origin}/v1/lookup`, { method: 'POST', body: JSON.stringify({ ips }) });
  const { results } = (await response.json()) as { results: { status: number; result?: { ip: string; bogon?: boolean } }[] };
  return results.flatMap(({ status, result }) => (status === 200 && result && !result.bogon ? [result.ip] : []));
}

/** A linear congruential generator over all of IPv4: it does not repeat itself in 2^32 steps. */
export function* randomAddresses(): Generator<string, never> {
  for (let state = 1; ;) {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    yield [24, 16, 8, 0].map((bits) => Math.floor(state / 2 ** bits) % 256).join('.');
  }
}
