export interface Row {
  readonly component: string;
  readonly address: string;
  readonly state: string;
  /** Whether the state can change while the run lives. */
  readonly lives?: boolean;
}

const HEAD: Row = { component: 'COMPONENT', address: 'ADDRESS', state: 'STATE' };
const CUT = '…';

/** The rows as text, in columns; lines that are longer than `width` are cut there. */
export function renderTable(rows: readonly Row[], width = Infinity): string {
  const all = [HEAD, ...rows];
  const widest = (key: 'component' | 'address') => Math.max(...all.map((row) => row[key].length));
  const [first, second] = [widest('component'), widest('address')];
  return all
    .map(({ component, address, state }) => `${component.padEnd(first)}  ${address.padEnd(second)}  ${state}`)
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
