import { IpAddress } from '../../common/ip-address';

/** What a provider knows about an address. Everything but the country may be missing. */
export interface Place {
  readonly country: { readonly code: string; readonly name: string };
  readonly region?: string;
  readonly city?: string;
  readonly latitude?: number;
  readonly longitude?: number;
  /** A place on the map is never an address; the radius says how wide of the mark it may be. */
  readonly accuracy?: { readonly approximate: true; readonly radiusKm: number };
  readonly timezone?: string;
  /** The network that shares this answer. */
  readonly network?: string;
  readonly asn?: { readonly number: number; readonly org?: string };
}

export type ProviderName = 'embedded' | 'upstream';

/** A source of places. */
export interface Provider {
  readonly name: ProviderName;
  /** Names the data's build: part of every cache key, so that new data is never answered from an old cache. */
  readonly build: string;
  /** The place of a public address, or undefined if the source knows none. Rejects with ProviderError when it cannot say. */
  lookup(address: IpAddress): Promise<Place | undefined>;
  close(): Promise<void>;
}

/** The source could not be asked; `reason` is one word for logs and metrics. Never cached. */
export class ProviderError extends Error {
  constructor(
    public readonly reason: 'no-key' | 'unauthorized' | 'rate-limited' | 'unavailable' | 'bad-answer',
    message: string,
  ) {
    super(message);
  }
}
