import { CfnParameter, Duration, Fn, Lazy, Size } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import * as fc from 'fast-check';
import { Plant, callPlants, goodsOf, plantsOf, simplestOf, structPlants, within } from './plants';
import { Scene } from './scene';

/** A generated value: how it reads in a counterexample, and how it comes to be in an app. */
export interface Sample {
  readonly text: string;
  readonly make: (scene: Scene) => unknown;
  /** The same without the hostile value: what must then be different, or the value was dropped without a word. */
  readonly without?: (scene: Scene) => unknown;
  /** Says nothing, such as an empty list, or the same twice: it may change nothing. */
  readonly idle?: boolean;
}

/** What a prop takes, and what it may get. */
export interface Spec {
  readonly good: fc.Arbitrary<Sample>;
  /** Absent where nothing can be wrong: a closed choice. */
  readonly hostile?: fc.Arbitrary<Sample>;
  /** Values that are planted beside good ones: others than the default, or such as only an app with more in it accepts. */
  readonly others?: Sample[];
  /** The least that a good value says; the first good one unless stated. */
  readonly simplest?: () => Sample;
  /** Values that differ in one prop or parameter; absent where there is nothing inside. */
  readonly plants?: () => Plant[];
  /** What is not known at synthesis; absent where no such value has the type. */
  readonly unknowns?: Sample[];
}

export type Fields = Record<string, Spec & { readonly optional?: boolean }>;

/** Structs and classes that have arbitraries, with the props of each. */
export const COVERED = new Map<string, Set<string>>();

/** Numbers that no check thinks of. */
const NUMBERS = [NaN, -0, Infinity, -Infinity, 1e21, Number.MAX_SAFE_INTEGER, -1, 0.5, 1.5, 1e-7, 2 ** 31, 2 ** 32];

/** Texts that no check thinks of. */
const TEXTS = [
  '',
  ' ',
  'a b',
  ' a',
  'a\nb',
  'a\n',
  '\u0000',
  '\u0007bell',
  'x'.repeat(300),
  'Ünïcödé',
  '日本',
  '\u{1f600}',
  '\u202eabc',
  '${AWS::AccountId}',
  '${x}',
  '{"Fn::GetAtt":["A","B"]}',
  '{{resolve:ssm:/x}}',
  '../../x',
  '/',
  '-',
  'a/',
  '*',
  '"',
  "'",
  '`id`',
  '$(id)',
  '__proto__',
  'constructor',
  'toString',
  'http://a b',
];

export const sample = (said: string, make: (scene: Scene) => unknown, without?: (scene: Scene) => unknown): Sample =>
  ({ text: said, make, without, [fc.toStringMethod]: () => said }) as Sample;

/** What only a deployment knows, or only the end of synthesis. */
const numberToken = (good: number): [string, (s: Scene) => number][] => [
  [`Lazy ${good}`, () => Lazy.number({ produce: () => good })],
  ['a parameter', (s) => new CfnParameter(s.stack, s.nextId(), { type: 'Number', default: good }).valueAsNumber],
];
const textToken = (good: string): [string, (s: Scene) => string][] => [
  [`Lazy ${show(good)}`, () => Lazy.string({ produce: () => good })],
  ['a parameter', (s) => new CfnParameter(s.stack, s.nextId(), { default: good }).valueAsString],
  ['Fn::Select', (s) => Fn.select(0, new CfnParameter(s.stack, s.nextId(), { type: 'CommaDelimitedList' }).valueAsList)],
];
const samplesOf = (tokens: [string, (s: Scene) => unknown][]) =>
  // What is known at the end of synthesis may be the default.
  fc.constantFrom(...tokens.map(([said, make]) => ({ ...sample(`<${said}>`, make), idle: /Lazy/.test(said) })));

/** A text that a deployment knows, and one that CDK is still to look up. */
const UNKNOWN_TEXTS = [
  sample('<a parameter>', (s) => new CfnParameter(s.stack, s.nextId()).valueAsString),
  sample('<to be looked up>', (s) => StringParameter.valueFromLookup(s.stack, `/given/${s.nextId()}`)),
];
const UNKNOWN_NUMBER = sample('<a parameter>', (s) => new CfnParameter(s.stack, s.nextId(), { type: 'Number' }).valueAsNumber);

/** Hostile values, and often enough a token where a good one is expected. */
function orToken(hostile: fc.Arbitrary<Sample>, token: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> {
  return fc.oneof({ weight: 4, arbitrary: hostile }, { weight: 1, arbitrary: token });
}

const idle = (one: Sample): Sample => ({ ...one, idle: true });

export const plain = (value: unknown): Sample => sample(show(value), () => value);

/** Optional in its struct. */
export const opt = (spec: Spec) => ({ ...spec, optional: true });

/** Plants other values as well; a refusal counts as noticed. */
export const also = <T extends Spec>(spec: T, ...others: Sample[]): T => ({ ...spec, others });

/** Whole numbers between two bounds, both of which come often. */
export function number(min: number, max: number): Spec {
  const good = fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max));
  const hostile = fc.constantFrom(min - 1, max + 1, min + 0.5, ...NUMBERS).map(plain);
  return { good: good.map(plain), hostile: orToken(hostile, samplesOf(numberToken(max))), unknowns: [UNKNOWN_NUMBER] };
}

