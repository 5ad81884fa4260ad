// Writes one cloud assembly per example to cdk.out/<example>/: offline, without an account, with the checks on.
//   npx projen synth:examples [example ...] [-c name=value ...] [--output folder]
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exampleNames } from './examples.mjs';
import { linkLibrary, root } from './install.mjs';

/** Half a minute, on a machine that has nothing else to do. */
const SECONDS = 300;

const { names, context, output } = parse(process.argv.slice(2));

linkLibrary('examples');
for (const name of names) synthesise(name);

function synthesise(name) {
  const folder = join(root, 'examples', name);
  const target = join(root, output, name);
  rmSync(target, { recursive: true, force: true });
  const started = Date.now();
  const cdk = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const args = [
    'synth',
    '--quiet',
    '--no-notices',
    '--no-version-reporting',
    '--output',
    target,
    ...context.flatMap((pair) => ['-c', pair]),
  ];
  // Without credentials the CLI would wait for the metadata service of a host that is none.
  const env = {
    ...process.env,
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    AWS_REGION: process.env.AWS_REGION ?? 'us-east-1',
    JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split('.')[0],
    CDK_VALIDATION: 'true',
  };
  const run = spawnSync(process.execPath, [cdk, ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: SECONDS * 1000,
  });
  if (run.status !== 0) {
    console.error(`examples/${name} did not synthesise${run.error ? ` within ${SECONDS} s` : ''}`);
    process.exit(1);
  }
  console.log(`examples/${name} -> ${join(output, name)} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

function parse(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      context: { type: 'string', short: 'c', multiple: true, default: [] },
      output: { type: 'string', default: 'cdk.out' },
    },
  });
  const known = exampleNames();
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(`no such example: ${unknown.join(', ')}; there are ${known.join(', ')}`);
    process.exit(2);
  }
  return { ...values, names: positionals.length > 0 ? positionals : known };
}
