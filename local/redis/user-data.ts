/** What an instance's start script says about the Redis it runs. */
export interface RedisUserData {
  /** Directives of redis.conf, in order. */
  readonly directives: readonly (readonly [string, string])[];
  /** The secret with the password, when there is one. */
  readonly secretArn?: string;
}

const BEGIN = '# cdk-ecs-mesh:redis-config begin';
const END = '# cdk-ecs-mesh:redis-config end';

/** Read a start script; undefined for a machine that runs no Redis of ours. */
export function parseUserData(script: string): RedisUserData | undefined {
  const lines = script.split('\n').map((line) => line.trim());
  const begin = lines.indexOf(BEGIN);
  if (begin < 0) return undefined;
  const end = lines.indexOf(END, begin);
  if (end < 0) throw new Error(`user data has ${JSON.stringify(BEGIN)} without ${JSON.stringify(END)}`);
  const directives = lines
    .slice(begin + 1, end)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line): [string, string] => {
      const [name, ...rest] = line.split(/\s+/);
      return [name.toLowerCase(), rest.join(' ')];
    });
  const secret = lines.map((line) => /^(?:export\s+)?SECRET_ARN=(.*)$/.exec(line)?.[1]).find((value) => value);
  return { directives, secretArn: secret?.replace(/^(["'])(.*)\1$/, '$2') };
}

/** Directives that shape behaviour and mean the same here. Paths, addresses, users and modules are this machine's own business. */
const KEPT = new Set([
  'maxmemory',
  'maxmemory-policy',
  'maxmemory-samples',
  'appendonly',
  'appendfsync',
  'save',
  'timeout',
  'tcp-keepalive',
  'maxclients',
  'databases',
  'notify-keyspace-events',
  'lazyfree-lazy-eviction',
  'lazyfree-lazy-expire',
]);

export function keptDirectives(data: RedisUserData): (readonly [string, string])[] {
  return data.directives.filter(([name]) => KEPT.has(name));
}
