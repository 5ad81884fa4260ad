'use strict';
const Redis = require('ioredis');

/**
 * A vote may wait longer than a cache lookup would, but not for ever: without the first three, ioredis keeps commands for a server that
 * is gone, and every visitor with them.
 */
const OPTIONS = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  commandTimeout: 500,
  connectTimeout: 1000,
  // A host that vanished never closes its connection: redial, and so resolve its name again, instead of waiting for TCP's 15 minutes.
  socketTimeout: 3000,
  disconnectTimeout: 100,
  retryStrategy: (attempt) => Math.min(attempt * 100, 1000),
  reconnectOnError: (error) => error.message.startsWith('READONLY'), // a failover left us at the old primary
};

/** Two clients: `writer` for votes, `reader` for what pages show. They are one where the store has no reader endpoint. */
function connectRedis(settings) {
  const writer = settings.cluster ? connectCluster(settings) : connect(settings, settings.host);
  const reader = settings.readerHost && !settings.cluster ? connect(settings, settings.readerHost) : writer;
  return { writer, reader };
}

function connect(settings, host) {
  const { port, username, password, tls } = settings;
  const client = new Redis({ ...OPTIONS, host, port, username, password, tls: tls ? { servername: host } : undefined });
  return quiet(client);
}

function connectCluster({ host, port, username, password, tls }) {
  const redisOptions = { ...OPTIONS, username, password, tls: tls ? { servername: host } : undefined };
  const options = {
    enableOfflineQueue: false,
    clusterRetryStrategy: OPTIONS.retryStrategy,
    slotsRefreshTimeout: 1000,
    redisOptions,
  };
  // Certificates name the endpoint, not the addresses behind it: connect by name.
  const dnsLookup = (address, callback) => callback(null, address);
  return quiet(new Redis.Cluster([{ host, port }], tls ? { ...options, dnsLookup } : options));
}

/** Connection errors reach the callers as failed commands; without a listener they would end the process. */
function quiet(client) {
  client.on('error', () => undefined);
  return client;
}

module.exports = { connectRedis };
