/** For scripts that work in a temporary folder: it is removed however they end, and no child outlives its time. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './install.mjs';

const children = new Set();
/** Somebody else may install something right now. */
const WAIT_FOR_LOCK = ['-o', 'DPkg::Lock::Timeout=300'];

/** Runs `work` in an empty folder and removes the folder, also after Ctrl-C; before that, what `work` has passed to `afterwards`. */
export async function inTemporaryFolder(name, work) {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  const last = [];
  const clean = () => {
    for (const undo of last.splice(0).reverse()) undo();
    // what has been stopped may write its last words meanwhile
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  const interrupt = (signal) => {
    for (const child of children) kill(child);
    clean();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, interrupt);
  try {
    return await work(folder, (undo) => last.push(undo));
  } finally {
    clean();
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, interrupt);
  }
}

/**
 * Runs a command, as `uid` and `gid` where they are given, to its end or for at most `seconds`; rejects with its output if it fails, unless
 * `allowFailure`. `show` is a name, behind which each line of its output is printed while it runs.
 */
export function bounded(command, args, { cwd, seconds, env = {}, allowFailure = false, show, ...user }) {
  return new Promise((resolve, reject) => {
    // a group of its own, so that what npm starts ends with it
    const options = { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...user };
    const child = spawn(command, args, options);
    children.add(child);
    let output = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      kill(child);
    }, seconds * 1000);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk) => (output += chunk));
      if (show) createInterface({ input: stream }).on('line', (line) => process.stdout.write(`${show.padEnd(11)} | ${line}\n`));
    }
    child.once('error', reject);
    child.once('close', (status) => {
      clearTimeout(timer);
      kill(child); // what it has started and left behind
      children.delete(child);
      const what = [command, ...args].join(' ');
      if (late) reject(new Error(`${what} did not end within ${seconds} s\n${tail(output)}`));
      else if (status !== 0 && !allowFailure) reject(new Error(`${what} ended with ${status}\n${tail(output)}`));
      else resolve({ status, output });
    });
  });
}

/** Works on each item, on at most so many at once. */
export async function atOnce(most, items, work) {
  const waiting = [...items];
  const take = async () => {
    while (waiting.length > 0) await work(waiting.shift());
  };
  await Promise.all(Array.from({ length: most }, take));
}

/** Compiles the library in a folder, as `npx projen compile` does in the checkout. */
export async function compileLibrary(folder, seconds, env) {
  await bounded('npx', ['jsii', '--silence-warnings=reserved-word'], { cwd: folder, seconds, env });
  await bounded('node', [join(root, 'scripts', 'lazy-imports.mjs'), join(folder, 'lib')], { cwd: root, seconds, env });
}

/** Something that a lane needs is not on this machine and cannot be brought here. */
export class NotHere extends Error {}

/** Where a command is missing or does not work with `args`, the distribution's packages bring it. Debian keeps servers out of users' PATH. */
export async function need(command, packages, args = [command === 'go' ? 'version' : '--version']) {
  const env = { ...process.env, PATH: `${process.env.PATH}${delimiter}/usr/sbin` };
  if (spawnSync(command, args, { stdio: 'ignore', env }).status === 0) return;
  const advice = `${command} is needed; install ${packages.join(' and ')}`;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) throw new NotHere(advice);
  const options = { seconds: 600, env: { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' } }; // RUNLEVEL: a package must not start its server
  await bounded('apt-get', ['update', '-qq', ...WAIT_FOR_LOCK], options);
  await bounded('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...WAIT_FOR_LOCK, ...packages], options);
}

/** Writes `test-reports/<name>.json` and says the same in one line; the exit code follows. */
export function report(name, { passed, failed, ...rest }) {
  mkdirSync(join(root, 'test-reports'), { recursive: true });
  writeFileSync(join(root, 'test-reports', `${name}.json`), `${JSON.stringify({ passed, failed, ...rest }, undefined, 2)}\n`);
  process.stdout.write(`${name}: ${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

function kill(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}

function tail(output) {
  return output.split('\n').slice(-60).join('\n');
}
