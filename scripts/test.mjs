/**
 * Everything that can be tested without an AWS account, in one command:
 *
 *   npm test                        all lanes
 *   npm test -- --only build        one of them (repeat the option for more)
 *
 * The last line is `N passed, N failed`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installIfNeeded, root, say } from './install.mjs';

const CFN_LINT = 'cfn-lint==1.51.0';

/** Each lane returns how many of its tests passed and failed. A lane that throws has failed once more. */
const LANES = [
  { name: 'build', about: 'generated files, bundles, compile, docs, samples, jest, eslint, package', test: build },
  { name: 'examples', about: 'each example synthesises offline with its checks on', test: examples },
  { name: 'cfn-lint', about: 'cfn-lint accepts each template', test: cfnLint },
  {
    name: 'package',
    about: 'the packed tarball works in an empty project',
    test: (count) => script(count, 'package', 'test-package.mjs'),
  },
  {
    name: 'newest-cdk',
    about: 'compiles and passes with the newest aws-cdk-lib',
    test: (count) => script(count, 'newest-cdk', 'newest-cdk.mjs'),
  },
  {
    name: 'languages',
    about: 'Python, Java and Go consumers give the TypeScript templates',
    test: (count) => script(count, 'languages', 'test-languages.mjs'),
  },
  {
    name: 'workflows',
    about: 'actionlint accepts the workflows',
    test: (count) => script(count, 'workflows', 'test-workflows.mjs'),
  },
  { name: 'demo', about: 'the proofs of `npm run demo -- --check`', test: demo },
];

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
const unknown = (values.only ?? []).filter((name) => !LANES.some((lane) => lane.name === name));
if (unknown.length > 0) {
  process.stderr.write(`there is no lane ${unknown.join(', ')}; there are ${LANES.map(({ name }) => name).join(', ')}\n`);
  process.exit(2);
}

const total = { passed: 0, failed: 0 };
const summary = [];
try {
  installIfNeeded();
  for (const lane of LANES.filter(({ name }) => !values.only || values.only.includes(name))) await runLane(lane);
} catch (error) {
  total.failed++;
  summary.push(`install: ${error.message}`);
}
say(`\n${summary.join('\n')}`);
say(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

async function runLane({ name, about, test }) {
  say(`\n=== ${name}: ${about}`);
  const started = Date.now();
  const count = { passed: 0, failed: 0, note: '' };
  try {
    await test(count);
    if (count.passed + count.failed === 0 && !count.note) throw new Error('nothing was tested');
  } catch (error) {
    count.failed++;
    count.note = error.message;
  }
  total.passed += count.passed;
  total.failed += count.failed;
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  summary.push(`${name}: ${count.passed} passed, ${count.failed} failed in ${seconds} s${count.note ? ` (${count.note})` : ''}`);
}

/** The full build; its jest tests are counted from the report, and the generated files must come out as they are committed. */
async function build(count) {
  const report = join(root, 'test-reports', 'junit.xml');
  rmSync(report, { force: true });
  const before = generatedFiles();
  const { status } = await execute('npx', ['projen', 'build'], { CI: '1' });
  if (existsSync(report)) Object.assign(count, jestCount(readFileSync(report, 'utf8')));
  const changed = Object.entries(generatedFiles()).filter(([file, digest]) => before[file] !== digest);
  for (const [file] of changed) say(`${file} is generated and was not up to date; commit it`);
  tally(count, changed.length === 0);
  // The build may fail without a failed test: a coverage threshold, the linter, the compiler.
  if (status === 0) tally(count, true);
  else if (count.failed === 0 || !existsSync(report)) throw new Error(`projen build ended with ${status}`);
  else count.note = `projen build ended with ${status}`;
}

async function examples(count) {
  const { status } = await execute('node', ['scripts/synth-examples.mjs']);
  const assemblies = exampleAssemblies();
  for (const { ready } of assemblies) tally(count, ready);
  if (status !== 0) throw new Error(`synth-examples ended with ${status}`);
}

async function cfnLint(count) {
  const command = cfnLintCommand();
  if (!command) {
    count.note = 'not run: python3 has neither venv nor pip, or they reach no package index';
    say(count.note);
    return;
  }
  const templates = exampleAssemblies().flatMap(({ templates: list }) => list);
  if (templates.length === 0) throw new Error('no template in cdk.out/; run the lane "examples" first');
  for (const template of templates) {
    // W3005: CDK writes explicit dependencies that a reference implies as well. W3010: zones are fixed so that synthesis is offline.
    const { status } = await execute(command, ['--ignore-checks', 'W3005', 'W3010', '--', template]);
    say(`${status === 0 ? 'PASS' : 'FAIL'}  ${template.slice(root.length + 1)}`);
    tally(count, status === 0);
  }
}

/** A lane of its own file, which leaves its counts in test-reports/. */
async function script(count, name, file) {
  if (!existsSync(join(root, 'scripts', file))) throw new Error(`scripts/${file} is missing`);
  const report = join(root, 'test-reports', `${name}.json`);
  rmSync(report, { force: true });
  const { status } = await execute('node', [join('scripts', file)]);
  if (!existsSync(report)) throw new Error(`${file} ended with ${status} and left no report`);
  const { passed, failed } = JSON.parse(readFileSync(report, 'utf8'));
  Object.assign(count, { passed, failed });
  if (status !== 0 && failed === 0) throw new Error(`${file} ended with ${status}`);
}

async function demo(count) {
  await proofs(count, ['scripts/demo.mjs', '--check']);
  await proofs(count, ['scripts/demo.mjs', 'voting', '--check']);
  await proofs(count, ['scripts/demo.mjs', 'flask-nginx', '--check']);
}

/** A command that prints one line per proof, `PASS ...` or `FAIL ...`. */
async function proofs(count, args) {
  const { status, output } = await execute('node', args, {}, true);
  count.passed += output.match(/^PASS /gm)?.length ?? 0;
  count.failed += output.match(/^FAIL /gm)?.length ?? 0;
  if (status !== 0 && count.failed === 0) throw new Error(`${args.join(' ')} ended with ${status}`);
}

function tally(count, passed) {
  count[passed ? 'passed' : 'failed']++;
}

/** Run to the end; with `keep`, the output is shown and returned. */
function execute(command, args, env = {}, keep = false) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', keep ? 'pipe' : 'inherit', 'inherit'],
    });
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += chunk;
      process.stdout.write(chunk);
    });
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output }));
  });
}

