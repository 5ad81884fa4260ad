/**
 * Runs an example's template on this machine, without an account and without Docker:
 *
 *   npm run demo                      examples/geolocation until Ctrl-C
 *   npm run demo -- <example>         another example
 *   npm run demo -- --check           start, prove, stop
 *   npm run demo -- --set NAME=VALUE --secret NAME=VALUE
 *
 * Needs Node 20 and Python 3; see local/README.md.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installIfNeeded, root, run, say } from './install.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    check: { type: 'boolean', default: false },
    set: { type: 'string', multiple: true, default: [] },
    secret: { type: 'string', multiple: true, default: [] },
  },
});
const example = positionals[0] ?? 'geolocation';
const cache = join(root, '.cache', 'demo');

try {
  if (!/^[\w-]+$/.test(example) || !existsSync(join(root, 'examples', example))) throw new Error(`there is no examples/${example}`);
  installIfNeeded();
  run('node', ['scripts/bundle-app.mjs']);
  // The variant with the metered provider goes first and is kept aside, so that cdk.out/ ends as everybody expects it.
  const upstream =
    values.check && example === 'geolocation' ? synthesise(['-c', 'provider=upstream'], join(cache, 'upstream')) : undefined;
  const assembly = synthesise([]);
  const runner = await bundleRunner();
  process.exitCode = await start(runner, assembly, upstream);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/** Synthesise with all checks on; optionally keep the result where the next synthesis does not overwrite it. */
function synthesise(context, keepIn) {
  say(`synthesising examples/${example} ${context.join(' ')}`);
  run('node', ['scripts/synth-examples.mjs', example, ...context]);
  const assembly = join(root, 'cdk.out', example);
  if (!keepIn) return assembly;
  rmSync(keepIn, { recursive: true, force: true });
  cpSync(assembly, keepIn, { recursive: true });
  return keepIn;
}

/** One file in a tenth of a second; type checks are the build's business. */
async function bundleRunner() {
  const { build } = await import('esbuild');
  mkdirSync(cache, { recursive: true });
  const outfile = join(cache, 'runner.cjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['local/main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
    tsconfigRaw: { compilerOptions: { target: 'ES2022', esModuleInterop: true } },
  });
  return outfile;
}

function start(runner, assembly, upstream) {
  const args = [runner, '--root', root, '--assembly', assembly];
  if (values.check) args.push('--check');
  if (upstream) args.push('--upstream', upstream);
  for (const name of ['set', 'secret']) for (const pair of values[name]) args.push(`--${name}`, pair);
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  // The terminal sends Ctrl-C to both of us; wait for the runner to clean up. A signal for this process alone is passed on.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`${error.message}\n`);
      resolve(1);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
