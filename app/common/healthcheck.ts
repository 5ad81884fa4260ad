import { get } from 'node:http';
import { USER_AGENT } from './user-agent';

/**
 * Container health check (`node /app/healthcheck.js`): the image has no curl. It asks for liveness only, for a task must not be
 * killed because something it depends on is away.
 */
const host = process.env.HOST && process.env.HOST !== '0.0.0.0' ? process.env.HOST : '127.0.0.1';
const options = { host, port: process.env.PORT ?? '8080', path: '/healthz', timeout: 2000, agent: false, headers: USER_AGENT };
const request = get(options, (response) => {
  response.resume();
  process.exitCode = response.statusCode === 200 ? 0 : 1;
});
request.on('timeout', () => request.destroy(new Error('no answer within 2 s')));
request.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
