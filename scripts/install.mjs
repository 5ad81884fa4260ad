/** Shared by the two commands that must work on a fresh clone: nothing here may need an installed package. */
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { step } from './progress.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const OLDEST_NODE = [20, 18, 1];

/** `npm ci` if node_modules is missing or older than the lock file. */
export async function installIfNeeded() {
  const [actual, wanted] = [process.versions.node.split('.').map(Number), OLDEST_NODE];
  const at = wanted.findIndex((part, i) => part !== actual[i]);
  if (at >= 0 && actual[at] < wanted[at])
    throw new Error(`Node ${wanted.join('.')} or newer is needed, this is ${process.versions.node}`);
  const installed = join(root, 'node_modules', '.package-lock.json');
  const lock = join(root, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  const modules = join(root, 'node_modules');
  // npm would follow the link and empty the folder behind it.
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink())
    throw new Error(`${modules} is a link; install where it leads to`);
  await step('installing dependencies (npm ci)', 'npm', ['ci', '--no-audit', '--no-fund'], { cwd: root });
}

/** Run a command in the repository and fail if it fails. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    ...options,
  });
  if (error) throw new Error(`${command} cannot be started: ${error.message}`);
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${status}`);
}

/**
 * Programs of a folder import the library by its name; in this repository that is the checkout itself, compiled. A package that leads there is
 * no link to it, in which tools would go round and round.
 */
export function linkLibrary(folder) {
  if (!existsSync(join(root, 'lib', 'index.js'))) throw new Error('lib/ is not there; run `npx projen compile` first');
  const place = join(root, folder, 'node_modules', 'cdk-ecs-mesh');
  const library = relative(place, join(root, 'lib', 'index'));
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'package.json'), JSON.stringify({ main: `${library}.js`, types: `${library}.d.ts` }));
}

export function say(line) {
  process.stdout.write(`${line}\n`);
}
