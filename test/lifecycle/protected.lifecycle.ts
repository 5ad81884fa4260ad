import { Life, statusesOf, Step } from './life';
import { loadExample } from '../example-apps';

jest.setTimeout(600_000);

const ELASTICACHE = { redis: 'elasticache' };
const protectedIn = ({ failures }: Step) =>
  failures.filter(({ reason }) => reason.includes('deletion protection is on')).map(({ type }) => type);

/** An example as it is by default, with protection from deletion. */
async function begun(name: string, title: string): Promise<Life> {
  const life = new Life(`${name}, ${title}`);
  expect(statusesOf(await life.step('created', loadExample(name)))).toEqual(['CREATE_COMPLETE']);
  return life;
}

test.each([
  ['voting', 'AWS::ElasticLoadBalancingV2::LoadBalancer'],
  ['geolocation', 'AWS::EC2::Instance'],
])('%s: a store that is exchanged while it is protected stays, as the comparison says', async (name, type) => {
  const life = await begun(name, 'another store while protected');
  const step = await life.step('another store', loadExample(name, ELASTICACHE));
  life.write();
  expect([statusesOf(step), protectedIn(step)]).toEqual([['UPDATE_COMPLETE'], [type]]);
  expect(step.comparison!.refusals.map(({ rule }) => rule)).toEqual(['deletion protection']);
  expect(life.left[type]).toHaveLength(name === 'voting' ? 2 : 1);
});

test('voting: an update that makes a database and fails leaves the database', async () => {
  const life = await begun('voting', 'a database in an update that fails');
  await life.account.breakImages('/');
  const step = await life.step('a database, fails', loadExample('voting', { database: 'postgres' }));
  await life.account.breakImages(null);
  const again = await life.step('a database', loadExample('voting', { database: 'postgres' }));
  life.write();
  expect([statusesOf(step), protectedIn(step)]).toEqual([['UPDATE_ROLLBACK_COMPLETE'], ['AWS::RDS::DBInstance']]);
  expect([statusesOf(again), life.left['AWS::RDS::DBInstance'].length]).toEqual([['UPDATE_COMPLETE'], 2]);
});