export function text(...good: string[]): Spec {
  return { ...matching(fc.constantFrom(...good)), simplest: () => plain(good[0]) };
}

export function matching(good: fc.Arbitrary<string>): Spec {
  const strange = fc.oneof(
    fc.constantFrom(...TEXTS),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.string({ unit: 'binary', maxLength: 5 }),
  );
  return {
    good: good.map(plain),
    unknowns: UNKNOWN_TEXTS,
    hostile: orToken(
      fc.oneof({ weight: 3, arbitrary: strange }, { weight: 1, arbitrary: good.map((each) => `${each}!`) }).map(plain),
      good.chain((each) => samplesOf(textToken(each))),
    ),
  };
}

/** Lower-case words, as names of all kinds are. */
export const name = () => matching(fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/));

export function oneOf(...values: unknown[]): Spec {
  return made(...values.map(plain));
}

/** Choices without parameters of which nothing can be wrong. */
export function made(...samples: Sample[]): Spec {
  return { good: fc.constantFrom(...samples), simplest: () => samples[0] };
}

export const either = (...specs: Spec[]): Spec => ({
  simplest: () => simplestOf(specs[0]),
  plants: () => specs.flatMap(plantsOf),
  unknowns: specs.flatMap(({ unknowns = [] }) => unknowns),
  good: fc.oneof(...specs.map(({ good }) => good)),
  hostile: specs.some(canBeHostile) ? fc.oneof(...specs.filter(canBeHostile).map(({ hostile }) => hostile)) : undefined,
});

export function duration(minSeconds: number, maxSeconds: number, step = 1): Spec {
  const of = (seconds: number) => sample(`Duration ${seconds} s`, () => Duration.millis(seconds * 1000));
  const good = fc.oneof(
    fc.integer({ min: Math.ceil(minSeconds / step), max: Math.floor(maxSeconds / step) }).map((n) => n * step),
    fc.constantFrom(minSeconds, maxSeconds),
  );
  return {
    good: good.map((s) => sample(`Duration ${s} s`, () => Duration.seconds(s))),
    unknowns: [sample('Duration of <a parameter>', (s) => Duration.seconds(UNKNOWN_NUMBER.make(s) as number))],
    hostile: orToken(
      fc.constantFrom(0, 0.001, 1.5, minSeconds + 0.5, maxSeconds + step, 1e12).map(of),
      samplesOf(numberToken(maxSeconds).map(([said, make]) => [`Duration of ${said}`, (s) => Duration.seconds(make(s))])),
    ),
  };
}

export const size = (minGiB: number, maxGiB: number): Spec => sizeIn('GiB', 1_048_576, minGiB, maxGiB);
export const mebibytes = (min: number, max: number): Spec => sizeIn('MiB', 1024, min, max);

function sizeIn(unit: string, kibibytes: number, min: number, max: number): Spec {
  const of = (count: number) => sample(`Size ${count} ${unit}`, () => Size.kibibytes(count * kibibytes));
  return {
    good: fc.integer({ min, max }).map(of),
    unknowns: [sample('Size of <a parameter>', (s) => Size.gibibytes(UNKNOWN_NUMBER.make(s) as number))],
    hostile: orToken(
      fc
        .constantFrom(0, 1 / kibibytes, min + 0.5, min - 1, max + 1, 1e9)
        .filter((n) => n >= 0)
        .map(of),
      samplesOf(numberToken(max).map(([said, make]) => [`Size of ${said}`, (s) => Size.gibibytes(make(s))])),
    ),
  };
}

export function list(of: Spec, minLength = 0, maxLength = 3): Spec {
  const whole = (items: Sample[]) => sample(`[${items.map((each) => each.text)}]`, (s) => items.map((each) => each.make(s)));
  const good = fc.array(of.good, { minLength, maxLength });
  const odd = [
    fc.constant(idle(whole([]))),
    of.good.map((each) => idle(whole([each, each]))),
    of.good.map((each) => idle(whole(Array<Sample>(150).fill(each)))),
    ...(canBeHostile(of)
      ? [of.hostile, of.hostile, of.hostile].map((each) =>
          each.map((one) =>
            around(
              one,
              (said) => `[${said}]`,
              (value) => [value],
            ),
          ),
        )
      : []),
  ];
  const plants = () => within(plantsOf(of), (one) => whole([one]));
  const simplest = () => whole(Array<Sample>(minLength).fill(simplestOf(of)));
  const unknowns = of.unknowns?.map((one) => whole([one]));
  return { good: good.map(whole), hostile: fc.oneof(...odd), simplest, plants, unknowns };
}

