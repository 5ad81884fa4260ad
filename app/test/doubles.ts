import { Place, Provider, ProviderName } from '../api/provider/provider';
import { KeyValueStore } from '../api/store/key-value-store';
import { IpAddress } from '../common/ip-address';
import { Log } from '../common/log';

export const SYDNEY: Place = {
  country: { code: 'AU', name: 'Australia' },
  city: 'Sydney',
  latitude: -33.87,
  longitude: 151.21,
  accuracy: { approximate: true, radiusKm: 25 },
};

/** A provider that answers as it is told to, and counts. */
export class FakeProvider implements Provider {
  readonly build = 'test';
  calls = 0;

  constructor(readonly name: ProviderName = 'upstream') {}

  answer: () => Promise<Place | undefined> = async () => SYDNEY;

  async lookup(): Promise<Place | undefined> {
    this.calls++;
    return this.answer();
  }

  async close(): Promise<void> {
    // nothing is held
  }
}

/** A store in memory that can be told to fail. */
export class MemoryStore implements KeyValueStore {
  readonly data = new Map<string, { value: string; ttlSeconds: number }>();
  readonly connected = true;
  failing = false;
  calls = 0;

  async get(key: string): Promise<string | undefined> {
    this.called();
    return this.data.get(key)?.value;
  }

  async set(key: string, value: string, ttlSeconds: number): Promise<void> {
    this.called();
    this.data.set(key, { value, ttlSeconds });
  }

  async increment(key: string, by: number, ttlSeconds: number): Promise<void> {
    this.called();
    this.data.set(key, { value: String(Number(this.data.get(key)?.value ?? 0) + by), ttlSeconds });
  }

  async ping(): Promise<void> {
    this.called();
  }

  async close(): Promise<void> {
    // nothing is held
  }

  private called(): void {
    this.calls++;
    if (this.failing) throw new Error('the store is away');
  }
}

/** A log whose lines a test can read. */
export function recordingLog(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  return { log: new Log({ service: 'test' }, (line) => void lines.push(line)), lines };
}

/** A clock that moves only when told. */
export function fakeClock(start = Date.UTC(2026, 0, 1)): { now: () => number; advance: (ms: number) => void } {
  let time = start;
  return { now: () => time, advance: (ms) => (time += ms) };
}

export function ip(text: string): IpAddress {
  const address = IpAddress.parse(text);
  if (!address) throw new Error(`${text} is not an address`);
  return address;
}
