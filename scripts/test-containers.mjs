/** The lane `containers`: the local run's container engine, in a Podman of this run alone, on stand-in base images. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLES_WITH_PROOFS } from './examples.mjs';
import { root, say } from './install.mjs';
import { Podman } from './podman.mjs';
import { brokenRows } from './stand-ins/contract.mjs';
import { buildStandIns, STAND_INS } from './stand-ins.mjs';
import { proveUnprivileged } from './unprivileged.mjs';
import { bounded, inTemporaryFolder, need, report } from './workbench.mjs';

const PACKAGES = ['podman', 'runc', 'catatonit', 'netavark', 'iptables', 'debootstrap'];
const ROWS = [
  'jest',
  '--ci',
  '--coverage=false',
  '--runInBand',
  '--forceExit',
  '--testMatch',
  '**/local/test/containers/*.rows.ts',
  '--json',
];
/** More than the files of Podman itself; the rest is filled. */
const SMALL_DISK = 'size=6m';
/** Certificates that this machine trusts beyond those of the base images: builds reach package registries with them. */
const CERTIFICATES = process.env.SSL_CERT_FILE ?? process.env.NODE_EXTRA_CA_CERTS;

/** The times of the parts of the lane. */
class Clock {
  #times = [];

  async time(what, work) {
    const started = Date.now();
    const result = await work();
    this.#times.push(`${what} ${((Date.now() - started) / 1000).toFixed(0)} s`);
    return result;
  }

  toString() {
    return this.#times.join(', ');
  }
}

await inTemporaryFolder('containers', async (folder, afterwards) => {
  for (const program of ['podman', 'runc', 'debootstrap']) await need(program, PACKAGES);
  const storage = join(root, '.cache', 'containers', 'storage');
  const podman = new Podman(join(folder, 'podman'), storage);
  afterwards(() => podman.stop());
  const run = podman.run.bind(podman);
  const clock = new Clock();
  await clock.time('base images', () => buildStandIns(run));
  const counts = [await clock.time('their contracts', () => contracts(run))];
  const DOCKER_HOST = await podman.serve();
  const FULL_ENGINE = await serveWithoutSpace(folder, storage, afterwards);
  counts.push(await clock.time('rows', () => rowsOf(folder, { DOCKER_HOST, FULL_ENGINE })));
  for (const example of EXAMPLES_WITH_PROOFS) counts.push(await clock.time(example, () => demoOf(example, { DOCKER_HOST })));
  if (process.getuid?.() === 0) counts.push(countOf(await proveUnprivileged(folder, podman.socket, 'geolocation')));
  else say('not run: the proofs as an unprivileged user; only root can start them');
  counts.push(nothingIsLeft(podman));
  await bounded('node', ['scripts/check-stand-ins.mjs'], { cwd: root, seconds: 900, allowFailure: true, show: true });
  say(`containers: ${clock}`);
  const sum = (field) => counts.reduce((total, count) => total + count[field], 0);
  report('containers', { passed: sum('passed'), failed: sum('failed') });
});

/** The stand-ins keep what the official images promise; `check-stand-ins.mjs` asks the same of those. */
async function contracts(run) {
  const counts = { passed: 0, failed: 0 };
  for (const standIn of STAND_INS) {
    for (const name of standIn.names) {
      const broken = await brokenRows(run, name, standIn);
      for (const row of broken) say(`FAIL  ${row}`);
      counts.failed += broken.length;
      counts.passed += standIn.contract.length - broken.length;
    }
  }
  return counts;
}

/** An engine that has the images and no room for anything else. */
async function serveWithoutSpace(folder, storage, afterwards) {
  const disk = join(folder, 'small');
  mkdirSync(disk);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', SMALL_DISK, 'tmpfs', disk]).status !== 0) return '';
  afterwards(() => spawnSync('umount', ['--lazy', disk]));
  const podman = new Podman(join(folder, 'podman-small'), join(disk, 'storage'), [`additionalimagestore=${storage}`]);
  afterwards(() => podman.stop());
  const host = await podman.serve();
  spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'fill')}`, 'bs=4k'], { stdio: 'ignore' });
  return host;
}

async function rowsOf(folder, env) {
  const file = join(folder, 'rows.json');
  const { status } = await bounded('npx', [...ROWS, `--outputFile=${file}`], {
    cwd: root,
    seconds: 900,
    env,
    allowFailure: true,
    show: true,
  });
  if (!existsSync(file)) throw new Error(`jest ended with ${status} and left no report`);
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(file, 'utf8'));
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
}

async function demoOf(example, env) {
  const trust = CERTIFICATES ? ['--ca-bundle', CERTIFICATES] : [];
  const words = ['scripts/demo.mjs', example, '--engine', 'container', '--check', ...trust];
  return countOf(await bounded('node', words, { cwd: root, seconds: 900, env, allowFailure: true, show: true }));
}

function countOf({ status, output }) {
  const count = (word) => output.match(new RegExp(`^${word} `, 'gm'))?.length ?? 0;
  const [passed, failed] = [count('PASS'), count('FAIL')];
  return { passed, failed: status !== 0 && failed === 0 ? 1 : failed };
}

function nothingIsLeft(podman) {
  const filter = ['--quiet', '--filter', 'label=cdk-ecs-mesh.run'];
  const kinds = { container: ['ps', '--all'], network: ['network', 'ls'], volume: ['volume', 'ls'] };
  const left = Object.values(kinds).flatMap((words) =>
    podman
      .run([...words, ...filter])
      .output.split('\n')
      .filter(Boolean),
  );
  say(`${left.length === 0 ? 'PASS' : 'FAIL'}  no container, network or volume is left${left.map((each) => ` ${each}`).join('')}`);
  return { passed: Number(left.length === 0), failed: Number(left.length > 0) };
}
