import { JsonObject } from './json';

/** The known facts about a value, in one state of the conditions. */
export interface Known<R> {
  /** The template in which the parts of the value are read. */
  readonly scope: Scope<R>;
  /** The value as the template writes it, after conditions, parameters and exports are resolved. */
  readonly raw?: unknown;
  /** The value; undefined if the property is absent, or if `unknown` gives the reason why it is not known. */
  readonly value?: unknown;
  /** The reason why the value is known only at deployment. */
  readonly unknown?: string;
  /** The text, with `*` for the parts that are known only at deployment. */
  readonly pattern?: string;
  /** The resource that the whole value refers to. */
  readonly resource?: R;
  /** The parameter that the whole value is, if it is read from elsewhere. */
  readonly parameter?: { readonly type: string; readonly text?: string };
}

/** The sections of a template besides its resources. */
export type Section = 'Parameters' | 'Conditions' | 'Mappings' | 'Outputs' | 'Metadata';

/** A template, as its functions see it. */
export interface Scope<R> {
  /** The name of the stack, for messages. */
  readonly name: string;
  section(name: Section): JsonObject;
  resource(id: string): R | undefined;
  /** Returns the result of `Ref`, or of `Fn::GetAtt` with an attribute. */
  returned(resource: R, attribute?: string): Known<R>;
  pseudoParameter(name: string): Known<R>;
  parameter(id: string, body: JsonObject): Known<R>;
  zones(region: string | undefined): Known<R>;
  /** Returns the value of an export: the name as text, or as written if it is unknown. */
  imported(name: string | undefined, raw: unknown): Known<R>;
  output(stackName: string, id: string): Known<R>;
  /** Evaluates a function that CloudFormation does not have, or that no other code evaluates. */
  other(name: string, argument: unknown, raw: unknown): Known<R>;
  /** Makes a choice that only a deployment decides. */
  choose<T>(about: string, options: readonly T[], because: string): T;
}

export function known<R>(scope: Scope<R>, value: unknown, raw: unknown = value): Known<R> {
  return { scope, raw, value: value ?? undefined };
}

export function unknown<R>(scope: Scope<R>, raw: unknown, because: string, more: Partial<Known<R>> = {}): Known<R> {
  return { scope, raw, unknown: because, ...more };
}
