import { join } from 'node:path';
import { Paths } from './addresses';
import { AS_BROWSER } from './page-case';
import { CONNECTIONS, FEW } from './plan';
import { startNginx } from './servers';
import { Case, comparison, inTurn, Missing } from './turns';
import { Service, Workshop } from './workshop';
import { WrkLoad } from './wrk';
import { Visitor } from '../../local/check/visitor';
import { ServiceScheduler } from '../../local/ecs/scheduler';
import { Addresses } from '../../local/net/addresses';
import { LocalRun } from '../../local/run/local-run';

const NGINX = 'Nginx with TLS, static file, same bytes';
/** Of what the front door can do: during a restart half of the tasks may be away. */
const STEADY = 0.3;

/** The template of examples/geolocation as it is deployed, as local processes: public load balancer, frontend, internal one, API. */
export async function frontDoorReport(shop: Workshop, paths: Paths, assembly: string | undefined): Promise<string> {
  if (!assembly) throw new Error('there is no cloud assembly; the library must be compiled');
  const run = new LocalRun(
    { assembly, root: shop.root, localDirectory: join(shop.root, 'local'), overrides: {}, secrets: {}, say: shop.say },
    await Addresses.claim(),
  );
  try {
    await run.start();
    return [await throughput(shop, paths, run), await rollingRestart(shop, paths, run)].join('\n\n');
  } finally {
    await run.stop();
  }
}

function doorOf(run: LocalRun): string {
  const { listeners } = new Visitor(run).external;
  const { plan, address, port } = listeners.find((listener) => listener.plan.https) ?? listeners[0];
  return `${plan.https ? 'https' : 'http'}://${address}:${port}`;
}

const pageLoad = (origin: string, paths: Paths): Omit<WrkLoad, 'seconds'> => ({
  origin,
  connections: CONNECTIONS,
  headers: AS_BROWSER,
  paths: { file: paths.page, count: FEW },
});

async function throughput(shop: Workshop, paths: Paths, run: LocalRun): Promise<string> {
  const visitor = new Visitor(run);
  const { body } = await visitor.front(`/?ip=${paths.first}`, { accept: 'text/html' });
  const nginx = await startNginx(shop, 'nginx-tls', body, run.certificate).catch((error: Error): Missing => ({
    name: NGINX,
    missing: error.message,
  }));
  const ask = (name: string, origin: string, parts: Record<string, (number | undefined)[]>): Case => ({
    name,
    run: () => shop.wrkWithCost({ ...pageLoad(origin, paths), seconds: shop.plan.turnSeconds }, parts),
  });
  const through = ask('the page through both load balancers', doorOf(run), {
    'load balancers': [process.pid],
    frontend: pidsOf(visitor.serviceBehind(visitor.external)),
    API: pidsOf(visitor.serviceBehind(visitor.internal)),
  });
  const cases = [
    'missing' in nginx ? nginx : ask(NGINX, nginx.origin.replace('http:', 'https:'), { nginx: [(nginx as Service).pid] }),
    through,
  ];
  const turns = await inTurn(
    cases.filter((each): each is Case => !('missing' in each)),
    shop.plan.rounds,
  );
  const counts = run.services.map(({ plan, running }) => `${running.length} ${plan.label}`).join(', ');
  return [
    `## Through the front door of the template, as local processes: ${CONNECTIONS} connections with TLS, ${shop.plan.rounds} turns of ${shop.plan.turnSeconds} s each, in turn`,
    await comparison(cases, turns, NGINX),
    `Tasks: ${counts}. Both load balancers are emulated in one Node.js process, and all of it shares one processor: the figure to take from here is the CPU time of frontend and API.`,
  ].join('\n\n');
}

const pidsOf = (service: ServiceScheduler): (number | undefined)[] =>
  service.running.flatMap(({ containers }) => containers.map(({ runtime }) => runtime.pid));

/** Every task of API and frontend is replaced, one after the other, while visitors go on. */
async function rollingRestart(shop: Workshop, paths: Paths, run: LocalRun): Promise<string> {
  const load = pageLoad(doorOf(run), paths);
  const { perSecond } = await shop.wrk({ ...load, seconds: 2 });
  const visitor = new Visitor(run);
  const before = new Set(run.tasks);
  const started = Date.now();
  const result = await shop.wrkDuring({ ...load, perSecond: STEADY * perSecond }, async () => {
    for (const balancer of [visitor.internal, visitor.external]) {
      await run.deployer.redeploy(visitor.serviceBehind(balancer));
    }
  });
  const replaced = run.tasks.filter((task) => !before.has(task)).length;
  return [
    '## Rolling restart under load',
    `${replaced} of ${before.size} tasks replaced one after the other (a new one, healthy, then SIGTERM to the old one) within ${((Date.now() - started) / 1000).toFixed(0)} s: ` +
      `**${result.failures} of ${result.requests} requests failed**, at ${result.perSecond.toFixed(0)} requests/s, p50 ${result.p50Ms.toFixed(1)} ms, p99 ${result.p99Ms.toFixed(1)} ms.`,
  ].join('\n\n');
}
