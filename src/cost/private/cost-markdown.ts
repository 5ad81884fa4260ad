import { CostLine } from '../cost-line';
import { UnknownValue } from '../unknown-value';

export interface MarkdownFacts {
  readonly region: string;
  readonly date: string;
  readonly lines: CostLine[];
  readonly fixed: number;
  readonly usage: number;
  readonly atMost: number;
  readonly unpriced: CostLine[];
  readonly unknownTypes: string[];
  readonly unknownValues: UnknownValue[];
}

/** Renders the report as Markdown: the fixed cost, the assumptions, and what is missing. */
export function renderMarkdown(facts: MarkdownFacts): string {
  const { region, date, lines, fixed, usage, atMost, unpriced, unknownTypes, unknownValues } = facts;
  const table = (rows: CostLine[]): string[] => [
    '| resource | item | quantity | USD each | USD a month |',
    '|---|---|---:|---:|---:|',
    ...rows.map((line) => `| ${line.path} | ${line.item} | ${quantity(line)} | ${each(line)} | ${money(line.monthly)} |`),
  ];
  const known = lines.filter(({ monthly }) => monthly !== undefined);
  return [
    '# What it costs',
    '',
    `List prices of ${region}, ${date}, in USD a month of 730 hours, without taxes, free tiers and discounts.`,
    '',
    `**${money(fixed + usage)}**: ${money(fixed)} fixed, ${money(usage)} by the assumed use. At the upper end of scaling ${money(atMost)}.`,
    '',
    ...perStack(known),
    '## Fixed',
    '',
    ...table(known.filter(({ assumed }) => !assumed)),
    '',
    '## By use, assumed',
    '',
    ...table(known.filter(({ assumed }) => assumed)),
    ...section('## Without a price', [
      ...new Set(unpriced.map((line) => `${line.path}, ${line.item}: no price for \`${line.priceKey}\``)),
    ]),
    ...section('## Without a rule', unknownTypes),
    ...section(
      '## Known only at deployment',
      unknownValues.map(({ path, reason, taken }) => `${path}: ${reason}; counted as ${taken}`),
    ),
    '',
  ].join('\n');
}

/** Renders one line per stack, if there are several. */
function perStack(lines: CostLine[]): string[] {
  const totals = new Map<string, { fixed: number; used: number }>();
  for (const { path, monthly, assumed } of lines) {
    const total = totals.get(path.split('/')[0]) ?? { fixed: 0, used: 0 };
    total[assumed ? 'used' : 'fixed'] += monthly!;
    totals.set(path.split('/')[0], total);
  }
  if (totals.size < 2) return [];
  const rows = [...totals].map(
    ([stack, { fixed, used }]) => `| ${stack} | ${money(fixed)} | ${money(used)} | ${money(fixed + used)} |`,
  );
  return ['| stack | fixed | by use | together |', '|---|---:|---:|---:|', ...rows, ''];
}

export function money(amount: number | undefined): string {
  return amount === undefined ? 'unknown' : amount.toFixed(2);
}

function section(title: string, entries: string[]): string[] {
  return entries.length === 0 ? [] : ['', title, '', ...entries.map((entry) => `- ${entry}`)];
}

function quantity({ quantity: count, unit }: CostLine): string {
  return `${Number(count.toFixed(3))} ${unit}`;
}

function each({ unitPrice }: CostLine): string {
  return unitPrice === undefined ? 'unknown' : String(Number(unitPrice.toPrecision(6)));
}
