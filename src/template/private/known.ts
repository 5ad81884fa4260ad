import { JsonObject } from './json';

/** What is known of a value, in one state of the conditions. */
export interface Known<R> {
  /** The template in which the parts of the value are to be read. */
  readonly scope: Scope<R>;
  /** How the template writes it, once conditions, parameters and exports are followed. */
  readonly raw?: unknown;
  /** Absent if the property is, and if `unknown` says why nobody can tell. */
  readonly value?: unknown;
  /** Why only a deployment can tell. */
  readonly unknown?: string;
  /** The text with `*` for what only a deployment can tell. */
  readonly pattern?: string;
  /** The resource that the whole value names. */
  readonly resource?: R;
  /** The parameter that the whole value is, where it is read from elsewhere. */
  readonly parameter?: { readonly type: string; readonly text?: string };
}

/** Parts of a template beside its resources. */
export type Section = 'Parameters' | 'Conditions' | 'Mappings' | 'Outputs';

/** A template, as far as the functions in it need to know. */
export interface Scope<R> {
  /** Name of the stack, for messages. */
  readonly name: string;
  section(name: Section): JsonObject;
  resource(id: string): R | undefined;
  /** What `Ref` gives, or `Fn::GetAtt` with an attribute. */
  returned(resource: R, attribute?: string): Known<R>;
  pseudoParameter(name: string): Known<R>;
  parameter(id: string, body: JsonObject): Known<R>;
  zones(region: string | undefined): Known<R>;
  /** What a stack exports; the name as text, or as written if nobody can tell. */
  imported(name: string | undefined, raw: unknown): Known<R>;
  output(stackName: string, id: string): Known<R>;
  /** A function that CloudFormation does not have, or that nobody else evaluates. */
  other(name: string, argument: unknown, raw: unknown): Known<R>;
  /** A decision that only a deployment makes. */
  choose<T>(about: string, options: readonly T[], because: string): T;
}

export function known<R>(scope: Scope<R>, value: unknown, raw: unknown = value): Known<R> {
  return { scope, raw, value: value ?? undefined };
}

export function unknown<R>(scope: Scope<R>, raw: unknown, because: string, more: Partial<Known<R>> = {}): Known<R> {
  return { scope, raw, unknown: because, ...more };
}
