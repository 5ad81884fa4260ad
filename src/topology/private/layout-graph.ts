import { assignLayers } from './layers';
import { Change, ModelComponent, TopologyModel, ZONES } from './topology-model';

/** An address of a server. Every call of it ends here, so that ten clients draw one line into the server and not ten. */
export interface ServerAddress {
  readonly server: string;
  readonly protocol: string;
  readonly dnsName?: string;
  readonly port?: number;
  readonly change?: Change;
  readonly clients: string[];
}

/** An item that takes up space in a column: a component, or the line to a server address in a column further right. */
export interface LayoutItem {
  readonly layer: number;
  /** The rank. Items of one column are grouped by rank, so that zones that share a column do not mix. */
  readonly rank: number;
  readonly component?: ModelComponent;
  readonly serverAddresses: ServerAddress[];
  /** Lines from the column to the left. */
  readonly incoming: Segment[];
  /** Lines to the column to the right. */
  readonly outgoing: Segment[];
}

/** A line from one column to the next. */
export interface Segment {
  readonly from: LayoutItem;
  readonly to: LayoutItem;
  readonly door: ServerAddress;
}

/** A call that does not lead to the right and is drawn around. */
export interface ReturnCall {
  readonly client: LayoutItem;
  readonly server: LayoutItem;
  readonly door: ServerAddress;
}

/** Columns of items with the lines between adjacent columns. */
export interface LayoutGraph {
  readonly layers: LayoutItem[][];
  readonly segments: Segment[];
  readonly returns: ReturnCall[];
}

export function buildGraph(model: TopologyModel): LayoutGraph {
  const layerOf = assignLayers(model);
  const items = new Map(
    model.components.map((component): [string, LayoutItem] => {
      const rank = ZONES.indexOf(component.zone);
      return [component.id, { ...emptyItem(layerOf.get(component.id)!, rank), component }];
    }),
  );
  const layers: LayoutItem[][] = Array.from({ length: Math.max(0, ...layerOf.values()) + 1 }, () => []);
  items.forEach((item) => layers[item.layer].push(item));
  const graph: LayoutGraph = { layers, segments: [], returns: [] };
  // A line may pass anywhere except where it would part two zones of one column.
  const passingRanks = layers.map((layer) => Math.max(0, ...layer.map(({ rank }) => rank)));
  const doors = collectDoors(model);
  for (const door of doors) items.get(door.server)!.serverAddresses.push(door);
  for (const door of doors) addLines(graph, door, items, passingRanks);
  return graph;
}

function emptyItem(layer: number, rank: number): LayoutItem {
  return { layer, rank, serverAddresses: [], incoming: [], outgoing: [] };
}

function collectDoors(model: TopologyModel): ServerAddress[] {
  const doors = new Map<string, ServerAddress>();
  for (const { client, server, protocol, dnsName, port, change } of model.connections) {
    const key = JSON.stringify([server, protocol, dnsName, port, change]);
    const door = doors.get(key) ?? { server, protocol, dnsName, port, change, clients: [] };
    door.clients.push(client);
    doors.set(key, door);
  }
  return [...doors.values()];
}

function addLines(graph: LayoutGraph, door: ServerAddress, items: Map<string, LayoutItem>, passingRanks: number[]): void {
  const server = items.get(door.server)!;
  const clients = door.clients.map((id) => items.get(id)!);
  const forward = clients.filter((client) => client.layer < server.layer);
  for (const client of clients) if (client.layer >= server.layer) graph.returns.push({ client, server, door });
  if (forward.length === 0) return;

  const first = forward.reduce((least, { layer }) => Math.min(least, layer), server.layer) + 1;
  const stops: LayoutItem[] = [];
  for (let layer = first; layer < server.layer; layer++) {
    const stop = emptyItem(layer, passingRanks[layer]);
    graph.layers[layer].push(stop);
    stops.push(stop);
  }
  for (const from of [...forward, ...stops]) {
    const segment = { from, to: stops[from.layer + 1 - first] ?? server, door };
    graph.segments.push(segment);
    segment.from.outgoing.push(segment);
    segment.to.incoming.push(segment);
  }
}
