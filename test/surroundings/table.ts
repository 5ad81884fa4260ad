import { PART_NAMES } from './constructs';
import { Verdict } from './verdict';

/** What is stated about a table: every other cell synthesises, with as many resources as the cell of the first column. */
export interface Statements {
  /** The cells that are refused: by column and ID of the error. */
  readonly refused: Record<string, Record<string, string[]>>;
  /** The cells with other resources than the first column: the difference by type. */
  readonly different: Record<string, Record<string, Record<string, number>>>;
}

/** Runs every part in every column of a table, a test for each cell, and prints the numbers. */
export function runTable(columns: string[], cell: (column: string, part: string) => Verdict, statements: Statements): void {
  const first = remembered((part) => cell(columns[0], part));
  const seen = { synthesised: 0, refused: 0 };

  describe.each(columns)('%s', (column) => {
    test.each(PART_NAMES)('%s', (part) => {
      const verdict = column === columns[0] ? first(part) : cell(column, part);
      const refused = statedRefusal(statements, column, part);
      seen[verdict.refused ? 'refused' : 'synthesised'] += 1;
      expect(verdict).toEqual({
        refused,
        raw: undefined,
        wrong: [],
        counts: refused ? {} : summed(first(part).counts, statements.different[column]?.[part] ?? {}),
      });
    });
  });

  test('the statements are about cells that exist', () => {
    const cells = [...Object.entries(statements.refused), ...Object.entries(statements.different)];
    expect(cells.map(([column]) => column).filter((column) => !columns.includes(column))).toEqual([]);
    const parts = [...cells.slice(0, Object.keys(statements.refused).length).flatMap(([, ids]) => Object.values(ids).flat())];
    expect(parts.filter((part) => !PART_NAMES.includes(part) && part !== ALL)).toEqual([]);
  });

  afterAll(() => {
    const cells = columns.length * PART_NAMES.length;
    console.info(`${cells} cells: ${seen.synthesised} synthesised, ${seen.refused} refused by an error of ours`);
  });
}

/** All parts of a column. */
export const ALL = '*';

function statedRefusal({ refused }: Statements, column: string, part: string): string | undefined {
  return Object.entries(refused[column] ?? {}).find(([, parts]) => parts.includes(part) || parts.includes(ALL))?.[0];
}

function summed(counts: Record<string, number>, difference: Record<string, number>): Record<string, number> {
  const types = [...new Set([...Object.keys(counts), ...Object.keys(difference)])];
  return Object.fromEntries(
    types.map((type) => [type, (counts[type] ?? 0) + (difference[type] ?? 0)]).filter(([, count]) => count !== 0),
  );
}

function remembered<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    if (!made.has(key)) made.set(key, make(key));
    return made.get(key)!;
  };
}
