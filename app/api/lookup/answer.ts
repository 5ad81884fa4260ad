import { errorBody } from '../../common/http';
import { IpAddress } from '../../common/ip-address';
import { Place, ProviderName } from '../provider/provider';

/** Where an answer came from: this task's memory, Redis, the provider after Redis had nothing, or the provider without Redis. */
export type CacheState = 'L1' | 'HIT' | 'MISS' | 'BYPASS';

/** One step of a lookup, for `Server-Timing`. */
export interface Timing {
  readonly step: 'l1' | 'redis' | 'provider';
  readonly ms: number;
  readonly outcome: string;
}

/** A finished lookup. `body` is serialised: that is what the caches hold. */
export interface Answer {
  readonly status: 200 | 404;
  readonly body: string;
  readonly cache: CacheState;
  readonly timings: Timing[];
}

/** DB-IP's licence asks for this next to every use of its data. */
const ATTRIBUTION = { text: 'IP Geolocation by DB-IP', url: 'https://db-ip.com', license: 'CC BY 4.0' };

export function placeBody(address: IpAddress, place: Place, source: ProviderName, degraded = false): string {
  return JSON.stringify({
    ip: address.text,
    version: address.version,
    ...place,
    source,
    degraded: degraded || undefined,
    attribution: source === 'embedded' ? ATTRIBUTION : undefined,
  });
}

export function bogonBody(address: IpAddress, kind: string): string {
  return JSON.stringify({ ip: address.text, version: address.version, bogon: true, kind });
}

export function unknownBody(): string {
  return JSON.stringify(errorBody('IP_ADDRESS_NOT_FOUND', 'The data has no place for this address.'));
}

/** Adds fields that depend on the request, without parsing a body that came from a cache. */
export function withFields(body: string, fields: Record<string, string | boolean>): string {
  return `${body.slice(0, -1)},${JSON.stringify(fields).slice(1)}`;
}
