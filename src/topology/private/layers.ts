import { ModelComponent, TopologyModel, Zone } from './topology-model';

/** The stages: zones that share columns. Components that the network calls are in one last column, zone under zone. */
const STAGES: Zone[][] = [['internet'], ['public'], ['private'], ['data', 'aws', 'outside']];
const LAST_STAGE = STAGES.length - 1;

/**
 * Assigns a column to each component: its stage first, and within the stage the longest chain of calls to it. Calls that close a cycle are
 * ignored.
 */
export function assignLayers(model: TopologyModel): Map<string, number> {
  const layers = new Map<string, number>();
  let base = 0;
  STAGES.forEach((zones, stage) => {
    const members = model.components.filter((component) => zones.includes(component.zone));
    const depths = stage === LAST_STAGE ? new Map<string, number>() : stageDepths(members, model);
    members.forEach(({ id }) => layers.set(id, base + (depths.get(id) ?? 0)));
    if (members.length > 0) base += 1 + Math.max(0, ...depths.values());
  });
  return layers;
}

function stageDepths(members: ModelComponent[], model: TopologyModel): Map<string, number> {
  const ids = new Set(members.map(({ id }) => id));
  const calls = new Map(members.map(({ id }) => [id, new Set<string>()]));
  for (const { client, server } of model.connections) {
    if (ids.has(client) && ids.has(server) && client !== server) calls.get(client)!.add(server);
  }
  const order = withoutCycles(calls);
  const depths = new Map(members.map(({ id }) => [id, 0]));
  for (const id of order) calls.get(id)!.forEach((next) => depths.set(next, Math.max(depths.get(next)!, depths.get(id)! + 1)));
  pullRight(order, calls, depths, new Set(model.connections.map(({ server }) => server)));
  return depths;
}

/** Removes the calls that close a cycle; returns the IDs with clients before servers. */
function withoutCycles(calls: Map<string, Set<string>>): string[] {
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (id: string): void => {
    state.set(id, 'open');
    for (const next of [...calls.get(id)!]) {
      if (state.get(next) === 'open') calls.get(id)!.delete(next);
      else if (!state.has(next)) visit(next);
    }
    state.set(id, 'done');
    order.unshift(id);
  };
  for (const id of calls.keys()) if (!state.has(id)) visit(id);
  return order;
}

/** Moves a service that nothing calls, such as a worker, next to the component that it calls: lines are shorter and columns fuller. */
function pullRight(order: string[], calls: Map<string, Set<string>>, depths: Map<string, number>, called: Set<string>): void {
  const last = Math.max(0, ...depths.values());
  for (const id of order) {
    if (called.has(id)) continue;
    depths.set(id, Math.min(last, ...[...calls.get(id)!].map((next) => depths.get(next)! - 1)));
  }
}
