import { Construct, IConstruct } from 'constructs';
import { CALLS } from './arguments/calls';
import { Fault, Faults, isStructOf, received } from './arguments/fault';
import { Member, canGrow, membersOf } from './arguments/types';
import { validationError, warn } from './errors';
import { Injectable, injected } from './injected';
import { requireMeshEnvironment } from './mesh-environment';

type Callable = (this: unknown, ...args: unknown[]) => unknown;
type Guarded = Record<string, unknown>;

/**
 * Holds the arguments of the public methods and factories of a class against their types, for callers without a compiler. Takes the class
 * by its name, which a bundler can change in the class itself: `guard({ Scaling })`.
 */
export function guard(named: Record<string, unknown>): void {
  const [[name, owner]] = Object.entries(named) as [string, { readonly prototype: Guarded } & Guarded][];
  for (const [key, row] of Object.entries(CALLS)) {
    if (!key.startsWith(name) || key.endsWith('.new')) continue;
    if (key[name.length] === '.') wrap(owner, key, key.slice(name.length + 1), row!);
    if (key[name.length] === '#') wrap(owner.prototype, key, key.slice(name.length + 1), row!);
  }
}

/**
 * Returns the props of a construct after the property injector of its class, held against their types, and the place of the construct against
 * that of its mesh, before the construct exists. What a class derived from it is given beyond them is its own.
 *
 * @param construct class of the construct by its name: `{ MeshService }`
 * @param made class that is constructed: `new.target`
 */
export function acceptProps<P>(construct: Record<string, Injectable>, made: unknown, scope: Construct, id: string, given: P): P {
  const [[name, owner]] = Object.entries(construct);
  const path = scopePath(scope, id);
  const props = injected(owner, given, { scope, id });
  const [{ type }] = membersOf(CALLS[`${name}.new`]!);
  checkStruct(scope, id, type.name, props, made !== owner);
  requireMeshEnvironment(scope, path, props);
  return props;
}

/** Returns the props of a construct that only a method creates, as `acceptProps` does for those with a public constructor. */
export function acceptStruct<P>(construct: Injectable, struct: string, scope: Construct, id: string, given: P): P {
  const props = injected(construct, given, { scope, id });
  checkStruct(scope, id, struct, props);
  return props;
}

function checkStruct(scope: Construct, id: string, struct: string, props: unknown, isOpen = false): void {
  const path = scopePath(scope, id);
  const faults = new Faults();
  const type = { name: struct, isList: false, isMap: false };
  const fault = isStructOf(struct, props, isOpen)
    ? faults.inStruct(struct, props, '', isOpen)
    : faults.inValue(type, props, 'props');
  if (fault) throw faultError(path, fault);
  if (faults.ignored.length > 0) warnLater(scope, id, faults.ignored);
}

/** On the construct itself, where the warning can be acknowledged, and which does not exist yet. */
function warnLater(scope: Construct, id: string, ignored: Fault[]): void {
  const left = [...ignored];
  const validate = () => {
    const construct = scope.node.tryFindChild(id) ?? scope;
    for (const { prop, must, got, fix } of left.splice(0)) {
      const text = `\`${prop}\` of ${scopePath(scope, id)} is ${JSON.stringify(got)} and has no effect: it must ${must}; ${fix}. Remove it.`;
      warn(construct, 'PropIgnored', text);
    }
    return [];
  };
  scope.node.addValidation({ validate });
}

function wrap(owner: Guarded, call: string, name: string, row: string): void {
  const original = owner[name] as Callable;
  const parameters = membersOf(row);
  const label = call.replace('#', '.');
  const guarded: Callable = function (...args) {
    const scope = Construct.isConstruct(this) ? (this as Partial<IConstruct>).node?.path : undefined;
    for (const [i, { name: parameter, type, isOptional }] of parameters.entries()) {
      if (args[i] === undefined && isOptional) continue;
      const faults = new Faults();
      const fault = faults.inValue(type, args[i], `${label}(${parameter.replace('_', '')})`) ?? faults.ignored[0];
      if (fault) throw faultError(scope, fault);
    }
    const extra = canGrow(row) || isOfList(args) ? [] : args.slice(parameters.length).filter((each) => each !== undefined);
    if (extra.length > 0) throw extraArguments(scope, label, parameters, extra);
    return original.apply(this, args);
  };
  owner[name] = guarded;
}

/** The arguments that methods of lists add to a value, its position and its list: `['main', 'next'].map(GitHubSubject.branch)`. */
function isOfList([value, position, list]: unknown[]): boolean {
  return Array.isArray(list) && typeof position === 'number' && list[position] === value;
}

function extraArguments(scope: string | undefined, label: string, parameters: Member[], extra: unknown[]): Error {
  const names = parameters.map(({ name }) => `\`${name.replace('_', '')}\``);
  return validationError(scope, 'ArgumentUnknown', {
    prop: `${label}(...)`,
    must: names.length > 0 ? `be called with no other arguments than ${names.join(', ')}` : 'be called without arguments',
    got: extra.length === 1 ? received(extra[0]) : extra.map(received),
    fix: 'omit what comes after, which would have no effect',
  });
}

function faultError(path: string | undefined, { kind, ...violation }: Fault): Error {
  if (kind === 'missing') return validationError(path, 'ValueMissing', violation);
  return kind === 'type' ? validationError(path, 'ValueType', violation) : validationError(path, 'PropUnknown', violation);
}

function scopePath(scope: unknown, id: unknown): string {
  if (!Construct.isConstruct(scope)) {
    throw validationError(undefined, 'ValueType', {
      prop: 'scope',
      must: 'be a construct',
      fix: 'specify the stack or the construct that the new one belongs to, such as `this`',
    });
  }
  if (typeof id !== 'string') {
    throw validationError(scope, 'ValueType', {
      prop: 'id',
      must: 'be a string',
      got: `a ${typeof id}`,
      fix: 'specify a name that is unique in the scope',
    });
  }
  return [scope.node.path, id].filter(Boolean).join('/');
}
