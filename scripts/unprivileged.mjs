/** The container engine for a user of this machine who has the engine's socket and nothing else. */
import { chmodSync, chownSync, cpSync, lchownSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { bundleWhole } from './esbuild.mjs';
import { root } from './install.mjs';
import { assembliesOf } from './synthesis.mjs';
import { bounded } from './workbench.mjs';

/** Nobody's on a Debian machine. */
export const USER = { uid: 61234, gid: 61234 };

/**
 * Proves an example in a process of that user, whose home, cache, assemblies and copy of the local run are its own. Only root can ask for
 * this.
 */
export async function proveUnprivileged(folder, socket, example) {
  const home = join(folder, 'home');
  const copy = join(home, 'checkout');
  for (const place of [folder, dirname(socket)]) chmodSync(place, 0o711);
  chownSync(socket, 0, USER.gid);
  chmodSync(socket, 0o660);
  mkdirSync(join(home, 'tmp'), { recursive: true });
  const { assembly, variants } = await assembliesOf(example, { check: true });
  const all = [assembly, ...Object.values(variants)].map((directory) => relative(root, directory));
  for (const part of ['local', 'scripts', ...all]) cpSync(join(root, part), join(copy, part), { recursive: true });
  // With its packages inside: this checkout may be where others cannot look.
  await bundleWhole({ entryPoints: ['local/main.ts'], outfile: join(copy, 'runner.cjs') });
  give(home);
  const words = ['runner.cjs', '--root', copy, '--assembly', all[0], '--example', example, '--engine', 'container', '--check'];
  for (const [name, directory] of Object.entries(variants))
    words.push('--variant', `${name}=${join(copy, relative(root, directory))}`);
  const env = { HOME: home, TMPDIR: join(home, 'tmp'), USER: 'somebody', DOCKER_HOST: `unix://${socket}` };
  const options = { cwd: copy, seconds: 900, env, allowFailure: true, show: example, ...USER };
  return bounded(process.execPath, words, options);
}

function give(path) {
  lchownSync(path, USER.uid, USER.gid);
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true }))
    lchownSync(join(entry.parentPath ?? entry.path, entry.name), USER.uid, USER.gid);
}