/** Entries by name, of which both may be hostile. */
export function map(key: Spec, value: Spec, minKeys = 0): Spec {
  const entries = (pairs: [Sample, Sample][]) =>
    sample(`{${pairs.map(([k, v]) => `${k.text}: ${v.text}`)}}`, (s) =>
      Object.fromEntries(pairs.map(([k, v]) => [k.make(s), v.make(s)])),
    );
  const good = fc.uniqueArray(fc.tuple(key.good, value.good), { minLength: minKeys, maxLength: 3, selector: ([k]) => k.text });
  const odd = [fc.constant(idle(entries([]))), fc.tuple(key.hostile!, value.good).map((pair) => entries([pair]))];
  if (canBeHostile(value)) odd.push(fc.tuple(key.good, value.hostile).map((pair) => entries([pair])));
  const [first] = goodsOf(key);
  const plants = () => within(plantsOf(value), (one) => entries([[first, one]]));
  const unknowns = value.unknowns?.map((one) => entries([[first, one]]));
  return { good: good.map(entries), hostile: fc.oneof(...odd), plants, unknowns };
}

/** A struct: good is any subset of its props; hostile is what must be there, and one prop that may be anything. */
export function struct(type: string, fields: Fields): Spec {
  COVERED.set(type, new Set([...(COVERED.get(type) ?? []), ...Object.keys(fields)]));
  const required = Object.keys(fields).filter((key) => !fields[key].optional);
  const goods = (keys: string[]) =>
    fc.record(Object.fromEntries(keys.map((key) => [key, fields[key].good])), { requiredKeys: required });
  const whole = (given: Record<string, Sample>) =>
    sample(`{${Object.entries(given).map(([key, each]) => `${key}: ${each.text}`)}}`, (s) =>
      Object.fromEntries(Object.entries(given).map(([key, each]) => [key, each.make(s)])),
    );
  const one = (key: string) =>
    fc.tuple(goods(required), fields[key].hostile!).map(([base, bad]) => withOne(whole(base), key, bad, fields[key].optional));
  const open = Object.keys(fields).filter((key) => canBeHostile(fields[key]));
  return {
    simplest: () => whole(Object.fromEntries(required.map((key) => [key, simplestOf(fields[key])]))),
    plants: () => structPlants(type, fields, whole),
    good: goods(Object.keys(fields)).map((given) => whole(given as Record<string, Sample>)),
    hostile: open.length > 0 ? fc.oneof(...open.map(one)) : undefined,
  };
}

/** Calls a factory with samples of its parameters. */
export function call(label: string, factory: (...args: never[]) => unknown, ...params: Spec[]): Spec {
  const apply = (args: Sample[]) =>
    sample(`${label}(${args.map((each) => each.text)})`, (s) => factory(...(args.map((each) => each.make(s)) as never[])));
  const open = params.flatMap((param, i) => (canBeHostile(param) ? [i] : []));
  const one = (i: number) =>
    fc
      .tuple(...params.map((param, j) => (i === j ? param.hostile! : param.good)))
      .map((args) => callWithout(apply(args), args, i, factory));
  return {
    simplest: () => apply(params.map(simplestOf)),
    plants: () => callPlants(label, params, apply),
    good: fc.tuple(...params.map(({ good }) => good)).map(apply),
    hostile: open.length > 0 ? fc.oneof(...open.map(one)) : undefined,
  };
}

export function canBeHostile(spec: Spec): spec is Required<Spec> {
  return spec.hostile !== undefined;
}

export function show(value: unknown): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  return JSON.stringify(value) ?? String(value);
}

/** A reference that is known only at deployment. */
function withOne(base: Sample, key: string, bad: Sample, optional = false): Sample {
  const join = (value: (scene: Scene) => unknown) => (s: Scene) => ({ ...(base.make(s) as object), [key]: value(s) });
  const without = bad.idle ? undefined : bad.without ? join(bad.without) : optional ? base.make : undefined;
  const one = sample(`${base.text} with ${key}: ${bad.text}`, join(bad.make), without);
  return { ...one, idle: bad.idle };
}

function around(inner: Sample, say: (inner: string) => string, value: (inner: unknown) => unknown): Sample {
  const { without } = inner;
  const one = sample(say(inner.text), (s) => value(inner.make(s)), without && ((s) => value(without(s))));
  return { ...one, idle: inner.idle };
}

function callWithout(whole: Sample, args: Sample[], index: number, factory: (...args: never[]) => unknown): Sample {
  const { without, idle: isIdle } = args[index];
  if (!without) return { ...whole, idle: isIdle };
  return sample(whole.text, whole.make, (s) =>
    factory(...(args.map((each, i) => (i === index ? without(s) : each.make(s))) as never[])),
  );
}
