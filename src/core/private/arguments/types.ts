import { Token } from 'aws-cdk-lib';
import { CDK_ENUMS } from './cdk-enums';
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
/** Security policies of load balancers and hardware, which AWS publishes more often than an app gets a newer CDK. */
const OPEN_ENUMS = [
  'AcceleratorManufacturer',
  'AcceleratorName',
  'AcceleratorType',
  'CpuManufacturer',
  'LocalStorageType',
  'SslPolicy',
];
const GROWS = /^\+ /;
const read = new Map<string, Member[]>();

/** The members that a row of a table lists. */
export function membersOf(row: string): Member[] {
  const known = read.get(row) ?? row.replace(GROWS, '').split(' ').filter(Boolean).map(member);
  read.set(row, known);
  return known;
}

/** Returns true for a row to which a newer version of the CDK can add. */
export function canGrow(row: string): boolean {
  return GROWS.test(row);
}

/** The props of a struct, and whether a newer version of the CDK can have more. */
export function propsOf(struct: string): { readonly props: Member[]; readonly grows: boolean } {
  const row = STRUCTS[struct]!;
  return { props: membersOf(row), grows: canGrow(row) };
}

export function typeNamed(name: string): NamedType {
  if (STRUCTS[name] !== undefined) return { props: true, accepts: () => false };
  return { props: false, accepts: PRIMITIVES[name] ?? (isEnum(name) ? isValueOf(name) : isInstanceOf(name)) };
}

/**
 * The members of an enum of the CDK, by their names, in the version of the CDK that the app has; undefined for another type, and for an
 * enum that this version lacks.
 */
export function cdkMembersOf(name: string): Record<string, string | number> | undefined {
  const members = CDK_ENUMS[name]?.() as Record<string, string | number> | undefined;
  // An enum of numbers has the names of its members as well.
  return members && Object.fromEntries(Object.entries(members).filter(([key]) => !/^\d/.test(key)));
}

export function valuesOf(enumeration: string): (string | number)[] | undefined {
  if (ENUMS[enumeration] !== undefined) return ENUMS[enumeration].split(' ');
  const members = cdkMembersOf(enumeration);
  return members && [...new Set(Object.values(members))];
}

/** Returns true for an enum to which AWS adds values that the CDK of the app may lack; they are specified as texts. */
export function isOpen(enumeration: string): boolean {
  return OPEN_ENUMS.includes(enumeration);
}

function isEnum(name: string): boolean {
  return ENUMS[name] !== undefined || CDK_ENUMS[name] !== undefined;
}

/** Returns true for an interface or a class that says something of its values: one without members takes any object. */
export function isTelling(name: string): boolean {
  return Boolean(INSTANCES[name]);
}

function isValueOf(enumeration: string): (value: unknown) => boolean {
  if (ENUMS[enumeration] !== undefined) return (value) => typeof value === 'string' && valuesOf(enumeration)!.includes(value);
  return (value) => isValueOfCdk(enumeration, value);
}

function isValueOfCdk(enumeration: string, value: unknown): boolean {
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  const values = valuesOf(enumeration);
  if (!values || values.includes(value) || Token.isUnresolved(value)) return true;
  return isOpen(enumeration) && typeof values[0] === typeof value && !namesMember(enumeration, `${value}`);
}

/** Returns true for the name of a member in place of its value, and for a value in another case. */
function namesMember(enumeration: string, text: string): boolean {
  const known = Object.entries(cdkMembersOf(enumeration)!).flat();
  return known.some((each) => `${each}`.toLowerCase() === text.toLowerCase());
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
