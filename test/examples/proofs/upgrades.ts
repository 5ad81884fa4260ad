import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { dangers, Held, Holdings, holdingsOf } from './stateful';
import { isDevelopment, keyOf, variant, wholeCases } from './variants';

const FILE = join(__dirname, 'upgrade-baseline.json');
const ACCEPT = 'UPDATE_BASELINE=1 CDK_VALIDATION=false npx jest test/examples/proofs --coverage=false';

/** What the last accepted version of each example holds. */
const baseline = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, Holdings>;
const production = wholeCases.filter(([, settings]) => !isDevelopment(settings));

if (process.env.UPDATE_BASELINE) {
  test('upgrades: the baseline is accepted', () => {
    const now = Object.fromEntries(
      production.map(([name, settings]) => [keyOf(name, settings), holdingsOf(variant(name, settings))]),
    );
    writeFileSync(FILE, `${JSON.stringify(now, undefined, 2)}\n`);
  });
} else {
  test.each(production)('upgrades: %s %j: nothing that holds data is replaced, renamed or lost', (name, settings) => {
    const found = dangers(baseline[keyOf(name, settings)] ?? {}, holdingsOf(variant(name, settings)));
    if (found.length === 0) return;
    throw new Error(
      `Whoever has deployed this example would see:\n  ${found.join('\n  ')}\nIf it is meant, accept it, and say in the commit what is lost and how to keep it (docs/upgrades.md):\n  ${ACCEPT}`,
    );
  });
}

const held = (changed: Partial<Held> = {}): Held => ({
  type: 'AWS::RDS::DBInstance',
  deletionPolicy: 'Snapshot',
  updateReplacePolicy: 'Snapshot',
  properties: { DBName: 'care' },
  ...changed,
});

describe('upgrades: the comparison is not blind', () => {
  test.each<[string, Holdings, Holdings, string[]]>([
    [
      'a logical id that changed',
      { 'A/Db': held() },
      { 'A/Database': held() },
      [
        'A/Db (AWS::RDS::DBInstance) is gone from the template: its data is lost but for a last snapshot; perhaps its logical id became A/Database',
        'A/Database (AWS::RDS::DBInstance) is new: nothing is lost, and the baseline does not hold it yet',
      ],
    ],
    [
      'a property that replaces',
      { 'A/Db': held() },
      { 'A/Db': held({ properties: {}, updateReplacePolicy: 'Delete' }) },
      [
        'A/Db (AWS::RDS::DBInstance): is replaced, since DBName changes from "care" to absent: its data is lost',
        'A/Db (AWS::RDS::DBInstance): updateReplacePolicy changes from Snapshot to Delete',
      ],
    ],
    [
      'a property that may replace',
      { 'A/Db': held() },
      {
        'A/Db': held({ properties: { DBName: 'care', Engine: 'mysql' }, updateReplacePolicy: 'Retain', deletionPolicy: 'Retain' }),
      },
      [
        'A/Db (AWS::RDS::DBInstance): may be replaced, since Engine changes from absent to "mysql": its data stays behind, and nothing uses it any more',
        'A/Db (AWS::RDS::DBInstance): deletionPolicy changes from Snapshot to Retain',
        'A/Db (AWS::RDS::DBInstance): updateReplacePolicy changes from Snapshot to Retain',
      ],
    ],
    [
      'another type',
      { 'A/Db': held() },
      { 'A/Db': held({ type: 'AWS::RDS::DBCluster' }) },
      ['A/Db (AWS::RDS::DBCluster): was AWS::RDS::DBInstance: CloudFormation refuses to change the type of a logical id'],
    ],
  ])('%s', (_, before, now, says) => {
    expect(dangers(before, now)).toEqual(says);
  });
});
