/**
 * The lane `containers`: the local run's container engine, in Podman with a state of this lane alone, on stand-in base images. The rows of
 * ECS run beside the examples: both wait most of the time. Each has a Podman of its own, which reads the base images that nobody writes
 * any more: one that writes what another reads makes both wait for ever.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLES_WITH_PROOFS } from './examples.mjs';
import { root, say } from './install.mjs';
import { Podman } from './podman.mjs';
import { brokenRows } from './stand-ins/contract.mjs';
import { buildStandIns, STAND_INS } from './stand-ins.mjs';
import { prepareSynthesis } from './synthesis.mjs';
import { proveUnprivileged } from './unprivileged.mjs';
import { atOnce, bounded, inTemporaryFolder, need, report } from './workbench.mjs';

const PACKAGES = ['podman', 'runc', 'catatonit', 'netavark', 'iptables', 'nftables', 'mmdebstrap'];
const JEST = ['jest', '--ci', '--coverage=false', '--runInBand', '--forceExit', '--json'];
/** More than the files of Podman itself; the rest is filled. */
const SMALL_DISK = 'size=6m';
/** Certificates that this machine trusts beyond those of the base images: builds reach package registries with them. */
const CERTIFICATES = process.env.SSL_CERT_FILE ?? process.env.NODE_EXTRA_CA_CERTS;
/** Whose proofs a user runs who has the engine's socket and nothing else, where that user can be made. */
const UNPRIVILEGED = 'geolocation';
const EXAMPLES_AT_ONCE = 2;
const IMAGES_AT_ONCE = 3;

/** What the parts of the lane proved, and the time that each took. */
class Ledger {
  passed = 0;
  failed = 0;
  #times = [];

  async enter(what, work) {
    const started = Date.now();
    const { passed, failed } = await work();
    const seconds = ((Date.now() - started) / 1000).toFixed(0);
    this.passed += passed;
    this.failed += failed;
    this.#times.push(`${what} ${seconds} s`);
    say(`${what}: ${passed} passed, ${failed} failed in ${seconds} s`);
  }

  get times() {
    return this.#times.join(', ');
  }
}

await inTemporaryFolder('containers', async (folder, afterwards) => {
  for (const program of ['podman', 'runc', 'nft', 'mmdebstrap']) await need(program, PACKAGES);
  const [storage, examples] = ['storage', 'examples'].map((name) => join(root, '.cache', 'containers', name));
  const ledger = new Ledger();
  await ledger.enter('base images', async () => {
    const podman = new Podman(join(folder, 'podman-base'), storage);
    afterwards(() => podman.stop());
    await buildStandIns(podman.run.bind(podman));
    podman.stop();
    return { passed: 0, failed: 0 };
  });
  const [podman, beside] = [examples, join(folder, 'rows')].map((place, i) => {
    const engine = new Podman(join(folder, `podman-${i}`), place, [`additionalimagestore=${storage}`]);
    afterwards(() => engine.stop());
    return engine;
  });
  // Once, before two examples are synthesised from it.
  await prepareSynthesis();
  const DOCKER_HOST = await podman.serve();
  const rows = { DOCKER_HOST: await beside.serve(), FULL_ENGINE: await serveWithoutSpace(folder, storage, afterwards) };
  await Promise.all([
    ledger.enter('rows', () => rowsOf(folder, '!(demo)', rows)),
    atOnce(EXAMPLES_AT_ONCE, EXAMPLES_WITH_PROOFS, (name) => ledger.enter(name, () => proofsOf(name, folder, podman, DOCKER_HOST))),
  ]);
  await ledger.enter('rows of the demo', () => rowsOf(folder, 'demo', rows));
  await ledger.enter('contracts of base images', () => contracts(podman.run.bind(podman)));
  await ledger.enter('what is left', async () => nothingIsLeft([podman, beside]));
  say(`containers: ${ledger.times}`);
  report('containers', { passed: ledger.passed, failed: ledger.failed });
});

/** The stand-ins keep what the official images promise; `check-stand-ins.mjs` asks the same of those. */
async function contracts(run) {
  const counts = { passed: 0, failed: 0 };
  const images = STAND_INS.flatMap((standIn) => standIn.names.map((name) => ({ name, standIn })));
  await atOnce(IMAGES_AT_ONCE, images, async ({ name, standIn }) => {
    const broken = await brokenRows(run, name, standIn);
    for (const row of broken) say(`FAIL  ${row}`);
    counts.failed += broken.length;
    counts.passed += standIn.contract.length - broken.length;
  });
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

async function rowsOf(folder, names, env) {
  const file = join(folder, 'rows.json');
  rmSync(file, { force: true });
  const words = [...JEST, `--outputFile=${file}`, '--testMatch', `**/local/test/containers/${names}.rows.ts`];
  const { status } = await bounded('npx', words, { cwd: root, seconds: 900, env, allowFailure: true, show: 'rows' });
  if (!existsSync(file)) throw new Error(`jest ended with ${status} and left no report`);
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(file, 'utf8'));
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
}

/** One example as a user of this machine runs it who has the engine's socket and nothing else; only root can make that user. */
async function proofsOf(example, folder, podman, DOCKER_HOST) {
  if (example === UNPRIVILEGED && process.getuid?.() === 0) return countOf(await proveUnprivileged(folder, podman.socket, example));
  if (example === UNPRIVILEGED) say(`${example} is not run as an unprivileged user, which only root can start`);
  const trust = CERTIFICATES ? ['--ca-bundle', CERTIFICATES] : [];
  const words = ['scripts/demo.mjs', example, '--engine', 'container', '--check', ...trust];
  const options = { cwd: root, seconds: 900, env: { DOCKER_HOST }, allowFailure: true, show: example };
  return countOf(await bounded('node', words, options));
}

function countOf({ status, output }) {
  const count = (word) => output.match(new RegExp(`^${word} `, 'gm'))?.length ?? 0;
  const [passed, failed] = [count('PASS'), count('FAIL')];
  return { passed, failed: status !== 0 && failed === 0 ? 1 : failed };
}

async function nothingIsLeft(engines) {
  const filter = ['--quiet', '--filter', 'label=cdk-ecs-mesh.run'];
  const kinds = [
    ['ps', '--all'],
    ['network', 'ls'],
    ['volume', 'ls'],
  ].map((words) => [...words, ...filter]);
  const found = await Promise.all(engines.flatMap((engine) => kinds.map((words) => engine.run(words))));
  const left = found.flatMap(({ output }) => output.split('\n').filter(Boolean));
  say(`${left.length === 0 ? 'PASS' : 'FAIL'}  no container, network or volume is left${left.map((each) => ` ${each}`).join('')}`);
  return { passed: Number(left.length === 0), failed: Number(left.length > 0) };
}
