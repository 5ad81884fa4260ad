import { Outcome } from './deployment';
import { LIVES } from './examples';
import { Inventory } from './inventory';
import { Life, reasonsOf, statusesOf } from './life';
import { loadExample } from '../example-apps';
import { Kept, keptOf } from '../examples/kept';
import { refusals, resourcesOf } from '../examples/proofs/leftovers';

jest.setTimeout(600_000);

type Settings = Record<string, string>;

/** What nobody's template makes: docs/deploying.md says of each that it stays. */
const BESIDE = [/^\/aws\/lambda\//, /^\/aws\/rds\/instance\//];

const cases = LIVES.flatMap(({ name, settings, development }) =>
  (
    [
      ['default', settings],
      ['development', { ...settings, ...development }],
      ['strict', { ...settings, compliance: 'strict' }],
    ] as const
  ).map(([mode, more]) => [name, mode, more] as const),
);

test.each(cases)('%s, %s: what stays after the deletion is what its templates keep', async (name, mode, settings) => {
  const life = new Life(`${name}, ${mode}`);
  const app = loadExample(name, { ...settings, ...(mode === 'strict' ? await life.zone() : {}) } as Settings);
  const made = await life.step('created', app);
  expect([statusesOf(made), reasonsOf(made)]).toEqual([['CREATE_COMPLETE'], []]);
  expect(protectedOf(await life.destroy('deleted, protected'))).toEqual(refusals(resourcesOf(app)));
  await life.deployment.unprotect();
  expect(reasonsOf(await life.destroy('deleted, unprotected'))).toEqual([]);
  life.write();
  expect(counted(await withoutThatBeside(life))).toEqual(keptByTemplates(keptOf(app)));
});

/** How many of each type were not deleted because their protection is on. */
function protectedOf({ failures }: Outcome): Record<string, number> {
  const types = failures.filter(({ reason }) => reason.includes('deletion protection is on')).map(({ type }) => type);
  return Object.fromEntries(types.map((type) => [type, types.filter((one) => one === type).length]));
}

/** What the services list, without the log groups that no template made. */
async function withoutThatBeside({ left, account }: Life): Promise<Inventory> {
  const made = (await account.existing()).map(({ id }) => id);
  const groups = left['AWS::Logs::LogGroup'] ?? [];
  const own = groups.filter((id) => made.includes(id) || !BESIDE.some((one) => one.test(id)));
  return { ...left, 'AWS::Logs::LogGroup': own };
}

function counted(left: Inventory): Record<string, number> {
  const rows = Object.entries(left).map(([type, ids]) => [type, ids.length] as const);
  return Object.fromEntries(rows.filter(([, count]) => count > 0));
}

/** Resources, and snapshots of those that are deleted. */
function keptByTemplates(kept: Kept[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type, isSnapshot } of kept) {
    const what = isSnapshot ? `snapshot of ${type}` : type;
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}
