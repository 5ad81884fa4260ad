/**
 * Takes the stacks of the examples, and those of the changes that the pages name, through their lives on a CloudFormation engine on loopback:
 * created, changed, failed, deleted, created again. docs/lifecycle.md says what this proves.
 *
 *   node scripts/lifecycle.mjs [part of a file's name]      needs Python 3.11; test/lifecycle/ has the tests
 *
 * Result: a table for each example, one line per failed test, and test-reports/lifecycle.json.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installIfNeeded, root, say } from './install.mjs';
import { bounded, inTemporaryFolder, report } from './workbench.mjs';

const HERE = join(root, 'scripts', 'lifecycle');
const SECONDS = { install: 300, start: 60, bundle: 120, tests: 900 };

/** The functions of custom resources use these, and Lambda has them. */
const CLIENTS = ['cloudformation', 'cloudwatch-logs', 'ec2', 'ecs', 's3'];

await installIfNeeded();
const [only = ''] = process.argv.slice(2);
const result = await inTemporaryFolder('lifecycle', async (folder) => {
  await bounded('node', ['scripts/bundle-app.mjs'], { cwd: root, seconds: SECONDS.bundle });
  const engine = await start(await pythonHome(), await sdkHome(), folder);
  try {
    return await test(engine, folder);
  } finally {
    endGroup(engine.process);
  }
});
report('lifecycle', result);

/** The engine and the schemas in a virtual environment of the cache, each file by its hash. */
async function pythonHome() {
  const requirements = join(HERE, 'requirements.txt');
  return cached(`lifecycle-${digestOf(readFileSync(requirements))}`, async (home) => {
    await bounded('python3', ['-m', 'venv', home], { cwd: root, seconds: SECONDS.install });
    const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--require-hashes', '-r', requirements];
    await bounded(join(home, 'bin', 'python'), ['-m', 'pip', 'install', ...options], { cwd: root, seconds: SECONDS.install });
  });
}

/** The SDK in the version of the repository's own client. */
async function sdkHome() {
  const file = join(root, 'node_modules', '@aws-sdk', 'client-secrets-manager', 'package.json');
  const { version } = JSON.parse(readFileSync(file, 'utf8'));
  return cached(`lifecycle-sdk-${version}`, async (home) => {
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), JSON.stringify({ private: true }));
    const packages = CLIENTS.map((name) => `@aws-sdk/client-${name}@${version}`);
    const args = ['install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts', ...packages];
    await bounded('npm', args, { cwd: home, seconds: SECONDS.install });
  });
}

/** A folder of the cache, which is complete or not there. A virtual environment knows its own path, so it is made in its place. */
async function cached(name, make) {
  const home = join(root, '.cache', name);
  const done = join(home, '.complete');
  if (existsSync(done)) return home;
  rmSync(home, { recursive: true, force: true });
  mkdirSync(join(root, '.cache'), { recursive: true });
  await make(home);
  writeFileSync(`${done}.new`, '');
  renameSync(`${done}.new`, done);
  return home;
}

function digestOf(bytes) {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 12);
}

async function start(python, sdk, folder) {
  const [gateway, bridge] = [await freePort(), await freePort()];
  const lib = join(python, 'lib');
  const [version] = readdirSync(lib).filter((name) => name.startsWith('python'));
  const env = {
    ...process.env,
    GATEWAY_PORT: String(gateway),
    BRIDGE_PORT: String(bridge),
    SCHEMAS: join(lib, version, 'site-packages'),
    SDK: join(sdk, 'node_modules'),
    TMPDIR: folder,
    PYTHONDONTWRITEBYTECODE: '1',
    NO_PROXY: '127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
  };
  // A file, not a pipe: nobody would read it while the tests run, and the engine would stop when it is full.
  const log = join(folder, 'engine.log');
  const output = openSync(log, 'w');
  const child = spawn(join(python, 'bin', 'python'), [join(HERE, 'engine')], {
    detached: true,
    cwd: folder,
    env,
    stdio: ['ignore', output, output],
  });
  process.once('exit', () => endGroup(child));
  for (const end = Date.now() + SECONDS.start * 1000; ; await sleep(100)) {
    if (await answers(gateway)) return { process: child, bridge };
    if (child.exitCode !== null || Date.now() > end)
      throw new Error(`the engine did not start: ${readFileSync(log, 'utf8').slice(-2000)}`);
  }
}

/** The engine, and the functions of custom resources that it has started. */
function endGroup({ pid }) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}

function answers(port) {
  return fetch(`http://127.0.0.1:${port}/_ministack/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function test(engine, folder) {
  const json = join(folder, 'jest.json');
  const rows = join(folder, 'rows');
  mkdirSync(rows);
  const args = ['jest', '--ci', '--silent', '--coverage=false', '--json', `--outputFile=${json}`, '--reporters=default'];
  const pattern = ['--testMatch', `<rootDir>/test/lifecycle/*${only}*.lifecycle.ts`, `--maxWorkers=${availableParallelism()}`];
  const run = spawnSync('npx', [...args, ...pattern], {
    cwd: root,
    env: { ...process.env, BRIDGE_PORT: String(engine.bridge), ROWS: rows, CDK_VALIDATION: 'false' },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    timeout: SECONDS.tests * 1000,
    maxBuffer: 1 << 28,
  });
  if (!existsSync(json)) throw new Error(`jest ended with ${run.status} and left no report\n${run.stderr.slice(-4000)}`);
  const { numPassedTests: passed, numFailedTests, numRuntimeErrorTestSuites, testResults } = JSON.parse(readFileSync(json, 'utf8'));
  for (const line of testResults.flatMap(failuresOf)) say(line);
  for (const table of tables(rows)) say(table);
  return { passed, failed: numFailedTests + numRuntimeErrorTestSuites };
}

function failuresOf({ name, message, assertionResults, status }) {
  if (status !== 'failed') return [];
  const failed = assertionResults.filter((one) => one.status === 'failed');
  const texts = failed.map(({ fullName, failureMessages }) => `${fullName}\n${failureMessages.join('\n')}`);
  return (texts.length > 0 ? texts : [message]).map(
    (text) => `FAIL  ${relative(root, name)}: ${text.split('\n').slice(0, 30).join('\n')}`,
  );
}

/** A table for each example, from the rows that its tests wrote. */
function tables(folder) {
  const found = readdirSync(folder)
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
  const columns = ['step', 'created', 'updated', 'interrupted', 'replaced', 'removed', 'refused', 'stays', 'seconds'];
  return found.map(({ title, rows }) => {
    const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => String(row[column] ?? '').length)));
    const line = (cells) => `| ${cells.map((cell, index) => String(cell ?? '').padEnd(widths[index])).join(' | ')} |`;
    const body = rows.map((row) => line(columns.map((column) => row[column])));
    return [`\n${title}`, line(columns), line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
  });
}
