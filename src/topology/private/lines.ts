import { LayoutGraph, LayoutItem, ReturnCall, Segment } from './layout-graph';
import { serverAddressOffset, Placed, Placement } from './placement';
import { Change } from './topology-model';

/** A line in SVG path data; `arrow` is the tip of its arrowhead. */
export interface Line {
  readonly path: string;
  readonly server: string;
  readonly back: boolean;
  readonly change?: Change;
  readonly arrow?: { readonly x: number; readonly y: number };
}

const ARROW = 7;
const LANE = 12;
const CORNER = 8;

/** Draws lines to the right as curves, and calls that lead back around below the picture. */
export function drawLines(graph: LayoutGraph, { items, columns }: Placement, bottom: number): { lines: Line[]; bottom: number } {
  const starts = spreadStarts(graph.layers, items);
  const forward = graph.segments.map((segment) => drawSegment(segment, items, starts.get(segment)!));
  const passes = graph.layers.flat().filter((item) => !item.component);
  const through = passes.map((item): Line => {
    const { x, y, width } = items.get(item)!;
    const { server, change } = item.outgoing[0].door;
    return { path: `M${n(x)} ${n(y)}H${n(x + width)}`, server, back: false, change };
  });
  const returns = graph.returns.map((call, index) => drawReturn(call, items, columns, bottom + (index + 1) * LANE, index));
  return { lines: [...through, ...forward, ...returns], bottom: bottom + (returns.length > 0 ? (returns.length + 1) * LANE : 0) };
}

/**
 * Returns the starts of the lines that leave a card, in the order of their ends, around the main line, so that they do not cross at once.
 */
function spreadStarts(layers: LayoutItem[][], items: Map<LayoutItem, Placed>): Map<Segment, number> {
  const starts = new Map<Segment, number>();
  for (const item of layers.flat()) {
    const placed = items.get(item)!;
    const leaving = [...item.outgoing].sort((a, b) => endOf(a, items) - endOf(b, items));
    const room = placed.card ? Math.min(placed.card.anchor, placed.card.height - placed.card.anchor) - CORNER : 0;
    const step = leaving.length < 2 ? 0 : Math.min(8, (2 * room) / (leaving.length - 1));
    leaving.forEach((segment, index) => starts.set(segment, placed.y + (index - (leaving.length - 1) / 2) * step));
  }
  return starts;
}

function endOf({ to, door }: Segment, items: Map<LayoutItem, Placed>): number {
  const placed = items.get(to)!;
  return placed.y + serverAddressOffset(placed, door);
}

function drawSegment(segment: Segment, items: Map<LayoutItem, Placed>, startY: number): Line {
  const from = items.get(segment.from)!;
  const to = items.get(segment.to)!;
  const arrives = segment.to.component !== undefined;
  const [x1, y1, x2, y2] = [from.x + from.width, startY, to.x - (arrives ? ARROW : 0), endOf(segment, items)];
  const bend = (x2 - x1) * 0.55;
  const curve = Math.abs(y1 - y2) < 0.5 ? `H${n(x2)}` : `C${n(x1 + bend)} ${n(y1)} ${n(x2 - bend)} ${n(y2)} ${n(x2)} ${n(y2)}`;
  return {
    path: `M${n(x1)} ${n(y1)}${curve}`,
    server: segment.door.server,
    back: false,
    change: segment.door.change,
    ...(arrives ? { arrow: { x: to.x, y: y2 } } : {}),
  };
}

/**
 * Draws a line out to the right, down to a lane of its own below all cards, back, and up to the server address, so that it crosses only
 * gutters and lanes.
 */
function drawReturn(
  call: ReturnCall,
  items: Map<LayoutItem, Placed>,
  columns: Placement['columns'],
  lane: number,
  index: number,
): Line {
  const client = items.get(call.client)!;
  const server = items.get(call.server)!;
  const inset = 12 + (index % 4) * 5;
  const startY = client.y + Math.min(14, client.card!.height - client.card!.anchor - CORNER);
  const endY = server.y + serverAddressOffset(server, call.door);
  const out = columns[call.client.layer].right + inset;
  const back = columns[call.server.layer].left - ARROW - inset;
  const path = [
    `M${n(client.x + client.width)} ${n(startY)}H${n(out - CORNER)}Q${n(out)} ${n(startY)} ${n(out)} ${n(startY + CORNER)}`,
    `V${n(lane - CORNER)}Q${n(out)} ${n(lane)} ${n(out - CORNER)} ${n(lane)}`,
    `H${n(back + CORNER)}Q${n(back)} ${n(lane)} ${n(back)} ${n(lane - CORNER)}`,
    `V${n(endY + CORNER)}Q${n(back)} ${n(endY)} ${n(back + CORNER)} ${n(endY)}H${n(server.x - ARROW)}`,
  ].join('');
  return { path, server: call.door.server, back: true, change: call.door.change, arrow: { x: server.x, y: endY } };
}

/** Formats a number with one decimal, which is precise enough and keeps the output identical everywhere. */
export function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}
