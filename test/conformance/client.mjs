// A container of its own kind: all it knows of Redis is in the variables that connectTo gives. Prints one JSON line per answer.
import { Cluster, Redis } from 'ioredis';

const env = process.env;
const credentials = { username: env.REDIS_USERNAME, password: env.REDIS_PASSWORD };
const patience = {
  connectTimeout: 2000,
  disconnectTimeout: 100,
  maxRetriesPerRequest: 1,
  retryStrategy: () => null,
  lazyConnect: true,
};

function byHost() {
  const options = { ...credentials, ...patience, tls: env.REDIS_TLS === 'true' ? {} : undefined };
  const address = { host: env.REDIS_HOST, port: Number(env.REDIS_PORT) };
  if (env.REDIS_CLUSTER_MODE !== 'true') return new Redis({ ...address, ...options });
  // Certificates name the endpoint, not the addresses behind it: connect by name.
  const dnsLookup = (name, callback) => callback(null, name);
  return new Cluster([address], { dnsLookup, redisOptions: options, clusterRetryStrategy: () => null, lazyConnect: true });
}

const byUrl = () => new Redis(env.REDIS_URL, { ...credentials, ...patience });

const TASKS = {
  ping: (client) => client.ping(),
  write: async (client, count) => {
    for (let i = 0; i < count; i++) await client.set(`key:${i}`, `value:${i}`);
    return count;
  },
  // Says which write was acknowledged, one by one, until the server is gone.
  writeOn: async (client) => {
    for (let i = 0; ; i++) {
      await client.set(`key:${i}`, `value:${i}`);
      console.log(JSON.stringify(i));
    }
  },
  /** How many of the first `count` values are there. */
  read: async (client, count) => {
    const values = await Promise.all(Array.from({ length: count }, (_, i) => client.get(`key:${i}`)));
    return values.filter((value, i) => value === `value:${i}`).length;
  },
  manyKeys: (client) => client.mset('a', '1', 'b', '2'),
};

const [way, task, count] = process.argv.slice(2);
const client = way === 'url' ? byUrl() : byHost();
const problems = [];
client.on('error', (error) => problems.push(error.lastNodeError?.message ?? error.message));
try {
  await client.connect();
  console.log(JSON.stringify(await TASKS[task](client, Number(count))));
} catch (error) {
  console.log(JSON.stringify({ error: [...problems, error.lastNodeError?.message, error.message].filter(Boolean).join('; ') }));
} finally {
  client.disconnect();
}
