import { clientAddress } from '../common/client-address';
import { errorBody, Exchange, HttpError, json, JSON_TYPE, jsonText, readBody, Reply, Route } from '../common/http';
import { IpAddress } from '../common/ip-address';
import { Answer } from './lookup/answer';
import { LookupService } from './lookup/lookup-service';

const MAX_BODY_BYTES = 16 * 1024;
const MAX_ADDRESSES = 100;
/** A bulk request must not take all of the upstream's connections at once. */
const BULK_CONCURRENCY = 8;
const MAX_ECHO = 64;

export interface LookupRoutesProps {
  readonly lookups: LookupService;
  readonly trustedHops: number;
  /** Called once for each answered address. */
  readonly onAnswer: (answer: Answer) => void;
}

/** The public endpoints. */
export function lookupRoutes(props: LookupRoutesProps): Route[] {
  const one = async (address: IpAddress | undefined, problem: () => HttpError): Promise<Reply> => {
    if (!address) throw problem();
    const started = performance.now();
    const answer = await props.lookups.lookup(address);
    props.onAnswer(answer);
    return singleReply(answer, performance.now() - started);
  };
  return [
    {
      method: 'GET',
      path: '/v1/lookup/{ip}',
      handle: async ({ params }) => one(IpAddress.parse(params.ip), invalidAddress),
    },
    {
      method: 'GET',
      path: '/v1/self',
      handle: async ({ request }) => one(clientAddress(request, props.trustedHops), requiredAddress),
    },
    { method: 'POST', path: '/v1/lookup', handle: async (exchange) => bulk(props, exchange) },
  ];
}

async function bulk(props: LookupRoutesProps, { request }: Exchange): Promise<Reply> {
  const ips = parseBulk(await readBody(request, MAX_BODY_BYTES));
  const results: string[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < ips.length) {
      const index = next++;
      results[index] = await bulkItem(props, ips[index]);
    }
  };
  await Promise.all(Array.from({ length: BULK_CONCURRENCY }, work));
  return jsonText(200, `{"results":[${results.join(',')}]}`);
}

/** One item as JSON text. It repeats the address as it was asked, for clients that do not count. */
async function bulkItem(props: LookupRoutesProps, ip: unknown): Promise<string> {
  const asked = typeof ip === 'string' ? ip.slice(0, MAX_ECHO) : null;
  const address = typeof ip === 'string' ? IpAddress.parse(ip) : undefined;
  if (!address) {
    const { status, code, message } = invalidAddress();
    return JSON.stringify({ ip: asked, status, ...errorBody(code, message) });
  }
  const answer = await props.lookups.lookup(address);
  props.onAnswer(answer);
  const head = JSON.stringify({ ip: asked, status: answer.status, cache: answer.cache }).slice(0, -1);
  return answer.status === 200 ? `${head},"result":${answer.body}}` : `${head},${answer.body.slice(1)}`;
}

function parseBulk(body: string): unknown[] {
  const invalid = new HttpError(400, 'BODY_INVALID', 'The body must be {"ips":["8.8.8.8", ...]}.');
  let ips: unknown;
  try {
    ips = (JSON.parse(body) as { ips?: unknown } | null)?.ips;
  } catch {
    throw invalid;
  }
  if (!Array.isArray(ips)) throw invalid;
  if (ips.length > MAX_ADDRESSES) {
    throw new HttpError(422, 'TOO_MANY_ADDRESSES', `At most ${MAX_ADDRESSES} addresses in one request, got ${ips.length}.`);
  }
  return ips as unknown[];
}

/**
 * Written out: rendering one field as JSON, spreading headers and joining a list was most of what an answer from memory cost beyond
 * the server itself.
 */
function singleReply({ status, body, cache, timings }: Answer, totalMs: number): Reply {
  let steps = '';
  for (const { step, ms, outcome } of timings) steps += `${step};desc="${outcome}";dur=${ms.toFixed(3)}, `;
  const headers = {
    'content-type': JSON_TYPE,
    'x-cache': cache,
    'server-timing': `${steps}total;dur=${totalMs.toFixed(3)}`,
  };
  return { status, headers, body: `${body.slice(0, -1)},"cache":"${cache}"}` };
}

function invalidAddress(): HttpError {
  return new HttpError(400, 'IP_ADDRESS_INVALID', 'This is not an IPv4 or IPv6 address.');
}

function requiredAddress(): HttpError {
  return new HttpError(400, 'IP_ADDRESS_REQUIRED', 'Your address cannot be told from this request; ask /v1/lookup/{ip} instead.');
}

export function renderError(error: HttpError): Reply {
  return json(error.status, errorBody(error.code, error.message), error.headers);
}
