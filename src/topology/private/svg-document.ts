import { describeModel } from './labels';
import { n } from './lines';
import { styleSheet } from './svg-style';
import { TopologyModel } from './topology-model';
import { ZoneBox } from './zones';

const MARGIN = 12;

interface Drawing {
  readonly title: string;
  readonly model: TopologyModel;
  readonly zones: ZoneBox[];
  readonly content: string[];
}

/** Renders the document: size, title, description in words, styles, background. */
export function svgDocument({ title, model, zones, content }: Drawing): string {
  const left = Math.min(0, ...zones.map(({ x }) => x)) - MARGIN;
  const top = Math.min(0, ...zones.map(({ y }) => y)) - MARGIN;
  const width = Math.max(0, ...zones.map((zone) => zone.x + zone.width)) + MARGIN - left;
  const height = Math.max(0, ...zones.map((zone) => zone.y + zone.height)) + MARGIN - top;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="topology" role="img" aria-labelledby="topology-title topology-desc"`,
    ` viewBox="${n(left)} ${n(top)} ${n(width)} ${n(height)}" width="${n(width)}" height="${n(height)}">\n`,
    `<title id="topology-title">${escapeXml(title)}</title>\n`,
    `<desc id="topology-desc">${escapeXml(describeModel(model))}</desc>\n`,
    `<style>\n${styleSheet(isComparison(model))}\n</style>\n`,
    `<rect class="ground" x="${n(left)}" y="${n(top)}" width="${n(width)}" height="${n(height)}" rx="12"/>\n`,
    ...content.map((part) => `${part}\n`),
    '</svg>\n',
  ].join('');
}

function isComparison({ components, connections }: TopologyModel): boolean {
  return [...components, ...connections].some(({ change }) => change !== undefined);
}

/** Renders a line of text as text, so that it can be searched, copied and translated. */
export function text(className: string, x: number, y: number, value: string): string {
  return `<text class="${className}" x="${n(x)}" y="${n(y)}">${escapeXml(value)}</text>`;
}

/** Escapes labels, which come from users: none of their markup can reach the page, and control characters would make the XML invalid. */
function escapeXml(value: string): string {
  return value
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}
