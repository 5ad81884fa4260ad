import { Pool } from 'undici';
import { ApiKeySource } from './api-key';
import { Place, Provider, ProviderError } from './provider';
import { placeFromAnswer } from './upstream-answer';
import { Breaker } from '../../common/breaker';
import { IpAddress } from '../../common/ip-address';
import { USER_AGENT } from '../../common/user-agent';

const ATTEMPTS = 2;
const MAX_ANSWER_BYTES = 64 * 1024;
const DEFAULT_PAUSE_SECONDS = 30;
const REFUSED_PAUSE_SECONDS = 30;
const MAX_PAUSE_SECONDS = 3600;

interface Response {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

export interface UpstreamProviderProps {
  /** Base address of an API that speaks ipgeolocation.io's v3. */
  readonly url: string;
  readonly keys: ApiKeySource;
  readonly timeoutMs?: number;
  readonly now?: () => number;
}

/**
 * A metered geolocation API. It is asked sparingly: one retry, no call while it has asked for a pause, and none for a while after
 * it kept failing. The key travels in the query, so no error and no log line here ever contains a URL.
 */
export class UpstreamProvider implements Provider {
  readonly name = 'upstream';
  readonly build = 'v3';
  private readonly pool: Pool;
  private readonly basePath: string;
  private readonly timeoutMs: number;
  private readonly now: () => number;
  private readonly breaker: Breaker;
  private pause: { readonly until: number; readonly reason: ProviderError['reason'] } | undefined;

  constructor(private readonly props: UpstreamProviderProps) {
    const url = new URL(props.url);
    this.basePath = url.pathname.replace(/\/$/, '');
    this.timeoutMs = props.timeoutMs ?? 2000;
    this.now = props.now ?? Date.now;
    this.breaker = new Breaker({ failures: 5, openMs: 10_000, now: this.now });
    this.pool = new Pool(url.origin, { connections: 16, keepAliveTimeout: 4000, connectTimeout: this.timeoutMs });
  }

  async lookup(address: IpAddress): Promise<Place | undefined> {
    if (this.pause && this.now() < this.pause.until) {
      throw new ProviderError(this.pause.reason, 'the upstream is not asked for a while');
    }
    const key = await this.props.keys.current();
    if (key === undefined) throw new ProviderError('no-key', 'there is no API key');
    const response = await this.ask(address, key);
    if (response.status !== 401) return this.understand(response);
    await this.props.keys.refresh();
    const renewed = await this.props.keys.current();
    return this.understand(renewed === undefined || renewed === key ? response : await this.ask(address, renewed));
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private understand({ status, retryAfter, body }: Response): Place | undefined {
    if (status === 200) {
      const place = placeFromAnswer(parse(body));
      if (!place) throw new ProviderError('bad-answer', 'the upstream answered without a country');
      return place;
    }
    // The API's own words for "no such place": unknown, reserved and private addresses.
    if (status === 400 || status === 404 || status === 423) return undefined;
    if (status === 401 || status === 403) {
      // Asking again with the same key would only make every lookup wait for the same refusal.
      this.pauseFor(REFUSED_PAUSE_SECONDS, 'unauthorized');
      throw new ProviderError('unauthorized', `the upstream refused the API key with ${status}`);
    }
    if (status !== 429) throw new ProviderError('unavailable', `the upstream answered ${status}`);
    this.pauseFor(pauseSeconds(retryAfter, this.now()), 'rate-limited');
    throw new ProviderError('rate-limited', 'the upstream is rate limiting');
  }

  private pauseFor(seconds: number, reason: ProviderError['reason']): void {
    this.pause = { until: this.now() + seconds * 1000, reason };
  }

  /** One answer below 500, with one retry. */
  private async ask(address: IpAddress, key: string): Promise<Response> {
    let failure = '';
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (!this.breaker.allows()) throw new ProviderError('unavailable', 'the upstream has failed repeatedly and is left alone');
      try {
        const response = await this.send(address, key);
        // A server error is worth the retry, unless the server says when to come back.
        if (response.status < 499) {
          this.breaker.success();
          return response;
        }
        failure = `the upstream answered ${response.status}`;
        if (response.retryAfter !== undefined) {
          this.breaker.failure();
          this.pauseFor(pauseSeconds(response.retryAfter, this.now()), 'unavailable');
          break;
        }
      } catch (error) {
        if (error instanceof ProviderError) throw error;
        failure = `the upstream cannot be reached: ${errorName(error)}`;
      }
      this.breaker.failure();
    }
    throw new ProviderError('unavailable', failure);
  }

  private async send(address: IpAddress, key: string): Promise<Response> {
    const query = new URLSearchParams({ apiKey: key, ip: address.text });
    const { statusCode, headers, body } = await this.pool.request({
      path: `${this.basePath}/v3/ipgeo?${query}`,
      method: 'GET',
      headers: { accept: 'application/json', ...USER_AGENT },
      signal: AbortSignal.timeout(this.timeoutMs),
    });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      // Leaving the loop destroys the stream, so the rest is never received.
      if (size > MAX_ANSWER_BYTES) {
        throw new ProviderError('bad-answer', `the upstream answered more than ${MAX_ANSWER_BYTES} bytes`);
      }
      chunks.push(chunk);
    }
    return {
      status: statusCode,
      retryAfter: [headers['retry-after'] ?? []].flat()[0],
      body: Buffer.concat(chunks).toString('utf8'),
    };
  }
}

/** Retry-After is seconds or a date; without either, half a minute. */
function pauseSeconds(header: string | undefined, now: number): number {
  if (header === undefined) return DEFAULT_PAUSE_SECONDS;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1000;
  if (Number.isNaN(seconds)) return DEFAULT_PAUSE_SECONDS;
  return Math.min(Math.max(Math.ceil(seconds), 1), MAX_PAUSE_SECONDS);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new ProviderError('bad-answer', 'the upstream answered something that is not JSON');
  }
}

/** Never the message: undici's may quote the path, and the path holds the key. */
function errorName(error: unknown): string {
  const { code, name } = error as { code?: string; name?: string };
  return code ?? name ?? 'unknown error';
}
