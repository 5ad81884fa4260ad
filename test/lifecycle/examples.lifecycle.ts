import { DOMAIN, LIVES } from './examples';
import { disagreements, Life, reasonsOf, statusesOf } from './life';
import { loadExample } from '../example-apps';

jest.setTimeout(600_000);

type Settings = Record<string, string>;

describe.each(LIVES)('$name', ({ name, settings, changes, inTheWay }) => {
  const life = new Life(name);
  let zone: Settings;
  let now: Settings = settings;
  const changed = (change: Settings): Settings => ({ ...now, ...(change === DOMAIN ? zone : change) });
  beforeAll(async () => void (zone = await life.zone()));
  afterAll(() => life.write());

  test('is created, and every resource of its templates exists', async () => {
    const app = loadExample(name, now);
    const step = await life.step('created', app);
    expect([statusesOf(step), reasonsOf(step)]).toEqual([['CREATE_COMPLETE'], []]);
    const wanted = app
      .synth()
      .stacks.flatMap(({ stackName, template }) => Object.keys(template.Resources).map((id) => `${stackName}/${id}`));
    expect([...step.after.keys()].sort()).toEqual(wanted.sort());
    expect(await life.unlisted()).toEqual([]);
  });

  test.each(changes.filter(({ failsFirst }) => failsFirst))('$name fails, and all is as before', async (change) => {
    const [left, before] = [life.left, await life.account.existing()];
    await life.account.breakImages('/');
    const step = await life.step(`${change.name}, fails`, loadExample(name, changed(change.settings)));
    await life.account.breakImages(null);
    expect(statusesOf(step)).toEqual(['UPDATE_ROLLBACK_COMPLETE']);
    expect(reasonsOf(step).join()).toMatch(
      /Circuit Breaker was triggered|Deployment job migrate failed: container migrate exited with 1/,
    );
    expect([life.left, identitiesOf(await life.account.existing())]).toEqual([left, identitiesOf(before)]);
  });

  test.each(changes.filter((change) => change.refused === undefined))('$name', async (change) => {
    now = changed(change.settings);
    const step = await life.step(change.name, loadExample(name, now));
    expect([statusesOf(step), reasonsOf(step), disagreements(step)]).toEqual([['UPDATE_COMPLETE'], [], []]);
    expect(await life.unlisted()).toEqual([]);
  });

  const refused = changes.filter((change) => change.refused !== undefined);
  for (const change of refused) {
    test(`${change.name} is refused: ${change.refused}`, async () => {
      const before = await life.account.existing();
      const step = await life.step(`${change.name}, refused`, loadExample(name, changed(change.settings)));
      expect(statusesOf(step)).toEqual(['UPDATE_ROLLBACK_COMPLETE']);
      expect([...new Set(step.comparison!.refusals.map(({ rule }) => rule))]).toEqual([change.refused]);
      expect(identitiesOf(await life.account.existing())).toEqual(identitiesOf(before));
    });
  }

  test('is deleted, and created again', async () => {
    await life.deployment.unprotect();
    const step = await life.destroy('deleted');
    expect([statusesOf(step), reasonsOf(step)]).toEqual([['DELETE_COMPLETE'], []]);
    const again = await life.step('created again', loadExample(name, now));
    expect(again.failures.map(({ type }) => type)).toEqual(inTheWay ? [inTheWay] : []);
    expect(statusesOf(again)).toEqual([inTheWay ? 'ROLLBACK_COMPLETE' : 'CREATE_COMPLETE']);
  });
});

/** The type and the physical ID of everything, but for definitions of tasks: a rollback registers no new ones and keeps none. */
function identitiesOf(existing: { type: string; id: string }[]): string[] {
  return existing.map(({ type, id }) => `${type} ${id}`).sort();
}
