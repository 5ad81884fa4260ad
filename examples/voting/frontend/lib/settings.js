'use strict';

/** What the service is told by its environment. The contract of the store and of the database is that of cdk-ecs-mesh. */
function readSettings(env) {
  return {
    host: env.HOST ?? '0.0.0.0',
    port: integer(env, 'PORT', 8080),
    // Load balancers go on sending for a moment after they were told to stop.
    drainMs: integer(env, 'DRAIN_MS', 5000),
    question: env.QUESTION || 'Cats or dogs?',
    options: [
      { id: 'a', label: env.OPTION_A || 'Cats' },
      { id: 'b', label: env.OPTION_B || 'Dogs' },
    ],
    redis: {
      host: required(env, 'REDIS_HOST'),
      readerHost: env.REDIS_READER_HOST || undefined,
      port: integer(env, 'REDIS_PORT', 6379),
      tls: env.REDIS_TLS === 'true',
      username: env.REDIS_USERNAME || undefined,
      password: env.REDIS_PASSWORD || undefined,
      cluster: env.REDIS_CLUSTER_MODE === 'true',
    },
    database: env.DATABASE_HOST ? database(env) : undefined,
  };
}

function database(env) {
  return {
    host: env.DATABASE_HOST,
    port: integer(env, 'DATABASE_PORT', 5432),
    database: required(env, 'DATABASE_NAME'),
    user: required(env, 'DATABASE_USERNAME'),
    password: required(env, 'DATABASE_PASSWORD'),
    secretArn: env.DATABASE_SECRET_ARN || undefined,
    authorities: required(env, 'PGSSLROOTCERT'),
  };
}

function required(env, name) {
  if (!env[name]) throw new Error(`${name} must be set`);
  return env[name];
}

function integer(env, name, otherwise) {
  const value = env[name] ? Number(env[name]) : otherwise;
  if (!Number.isInteger(value) || value < 0 || value > 65535) {
    throw new Error(`${name} must be a whole number from 0 to 65535, got ${JSON.stringify(env[name])}`);
  }
  return value;
}

module.exports = { readSettings };
