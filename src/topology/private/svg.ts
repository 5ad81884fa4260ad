import { Card, CARD } from './card';
import { ICONS } from './icons';
import { describeZone } from './labels';
import { buildGraph } from './layout-graph';
import { drawLines, Line, n } from './lines';
import { orderLayers } from './ordering';
import { Placed, placeItems } from './placement';
import { svgDocument, text } from './svg-document';
import { TopologyModel } from './topology-model';
import { placeZones, ZONE, ZoneBox } from './zones';

/** Lays the model out from left to right and draws it. */
export function renderSvg(model: TopologyModel, title: string): string {
  const graph = buildGraph(model);
  orderLayers(graph);
  const placement = placeItems(graph);
  const placed = [...placement.items.values()];
  const cards = placed.filter((item): item is Placed & { card: Card } => item.card !== undefined);
  const cardsBottom = Math.max(0, ...cards.map(({ card, y }) => y - card.anchor + card.height), ...placed.map(({ y }) => y));
  const { lines, bottom } = drawLines(graph, placement, cardsBottom);
  const zones = placeZones(placement, bottom);
  const kindOf = new Map(model.components.map(({ id, kind }) => [id, kind]));
  return svgDocument({
    title,
    model,
    zones,
    content: [
      ...zones.map(drawZone),
      ...lines.map((line) => drawLine(line, kindOf.get(line.server)!)),
      ...zones.map(({ zone, x, y }) => text(`zone-name ${zone}`, x + ZONE.padX, y + 18, describeZone(zone).toUpperCase())),
      ...cards.map(({ card, x, y, width }) => drawCard(card, x, y - card.anchor, width)),
    ],
  });
}

function drawZone({ zone, x, y, width, height }: ZoneBox): string {
  return `<rect class="zone ${zone}" x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="10"/>`;
}

function drawLine({ path, back, arrow, change }: Line, kind: string): string {
  const changed = change ? ` ${change}` : '';
  const tip = arrow ? `<path class="tip ${kind}${changed}" d="M${n(arrow.x)} ${n(arrow.y)}l-8-4.5v9z"/>` : '';
  return `<path class="line ${kind}${back ? ' back' : ''}${changed}" d="${path}"/>${tip}`;
}

function drawCard(card: Card, x: number, y: number, width: number): string {
  const left = x + CARD.pad;
  const body = y + card.bodyTop + CARD.pad;
  const texts = left + CARD.glyph + CARD.glyphGap;
  return [
    `<g class="${card.component.kind}${card.component.change ? ` ${card.component.change}` : ''}">`,
    `<rect class="card" x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(card.height)}" rx="8"/>`,
    ...card.serverAddresses.map((box, index) => drawDoor(box, x, y, width, index === 0)),
    `<path class="glyph" transform="translate(${n(left)} ${n(body + 3)}) scale(${n(CARD.glyph / 24)})" d="${ICONS[card.component.kind]}"/>`,
    text('caption', texts, body + 9, card.caption),
    text('label', texts, body + 25, card.label),
    ...card.details.map((line, index) => text('detail', left, body + 32 + (index + 0.8) * CARD.line, line)),
    '</g>',
  ].join('');
}

/** Draws the address in a strip on top of the card, where the arrow arrives. */
function drawDoor(
  { door, lines, top, height }: Card['serverAddresses'][number],
  x: number,
  y: number,
  width: number,
  first: boolean,
): string {
  const [left, up, right, down] = [x + 0.7, y + top + (first ? 0.7 : 0), x + width - 0.7, y + top + height - 1];
  const shape = first
    ? `M${n(left)} ${n(down)}V${n(up + 7)}q0-7 7-7H${n(right - 7)}q7 0 7 7V${n(down)}z`
    : `M${n(left)} ${n(up)}H${n(right)}V${n(down)}H${n(left)}z`;
  const rows = lines.map((line, index) =>
    text('address', x + CARD.pad + 2, y + top + CARD.doorPad + (index + 0.75) * CARD.doorLine, line),
  );
  return `<path class="door${door.change ? ` ${door.change}` : ''}" d="${shape}"/>${rows.join('')}`;
}
