import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { PROOFS } from '../check/run-proofs';
import { LocalRun } from '../run/local-run';

const ROOT = path.join(__dirname, '..', '..');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'local-test-'));
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

/** Rows of the five architectures: the beginning of their ids, how many there are, and the tests of the template. */
const ARCHITECTURES: Readonly<Record<string, readonly [string, number, string]>> = {
  care: ['CARE', 8, 'test/examples/care.test.ts'],
  'flask-nginx': ['FLASK', 18, 'test/examples/flask-nginx.test.ts'],
  geolocation: ['GEO', 13, 'test/patterns/geolocation-reference-app.test.ts'],
  platform: ['PLAT', 12, 'test/examples/platform.test.ts'],
  voting: ['VOTE', 8, 'test/examples/voting.test.ts'],
};
/** What every run is judged by, before and after its own proofs. */
const ALWAYS = ['everything in the template starts', 'everything stops'];
const KINDS = { process: 'processes', container: 'containers' } as const;
type Kind = keyof typeof KINDS;

interface Row {
  readonly id: string;
  readonly run: string;
  readonly template: string;
  readonly onlyInAws: string;
}

const read = (...names: string[]) => fs.readFileSync(path.join(ROOT, ...names), 'utf8');
const readme = (example: string) => read('examples', example, 'README.md');

function rowsOf(example: string, text = readme(example)): Row[] {
  const [prefix] = ARCHITECTURES[example];
  const lines = text.split('\n').filter((line) => line.startsWith(`| ${prefix}-`));
  return lines.map((line) => {
    const [, id, , run, template, onlyInAws] = line.split('|').map((cell) => cell.trim());
    return { id, run, template, onlyInAws };
  });
}

/** Proofs are in quotation marks, in the table and in the sentence under it; one engine alone is named behind. */
function claimed(example: string, kind: Kind): string[] {
  const beside = /^Proofs of no row: .*$/m.exec(readme(example))?.[0] ?? '';
  const texts = [...rowsOf(example).map(({ run }) => run), beside];
  const found = texts.flatMap((text) => [...text.matchAll(/"([^"]+)"(?: \((processes|containers)\))?/g)]);
  return names(found.filter(([, , only]) => only === undefined || only === KINDS[kind]).map(([, name]) => name));
}

/** The proofs that an example has, asked of a run that has nothing. */
async function proven(example: string, kind: Kind): Promise<string[]> {
  const found = [...ALWAYS];
  const assembly = path.join(scratch, 'assembly');
  fs.mkdirSync(assembly, { recursive: true });
  const options = { assembly, root: scratch, localDirectory: scratch, overrides: {}, secrets: {}, say: () => undefined };
  const containers = [{ environment: { SECRET_NAME: 'key' } }];
  const secrets = { find: () => ({ value: 'key' }) };
  const run = { engine: { kind }, services: [{ plan: { task: { containers } } }], secrets } as unknown as LocalRun;
  const variants = Object.fromEntries(['strict', 'upstream', 'elasticache', 'none', 'postgres'].map((name) => [name, assembly]));
  await PROOFS[example](options, variants, {
    prove: async (_options, _title, proofsOf) => void found.push(...proofsOf(run).map(({ name }) => name)),
  });
  return names(found);
}

const names = (list: readonly string[]) => [...new Set(list)].sort();

test('every architecture has an example with proofs', () => {
  expect(Object.keys(PROOFS)).toEqual(Object.keys(ARCHITECTURES));
});

test('a proof of one engine is told from a proof of both', () => {
  const [row] = rowsOf('voting', '| VOTE-1 | what | "one"; "two" (processes) | test | failover |');
  expect(row).toEqual({ id: 'VOTE-1', run: '"one"; "two" (processes)', template: 'test', onlyInAws: 'failover' });
});

describe.each(Object.entries(ARCHITECTURES))('the coverage table of %s', (example, [prefix, count, file]) => {
  const ids = Array.from({ length: count }, (_unused, i) => `${prefix}-${i + 1}`);

  test('has every row once, in order', () => {
    expect(rowsOf(example).map(({ id }) => id)).toEqual(ids);
  });

  test.each(['process', 'container'] as const)('names the proofs that run with the %s engine, and no others', async (kind) => {
    expect(claimed(example, kind)).toEqual(await proven(example, kind));
  });

  test('says of a row that is not in the run why it is only in AWS', () => {
    expect(rowsOf(example).filter(({ run, onlyInAws }) => run === '' && !/because/.test(onlyInAws))).toEqual([]);
  });

  test('claims a test of the template only where there is one', () => {
    const source = read(file);
    const tested = (id: string) => new RegExp(`\\(\\s*["'\`](\\w+-\\d+, )*${id}[:, ]`).test(source);
    const wrong = rowsOf(example).filter(({ id, template }) => tested(id) !== template.startsWith('test'));
    expect(wrong.map(({ id, template }) => `${id}: ${template || 'nothing'}`)).toEqual([]);
  });
});
