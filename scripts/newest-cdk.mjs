/**
 * Compiles the library with the newest aws-cdk-lib 2.x and constructs 10.x, and compares the templates of all apps with those of the
 * oldest supported versions, on which the checkout stays:
 *
 *   node scripts/newest-cdk.mjs [jest arguments]
 *
 * With arguments, the tests that they name run on the newest versions. Result: test-reports/newest-cdk.json.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installIfNeeded, root, say } from './install.mjs';
import { bounded, compileLibrary, inTemporaryFolder, report } from './workbench.mjs';

const NEWEST = ['aws-cdk-lib@2', 'constructs@10'];
const SECONDS = { install: 300, bundle: 120, compile: 300, test: 1200 };
/** Tests whose verdict does not depend on the CDK, and the fuzz test, whose time is better spent once. */
const NOT_OF_THE_CDK = '/test/(docs|bench|fuzz|architecture)';
/** Test files about what is refused. */
const ERROR_TESTS = '(refused|input|limits|options|conditions|authentication|tokens|code-deploy|imported|schedules|capacity)';
const MESSAGE_LINES = 120; // per test file: a template that differs can be thousands of lines long
const quiet = {
  CDK_VALIDATION: 'false',
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split('.')[0],
};

await installIfNeeded();
await inTemporaryFolder('newest-cdk', async (folder) => {
  const result = { passed: 0, failed: 0 };
  try {
    copyCheckout(folder);
    copyModules(folder);
    await bounded('npm', ['install', '--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts', ...NEWEST], {
      cwd: folder,
      seconds: SECONDS.install,
    });
    result.versions = Object.fromEntries(NEWEST.map((spec) => spec.split('@')[0]).map((name) => [name, versionOf(folder, name)]));
    say(
      `tested with ${Object.entries(result.versions)
        .map((pair) => pair.join(' '))
        .join(', ')}`,
    );
    await compile(folder, result);
    await test(folder, result);
  } catch (error) {
    result.failed++;
    say(error.message);
  }
  report('newest-cdk', result);
});

/** What git tracks, and what is new but not ignored: the next commit. */
function copyCheckout(folder) {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of new Set(listed.split('\0').filter((name) => name && existsSync(join(root, name))))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(join(root, file), join(folder, file));
  }
}

/** Hard links cost nothing, where they are possible. What npm writes in place must not be one, or it would write in the checkout. */
function copyModules(folder) {
  const from = join(root, 'node_modules');
  const to = join(folder, 'node_modules');
  if (spawnSync('cp', ['-al', from, to], { stdio: 'ignore' }).status !== 0) {
    rmSync(to, { recursive: true, force: true });
    cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  }
  for (const name of ['.package-lock.json', '.cache', 'aws-cdk-lib', 'constructs'])
    rmSync(join(to, name), { recursive: true, force: true });
}

function versionOf(folder, name) {
  return JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')).version;
}

async function compile(folder, result) {
  await bounded('node', ['scripts/bundle-app.mjs'], { cwd: folder, seconds: SECONDS.bundle });
  await compileLibrary(folder, SECONDS.compile, quiet);
  say('compiles');
  result.passed++;
}

/**
 * The same code gives the same template, so what the tests say of a template was said on the oldest version already: everything is
 * synthesised with both, and only where a template differs do all tests run again. Errors are not in templates; their tests always run.
 */
async function test(folder, result) {
  const given = process.argv.slice(2);
  if (given.length > 0) return runTests(folder, result, given);
  const [oldest, newest] = [await synthesise(root, result), await synthesise(folder, result)];
  const names = [...new Set([...Object.keys(oldest), ...Object.keys(newest)])];
  const differing = names.filter((name) => oldest[name] !== newest[name]);
  say(`${names.length - differing.length} of ${names.length} apps have the same templates with both versions`);
  for (const name of differing) say(`differs: ${name}\n${firstDifference(oldest[name] ?? '', newest[name] ?? '')}`);
  result.passed += names.length - differing.length;
  result.differing = differing;
  const some = differing.length > 0 ? [`--testPathIgnorePatterns=/node_modules/|${NOT_OF_THE_CDK}`] : [ERROR_TESTS];
  // Options that take a list would swallow a pattern behind them.
  return runTests(folder, result, [...some, '--roots=test']);
}

/** Every app that the tests know by name, with its templates as one text, without hashes of assets and metadata. */
async function synthesise(folder, result) {
  const output = join(folder, 'test-reports', 'synthesis.json');
  rmSync(output, { force: true });
  const args = ['jest', '--ci', '--coverage=false', '--testMatch=**/test/newest/synthesise.ts', '--runInBand', '--silent'];
  const env = { ...quiet, SYNTHESIS: output };
  const run = await bounded('npx', args, { cwd: folder, seconds: SECONDS.test, env, allowFailure: true });
  if (run.status !== 0 || !existsSync(output)) throw new Error(`not everything synthesises\n${run.output.slice(-4000)}`);
  result.passed++;
  return JSON.parse(readFileSync(output, 'utf8'));
}

function firstDifference(one, other) {
  const [left, right] = [one.split('\n'), other.split('\n')];
  const at = left.findIndex((line, i) => line !== right[i]);
  const part = (lines, sign) => lines.slice(Math.max(0, at - 3), at + 4).map((line) => `${sign} ${line}`);
  return [...part(left, '-'), ...part(right, '+')].join('\n');
}

async function runTests(folder, result, given) {
  const output = join(folder, 'jest.json');
  const args = ['jest', '--ci', '--coverage=false', '--json', `--outputFile=${output}`, ...given];
  const run = await bounded('npx', args, { cwd: folder, seconds: SECONDS.test, env: quiet, allowFailure: true });
  if (!existsSync(output)) throw new Error(`jest wrote no report\n${run.output}`);
  const jest = JSON.parse(readFileSync(output, 'utf8'));
  result.passed += jest.numPassedTests;
  result.failed += jest.numFailedTests + jest.numRuntimeErrorTestSuites;
  for (const { message } of jest.testResults.filter(({ status }) => status === 'failed'))
    say(message.split('\n').slice(0, MESSAGE_LINES).join('\n'));
  if (run.status !== 0 && result.failed === 0) throw new Error(`jest ended with ${run.status}\n${run.output.slice(-4000)}`);
}
