import { LRUCache } from 'lru-cache';
import { Answer, bogonBody, CacheState, placeBody, Timing, unknownBody, withFields } from './answer';
import { bogonKind } from './bogon';
import { SingleFlight } from './single-flight';
import { IpAddress } from '../../common/ip-address';
import { Place, Provider, ProviderError } from '../provider/provider';
import { GuardedStore } from '../store/guarded-store';

const DAY_SECONDS = 24 * 3600;
/** Unknown addresses are asked again soon: a wrong "nothing there" should not last a day. */
const NEGATIVE_SECONDS = 600;
/** How long an answer outlives its freshness for the case that the provider fails. */
const STALE_MS = DAY_SECONDS * 1000;

interface Kept {
  readonly status: 200 | 404;
  readonly body: string;
}

export interface LookupServiceProps {
  readonly provider: Provider;
  /** Answers, marked as degraded, when `provider` cannot. */
  readonly fallback?: Provider;
  /** Shared cache of answers. Left out where asking the provider is cheaper than asking Redis, as with the embedded table. */
  readonly cache?: GuardedStore;
  readonly l1Entries: number;
  readonly l1Seconds: number;
  readonly onProviderError: (error: ProviderError) => void;
  /** The first answer after an error. */
  readonly onProviderBack: () => void;
  readonly now?: () => number;
  readonly random?: () => number;
}

/** The lookup path: memory (which never holds a bogon), bogon table, Redis, provider; each only if the one before has no answer. */
export class LookupService {
  private readonly l1: LRUCache<string, Kept & { freshUntil: number }>;
  private readonly flights = new SingleFlight<Answer>();
  private readonly now: () => number;
  private readonly random: () => number;
  private problem: ProviderError['reason'] | undefined;

  constructor(private readonly props: LookupServiceProps) {
    this.now = props.now ?? Date.now;
    this.random = props.random ?? Math.random;
    this.l1 = new LRUCache({ max: props.l1Entries });
  }

  /** Why answers are degraded at the moment, if they are. */
  get degradedBy(): string | undefined {
    return this.problem;
  }

  async lookup(address: IpAddress): Promise<Answer> {
    const started = performance.now();
    const kept = this.l1.get(address.text);
    const l1: Timing = {
      step: 'l1',
      ms: performance.now() - started,
      outcome: kept && this.now() < kept.freshUntil ? 'HIT' : 'MISS',
    };
    if (kept && l1.outcome === 'HIT') return { status: kept.status, body: kept.body, cache: 'L1', timings: [l1] };
    const kind = bogonKind(address);
    if (kind) return { status: 200, body: bogonBody(address, kind), cache: 'BYPASS', timings: [] };
    const answer = await this.flights.do(address.text, async () => this.beyondMemory(address, kept));
    return { ...answer, timings: [l1, ...answer.timings] };
  }

  private async beyondMemory(address: IpAddress, stale: (Kept & { freshUntil: number }) | undefined): Promise<Answer> {
    const { provider, cache } = this.props;
    const timings: Timing[] = [];
    let state: CacheState = 'BYPASS';
    if (cache) {
      const started = performance.now();
      const read = await cache.read(this.keyOf(address));
      const shared = read.state === 'hit' ? decode(read.value) : undefined;
      const outcome = shared ? 'HIT' : read.state === 'unavailable' ? 'UNAVAILABLE' : 'MISS';
      timings.push({ step: 'redis', ms: performance.now() - started, outcome });
      if (shared) return { ...this.keep(address, shared), cache: 'HIT', timings };
      if (outcome === 'MISS') state = 'MISS';
    }
    const started = performance.now();
    try {
      const place = await provider.lookup(address);
      if (this.problem) this.props.onProviderBack();
      this.problem = undefined;
      timings.push({ step: 'provider', ms: performance.now() - started, outcome: provider.name });
      const fresh = this.keep(address, finished(address, place, provider));
      if (cache) void cache.write(this.keyOf(address), encode(fresh), this.ttlSeconds(fresh.status));
      return { ...fresh, cache: state, timings };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      this.problem = error.reason;
      this.props.onProviderError(error);
      return this.withoutProvider(address, error, stale, { state, timings, started });
    }
  }

  /** The last good answer, else the fallback's; neither is kept, so that the provider is back as soon as it can be. */
  private async withoutProvider(
    address: IpAddress,
    error: ProviderError,
    stale: (Kept & { freshUntil: number }) | undefined,
    { state, timings, started }: { state: CacheState; timings: Timing[]; started: number },
  ): Promise<Answer> {
    if (stale && this.now() < stale.freshUntil + STALE_MS) {
      timings.push({ step: 'provider', ms: performance.now() - started, outcome: error.reason });
      const body = stale.status === 200 ? withFields(stale.body, { stale: true }) : stale.body;
      return { status: stale.status, body, cache: 'L1', timings };
    }
    const { fallback } = this.props;
    if (!fallback) throw error;
    const place = await fallback.lookup(address);
    timings.push({ step: 'provider', ms: performance.now() - started, outcome: `${fallback.name} (${error.reason})` });
    return { ...finished(address, place, fallback, true), cache: state, timings };
  }

  private keyOf(address: IpAddress): string {
    const { name, build } = this.props.provider;
    return `geo:v1:${name}:${build}:${address.text}`;
  }

  private keep(address: IpAddress, kept: Kept): Kept {
    const seconds = kept.status === 200 ? this.props.l1Seconds : Math.min(this.props.l1Seconds, NEGATIVE_SECONDS);
    this.l1.set(address.text, { ...kept, freshUntil: this.now() + seconds * 1000 });
    return kept;
  }

  /** A day, give or take a tenth: answers that came in together must not all expire together. */
  private ttlSeconds(status: Kept['status']): number {
    return Math.round((status === 200 ? DAY_SECONDS : NEGATIVE_SECONDS) * (0.9 + 0.2 * this.random()));
  }
}

function finished(address: IpAddress, place: Place | undefined, provider: Provider, degraded = false): Kept {
  if (!place) return { status: 404, body: unknownBody() };
  return { status: 200, body: placeBody(address, place, provider.name, degraded) };
}

function encode(kept: Kept): string {
  return `${kept.status} ${kept.body}`;
}

/** Whatever else stands under the key is no answer of ours. */
function decode(value: string): Kept | undefined {
  const found = /^(200|404) (\{.*\})$/s.exec(value);
  return found ? { status: found[1] === '200' ? 200 : 404, body: found[2] } : undefined;
}
