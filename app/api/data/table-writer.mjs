import { gzipSync } from 'node:zlib';
import { RADIUS_STEPS_KM } from './runs.mjs';

/**
 * Serialises the table. Layout before gzip: header length (uint32 LE), header JSON, then the header's sections back to back.
 * Numbers are stored column by column as LEB128 varints, which is what lets gzip find their repetitions; `../lookup-table.ts`
 * reads it. Places are numbered by how often runs use them, 0 being "nothing known here", so that frequent ones are one byte.
 */
export function writeTable({ build, places, exact, v4, v6 }) {
  const used = numberPlaces(places, [...v4.runs, ...v6.runs, ...exact]);
  const countries = [...new Set(used.map((place) => place.country))].sort();
  const regions = [...new Set(used.map((place) => place.region))].sort();
  const countryIds = new Map(countries.map((name, index) => [name, index]));
  const regionIds = new Map(regions.map((name, index) => [name, index]));
  const sections = {
    countries: text(countries),
    regions: text(regions),
    cities: text(used.map((place) => place.city)),
    placeCountry: varints(used.map((place) => countryIds.get(place.country))),
    placeRegion: varints(used.map((place) => regionIds.get(place.region))),
    placeLat: varints(used.map((place) => place.lat + 9000)),
    placeLon: varints(used.map((place) => place.lon + 18000)),
    v4Start: varints(deltas(v4.runs)),
    v4Place: varints(v4.runs.map((run) => run.number)),
    v4Step: varints(v4.runs.map((run) => run.step)),
    v6Start: varints(deltas(v6.runs)),
    v6Place: varints(v6.runs.map((run) => run.number)),
    v6Step: varints(v6.runs.map((run) => run.step)),
  };
  const summary = {
    format: 1,
    build,
    places: used.length,
    v4: { bits: v4.bits, runs: v4.runs.length },
    v6: { bits: v6.bits, runs: v6.runs.length },
  };
  const header = Buffer.from(
    JSON.stringify({
      ...summary,
      radiusStepsKm: RADIUS_STEPS_KM,
      exact: exact.map(({ network, number }) => [network, number]),
      sections: Object.entries(sections).map(([name, bytes]) => [name, bytes.length]),
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const raw = Buffer.concat([length, header, ...Object.values(sections)]);
  const bytes = gzipSync(raw, { level: 9 });
  bytes[9] = 255; // the header's "operating system" byte: unknown, or a build on another system would differ
  return { bytes, summary: { ...summary, rawBytes: raw.length, gzipBytes: bytes.length } };
}

function numberPlaces(places, runs) {
  const uses = new Map();
  for (const run of runs) {
    if (run.place !== undefined) uses.set(run.place, (uses.get(run.place) ?? 0) + 1);
  }
  const ordered = [...uses].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([id]) => id);
  const numbers = new Map(ordered.map((id, index) => [id, index + 1]));
  for (const run of runs) run.number = run.place === undefined ? 0 : numbers.get(run.place);
  return ordered.map((id) => places.list[id]);
}

function deltas(runs) {
  return runs.map((run, index) => run.start - (index === 0 ? 0 : runs[index - 1].start));
}

function text(lines) {
  return Buffer.from(lines.join('\n'));
}

function varints(numbers) {
  const bytes = [];
  for (let number of numbers) {
    while (number > 127) {
      bytes.push((number % 128) + 128);
      number = Math.floor(number / 128);
    }
    bytes.push(number);
  }
  return Buffer.from(bytes);
}
