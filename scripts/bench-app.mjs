/**
 * Measures the reference app: npx projen bench:app [--quick] [--only api,page,overload,memory,frontdoor] [--profile]; see bench/README.md.
 *
 * Linux; wrk, h2load, redis-benchmark and Nginx are installed from Debian where they are missing and this is root. What cannot be had is
 * a row that says so.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleTool } from './esbuild.mjs';
import { isFresh } from './freshness.mjs';
import { root, run, say } from './install.mjs';
import { need } from './workbench.mjs';

const TOOLS = { wrk: 'wrk', h2load: 'nghttp2-client', 'redis-benchmark': 'redis-tools', nginx: 'nginx-light' };
const CONTEXT = ['privateDomain=nidhin.local', 'zoneName=nidhin.example', 'zoneId=Z00000000000000DEMO'];
const args = process.argv.slice(2);
// The other options are the bench's own.
const { values } = parseArgs({ args, strict: false, options: { only: { type: 'string' }, profile: { type: 'boolean' } } });

for (const [command, name] of Object.entries(TOOLS)) {
  if (exists(command) || existsSync(join('/usr/sbin', command))) continue;
  await need(command, [name]).catch((error) => say(error.message.split('\n')[0]));
}
run('node', ['scripts/bundle-app.mjs']);
const out = join(root, '.cache', 'bench', 'app');
await bundleTool({
  entryPoints: {
    main: 'bench/app/main.ts',
    'fixed-answer': 'bench/app/fixed-answer.ts',
    'bare-answer': 'bench/app/bare-answer.ts',
  },
  outdir: out,
});
const placed = processors();
const assembly = synthesise();
const words = [join(out, 'main.js'), '--root', root, ...(assembly ? ['--assembly', assembly] : []), ...args];
const command = placed ? ['taskset', '-c', placed.servers, process.execPath, ...words] : [process.execPath, ...words];
if (placed) command.push('--servers-on', placed.servers, '--load-on', placed.load);
const child = spawn(command[0], command.slice(1), { cwd: root, stdio: 'inherit' });
process.on('SIGINT', () => {}); // the terminal sends it to both; the bench cleans up
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.once('exit', (code) => (process.exitCode = code ?? 1));

function exists(command) {
  return spawnSync(command, ['-v'], { stdio: 'ignore' }).error === undefined;
}

/** The load must not take from the servers: one processor is theirs, the others are the load's. */
function processors() {
  const count = cpus().length;
  if (count < 2 || !exists('taskset')) return undefined;
  return { servers: '0', load: count === 2 ? '1' : `1-${count - 1}` };
}

/** The template takes half a minute, so it is kept while nothing that it is made of has changed. */
function synthesise() {
  if (values.profile || (values.only && !values.only.includes('frontdoor'))) return undefined;
  if (!existsSync(join(root, 'lib', 'index.js'))) {
    say('lib/ is not there; run `npx projen compile` first, or there is no front door to measure');
    return undefined;
  }
  const folder = join('.cache', 'bench', 'synth');
  if (!isFresh(join(folder, 'geolocation', 'manifest.json'), ['.jsii', 'app', 'examples/geolocation'])) {
    run('node', ['scripts/synth-examples.mjs', 'geolocation', '--output', folder, ...CONTEXT.flatMap((pair) => ['-c', pair])]);
  }
  return join(root, folder, 'geolocation');
}
