import { gunzipSync } from 'node:zlib';
import { IpAddress } from '../../common/ip-address';

interface Header {
  readonly format: number;
  readonly build: string;
  readonly places: number;
  readonly v4: { readonly bits: number; readonly runs: number };
  readonly v6: { readonly bits: number; readonly runs: number };
  readonly radiusStepsKm: number[];
  readonly exact: [network: string, place: number][];
  readonly sections: [name: string, bytes: number][];
}

/** Neighbouring blocks with one place, sorted by their first block. Place 0 means that nothing is known. */
interface Runs {
  readonly bits: number;
  readonly starts: Uint32Array;
  readonly places: Uint32Array;
  readonly steps: Uint8Array;
}

/** A network that keeps the full database's answer although its block mostly is elsewhere. */
interface Island {
  readonly address: IpAddress;
  readonly bits: number;
  readonly place: number;
}

export interface TableEntry {
  readonly country: string;
  readonly region: string;
  readonly city: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly radiusKm: number;
  readonly network: string;
}

/** The table that `data/build.mjs` writes, held as typed arrays and searched by bisection. The layout is told there. */
export class LookupTable {
  public static load(gzipped: Buffer): LookupTable {
    const raw = gunzipSync(gzipped);
    const headerBytes = raw.readUInt32LE(0);
    const header = JSON.parse(raw.toString('utf8', 4, 4 + headerBytes)) as Header;
    if (header.format !== 1) throw new Error(`the lookup table must have format 1, got ${header.format}; run data/build.mjs again`);
    const sections = new Map<string, Buffer>();
    let at = 4 + headerBytes;
    for (const [name, bytes] of header.sections) {
      sections.set(name, raw.subarray(at, at + bytes));
      at += bytes;
    }
    return new LookupTable(header, sections);
  }

  readonly build: string;
  readonly places: number;
  private readonly radiusSteps: number[];
  private readonly text: { countries: string[]; regions: string[]; cities: string[] };
  private readonly columns: { country: Uint32Array; region: Uint32Array; lat: Uint32Array; lon: Uint32Array };
  private readonly runs: { 4: Runs; 6: Runs };
  private readonly islands: Island[];

  private constructor(header: Header, sections: Map<string, Buffer>) {
    const section = (name: string): Buffer => sections.get(name) ?? Buffer.alloc(0);
    const numbers = (name: string, count: number): Uint32Array => readVarints(section(name), count);
    const runs = (version: 'v4' | 'v6'): Runs => {
      const { bits, runs: count } = header[version];
      const starts = numbers(`${version}Start`, count);
      for (let i = 1; i < count; i++) starts[i] += starts[i - 1];
      return { bits, starts, places: numbers(`${version}Place`, count), steps: Uint8Array.from(numbers(`${version}Step`, count)) };
    };
    this.build = header.build;
    this.places = header.places;
    this.radiusSteps = header.radiusStepsKm;
    this.text = { countries: lines(section('countries')), regions: lines(section('regions')), cities: lines(section('cities')) };
    this.columns = {
      country: numbers('placeCountry', header.places),
      region: numbers('placeRegion', header.places),
      lat: numbers('placeLat', header.places),
      lon: numbers('placeLon', header.places),
    };
    this.runs = { 4: runs('v4'), 6: runs('v6') };
    this.islands = header.exact.flatMap(island);
  }

  find(address: IpAddress): TableEntry | undefined {
    const exact = this.islands.find((candidate) => address.sharesPrefix(candidate.address, candidate.bits));
    if (exact) return this.entry(exact.place, 0, address.network(exact.bits));
    const runs = this.runs[address.version];
    const index = lastAtMost(runs.starts, address.leadingBits(runs.bits));
    const place = index < 0 ? 0 : runs.places[index];
    return place === 0 ? undefined : this.entry(place, runs.steps[index], address.network(runs.bits));
  }

  private entry(number: number, step: number, network: string): TableEntry {
    const place = number - 1;
    return {
      country: this.text.countries[this.columns.country[place]],
      region: this.text.regions[this.columns.region[place]],
      city: this.text.cities[place],
      latitude: (this.columns.lat[place] - 9000) / 100,
      longitude: (this.columns.lon[place] - 18000) / 100,
      radiusKm: this.radiusSteps[step],
      network,
    };
  }
}

function island([network, place]: [string, number]): Island[] {
  const [text, bits] = network.split('/');
  const address = IpAddress.parse(text);
  return address ? [{ address, bits: Number(bits), place }] : [];
}

function lines(bytes: Buffer): string[] {
  return bytes.toString('utf8').split('\n');
}

function readVarints(bytes: Buffer, count: number): Uint32Array {
  const numbers = new Uint32Array(count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    let unit = 1;
    let byte = bytes[at++];
    while (byte > 127) {
      numbers[i] += (byte - 128) * unit;
      unit *= 128;
      byte = bytes[at++];
    }
    numbers[i] += byte * unit;
  }
  return numbers;
}

/** Index of the last start that is not beyond `block`, or -1. */
function lastAtMost(starts: Uint32Array, block: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (starts[middle] <= block) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
