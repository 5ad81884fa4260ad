'use strict';
// Container health check: the image has no curl. It asks for liveness only, since no restart of this task would mend Redis.
const { get } = require('node:http');

const host = process.env.HOST && process.env.HOST !== '0.0.0.0' ? process.env.HOST : '127.0.0.1';
const request = get({ host, port: process.env.PORT ?? '8080', path: '/healthz', timeout: 2000, agent: false }, (response) => {
  response.resume();
  process.exitCode = response.statusCode === 200 ? 0 : 1;
});
request.on('timeout', () => request.destroy(new Error('no answer within 2 s')));
request.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
