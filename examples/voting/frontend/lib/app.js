'use strict';
const { randomBytes } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { join } = require('node:path');
const { log } = require('./log');
const { page } = require('./page');
const { Unavailable } = require('./voting');

const BODY_LIMIT = 1024;
const YEAR_SECONDS = 365 * 24 * 3600;
const STATIC = {
  '/style.css': ['style.css', 'text/css; charset=utf-8'],
  '/favicon.svg': ['favicon.svg', 'image/svg+xml'],
};
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/** An answer that is decided on the way, such as 404. */
class HttpError extends Error {
  constructor(status, code, message) {
    super(message);
    Object.assign(this, { status, code });
  }
}

/** The HTTP side: `listen`, and `drain`, which leaves without losing requests. */
function createApp({ settings, voting, taskId }) {
  const files = Object.fromEntries(
    Object.entries(STATIC).map(([path, [file, type]]) => [
      path,
      { type, body: readFileSync(join(__dirname, '..', 'static', file)) },
    ]),
  );
  const choices = settings.options.map(({ id }) => id);
  const apiTally = ({ tally, asOf, choice, stale }) => ({
    options: settings.options.map(({ id, label }) => ({ id, label, votes: tally?.[id] })),
    asOf: asOf === undefined ? undefined : new Date(asOf).toISOString(),
    stale,
    choice,
  });
  const render = (view) => page({ settings, taskId, kind: voting.kind, ...view });
  let draining = false;

  const routes = {
    'GET /healthz': async () => ({ status: 200, type: 'text/plain; charset=utf-8', body: 'ok\n' }),
    'GET /': async ({ url, voter }) => {
      // After a vote the page must have it, so it asks the writer and not a replica.
      const voted = url.searchParams.has('voted');
      const view = await voting.look(voter, { fresh: voted });
      return html(200, render({ ...view, voted: voted && view.choice !== undefined }));
    },
    'POST /vote': async ({ request, voter }) => {
      const choice = requireChoice(new URLSearchParams(await readBody(request)).get('choice'));
      const id = voter ?? randomBytes(16).toString('hex');
      const headers = cookie(request, id);
      try {
        await voting.cast(id, choice);
        return { status: 303, headers: { ...headers, location: '/?voted' }, type: 'text/plain; charset=utf-8', body: 'Counted.\n' };
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        report(error);
        const view = { ...(await voting.look(id)), failed: true };
        return html(503, render(view), { ...headers, 'retry-after': '5' });
      }
    },
    'GET /api/tally': async ({ voter }) => {
      const view = await voting.look(voter);
      return json(view.tally ? 200 : 503, apiTally(view));
    },
    'POST /api/vote': async ({ request, voter }) => {
      const choice = requireChoice(parse(await readBody(request)).choice);
      const id = voter ?? randomBytes(16).toString('hex');
      const known = await voting.cast(id, choice);
      return json(200, apiTally({ ...known, choice, stale: false }), cookie(request, id));
    },
  };

  function requireChoice(choice) {
    if (choices.includes(choice)) return choice;
    throw new HttpError(400, 'BAD_CHOICE', `choice must be one of ${choices.join(', ')}`);
  }

  async function answer(request) {
    const url = targetOf(request);
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const file = method === 'GET' && files[url.pathname];
    if (file) return { status: 200, ...file, headers: { 'cache-control': 'public, max-age=3600' } };
    const handle = routes[`${method} ${url.pathname}`];
    if (!handle) throw new HttpError(404, 'NOT_FOUND', 'There is no such page.');
    // Browsers say where a form was; a page of somebody else must not vote.
    if (method === 'POST' && request.headers['sec-fetch-site'] === 'cross-site') {
      throw new HttpError(403, 'CROSS_SITE', 'Votes come from the page itself.');
    }
    return handle({ request, url, voter: voterOf(request) });
  }

  async function serve(request, response) {
    const reply = await answer(request).catch((error) => failure(error));
    const connection = draining || !request.complete ? { connection: 'close' } : {};
    response.writeHead(reply.status, {
      ...HEADERS,
      'x-task-id': taskId,
      ...reply.headers,
      ...connection,
      'content-type': reply.type,
      'content-length': Buffer.byteLength(reply.body),
    });
    response.end(request.method === 'HEAD' ? undefined : reply.body);
  }

  // An ALB keeps idle connections for 60 s, a Service Connect proxy for 300 s: closing first would be a 502 now and then.
  const limits = { keepAliveTimeout: 310_000, headersTimeout: 10_000, requestTimeout: 15_000 };
  const server = createServer(limits, (request, response) => void serve(request, response));
  return {
    server,
    listen: (port, host) => new Promise((resolve, reject) => server.once('error', reject).listen(port, host, resolve)),
    /** Every answer now says `Connection: close`; the listener follows once the load balancer has had time to look elsewhere. */
    drain: async (waitMs) => {
      draining = true;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await closed;
    },
  };
}

function failure(error) {
  if (error instanceof HttpError) return json(error.status, { error: { code: error.code, message: error.message } });
  report(error);
  if (error instanceof Unavailable) {
    const message = 'Votes cannot be counted right now; please try again in a moment.';
    return json(503, { error: { code: 'UNAVAILABLE', message } }, { 'retry-after': '5' });
  }
  return json(500, { error: { code: 'INTERNAL', message: 'Something went wrong here; it has been logged.' } });
}

function report(error) {
  log('error', error.message, { cause: error.cause?.message, stack: error.cause ? undefined : error.stack });
}

const html = (status, body, headers) => ({ status, headers, type: 'text/html; charset=utf-8', body });
const json = (status, body, headers) => ({ status, headers, type: 'application/json', body: `${JSON.stringify(body)}\n` });

/** One vote for each browser: whoever deletes the cookie may vote again. */
function cookie(request, voter) {
  const secure = request.headers['x-forwarded-proto'] === 'https' ? '; Secure' : '';
  return { 'set-cookie': `voter=${voter}; Path=/; Max-Age=${YEAR_SECONDS}; HttpOnly; SameSite=Lax${secure}` };
}

function targetOf(request) {
  try {
    return new URL(request.url, 'http://service.invalid');
  } catch {
    throw new HttpError(400, 'BAD_REQUEST', 'The request target is not a URL.');
  }
}

function voterOf(request) {
  return /(?:^|;\s*)voter=([0-9a-f]{32})(?:;|$)/.exec(request.headers.cookie ?? '')?.[1];
}

async function readBody(request) {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk;
    if (body.length > BODY_LIMIT) throw new HttpError(413, 'TOO_LARGE', `The body must be at most ${BODY_LIMIT} characters.`);
  }
  return body;
}

function parse(body) {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    throw new HttpError(400, 'BAD_JSON', 'The body must be JSON such as {"choice":"a"}.');
  }
}

module.exports = { createApp };
