import { ENUMS } from './enums';
import { INSTANCES } from './instances';
import { STRUCTS } from './structs';

/** A type as the tables write it: `Name`, `Name[]` or `{Name}`. */
export interface Type {
  readonly name: string;
  readonly isList: boolean;
  readonly isMap: boolean;
}

/** A prop or a parameter: `name:Type` or `name?:Type`. */
export interface Member {
  readonly name: string;
  readonly type: Type;
  readonly isOptional: boolean;
}

/** The meaning of a name of the tables. */
export interface NamedType {
  /** Indicates whether the type is a struct. */
  readonly props: boolean;
  readonly accepts: (value: unknown) => boolean;
}

const PRIMITIVES: Record<string, ((value: unknown) => boolean) | undefined> = {
  any: () => true,
  string: (value) => typeof value === 'string',
  // A token is a finite number as well.
  number: (value) => Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
};
const read = new Map<string, Member[]>();

/** The members that a row of a table lists. */
export function membersOf(row: string): Member[] {
  const known = read.get(row) ?? row.split(' ').filter(Boolean).map(member);
  read.set(row, known);
  return known;
}

/** The props of a struct, and whether a newer version of the CDK can have more. */
export function propsOf(struct: string): { readonly props: Member[]; readonly grows: boolean } {
  const row = STRUCTS[struct]!;
  return { props: membersOf(row.replace(/^\+ /, '')), grows: row.startsWith('+') };
}

export function typeNamed(name: string): NamedType {
  if (STRUCTS[name] !== undefined) return { props: true, accepts: () => false };
  return { props: false, accepts: PRIMITIVES[name] ?? (ENUMS[name] !== undefined ? isValueOf(name) : isInstanceOf(name)) };
}

export function valuesOf(enumeration: string): string[] | undefined {
  return ENUMS[enumeration]?.split(' ');
}

function isValueOf(enumeration: string): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && valuesOf(enumeration)!.includes(value);
}

/** By its members and not by its class, of which an app can have two copies. */
function isInstanceOf(name: string): (value: unknown) => boolean {
  const members = INSTANCES[name]?.split(' ').filter(Boolean) ?? [];
  return (value) => typeof value === 'object' && value !== null && members.every((each) => each in value);
}

function member(text: string): Member {
  const [, name, optional, type] = /^(\w+)(\??):(.+)$/.exec(text)!;
  return { name, isOptional: optional !== '', type: typeFrom(type) };
}

function typeFrom(text: string): Type {
  return { name: text.replace(/[^\w]/g, ''), isList: text.endsWith('[]'), isMap: text.startsWith('{') };
}
