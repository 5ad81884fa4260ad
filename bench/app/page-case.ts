import { Paths } from './addresses';
import { CONNECTIONS, FEW } from './plan';
import { recordAnswer, startApi, startCeilings, startFrontend, startNginx, stopAll } from './servers';
import { Case, comparison, inTurn, Missing } from './turns';
import { Service, Workshop } from './workshop';

const FIXED = 'fixed answer, same stack';
export const AS_BROWSER = ['Accept: text/html', 'User-Agent: wrk'];

/** The page from a frontend and an API, without load balancers, next to the same bytes from servers that do nothing. */
export async function pageReport(shop: Workshop, paths: Paths): Promise<string> {
  const api = await startApi(shop, 'page api', {});
  const frontend = await startFrontend(shop, 'page frontend', api);
  const answer = await recordAnswer(`${frontend.origin}/?ip=${paths.first}`, '/', { accept: 'text/html' });
  const { fixed, bare } = await startCeilings(shop, 'page', answer);
  const ask = (name: string, services: Record<string, Service>): Case => ({
    name,
    run: () => {
      const [{ origin }] = Object.values(services);
      const load = { origin, connections: CONNECTIONS, seconds: shop.plan.turnSeconds, headers: AS_BROWSER };
      const parts = Object.fromEntries(Object.entries(services).map(([part, { pid }]) => [part, [pid]]));
      return shop.wrkWithCost({ ...load, paths: { file: paths.page, count: FEW } }, parts);
    },
  });
  const nginx = await startNginx(shop, 'nginx-page', answer.body).catch((error: Error): Missing => ({
    name: 'Nginx, static file, same bytes',
    missing: error.message,
  }));
  const cases: (Case | Missing)[] = [
    'missing' in nginx ? nginx : ask('Nginx, static file, same bytes', { nginx }),
    ask('node:http, same bytes', { server: bare }),
    ask(FIXED, { server: fixed }),
    ask('the page: frontend and API', { frontend, api }),
  ];
  const turns = await inTurn(
    cases.filter((each): each is Case => !('missing' in each)),
    shop.plan.rounds,
  );
  await stopAll(frontend, api, fixed, bare);
  return [
    `## The page without load balancers: ${CONNECTIONS} connections, ${shop.plan.rounds} turns of ${shop.plan.turnSeconds} s each, in turn`,
    await comparison(cases, turns, FIXED),
    `The page has ${Buffer.byteLength(answer.body)} bytes. Frontend and API share one processor here.`,
  ].join('\n\n');
}
