import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { GeoAnswer, readGeoAnswer } from './geo-answer';
import { USER_AGENT } from '../common/user-agent';

/** A lookup as the API answered it, with what its headers tell about the way. */
export interface Lookup {
  readonly status: number;
  readonly answer: GeoAnswer;
  /** The API's own explanation of an answer that is not a place. */
  readonly error?: { readonly code: string; readonly message: string };
  readonly cache: string;
  readonly taskId: string;
  readonly steps: readonly Step[];
  readonly roundTripMs: number;
  /** The API's body, for clients that want JSON. */
  readonly body: unknown;
}

/** One entry of the API's `Server-Timing`. */
export interface Step {
  readonly name: string;
  readonly outcome: string;
  readonly ms: number;
}

/** How the services behind the page are; `unknown` where the API does not say. */
export interface Health {
  readonly api: 'up' | 'down';
  readonly redis: 'up' | 'degraded' | 'none' | 'unknown';
  readonly provider: string;
  readonly degradedBy?: string;
}

/** The API gave no usable answer; `status` is what the page should say. */
export class ApiUnavailable extends Error {
  constructor(
    public readonly status: 502 | 503 | 504,
    message: string,
  ) {
    super(message);
  }
}

const MAX_ANSWER_BYTES = 64 * 1024;
const HEALTH_TTL_MS = 2000;
/** Before the second and each further attempt, in the mean: over a second, in which ECS takes a lost task out of the load balancer. */
const RETRY_PAUSES_MS = [40, 160, 320, 640];

/**
 * Asks the API through one keep-alive pool: the built-in fetch costs five to ten times the CPU. Connections idle for 4 s are
 * closed from this side, well before the load balancer's 60 s could cut one that is about to be used.
 */
export class ApiClient {
  private readonly pool: Pool;
  private readonly basePath: string;
  private health: { until: number; value: Promise<Health> } | undefined;

  constructor(
    url: string,
    private readonly timeoutMs = 6000,
  ) {
    const base = new URL(url);
    this.basePath = base.pathname.replace(/\/$/, '');
    this.pool = new Pool(base.origin, { connections: 32, keepAliveTimeout: 4000, connectTimeout: 2000 });
  }

  async lookup(ip: string): Promise<Lookup> {
    const started = performance.now();
    const { status, headers, text } = await this.get(`/v1/lookup/${encodeURIComponent(ip)}`, this.timeoutMs);
    const roundTripMs = performance.now() - started;
    if (status >= 500 || status === 429) throw new ApiUnavailable(status === 503 ? 503 : 502, `the API answered ${status}`);
    const body = parse(text);
    return {
      status,
      answer: readGeoAnswer(body, ip),
      error: readError(body),
      cache: token(headers['x-cache']) ?? 'unknown',
      taskId: token(headers['x-task-id']) ?? 'unknown',
      steps: readSteps(headers['server-timing'] ?? ''),
      roundTripMs,
      body,
    };
  }

  /** Never rejects; asked at most every two seconds, however many pages are read. */
  async readHealth(): Promise<Health> {
    if (!this.health || Date.now() >= this.health.until) {
      this.health = { until: Date.now() + HEALTH_TTL_MS, value: this.askHealth() };
    }
    return this.health.value;
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private async askHealth(): Promise<Health> {
    try {
      const { status, text } = await this.get('/readyz', 1000);
      const body = (status === 200 || status === 503 ? parse(text) : {}) as {
        redis?: { status?: string };
        provider?: { name?: string; degradedBy?: string };
      };
      const redis = (['up', 'degraded', 'none'] as const).find((state) => state === body.redis?.status) ?? 'unknown';
      return { api: 'up', redis, provider: token(body.provider?.name) ?? 'unknown', degradedBy: token(body.provider?.degradedBy) };
    } catch {
      return { api: 'down', redis: 'unknown', provider: 'unknown' };
    }
  }

  /**
   * A GET can be asked again: when the other side closed the connection in the moment of its reuse, or when the load balancer lost the
   * task that it had chosen. It learns of a lost task only after a while, and may choose it again; hence more than one retry, with pauses.
   */
  private async get(path: string, timeoutMs: number): Promise<{ status: number; headers: Record<string, string>; text: string }> {
    const signal = AbortSignal.timeout(timeoutMs);
    for (const pauseMs of RETRY_PAUSES_MS) {
      try {
        const answer = await this.getOnce(path, signal);
        if (answer.status !== 502) return answer;
      } catch (error) {
        if (!isReset(error)) throw unavailable(error);
      }
      await pause(pauseMs * (0.5 + Math.random()));
    }
    try {
      return await this.getOnce(path, signal);
    } catch (error) {
      throw unavailable(error);
    }
  }

  private async getOnce(
    path: string,
    signal: AbortSignal,
  ): Promise<{ status: number; headers: Record<string, string>; text: string }> {
    const { statusCode, headers, body } = await this.pool.request({
      path: this.basePath + path,
      method: 'GET',
      headers: { accept: 'application/json', ...USER_AGENT },
      signal,
    });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_ANSWER_BYTES) throw new ApiUnavailable(502, 'the API answered too much');
      chunks.push(chunk);
    }
    const flat = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]));
    return { status: statusCode, headers: flat, text: Buffer.concat(chunks).toString('utf8') };
  }
}

function isReset(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}

function unavailable(error: unknown): ApiUnavailable {
  if (error instanceof ApiUnavailable) return error;
  const { name, code, message } = error as { name?: string; code?: string; message?: string };
  if (name === 'TimeoutError') return new ApiUnavailable(504, 'the API did not answer in time');
  return new ApiUnavailable(502, `the API cannot be reached: ${code ?? message ?? 'unknown error'}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiUnavailable(502, 'the API answered something that is not JSON');
  }
}

function readError(body: unknown): Lookup['error'] {
  const { error } = (body ?? {}) as { error?: { code?: unknown; message?: unknown } };
  if (typeof error?.code !== 'string' || typeof error.message !== 'string') return undefined;
  return { code: error.code.slice(0, 60), message: error.message.slice(0, 200) };
}

/** Header values that go back out as header values or as text. */
function token(value: string | undefined): string | undefined {
  return value && /^[\w.:/-]{1,128}$/.test(value) ? value : undefined;
}

function readSteps(header: string): Step[] {
  const entries = header.slice(0, 1000).matchAll(/(\w+)(?:;desc="([\w ()-]*)")?;dur=([\d.]+)/g);
  return [...entries].map(([, name, outcome, ms]) => ({ name, outcome: outcome ?? '', ms: Number(ms) }));
}
