/**
 * Compiles the library and runs its tests against the newest aws-cdk-lib 2.x and constructs 10.x:
 *
 *   node scripts/newest-cdk.mjs [jest arguments]
 *
 * The checkout itself stays on the oldest supported version. Snapshots are compared: a template that differs between the oldest and
 * the newest CDK is a finding. Result: test-reports/newest-cdk.json.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installIfNeeded, root, say } from './install.mjs';
import { bounded, compileLibrary, inTemporaryFolder, report } from './workbench.mjs';

const NEWEST = ['aws-cdk-lib@2', 'constructs@10'];
const SECONDS = { install: 300, bundle: 120, compile: 300, test: 1200 };
/** What says the same with every CDK, and the fuzz test, whose time is better spent once. */
const NOT_OF_THE_CDK = '/test/(docs|bench|fuzz|architecture)';
const MESSAGE_LINES = 120; // per test file: a template that differs can be thousands of lines long
const quiet = {
  CDK_VALIDATION: 'false',
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split('.')[0],
};

installIfNeeded();
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

async function test(folder, result) {
  const output = join(folder, 'jest.json');
  const given = process.argv.slice(2);
  const args = [
    'jest',
    '--ci',
    '--coverage=false',
    '--json',
    `--outputFile=${output}`,
    ...(given.length > 0 ? given : ['--roots=test', `--testPathIgnorePatterns=/node_modules/|${NOT_OF_THE_CDK}`]),
  ];
  const run = await bounded('npx', args, { cwd: folder, seconds: SECONDS.test, env: quiet, allowFailure: true });
  if (!existsSync(output)) throw new Error(`jest wrote no report\n${run.output}`);
  const jest = JSON.parse(readFileSync(output, 'utf8'));
  result.passed += jest.numPassedTests;
  result.failed += jest.numFailedTests + jest.numRuntimeErrorTestSuites;
  for (const { message } of jest.testResults.filter(({ status }) => status === 'failed'))
    say(message.split('\n').slice(0, MESSAGE_LINES).join('\n'));
  if (run.status !== 0 && result.failed === 0) throw new Error(`jest ended with ${run.status}\n${run.output.slice(-4000)}`);
}
