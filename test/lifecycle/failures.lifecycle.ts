import { LIVES } from './examples';
import { Life, reasonsOf, statusesOf } from './life';
import { loadExample } from '../example-apps';

jest.setTimeout(600_000);

/** Made by Lambda and RDS, and not by a template. */
const BESIDE = /^\/aws\/(?:lambda|rds\/instance)\//;
const typesOf = ({ left }: Life) =>
  Object.entries(left).flatMap(([type, ids]) => (ids.every((id) => BESIDE.test(id)) ? [] : [type]));

describe.each(LIVES)('DT-14: $name: a first deployment whose services do not start', ({ name, settings, development }) => {
  test('in development mode is rolled back, and nothing is left', async () => {
    const life = new Life(`${name}, development, failed`);
    await life.account.breakImages('/');
    const step = await life.step('created, fails', loadExample(name, { ...settings, ...development }));
    life.write();
    expect(statusesOf(step)).toEqual(['ROLLBACK_COMPLETE']);
    expect(typesOf(life)).toEqual([]);
  });

  test('by default leaves what is protected, and nothing once it is deleted without protection', async () => {
    const life = new Life(`${name}, failed`);
    await life.account.breakImages('/');
    const step = await life.step('created, fails', loadExample(name, settings));
    expect(statusesOf(step)).toEqual(['ROLLBACK_FAILED']);
    expect(typesOf(life).filter((type) => PROTECTED.includes(type))).not.toEqual([]);
    await life.deployment.unprotect();
    const gone = await life.destroy('deleted');
    life.write();
    const rest = typesOf(life).filter((type) => !type.startsWith('snapshot'));
    expect([statusesOf(gone), reasonsOf(gone), rest]).toEqual([['DELETE_COMPLETE'], [], []]);
  });

  test('with --no-rollback is left as it is', async () => {
    const life = new Life(`${name}, failed without rollback`);
    await life.account.breakImages('/');
    const step = await life.step('created, fails', loadExample(name, settings), { rollback: false });
    life.write();
    expect(statusesOf(step)).toEqual(['CREATE_FAILED']);
    expect(step.after.size).toBeGreaterThan(40);
    expect(await life.unlisted()).toEqual([]);
  });
});

const PROTECTED = ['AWS::EC2::Instance', 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::RDS::DBInstance'];
