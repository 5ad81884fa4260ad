import * as fs from 'node:fs';
import * as path from 'node:path';
import { BoundPort } from './container-environment';
import { NamesTable } from '../dns/names-table';
import { onPath } from '../process/on-path';

const CONFIGURATION = 'etc/nginx/nginx.conf';
/** Administrators' directories, which not everybody has on PATH. */
const BESIDES = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'];

/** Where an image's Nginx runs. */
export interface NginxPlace {
  readonly root: string;
  /** Holds the writable paths of the container. */
  readonly directory: string;
  readonly writablePaths: readonly string[];
  readonly ports: readonly BoundPort[];
  readonly names: NamesTable;
}

/** Also behind a start script, which puts addresses in the place of names, as the local run does itself. */
export function isNginx(command: readonly string[]): boolean {
  return nginxArguments(command) !== undefined;
}

function nginxArguments(command: readonly string[]): readonly string[] | undefined {
  const [program] = command;
  const start = path.basename(program ?? '') === 'sh' ? 2 : 0;
  return path.basename(command[start] ?? '') === 'nginx' ? command.slice(start + 1) : undefined;
}

/**
 * Run an image's Nginx with the one of this machine. Its configuration is the image's, with what a container changes around it changed
 * in the text: the addresses it listens on, names, which ECS writes into /etc/hosts and which Nginx looks up once, at start, and the
 * paths of the image and of its writable mounts.
 */
export function nginxCommand(command: readonly string[], { root, directory, writablePaths, ports, names }: NginxPlace): string[] {
  const binary = onPath('nginx', BESIDES);
  if (!binary) {
    throw new Error('this example needs nginx, which is not on PATH: apt-get install nginx-light, or brew install nginx');
  }
  const file = path.join(directory, 'nginx.conf');
  fs.mkdirSync(directory, { recursive: true });
  const text = fs.readFileSync(path.join(root, CONFIGURATION), 'utf8');
  fs.writeFileSync(file, localConfiguration(text, { root, directory, writablePaths, ports, names }));
  return [binary, '-p', directory, '-c', file, ...(nginxArguments(command) ?? [])];
}

export function localConfiguration(text: string, { root, directory, writablePaths, ports, names }: NginxPlace): string {
  let local = text.replace(/^(\s*listen\s+)(\d+)\b/gm, (line, before: string, port: string) => {
    const bound = ports.find(({ containerPort }) => containerPort === Number(port));
    return bound ? `${before}${bound.address}:${bound.port}` : line;
  });
  for (const [name, [target]] of names.entries()) {
    if (!target) continue;
    const pattern = new RegExp(`(?<=\\s|//)${name.replaceAll('.', '\\.')}:(\\d+)\\b`, 'g');
    local = local.replace(pattern, (_found, port: string) => `${target.address}:${target.ports?.[port] ?? port}`);
  }
  local = local.replace(/(?<=\s)\/[\w./-]+/g, (found) => {
    if (writablePaths.some((writable) => found.startsWith(`${writable.replace(/\/$/, '')}/`))) return path.join(directory, found);
    const inside = path.join(root, found);
    return found !== '/' && fs.existsSync(inside) ? inside : found;
  });
  // Root's workers become another user, who may not read what root made.
  return process.getuid?.() === 0 ? `user root;\n${local}` : local;
}
