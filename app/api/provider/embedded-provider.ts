import lookupTimezone from '@photostructure/tz-lookup';
import { countryName } from './country-name';
import { LookupTable } from './lookup-table';
import { Place, Provider } from './provider';
import { IpAddress } from '../../common/ip-address';

/** Answers from the table in the image: no key, no network, no cost, and an honest radius. */
export class EmbeddedProvider implements Provider {
  readonly name = 'embedded';
  readonly build: string;

  constructor(private readonly table: LookupTable) {
    this.build = table.build;
  }

  async lookup(address: IpAddress): Promise<Place | undefined> {
    const entry = this.table.find(address);
    if (!entry) return undefined;
    return {
      country: { code: entry.country, name: countryName(entry.country) },
      region: entry.region || undefined,
      city: entry.city || undefined,
      latitude: entry.latitude,
      longitude: entry.longitude,
      accuracy: { approximate: true, radiusKm: entry.radiusKm },
      timezone: lookupTimezone(entry.latitude, entry.longitude),
      network: entry.network,
    };
  }

  async close(): Promise<void> {
    // nothing is held
  }
}
