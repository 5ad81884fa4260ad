/**
 * Runs an example's template on this machine, without an account and without Docker:
 *
 *   npm run demo                      examples/geolocation until Ctrl-C
 *   npm run demo -- <example>         another example
 *   npm run demo -- --check           start, prove, stop
 *   npm run demo -- flask-nginx --measure   start, measure latency and throughput, stop
 *   npm run demo -- --set NAME=VALUE --secret NAME=VALUE
 *   npm run demo -- --image REPOSITORY=DOCKERFILE --parameter NAME=VALUE
 *   npm run demo -- care --run JOB=COMMAND
 *   npm run demo -- --deploy NAME=VALUE   other choices, or a directory with an assembly, rolled out over the running one
 *   npm run demo -- --time-scale 10   1 s here is 10 s of AWS
 *   npm run demo -- --logs TASK       what a task writes, or `all` of them
 *
 * Needs Node 20 and Python 3; see local/README.md.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleTool } from './esbuild.mjs';
import { installIfNeeded, root } from './install.mjs';
import { assembliesOf, prepareSynthesis, synthesise } from './synthesis.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    check: { type: 'boolean', default: false },
    measure: { type: 'boolean', default: false },
    engine: { type: 'string' },
    'ca-bundle': { type: 'string' },
    set: { type: 'string', multiple: true, default: [] },
    secret: { type: 'string', multiple: true, default: [] },
    image: { type: 'string', multiple: true, default: [] },
    parameter: { type: 'string', multiple: true, default: [] },
    run: { type: 'string', multiple: true, default: [] },
    logs: { type: 'string', multiple: true, default: [] },
    deploy: { type: 'string', multiple: true, default: [] },
    'time-scale': { type: 'string' },
  },
});
const example = positionals[0] ?? 'geolocation';
const cache = join(root, '.cache', 'demo');

/** What a release workflow has pushed and set: the image of each repository, and the parameter with its tag. */
const RELEASES = {
  platform: {
    image: ['api', 'worker', 'scheduler'].map((name) => `platform/${name}=examples/platform/app/${name}.Dockerfile`),
    parameter: ['Api', 'Worker', 'Scheduler'].map((name) => `${name}ImagesTag=local`),
  },
};

try {
  if (!/^[\w-]+$/.test(example) || !existsSync(join(root, 'examples', example))) throw new Error(`there is no examples/${example}`);
  await installIfNeeded();
  await prepareSynthesis();
  const assemblies = await assembliesOf(example, values);
  const next = await nextAssembly(values.deploy);
  const runner = await bundleRunner();
  process.exitCode = await start(runner, { ...assemblies, next });
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/** A directory with another assembly, or other choices of the example. */
async function nextAssembly(words) {
  if (words.length === 0) return undefined;
  if (words.length === 1 && existsSync(join(words[0], 'manifest.json'))) return words[0];
  const odd = words.find((word) => !/^\w+=/.test(word));
  if (odd)
    throw new Error(`--deploy must be a directory with a manifest.json, or choices of the example as NAME=VALUE, got ${odd}`);
  return synthesise(example, 'next', words);
}

/** One file in a tenth of a second; type checks are the build's business. */
async function bundleRunner() {
  const outfile = join(cache, 'runner.cjs');
  await bundleTool({ entryPoints: ['local/main.ts'], outfile });
  return outfile;
}

function start(runner, { assembly, variants, next }) {
  const args = [runner, '--root', root, '--assembly', assembly, '--example', example];
  if (values.check) args.push('--check');
  if (values.measure) args.push('--measure');
  if (next) args.push('--deploy', next);
  for (const name of ['engine', 'ca-bundle', 'time-scale']) if (values[name]) args.push(`--${name}`, values[name]);
  for (const [name, directory] of Object.entries(variants)) args.push('--variant', `${name}=${directory}`);
  for (const name of ['set', 'secret', 'image', 'parameter', 'run']) {
    for (const pair of [...(RELEASES[example]?.[name] ?? []), ...values[name]]) args.push(`--${name}`, pair);
  }
  for (const name of values.logs) args.push('--logs', name);
  // The channel tells the runner when this process is killed.
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  // Wait for the runner to clean up. The terminal sends Ctrl-C to both of us, which the runner hears once; a signal may be for us alone.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`${error.message}\n`);
      resolve(1);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
