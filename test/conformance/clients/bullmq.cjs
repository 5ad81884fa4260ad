// The recipe of docs/clients.md, run with the variables that a container gets: a job is added, and a worker of BullMQ does it.

// recipe: BullMQ
const { Queue, Worker } = require('bullmq');
const { Cluster } = require('ioredis');

const env = process.env;
const address = { host: env.REDIS_HOST, port: Number(env.REDIS_PORT) };
const options = {
  username: env.REDIS_USERNAME,
  password: env.REDIS_PASSWORD,
  tls: env.REDIS_TLS === 'true' ? {} : undefined, // verifies the certificate and the name
  maxRetriesPerRequest: null, // workers wait for a store that is away
};
const clustered = env.REDIS_CLUSTER_MODE === 'true';
const settings = {
  connection: clustered
    ? new Cluster([address], { dnsLookup: (name, done) => done(null, name), redisOptions: options })
    : { ...address, ...options },
  prefix: clustered ? '{bull}' : 'bull', // one slot for all keys of a queue
};
// recipe end

/** The first thing that is said about the connection, if it does not come about. */
function refusal(...parts) {
  return new Promise((_, reject) => parts.forEach((part) => part.on('error', reject)));
}

async function run() {
  const queue = new Queue('sums', settings);
  const worker = new Worker('sums', async ({ data: [a, b] }) => a + b, settings);
  const done = new Promise((resolve) => worker.once('completed', (_, sum) => resolve(sum)));
  const failed = refusal(queue, worker);
  await Promise.race([queue.add('add', [2, 3]), failed]);
  return Promise.race([done, failed]);
}

run()
  .catch((error) => ({ error: error.lastNodeError?.message ?? error.message }))
  .then((answer) => {
    console.log(JSON.stringify(answer));
    process.exit(0); // connections do not matter
  });
