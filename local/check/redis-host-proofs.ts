import { theRedis } from './cache-proofs';
import { Proof } from './proof';
import { expect, until } from './visitor';

/** What the user data of the host set on purpose. */
const ON_PURPOSE = ['maxmemory', 'maxmemory-policy', 'appendonly', 'appendfsync'];
const UNITS: Readonly<Record<string, number>> = { kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/** Redis on a host of its own. */
export const REDIS_HOST_PROOFS: readonly Proof[] = [
  {
    name: 'GEO-1: Redis on its host has the memory limit and the persistence of its user data',
    prove: async (visitor) => {
      const redis = theRedis(visitor);
      const wanted = new Map(redis.options.plan.directives);
      const seen: string[] = [];
      for (const name of ON_PURPOSE) {
        const [, value] = (await redis.call('CONFIG', 'GET', name)) as string[];
        const asked = inBytes(wanted.get(name) ?? 'nothing');
        expect(value === asked, `${name} is ${value}, the user data say ${asked}`);
        seen.push(`${name} ${value}`);
      }
      return seen.join(', ');
    },
  },
  {
    name: 'GEO-2: every API task is connected to Redis, and knows only its private name',
    prove: async (visitor) => {
      const api = visitor.serviceBehind(visitor.internal);
      const redis = theRedis(visitor);
      const { REDIS_HOST: name } = api.plan.task.containers[0].environment;
      const known = visitor.run.names.get(name).map(({ address }) => address);
      expect(known.join() === redis.options.address, `${name} is ${known.join() || 'not known'}`);
      let clients = 0;
      await until('every task is connected', 10_000, async () => {
        const list = String(await redis.call('CLIENT', 'LIST'))
          .trim()
          .split('\n');
        clients = list.filter((line) => !line.includes('cmd=client')).length;
        return clients >= api.running.length;
      });
      return `REDIS_HOST=${name} is ${known.join()}, ${clients} connections`;
    },
  },
];

/** As Redis says a size. */
function inBytes(value: string): string {
  const [, number, unit] = /^(\d+)([kmg]b)$/i.exec(value) ?? [];
  return unit ? String(Number(number) * UNITS[unit.toLowerCase()]) : value;
}
