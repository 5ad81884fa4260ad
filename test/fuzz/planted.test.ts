import { CfnOutput } from 'aws-cdk-lib';
import { Root } from './common';
import { NOT_PLANTED } from './not-planted';
import { PLANTED_ROOTS } from './planted-roots';
import { Plant, plantsOf } from './plants';
import { REPORT_ROOTS } from './report-roots';
import { ROOTS } from './roots';
import { Sample, opt, struct, text } from './values';
import { Outcome, outcomeOf } from './verdict';
import { STRUCTS } from '../../src/core/private/arguments/structs';
import { propsOf } from '../../src/core/private/arguments/types';

/** Props that may change nothing in this root, each with its reason. */
const EXEMPT: Record<string, string> = {
  'alarms: AlarmOverride.leaveOut(2)': 'the reason is for those who read the code; `MeshAlarms.leftOut` returns it',
  'database: DatabaseRotation.none(0)': 'the reason is for those who read the code, and for the reports of cdk-nag',
};

/** What came of a value before, since many plants are compared with the same one. */
const BARE = new WeakMap<Sample, Outcome>();

/** Undefined if a planted value changes the template, a warning or an error. */
function faultOfPlant({ wire, ...whole }: Root, { without, planted }: Plant): string | undefined {
  const root = { ...whole, build: wire ?? whole.build };
  const before = BARE.get(without) ?? outcomeOf(root, without.make);
  BARE.set(without, before);
  if (before.refusal) return `is in what is refused: ${before.refusal.slice(-120)}`;
  const baseline = JSON.stringify(before);
  // The warning is about the value that contains the plant.
  if (/ ha(s|ve) no effect: /.test(JSON.stringify(before.warnings))) return undefined;
  return planted.some(({ make }) => JSON.stringify(outcomeOf(root, make)) !== baseline) ? undefined : 'is dropped';
}

const ALL: [string, Root][] = [ROOTS, PLANTED_ROOTS, REPORT_ROOTS].flatMap((roots) => Object.entries(roots));

test.each(ALL)(
  '%s: each value is in the template, or an error or a warning says why not',
  (key, root) => {
    const plants = plantsOf(root.props).filter(({ id }) => !(`${key}: ${id}` in EXEMPT));
    const faults = plants.map((plant) => [`${key}: ${plant.id}`, faultOfPlant(root, plant)]);
    expect(faults.filter(([, fault]) => fault)).toEqual([]);
  },
  300_000,
);

const ECHO = struct('Echo', { heard: opt(text('a', 'b')), ignored: opt(text('c', 'd')) });
const echo: Root = {
  props: ECHO,
  build: ({ stack }, { heard = '' }: { readonly heard?: string }) => new CfnOutput(stack, 'Echo', { value: `heard ${heard}` }),
};

test('a prop that is ignored is reported', () => {
  const faults = plantsOf(ECHO).map((plant) => [plant.id, faultOfPlant(echo, plant)]);
  expect(faults).toEqual([
    ['Echo.heard', undefined],
    ['Echo.ignored', 'is dropped'],
  ]);
});

test('a value in an app that is refused anyway is reported', () => {
  const build = () => {
    throw new Error('refused');
  };
  expect(faultOfPlant({ ...echo, build }, plantsOf(ECHO)[0])).toBe('is in what is refused: refused');
});

test('nothing that is planted has an exemption', () => {
  const planted = ALL.flatMap(([, { props }]) => plantsOf(props).map(({ id }) => id));
  const structs = planted.map((id) => id.split('.')[0]);
  expect(Object.keys(NOT_PLANTED).filter((id) => planted.includes(id) || structs.includes(id))).toEqual([]);
});

test('each public prop is planted, or its exemption says why not', () => {
  const planted = new Set(ALL.flatMap(([, { props }]) => plantsOf(props).map(({ id }) => id)));
  const ours = Object.keys(STRUCTS).filter((name) => !STRUCTS[name]!.startsWith('+') && !(name in NOT_PLANTED));
  const props = ours.flatMap((name) => propsOf(name).props.map((prop) => `${name}.${prop.name}`));
  expect(props.filter((id) => !planted.has(id) && !(id in NOT_PLANTED) && !(id.replace(/.*\./, '*.') in NOT_PLANTED))).toEqual([]);
});
