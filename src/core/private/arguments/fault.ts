import { Construct } from 'constructs';
import { closest } from '../names';
import { classOf, nameOf } from './class-of';
import { remedy, said } from './remedy';
import { Type, propsOf, typeNamed } from './types';

/** A value that is not what the types of the library say. */
export interface Fault {
  readonly kind: 'missing' | 'type' | 'unknown';
  readonly prop: string;
  readonly must: string;
  readonly got?: unknown;
  readonly fix: string;
}

/** Values of untyped code, held against the types of src/. */
export class Faults {
  /** A prop that no struct has, such as one of a wrapper that passes on all that it was given. */
  public readonly ignored: Fault[] = [];

  /** Returns the first value that is not what its type says. */
  public inValue(type: Type, value: unknown, prop: string): Fault | undefined {
    if (value === undefined) return missing(type, prop);
    if (type.isList) return this.inList(type, value, prop);
    if (type.isMap) return this.inMap(type, value, prop);
    const named = typeNamed(type.name);
    if (named.props) return isStructOf(type.name, value) ? this.inStruct(type.name, value, prop) : wrong(type, value, prop);
    return named.accepts(value) ? undefined : wrong(type, value, prop);
  }

  /** Returns the first fault in the props of a struct; `prop` is empty for those of a construct. */
  public inStruct(name: string, value: object, prop: string, isOpen = false): Fault | undefined {
    const { props, grows } = propsOf(name);
    const at = (key: string) => (prop ? `${prop}.${key}` : key);
    for (const { name: key, type, isOptional } of props) {
      const given: unknown = (value as Record<string, unknown>)[key];
      if (given === undefined && isOptional) continue;
      const fault = this.inValue(type, given, at(key));
      if (fault) return fault;
    }
    if (grows || isOpen) return undefined;
    const known = props.map((each) => each.name);
    return this.ofUnknown(value as Record<string, unknown>, known, name, at);
  }

  private ofUnknown(
    value: Record<string, unknown>,
    known: string[],
    struct: string,
    at: (key: string) => string,
  ): Fault | undefined {
    for (const key of Object.keys(value).filter((each) => !known.includes(each) && value[each] !== undefined)) {
      const meant = closest(key, known);
      const fix = meant ? `did you mean \`${meant}\`?` : `its props are ${known.map((each) => `\`${each}\``).join(', ')}`;
      const got = received(value[key]);
      const fault: Fault = { kind: 'unknown', prop: at(key), must: `be a prop of ${struct}`, got, fix };
      if (meant) return fault;
      this.ignored.push(fault);
    }
    return undefined;
  }

  private inList(type: Type, value: unknown, prop: string): Fault | undefined {
    if (!Array.isArray(value)) return wrong(type, value, prop);
    const of = { ...type, isList: false };
    return first(value, (each, i) => this.inValue(of, each, `${prop}[${i}]`));
  }

  private inMap(type: Type, value: unknown, prop: string): Fault | undefined {
    if (!isPlain(value)) return wrong(type, value, prop);
    const of = { ...type, isMap: false };
    return first(Object.entries(value), ([key, each]) => this.inValue(of, each, `${prop}.${key}`));
  }
}

function missing(type: Type, prop: string): Fault {
  return { kind: 'missing', prop, must: 'be specified', fix: `specify ${said(type)}` };
}

function wrong(type: Type, value: unknown, prop: string): Fault {
  return { kind: 'type', prop, must: `be ${said(type)}`, got: received(value), fix: remedy(type, value, prop) };
}

function first<T>(values: readonly T[], faultOf: (value: T, index: number) => Fault | undefined): Fault | undefined {
  for (let i = 0; i < values.length; i++) {
    const fault = faultOf(values[i], i);
    if (fault) return fault;
  }
  return undefined;
}

/** A value as a message shows it: data as it is, everything else by its class. */
export function received(value: unknown): unknown {
  // Which JSON has no literal for.
  if (typeof value === 'bigint' || typeof value === 'symbol') return `a ${typeof value}`;
  if (typeof value === 'function') return isClass(value) ? `the class ${nameOf(value) ?? ''}`.trim() : 'a function';
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.every((each) => typeof each !== 'object') ? value : `a list of ${value.length}`;
  if (isPlain(value)) return `{ ${Object.keys(value).join(', ')} }`;
  return `an instance of ${classOf(value) ?? 'a class'}`;
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Returns true for what can be the props of a struct: a plain object, as the proxies of jsii are, or an instance of a class that was
 * written for the struct, which has none but its props, as fields of its own: the library copies them. A construct is none, even if it happens to have a property of such a name.
 */
export function isStructOf(struct: string, value: unknown, isOpen = false): value is object {
  if (!isObject(value) || Construct.isConstruct(value)) return false;
  if (isPlain(value)) return true;
  const known = propsOf(struct).props.map(({ name }) => name);
  const own = Object.keys(value);
  return own.some((name) => known.includes(name)) && (isOpen || own.every((name) => known.includes(name)));
}

/** Literals, also those of another realm, such as that of a test runner. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isClass(value: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}
