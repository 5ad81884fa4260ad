import { describeKind, markOf } from './labels';
import { ServerAddress, LayoutItem } from './layout-graph';
import { monoWidth, sansWidth, shorten, wrap } from './text-width';
import { ModelComponent } from './topology-model';

/** Font sizes and paddings of a component's card, in pixels. */
export const CARD = {
  caption: 9.5,
  label: 14,
  detail: 11,
  address: 11,
  pad: 10,
  glyph: 22,
  glyphGap: 8,
  doorLine: 14,
  doorPad: 5,
  line: 15,
};

const MAX_LABEL = 26;
const MAX_ADDRESS = 34;
const MAX_DETAIL = 28;

/** The texts of one address and the end of its arrow, measured from the top of the card. */
export interface ServerAddressBox {
  readonly door: ServerAddress;
  readonly lines: string[];
  readonly top: number;
  readonly height: number;
}

/** The properties of a card that do not depend on its position. */
export interface Card {
  readonly component: ModelComponent;
  readonly caption: string;
  readonly label: string;
  readonly details: string[];
  readonly serverAddresses: ServerAddressBox[];
  readonly bodyTop: number;
  readonly width: number;
  readonly height: number;
  /** The height of the main line, from the top: that of the first server address, or the middle of a card that nothing calls. */
  readonly anchor: number;
}

export function measureCard({ component, serverAddresses }: LayoutItem & { component: ModelComponent }): Card {
  const caption = `${markOf(component.change)}${describeKind(component.kind).toUpperCase()}`;
  const label = shorten(component.label, MAX_LABEL);
  const boxes = stackAddresses(serverAddresses);
  const said = new Set(boxes.flatMap((box) => box.lines));
  // what an address strip says already is not said again below it
  const details = component.details.filter((line) => !said.has(line)).flatMap((line) => wrap(line, MAX_DETAIL));
  const bodyTop = boxes.reduce((sum, box) => sum + box.height, 0);
  const bodyHeight = CARD.pad * 2 + 28 + (details.length > 0 ? 4 + details.length * CARD.line : 0);
  const texts = [
    CARD.glyph + CARD.glyphGap + Math.max(sansWidth(caption, CARD.caption) * 1.1, sansWidth(label, CARD.label) * 1.06),
    ...details.map((line) => sansWidth(line, CARD.detail)),
    ...boxes.flatMap((box) => box.lines.map((line) => monoWidth(line, CARD.address) + 4)),
  ];
  return {
    component,
    caption,
    label,
    details,
    serverAddresses: boxes,
    bodyTop,
    width: Math.ceil(Math.max(96, ...texts) + CARD.pad * 2),
    height: bodyTop + bodyHeight,
    anchor: boxes.length > 0 ? boxes[0].top + boxes[0].height / 2 : bodyHeight / 2,
  };
}

function stackAddresses(serverAddresses: ServerAddress[]): ServerAddressBox[] {
  let top = 0;
  return serverAddresses.map((door) => {
    const lines = addressLines(door).map((line) => shorten(line, MAX_ADDRESS));
    const box = { door, lines, top, height: lines.length * CARD.doorLine + CARD.doorPad * 2 };
    top += box.height;
    return box;
  });
}

function addressLines({ protocol, dnsName, port, change }: ServerAddress): string[] {
  const spoken = [protocol.toUpperCase(), port === undefined ? '' : `:${port}`].filter((part) => part !== '').join(' ');
  const [first, ...rest] = [...(dnsName === undefined ? [] : [dnsName]), ...(spoken === '' ? [] : [spoken])];
  return first === undefined ? [] : [`${markOf(change)}${first}`, ...rest];
}
