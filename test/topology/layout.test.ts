import { App } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { geolocation, large } from './topologies';
import { ComponentKind, TopologyRecord } from '../../src/core/topology-record';
import { countCrossings } from '../../src/topology/private/crossings';
import { assignLayers } from '../../src/topology/private/layers';
import { buildGraph } from '../../src/topology/private/layout-graph';
import { drawLines } from '../../src/topology/private/lines';
import { orderLayers } from '../../src/topology/private/ordering';
import { placeItems } from '../../src/topology/private/placement';
import { spaceOut } from '../../src/topology/private/spacing';
import { readModel } from '../../src/topology/private/topology-model';
import { placeZones } from '../../src/topology/private/zones';

const layers = (app: App) => Object.fromEntries(assignLayers(readModel(app)));

function services(...calls: [string, string][]): App {
  const app = new App();
  const record = TopologyRecord.of(app);
  for (const id of new Set(calls.flat())) record.addComponent({ id, kind: ComponentKind.SERVICE, label: id });
  for (const [client, server] of calls) record.addConnection({ client, server, protocol: 'http', port: 80 });
  return app;
}

function lay(app: App) {
  const graph = buildGraph(readModel(app));
  orderLayers(graph);
  return { graph, placement: placeItems(graph) };
}

/** Cards as rectangles. */
function cardsOf({ placement }: ReturnType<typeof lay>) {
  return [...placement.items.values()].flatMap(({ card, x, y, width }) =>
    card ? [{ id: card.component.id, left: x, right: x + width, top: y - card.anchor, bottom: y - card.anchor + card.height }] : [],
  );
}

describe('columns', () => {
  test('GEO is a chain from left to right', () => {
    expect(layers(geolocation())).toEqual({
      Internet: 0,
      'Geo/Gateway/External': 1,
      'Geo/Frontend': 2,
      'Geo/Gateway/Internal': 3,
      'Geo/Api': 4,
      'Geo/Redis': 5,
    });
  });

  test('the longest chain decides', () => {
    expect(layers(services(['a', 'b'], ['b', 'c'], ['a', 'c']))).toEqual({ a: 0, b: 1, c: 2 });
  });

  test('a cycle is broken and drawn back', () => {
    const app = services(['a', 'b'], ['b', 'c'], ['c', 'a'], ['c', 'c']);
    expect(layers(app)).toEqual({ a: 0, b: 1, c: 2 });
    expect(buildGraph(readModel(app)).returns.map(({ client, server }) => [client.component!.id, server.component!.id])).toEqual([
      ['c', 'c'],
      ['c', 'a'],
    ]);
  });

  test('a worker that nobody calls stands next to what it calls', () => {
    expect(layers(services(['a', 'b'], ['b', 'c'], ['worker', 'c']))).toEqual({ a: 0, b: 1, c: 2, worker: 1 });
  });
});

test('ten clients of one address share one line through the columns between', () => {
  const graph = buildGraph(readModel(large()));
  const passing = graph.layers.flat().filter((item) => !item.component);
  const places = graph.segments
    .filter(({ from }) => !from.component)
    .map(({ from, door }) => `${from.layer} ${JSON.stringify(door)}`);
  expect(new Set(places).size).toBe(places.length);
  expect(places).toHaveLength(passing.length);
});

test.each<[string, [string, string][], number]>([
  [
    'two lines to one service do not cross',
    [
      ['a', 'x'],
      ['b', 'x'],
    ],
    0,
  ],
  [
    'a line from below to above does',
    [
      ['a', 'x'],
      ['a', 'y'],
      ['b', 'x'],
    ],
    1,
  ],
])('%s', (_, calls, crossings) => {
  const { layers: columns, segments } = buildGraph(readModel(services(...calls)));
  expect(countCrossings(columns, segments)).toBe(crossings);
});

test('ordering removes crossings', () => {
  const graph = buildGraph(readModel(large()));
  const before = countCrossings(graph.layers, graph.segments);
  orderLayers(graph);
  expect(countCrossings(graph.layers, graph.segments)).toBeLessThan(before / 2);
});

/** How often the layout looks at an end of a line, for services that share two stores and call three others each. */
function looksAt(count: number): number {
  const calls = Array.from({ length: count }, (_, i) => {
    const called = [2, 3, 4].map((part) => Math.floor(i / part)).filter((other) => other < i);
    return ['redis', 'database', ...called].map((other): [string, string] => [`${i}`, `${other}`]);
  });
  const graph = buildGraph(readModel(services(...calls.flat())));
  let looks = 0;
  for (const segment of graph.segments) {
    for (const end of ['from', 'to'] as const) {
      const item = segment[end];
      Object.defineProperty(segment, end, { get: () => (looks++, item) });
    }
  }
  orderLayers(graph);
  drawLines(graph, placeItems(graph), 0);
  return looks / graph.segments.length;
}

