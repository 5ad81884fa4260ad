import { Answer } from './http-client';
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

export interface StreamResult {
  readonly asked: number;
  readonly failures: readonly string[];
}

/** A bounded, steady stream of lookups by several clients; `while` runs in the middle of it. */
export async function streamDuring(
  visitor: Visitor,
  addresses: Iterator<string>,
  during: () => Promise<void>,
): Promise<StreamResult> {
  const failures: string[] = [];
  let asked = 0;
  let running = true;
  const client = async () => {
    while (running && asked < 2000) {
      asked++;
      try {
        await lookup(visitor, String(addresses.next().value));
      } catch (error) {
        failures.push((error as Error).message);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const clients = Array.from({ length: 4 }, client);
  try {
    await new Promise((resolve) => setTimeout(resolve, 500));
    await during();
    await new Promise((resolve) => setTimeout(resolve, 1000));
  } finally {
    running = false;
    await Promise.all(clients);
  }
  return { asked, failures };
}

function placeOf(answer: Answer): Place {
  const { result } = JSON.parse(answer.body) as { result?: Place };
  expect(result !== undefined, `no result in ${answer.body.slice(0, 200)}`);
  return result;
}
