/** The container engine for a user of this machine who has the engine's socket and nothing else. */
import { chmodSync, chownSync, cpSync, lchownSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundleWhole } from './esbuild.mjs';
import { root } from './install.mjs';
import { bounded } from './workbench.mjs';

/** Nobody's on a Debian machine. */
export const USER = { uid: 61234, gid: 61234 };

/**
 * Proves the default template of an example, which the demo has synthesised, in a process of that user: its home, its cache and its copy of
 * the local run are its own. Only root can ask for this.
 */
export async function proveUnprivileged(folder, socket, example) {
  const home = join(folder, 'home');
  const copy = join(home, 'checkout');
  for (const place of [folder, dirname(socket)]) chmodSync(place, 0o711);
  chownSync(socket, 0, USER.gid);
  chmodSync(socket, 0o660);
  mkdirSync(join(home, 'tmp'), { recursive: true });
  const assembly = join('.cache', 'demo', 'synth', 'default', example);
  for (const part of ['local', 'scripts', assembly]) cpSync(join(root, part), join(copy, part), { recursive: true });
  // With its packages inside: this checkout may be where others cannot look.
  await bundleWhole({ entryPoints: ['local/main.ts'], outfile: join(copy, 'runner.cjs') });
  give(home);
  const words = ['runner.cjs', '--root', copy, '--assembly', assembly, '--example', example, '--engine', 'container', '--check'];
  const env = { HOME: home, TMPDIR: join(home, 'tmp'), USER: 'somebody', DOCKER_HOST: `unix://${socket}` };
  const options = { cwd: copy, seconds: 300, env, allowFailure: true, show: true, ...USER };
  return bounded(process.execPath, words, options);
}

function give(path) {
  lchownSync(path, USER.uid, USER.gid);
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true }))
    lchownSync(join(entry.parentPath ?? entry.path, entry.name), USER.uid, USER.gid);
}