test('four times as many services take as many looks at each line', () => {
  expect(looksAt(80)).toBeLessThan(2 * looksAt(20));
});

test('a chain is one straight line', () => {
  const { graph, placement } = lay(geolocation());
  for (const { path } of drawLines(graph, placement, 0).lines) expect(path).toMatch(/^M[\d.]+ [\d.]+H[\d.]+$/);
});

describe('spaceOut', () => {
  test('grants wishes that leave room', () => {
    expect(
      spaceOut([
        { at: 0, weight: 1, distance: 0 },
        { at: 30, weight: 1, distance: 10 },
      ]),
    ).toEqual([0, 30]);
  });

  test('parts wishes that overlap, around their weighted mean', () => {
    expect(
      spaceOut([
        { at: 10, weight: 3, distance: 0 },
        { at: 10, weight: 1, distance: 8 },
      ]),
    ).toEqual([8, 16]);
  });
});

test('zones that share a column stand one under the other without touching', () => {
  const { placement } = lay(large());
  const stacked = placeZones(placement, 1200).filter(({ zone }) => ['data', 'aws', 'outside'].includes(zone));
  expect(stacked.map(({ zone }) => zone)).toEqual(['data', 'aws', 'outside']);
  for (const [upper, lower] of [stacked.slice(0, 2), stacked.slice(1)]) expect(upper.y + upper.height).toBeLessThan(lower.y);
});

test.each([geolocation(), large()])('zones side by side do not touch, and hold the middle between their columns', (app) => {
  const { placement } = lay(app);
  const zones = placeZones(placement, 1200);
  const pairs = zones.flatMap((left) => zones.filter((right) => right.x > left.x).map((right) => [left, right]));
  const beside = pairs.filter(
    ([left, right]) => left.x + left.width < right.x + right.width && left.x + left.width > right.x - 100,
  );
  expect(beside.length).toBeGreaterThan(0);
  for (const [left, right] of beside) expect(right.x - (left.x + left.width)).toBeCloseTo(8, 5);
});

describe('any app', () => {
  const kinds = fc.constantFrom(...Object.values(ComponentKind));
  const component = fc.record({
    kind: kinds,
    publicFacing: fc.boolean(),
    details: fc.array(fc.constant('detail'), { maxLength: 3 }),
  });
  const index = fc.nat({ max: 11 });
  const topology = fc.record({
    components: fc.array(component, { minLength: 1, maxLength: 12 }),
    calls: fc.array(fc.record({ client: index, server: index, port: fc.constantFrom(80, 443) }), { maxLength: 30 }),
  });
  const build = ({ components, calls }: typeof topology extends fc.Arbitrary<infer T> ? T : never) => {
    const app = new App();
    const record = TopologyRecord.of(app);
    components.forEach((c, i) => record.addComponent({ ...c, id: `c${i}`, label: `c${i}` }));
    const id = (i: number) => `c${i % components.length}`;
    for (const { client, server, port } of calls) {
      record.addConnection({ client: id(client), server: id(server), port, protocol: 'http' });
    }
    return app;
  };

  test('cards never overlap', () => {
    fc.assert(
      fc.property(topology, (given) => {
        const cards = cardsOf(lay(build(given)));
        cards.forEach((a, i) => {
          for (const b of cards.slice(i + 1)) {
            expect(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top).toBe(true);
          }
        });
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  test('lines that pass a column keep clear of its cards', () => {
    fc.assert(
      fc.property(topology, (given) => {
        const laid = lay(build(given));
        const cards = cardsOf(laid);
        for (const { card, x, y } of laid.placement.items.values()) {
          if (!card) expect(cards.filter((c) => c.left === x && c.top - 8 < y && y < c.bottom + 8)).toEqual([]);
        }
      }),
      { numRuns: 60, seed: 2 },
    );
  });

  test('every zone holds its cards and no others', () => {
    fc.assert(
      fc.property(topology, (given) => {
        const app = build(given);
        const laid = lay(app);
        const zoneOf = new Map(readModel(app).components.map(({ id, zone }) => [id, zone]));
        const bottom = Math.max(...cardsOf(laid).map((card) => card.bottom));
        for (const { zone, x, y, width, height } of placeZones(laid.placement, bottom)) {
          const within = cardsOf(laid).filter((c) => c.left < x + width && c.right > x && c.top < y + height && c.bottom > y);
          expect(within.map(({ id }) => id).sort()).toEqual(
            [...zoneOf]
              .filter(([, z]) => z === zone)
              .map(([id]) => id)
              .sort(),
          );
        }
      }),
      { numRuns: 60, seed: 3 },
    );
  });
});
