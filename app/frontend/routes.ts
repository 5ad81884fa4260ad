import { ApiClient, ApiUnavailable, Lookup } from './api-client';
import { Hop, hopsOf } from './path-hops';
import { StaticFiles } from './static-files';
import { clientAddress } from '../common/client-address';
import { errorBody, Exchange, HttpError, json, Reply, text } from '../common/http';
import { TaskIdentity } from '../common/task-identity';
import { page } from './view/page';
import { plainAnswer } from './view/plain-answer';

export const PAGE_CSP = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

const MAX_ASKED = 64;

export interface LookupPageProps {
  readonly api: ApiClient;
  readonly files: StaticFiles;
  readonly trustedHops: number;
  readonly task: TaskIdentity;
  readonly onOutage: (error: ApiUnavailable) => void;
}

type Format = 'html' | 'json' | 'text';

/** `GET /`: one answer in three forms, for browsers, programs and terminals. */
export class LookupPage {
  constructor(private readonly props: LookupPageProps) {}

  readonly handle = async ({ request, url }: Exchange): Promise<Reply> => {
    const started = performance.now();
    const { api, trustedHops, task } = this.props;
    const asked = (url.searchParams.get('ip') ?? clientAddress(request, trustedHops)?.text ?? '').trim().slice(0, MAX_ASKED);
    const format = formatFor(request.headers.accept, request.headers['user-agent']);
    // The health row is for people; the other forms need not wait for it.
    const health = format === 'html' ? api.readHealth() : undefined;
    let lookup: Lookup | undefined;
    let outage: ApiUnavailable | undefined;
    try {
      lookup = asked === '' ? undefined : await api.lookup(asked);
    } catch (error) {
      if (!(error instanceof ApiUnavailable)) throw error;
      outage = error;
      this.props.onOutage(error);
    }
    const total = performance.now() - started;
    const frontendMs = total - (lookup?.roundTripMs ?? 0);
    const hops = hopsOf({ lookup, outage: outage !== undefined, frontendTask: task.id, behindProxy: trustedHops > 0, frontendMs });
    const status = outage?.status ?? lookup?.status ?? 200;
    const headers = answerHeaders(lookup, outage, total);
    if (format === 'json') return json(status, jsonAnswer(lookup, outage, hops), headers);
    if (format === 'text') {
      return text(status, lookup ? plainAnswer(lookup) : `${outage ? apology(outage) : 'Add ?ip= and an address.'}\n`, headers);
    }
    const body = page({ files: this.props.files, asked, lookup, hops, health: await health!, outage: outage && apology(outage) });
    return {
      status,
      headers: { ...headers, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': PAGE_CSP },
      body,
    };
  };
}

function formatFor(accept = '', userAgent = ''): Format {
  if (/\btext\/html\b/.test(accept)) return 'html';
  if (/\bapplication\/json\b/.test(accept)) return 'json';
  if (/\btext\/plain\b/.test(accept) || /^(curl|wget|httpie|xh)\b/i.test(userAgent)) return 'text';
  return 'html';
}

function answerHeaders(lookup: Lookup | undefined, outage: ApiUnavailable | undefined, totalMs: number): Record<string, string> {
  const headers: Record<string, string> = { vary: 'accept, user-agent', 'server-timing': `frontend;dur=${totalMs.toFixed(3)}` };
  if (lookup) headers['x-cache'] = lookup.cache;
  if (outage) headers['retry-after'] = '5';
  return headers;
}

function jsonAnswer(lookup: Lookup | undefined, outage: ApiUnavailable | undefined, path: Hop[]): unknown {
  if (outage) return { ...errorBody('API_UNAVAILABLE', apology(outage)), path };
  if (!lookup) return errorBody('IP_ADDRESS_REQUIRED', 'Add ?ip= and an address.');
  return lookup.error ? { error: lookup.error, path } : { result: lookup.body, path };
}

function apology({ status }: ApiUnavailable): string {
  return status === 504 ? 'The lookup service takes too long to answer.' : 'The lookup service cannot be reached.';
}

/** Errors outside the page: short, and in the form that was asked for as far as that is known. */
export function renderError(error: HttpError, accept: string | undefined): Reply {
  if (formatFor(accept) === 'json') return json(error.status, errorBody(error.code, error.message), error.headers);
  return text(error.status, `${error.message}\n`, error.headers);
}
