import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writePaths } from './addresses';
import { apiReport } from './api-case';
import { frontDoorReport } from './front-door-case';
import { memoryReport } from './memory-case';
import { overloadReport } from './overload-case';
import { AS_BROWSER, pageReport } from './page-case';
import { FEW, FULL, QUICK } from './plan';
import { profileReport } from './profile-case';
import { redisEnvironment, startApi, startFrontend, startRedis, stopAll } from './servers';
import { Workshop } from './workshop';

const { values } = parseArgs({
  options: {
    root: { type: 'string' },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    profile: { type: 'boolean', default: false },
    assembly: { type: 'string' },
    'servers-on': { type: 'string', default: '' },
    'load-on': { type: 'string', default: '' },
  },
});
const root = values.root!;
const only = values.profile ? ['profile'] : values.only?.split(',');
const say = (line: string) => void process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const loadPrefix = values['load-on'] ? ['taskset', '-c', values['load-on']] : [];
  const shop = new Workshop(root, values.quick ? QUICK : FULL, loadPrefix, say);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void shop.close().then(() => process.exit(130)));
  const parts = [header()];
  try {
    for (const [name, report] of Object.entries(await reports(shop))) {
      if (only ? !only.includes(name) : name === 'profile') continue;
      say(`${new Date().toISOString().slice(11, 19)} ${name} ...`);
      // One part that fails must not take the others with it, nor go unseen.
      parts.push(await report().catch((error: Error) => `## ${name}\n\nNot measured: ${error.message}`));
    }
  } finally {
    await shop.close();
  }
  write(`${parts.join('\n\n')}\n`);
}

async function reports(shop: Workshop): Promise<Record<string, () => Promise<string>>> {
  const redis = await startRedis(shop);
  const first = await startApi(shop, 'api for addresses', {});
  const paths = await writePaths(first.origin, shop.directory);
  await first.stop();
  return {
    api: () => apiReport(shop, paths, redis),
    page: () => pageReport(shop, paths),
    overload: async () => {
      const api = await startApi(shop, 'overload api', redisEnvironment(redis));
      const frontend = await startFrontend(shop, 'overload frontend', api);
      const targets = [
        {
          name: 'API, none in memory',
          path: `/v1/lookup/${paths.first}`,
          load: { origin: api.origin, paths: { file: paths.api, count: paths.count } },
        },
        {
          name: 'page, frontend and API',
          path: `/?ip=${paths.first}`,
          load: { origin: frontend.origin, paths: { file: paths.page, count: FEW }, headers: AS_BROWSER },
        },
      ];
      const texts = ['## Overload'];
      for (const target of targets) texts.push(await overloadReport(shop, target));
      await stopAll(frontend, api);
      return texts.join('\n\n');
    },
    memory: () => memoryReport(shop, paths, redis),
    frontdoor: () => frontDoorReport(shop, paths, values.assembly),
    profile: () => profileReport(shop, paths, redis),
  };
}

function header(): string {
  const load = loadavg().map((value) => value.toFixed(1));
  const placed = values['load-on']
    ? `servers on processor ${values['servers-on']}, load on ${values['load-on']}`
    : 'servers and load share all processors';
  return [
    '# App bench',
    `- command: \`npx projen bench:app${process.argv.slice(2).some((word) => /^--(quick|only|profile)/.test(word)) ? ` ${given()}` : ''}\``,
    `- date: ${new Date().toISOString()}`,
    `- machine: ${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} processors, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, load average before it ${load.join(' ')}`,
    `- node ${process.versions.node}; ${placed}; everything on loopback`,
  ].join('\n');
}

function given(): string {
  const words = [values.quick ? '--quick' : '', values.profile ? '--profile' : '', values.only ? `--only ${values.only}` : ''];
  return words.filter((word) => word !== '').join(' ');
}

/** A run of some parts must not replace the results of all. */
function write(text: string): void {
  if (!only) {
    const results = join(root, 'bench', 'results');
    mkdirSync(results, { recursive: true });
    writeFileSync(join(results, 'app.md'), text);
  }
  process.stdout.write(text);
}

void main().catch((error: Error) => {
  process.stderr.write(`${error.stack ?? error.message}\n`);
  process.exitCode = 1;
});
