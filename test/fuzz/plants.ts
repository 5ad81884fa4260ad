import * as fc from 'fast-check';
import type { Fields, Sample, Spec } from './values';

/** One prop or parameter that is planted: the value without it, and values with it, of which one must make a difference. */
export interface Plant {
  /** `Struct.prop`, or `Class.factory(0)`. */
  readonly id: string;
  readonly without: Sample;
  readonly planted: Sample[];
  /** The value with what synthesis does not know. */
  readonly unknown: Sample[];
}

/** Different good values of a spec, the same in each run. */
export function goodsOf({ good, others = [] }: Spec): Sample[] {
  const all = fc.sample(good, { seed: 7, numRuns: 12 });
  const goods = [...new Map(all.map((one) => [one.text, one])).values()];
  return [goods[0], ...others, ...goods.slice(1)];
}

export function simplestOf(spec: Spec): Sample {
  return spec.simplest?.() ?? goodsOf(spec)[0];
}

export function plantsOf({ plants }: Spec): Plant[] {
  return plants?.() ?? [];
}

/** The same plants in a value around them; what is the same without them stays one value. */
export function within(plants: Plant[], around: (one: Sample) => Sample): Plant[] {
  const bare = new Map<Sample, Sample>();
  return plants.map(({ id, without, planted, unknown }) => {
    if (!bare.has(without)) bare.set(without, around(without));
    return { id, without: bare.get(without)!, planted: planted.map(around), unknown: unknown.map(around) };
  });
}

export function structPlants(type: string, fields: Fields, whole: (given: Record<string, Sample>) => Sample): Plant[] {
  const required = Object.fromEntries(
    Object.entries(fields).flatMap(([key, spec]) => (spec.optional ? [] : [[key, simplestOf(spec)]])),
  );
  const without = whole(required);
  return Object.entries(fields).flatMap(([key, spec]) => {
    const withOne = (one: Sample) => whole({ ...required, [key]: one });
    const own: Plant = {
      id: `${type}.${key}`,
      without,
      planted: goodsOf(spec).map(withOne),
      unknown: (spec.unknowns ?? []).map(withOne),
    };
    return [own, ...within(plantsOf(spec), withOne)];
  });
}

export function callPlants(label: string, params: Spec[], apply: (args: Sample[]) => Sample): Plant[] {
  const given = params.map(simplestOf);
  const withArg = (index: number) => (one: Sample) => apply(given.map((each, i) => (i === index ? one : each)));
  const without = apply(given);
  return params.flatMap((param, i) => {
    const own: Plant = {
      id: `${label}(${i})`,
      without,
      planted: goodsOf(param).map(withArg(i)),
      unknown: (param.unknowns ?? []).map(withArg(i)),
    };
    const inside = within(plantsOf(param), withArg(i));
    return inside.length > 0 ? inside : [own];
  });
}
