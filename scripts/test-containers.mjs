/** The lane `containers`: the local run's container engine, in a Podman of this run alone, on stand-in base images. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, say } from './install.mjs';
import { buildStandIns, podmanIn } from './stand-ins.mjs';
import { bounded, inTemporaryFolder, need, report } from './workbench.mjs';

/** Machines without CAP_SYS_RESOURCE and with two generations of control groups: what Podman's defaults need and they have not. */
const CONFIGURATION = `[containers]
base_hosts_file = "none"
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
`;
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

await inTemporaryFolder('containers', async (folder) => {
  await need('podman', PACKAGES);
  await need('runc', PACKAGES);
  await need('debootstrap', PACKAGES);
  const storage = join(root, '.cache', 'containers', 'storage');
  mkdirSync(storage, { recursive: true });
  const places = { storage, runRoot: join(folder, 'run'), configuration: join(folder, 'containers.conf') };
  writeFileSync(places.configuration, CONFIGURATION);
  const podman = podmanIn(places);
  buildStandIns(podman);
  const socket = join(folder, 'podman.sock');
  const service = await startService(places, socket);
  try {
    const env = { DOCKER_HOST: `unix://${socket}` };
    const rows = await rowsOf(folder, env);
    const demo = await demoOf(env);
    const left = podman(['ps', '--all', '--quiet', '--filter', 'label=cdk-ecs-mesh.run']).output.trim();
    say(`${left === '' ? 'PASS' : 'FAIL'}  no container is left${left && `: ${left}`}`);
    report('containers', {
      passed: rows.passed + demo.passed + Number(left === ''),
      failed: rows.failed + demo.failed + Number(left !== ''),
    });
  } finally {
    service.kill();
    // Its mounts would outlive the temporary folder.
    podman(['rm', '--all', '--force', '--time', '0'], { allowFailure: true });
  }
});

async function startService({ storage, runRoot, configuration }, socket) {
  const words = ['--root', storage, '--runroot', runRoot, 'system', 'service', '--time', '0', `unix://${socket}`];
  const service = spawn('podman', words, { env: { ...process.env, CONTAINERS_CONF: configuration }, stdio: 'ignore' });
  for (let i = 0; i < 100 && !existsSync(socket); i++) await new Promise((resolve) => setTimeout(resolve, 100));
  if (!existsSync(socket)) throw new Error('the service of Podman does not start');
  return service;
}

async function rowsOf(folder, env) {
  const file = join(folder, 'rows.json');
  const { status } = await bounded('npx', [...ROWS, `--outputFile=${file}`], {
    cwd: root,
    seconds: 600,
    env,
    allowFailure: true,
    show: true,
  });
  if (!existsSync(file)) throw new Error(`jest ended with ${status} and left no report`);
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(file, 'utf8'));
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
}

async function demoOf(env) {
  const words = ['scripts/demo.mjs', 'geolocation', '--engine', 'container', '--check'];
  const { status, output } = await bounded('node', words, { cwd: root, seconds: 900, env, allowFailure: true, show: true });
  const count = (word) => output.match(new RegExp(`^${word} `, 'gm'))?.length ?? 0;
  const [passed, failed] = [count('PASS'), count('FAIL')];
  return { passed, failed: status !== 0 && failed === 0 ? 1 : failed };
}
