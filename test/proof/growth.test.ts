import { App } from 'aws-cdk-lib';
import { build } from '../../bench/reports/app';
import { EcsMeshChecks } from '../../src/checks/ecs-mesh-checks';
import { AppTemplates } from '../../src/proof/private/app-templates';
import { Network } from '../../src/proof/private/network';
import { isExternal, ReachGraph } from '../../src/proof/private/reach-graph';
import { Resource } from '../../src/template/private/app-templates';
import { COMBINATIONS, shop } from '../shop';

function appOf(count: number): App {
  const app = new App();
  build(app, count);
  return app;
}

/** How often a method is called, for each service of the app. */
function callsPerService(spy: jest.SpyInstance, count: number, work: (app: App) => unknown): number {
  const app = appOf(count);
  spy.mockClear();
  work(app);
  return spy.mock.calls.length / count;
}

test('the checks read as much of each service in a large app as in a small one', () => {
  const reads = jest.spyOn(Resource.prototype, 'at');
  const check = (app: App) => new EcsMeshChecks().validateScope(app);
  expect(callsPerService(reads, 40, check)).toBeLessThan(1.5 * callsPerService(reads, 10, check));
});

test('pairs look at as many places for each service in a large app as in a small one', () => {
  const looks = jest.spyOn(Network.prototype, 'isOne');
  const pairs = (app: App) => new ReachGraph(AppTemplates.of(app)).steps();
  expect(callsPerService(looks, 40, pairs)).toBeLessThan(2 * callsPerService(looks, 10, pairs));
});

test.each(COMBINATIONS)('%s, %s: no pair is missed by the index of those who admit', (compute, store) => {
  const graph = new ReachGraph(AppTemplates.of(shop(compute, store, { inOneStack: true })));
  const nodes = [...graph.externalPeers, ...graph.components];
  const open = nodes.flatMap((from) => nodes.map((to) => graph.step(from, to)).filter(({ ports }) => ports.length > 0));
  const names = (steps: typeof open) => steps.map(({ from, to }) => `${from.name} -> ${to.name}`);
  expect(names(graph.steps())).toEqual(names(open));
  expect(open.some(({ from, to }) => !isExternal(from) && !isExternal(to))).toBe(true);
});
