import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { ImageSource } from '../ecs/image';

type AssetImage = Extract<ImageSource, { kind: 'asset' }>;

/** A file of pinned packages. */
export interface Requirements {
  readonly requirements: string;
  /** Whether each package must have a hash that the file names. */
  readonly hashes: boolean;
}

/**
 * What `RUN pip install -r <file>` does for an image: a virtual environment with the same pinned packages. Returns the directory of its
 * programs; undefined for images without Python.
 */
export function pythonEnvironment(image: AssetImage, cacheDirectory: string, say: (line: string) => void): string | undefined {
  const wanted = requirementsOf(image);
  return wanted && installed(wanted, cacheDirectory, say);
}

/** The file that an image installs, where the Dockerfile copies it from. */
export function requirementsOf({ directory, spec }: AssetImage): Requirements | undefined {
  const install = spec.runs.map((step) => /\bpip3? install\b.*\s-r\s+(\S+)/.exec(step)).find(Boolean);
  if (!install) return undefined;
  const name = path.basename(install[1]);
  const copied = spec.copies.flatMap(({ sources }) => sources).find((source) => path.basename(source) === name);
  return { requirements: path.join(directory, copied ?? name), hashes: install[0].includes('--require-hashes') };
}

/** A virtual environment with these packages, made once for each content of the file and kept in the cache. */
export function installed({ requirements, hashes }: Requirements, cacheDirectory: string, say: (line: string) => void): string {
  const digest = createHash('sha256').update(fs.readFileSync(requirements)).digest('hex').slice(0, 16);
  const home = path.join(cacheDirectory, 'python', digest);
  const bin = path.join(home, 'bin');
  const done = path.join(home, 'installed');
  if (fs.existsSync(done)) return bin;
  say(
    `installing the packages of a ${path.basename(requirements)} into ${path.relative(process.cwd(), home)}, where later runs find them`,
  );
  fs.rmSync(home, { recursive: true, force: true });
  run('python3', ['-m', 'venv', home], 'make a virtual environment (Debian: apt-get install python3-venv)');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...(hashes ? ['--require-hashes'] : [])];
  run(path.join(bin, 'python'), [...pip, '-r', requirements], `install ${path.basename(requirements)}`);
  fs.writeFileSync(done, '');
  return bin;
}

function run(file: string, args: string[], what: string): void {
  try {
    execFileSync(file, args, { encoding: 'utf8', timeout: 600_000, stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(`python3 cannot ${what}: ${(stderr || message).trim().split('\n').at(-1)}`);
  }
}
