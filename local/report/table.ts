export interface Row {
  readonly component: string;
  readonly address: string;
  readonly state: string;
  /** Whether the state can change while the run lives. */
  readonly lives?: boolean;
}

const HEAD: Row = { component: 'COMPONENT', address: 'ADDRESS', state: 'STATE' };
const CUT = '…';

/** So much of each state is readable before components are cut, and so much of each component before states are. */
const STATE_WIDTH = 40;
const COMPONENT_WIDTH = 24;
const GAP = '  ';

/** The rows as text, in columns, cut to lines of `width`. */
export function renderTable(rows: readonly Row[], width = Infinity): string {
  const all = [HEAD, ...rows];
  const widest = (key: 'component' | 'address' | 'state') => Math.max(...all.map((row) => row[key].length));
  const second = widest('address');
  const left = width - second - 2 * GAP.length - Math.min(STATE_WIDTH, widest('state'));
  const first = Math.min(widest('component'), Math.max(COMPONENT_WIDTH, left));
  return all
    .map(({ component, address, state }) => [cut(component, first).padEnd(first), address.padEnd(second), state].join(GAP))
    .map((line) => cut(line, width))
    .join('\n');
}

/** The first rows, as many as fit in `height` lines under the head, and how many are not shown. */
export function fitting(rows: readonly Row[], height: number): Row[] {
  if (rows.length <= height) return [...rows];
  const shown = rows.slice(0, Math.max(0, height - 1));
  return [...shown, { component: `${rows.length - shown.length} more in a higher window`, address: '', state: '' }];
}

function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}${CUT}`;
}
