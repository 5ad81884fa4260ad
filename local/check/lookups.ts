import { Answer } from './http-client';
import { LoadResult, underLoad } from './steady-load';
import { expect, Visitor } from './visitor';

export interface Place {
  readonly ip: string;
  readonly version: number;
  readonly country?: { readonly code: string };
  readonly city?: string;
  readonly source: string;
}

export interface LookupResult {
  readonly place: Place;
  /** L1, HIT, MISS or BYPASS, as the API says it. */
  readonly cache: string;
}

/** One lookup through the front door, as a program asks for it. */
export async function lookup(visitor: Visitor, ip: string): Promise<LookupResult> {
  const answer = await visitor.front(`/?ip=${encodeURIComponent(ip)}`, { accept: 'application/json' });
  expect(answer.status === 200, `${ip}: the front door answered ${answer.status}: ${answer.body.slice(0, 200)}`);
  return { place: placeOf(answer), cache: String(answer.headers['x-cache'] ?? '') };
}

/** Public addresses, none asked twice, so that no cache can hide a failure. */
export function* publicAddresses(): Generator<string> {
  for (let i = 0; ; i++) {
    const [third, fourth] = [Math.floor(i / 256) % 256, i % 256];
    yield `8.${8 + (Math.floor(i / 65_536) % 200)}.${third}.${fourth}`;
  }
}

/** A bounded, steady stream of lookups; `during` runs in the middle of it. */
export function streamDuring(visitor: Visitor, addresses: Iterator<string>, during: () => Promise<void>): Promise<LoadResult> {
  const once = async () => {
    await lookup(visitor, String(addresses.next().value));
  };
  return underLoad(10, once, during);
}

function placeOf(answer: Answer): Place {
  const { result } = JSON.parse(answer.body) as { result?: Place };
  expect(result !== undefined, `no result in ${answer.body.slice(0, 200)}`);
  return result;
}
