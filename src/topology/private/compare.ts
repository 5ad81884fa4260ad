import { ModelComponent, ModelConnection, TopologyModel } from './topology-model';

/** Parses a `topology.json`; the error says which one is invalid. */
export function parseTopology(which: 'before' | 'after' | 'directories', text: string): TopologyModel {
  let parsed: Partial<TopologyModel> & { version?: unknown };
  try {
    parsed = JSON.parse(text) as typeof parsed;
  } catch {
    parsed = {};
  }
  const { version, components, connections } = parsed ?? {};
  if (version !== 1 || !Array.isArray(components) || !Array.isArray(connections)) {
    const got = JSON.stringify(text.slice(0, 40));
    throw new Error(
      `\`${which}\` must be the content of a topology.json of version 1, got ${got}; TopologyDiagram.attach(app) writes one [TopologyUnreadable at TopologyDiff]`,
    );
  }
  return { components, connections, shared: parsed.shared };
}

/** Merges two topologies: parts in both as they are now, and the others marked. Removed parts keep their place. */
export function merge(before: TopologyModel, after: TopologyModel): TopologyModel {
  return {
    components: mergeParts<ModelComponent>(before.components, after.components, ({ id }) => id),
    connections: mergeParts<ModelConnection>(before.connections, after.connections, (one) =>
      JSON.stringify([one.client, one.server, one.protocol, one.dnsName, one.port]),
    ),
  };
}

function mergeParts<T extends object>(before: T[], after: T[], key: (part: T) => string): T[] {
  const known = new Set(before.map(key));
  const kept = new Set(after.map(key));
  const now = after.map((part) => (known.has(key(part)) ? part : { ...part, change: 'added' }));
  const gone = before.filter((part) => !kept.has(key(part))).map((part) => ({ ...part, change: 'removed' }));
  return [...now, ...gone];
}