/** Digests of what projen and docgen write. */
function generatedFiles() {
  const { files } = JSON.parse(readFileSync(join(root, '.projen', 'files.json'), 'utf8'));
  return Object.fromEntries(
    [...files, 'API.md'].map((file) => {
      const full = join(root, file);
      return [file, existsSync(full) ? createHash('sha256').update(readFileSync(full)).digest('hex') : 'missing'];
    }),
  );
}

function jestCount(report) {
  const attribute = (tag, name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(tag)?.[1] ?? 0);
  const [head] = /<testsuites\b[^>]*>/.exec(report) ?? [''];
  const skipped = [...report.matchAll(/<testsuite\b[^>]*>/g)].reduce((sum, [tag]) => sum + attribute(tag, 'skipped'), 0);
  const failed = attribute(head, 'failures') + attribute(head, 'errors');
  return { passed: attribute(head, 'tests') - failed - skipped, failed };
}

function exampleAssemblies() {
  const folder = join(root, 'examples');
  if (!existsSync(folder)) throw new Error('there is no examples/');
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'app.ts')))
    .map(({ name }) => {
      const out = join(root, 'cdk.out', name);
      const ready = existsSync(join(out, 'manifest.json'));
      const templates = ready ? readdirSync(out, { recursive: true }).filter((file) => file.endsWith('.template.json')) : [];
      return { name, ready, templates: templates.map((file) => join(out, file)) };
    });
}

/** cfn-lint in a virtual environment of the cache, pinned; undefined where Python cannot bring it. */
function cfnLintCommand() {
  const home = join(root, '.cache', CFN_LINT.replace('==', '-'));
  const command = join(home, 'bin', 'cfn-lint');
  const works = () => existsSync(command) && spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
  if (works()) return command;
  const steps = [
    ['python3', ['-m', 'venv', '--clear', home]],
    [join(home, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', CFN_LINT]],
  ];
  for (const [file, args] of steps) {
    if (spawnSync(file, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status !== 0) return undefined;
  }
  return works() ? command : undefined;
}
