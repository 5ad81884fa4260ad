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
  const doors = collectDoors(model);
  const items = new Map(
    model.components.map((component): [string, LayoutItem] => [
      component.id,
      {
        layer: layerOf.get(component.id)!,
        rank: ZONES.indexOf(component.zone),
        component,
        serverAddresses: doors.filter((door) => door.server === component.id),
      },
    ]),
  );
  const layers: LayoutItem[][] = Array.from({ length: Math.max(0, ...layerOf.values()) + 1 }, () => []);
  items.forEach((item) => layers[item.layer].push(item));
  const graph: LayoutGraph = { layers, segments: [], returns: [] };
  for (const door of doors) addLines(graph, door, items);
  return graph;
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

function addLines(graph: LayoutGraph, door: ServerAddress, items: Map<string, LayoutItem>): void {
  const server = items.get(door.server)!;
  const clients = door.clients.map((id) => items.get(id)!);
  const forward = clients.filter((client) => client.layer < server.layer);
  graph.returns.push(...clients.filter((client) => !forward.includes(client)).map((client) => ({ client, server, door })));
  if (forward.length === 0) return;

  const first = Math.min(...forward.map((client) => client.layer)) + 1;
  const stops: LayoutItem[] = [];
  for (let layer = first; layer < server.layer; layer++) {
    const passing = graph.layers[layer];
    // a line may pass anywhere except where it would part two zones of one column
    const stop: LayoutItem = { layer, rank: Math.max(0, ...passing.map((item) => item.rank)), serverAddresses: [] };
    passing.push(stop);
    stops.push(stop);
  }
  const stopAt = (layer: number) => stops[layer - first] ?? server;
  graph.segments.push(...forward.map((from) => ({ from, to: stopAt(from.layer + 1), door })));
  graph.segments.push(...stops.map((from) => ({ from, to: stopAt(from.layer + 1), door })));
}
