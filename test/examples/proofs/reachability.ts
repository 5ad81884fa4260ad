import { Reachability, ReachablePair, TopologyRecord } from 'cdk-ecs-mesh';
import { FLOWS, flowsOf } from './flows';
import { variant, wholeCases } from './variants';

const text = ({ from, to, ports }: ReachablePair) => `${from} -> ${to} :${ports}`;
const usedFlows = new Set<number>();

function prove(name: string, settings: Record<string, string>) {
  const app = variant(name, settings);
  const reachability = Reachability.of(app);
  // Services of AWS have no place in the network: they are called on 443, which is one of the flows.
  const recorded = TopologyRecord.of(app).connections.filter(({ port }) => port !== undefined);
  const ways = recorded.map(({ client, server, port }) => reachability.path(client, server, port!));
  return { reachability, recorded, ways };
}

test.each(wholeCases)('reachability: %s %j: each recorded connection has a way', (name, settings) => {
  const { reachability, recorded } = prove(name, settings);
  expect(recorded.length).toBeGreaterThan(0);
  for (const { client, server, port } of recorded) reachability.expectReachable(client, server, port!);
});

test.each(wholeCases)(
  'reachability: %s %j: each way belongs to a recorded connection, or to a flow of the platform',
  (name, settings) => {
    const { reachability, ways } = prove(name, settings);
    const declared = new Set(ways.flat().map(text));
    const others = reachability.pairs().filter((pair) => !declared.has(text(pair)));
    for (const pair of others) for (const flow of flowsOf(pair)) usedFlows.add(flow);
    expect(others.filter((pair) => flowsOf(pair).length === 0).map(text)).toEqual([]);
  },
);

test('reachability: no flow is allowed that no example has', () => {
  expect(FLOWS.filter((_, index) => !usedFlows.has(index)).map(({ why, from, to }) => `${why}: ${from} -> ${to}`)).toEqual([]);
});
