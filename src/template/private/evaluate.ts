import { callOf, isObject, listOf, numberOf, objectOf, textOf } from './json';
import { Known, known, Scope, unknown } from './known';
import { joined, split, substituted } from './texts';

/** The key of a string that CDK concatenated from literals and references. */
export const CONCAT = 'Fn::Concat';

/**
 * Evaluates the function at the top of a value. The reader of a list or an object evaluates what is below it, so that values that nobody
 * needs cannot cause a failure.
 */
export function evaluate<R>(raw: unknown, scope: Scope<R>): Known<R> {
  const call = callOf(raw);
  if (!call) return known(scope, raw);
  const { name, argument } = call;
  const [first, second, third] = listOf(argument);
  const deep = (part: unknown) => evaluate(part, scope);
  switch (name) {
    case 'Ref':
      return reference(`${argument}`, scope, raw);
    case 'Fn::GetAtt':
      return attribute(argument, scope, raw);
    case 'Fn::If':
      return deep(holds(`${first}`, scope) ? second : third);
    case 'Fn::Join':
      return withElements(second, scope, raw, (parts) => joined(parts, `${first}`, scope, raw));
    case CONCAT:
      return joined(listOf(argument).map(deep), '', scope, raw);
    case 'Fn::Sub': {
      const [text, variables] = [argument].flat();
      return joined(substituted(`${text}`, objectOf(variables)).map(deep), '', scope, raw);
    }
    case 'Fn::Select':
      return withElements(second, scope, raw, (parts) => select(deep(first), parts, scope, raw));
    case 'Fn::Split':
      return split(deep(first), deep(second), scope, raw);
    case 'Fn::Length':
      return withElements(argument, scope, raw, (parts) => known(scope, parts.length, raw));
    case 'Fn::Base64':
      return whenKnown([argument], scope, raw, ([text]) => known(scope, Buffer.from(text).toString('base64'), raw));
    case 'Fn::FindInMap':
      return mapped(listOf(argument), scope, raw);
    case 'Fn::GetAZs':
      return { ...scope.zones(textOf(deep(argument).value) || undefined), raw };
    case 'Fn::ImportValue':
      return scope.imported(textOf(deep(argument).value), argument);
    case 'Fn::GetStackOutput': {
      const { StackName, OutputName } = objectOf(argument);
      return whenKnown([StackName, OutputName], scope, raw, ([stack, id]) => scope.output(stack, id));
    }
    default:
      return scope.other(name, argument, raw);
  }
}

/** Returns true if a condition holds. A condition that only a deployment decides is a choice. */
export function holds<R>(name: string, scope: Scope<R>, asking: string[] = []): boolean {
  const body = scope.section('Conditions')[name];
  const about = `condition ${name} of ${scope.name}`;
  if (body === undefined) return scope.choose(about, [true, false], `${scope.name} has no condition "${name}"`);
  const chain = [...asking, name];
  if (!asking.includes(name)) return test(body, scope, chain);
  const circle = chain.map((one) => `condition ${scope.name}/${one}`).join(' -> ');
  return scope.choose(about, [true, false], `circular reference: ${circle}`);
}

function test<R>(body: unknown, scope: Scope<R>, asking: string[]): boolean {
  const [[name, argument] = ['', undefined]] = Object.entries(objectOf(body));
  const tests = () => listOf(argument).map((part) => test(part, scope, asking));
  const choose = (because: string) => scope.choose(`condition ${asking.at(-1)} of ${scope.name}`, [true, false], because);
  switch (name) {
    case 'Condition':
      return holds(`${argument}`, scope, asking);
    case 'Fn::And':
      return tests().every(Boolean);
    case 'Fn::Or':
      return tests().some(Boolean);
    case 'Fn::Not':
      return !tests()[0];
    case 'Fn::Equals': {
      const [left, right] = listOf(argument).map((part) => evaluate(part, scope));
      const because = left.unknown ?? right.unknown;
      return because === undefined ? textOf(left.value) === textOf(right.value) : choose(because);
    }
    default:
      return name === '' ? `${body}` === 'true' : choose(`only CloudFormation evaluates ${name}`);
  }
}

function reference<R>(id: string, scope: Scope<R>, raw: unknown): Known<R> {
  if (id.startsWith('AWS::')) return { ...scope.pseudoParameter(id), raw };
  const parameter = scope.section('Parameters')[id];
  if (isObject(parameter)) return scope.parameter(id, parameter);
  return returned(id, undefined, scope, raw);
}

function attribute<R>(argument: unknown, scope: Scope<R>, raw: unknown): Known<R> {
  const [id, ...names] = typeof argument === 'string' ? argument.split('.') : listOf(argument);
  return whenKnown(names, scope, raw, (texts) => returned(`${id}`, texts.join('.'), scope, raw));
}

function returned<R>(id: string, name: string | undefined, scope: Scope<R>, raw: unknown): Known<R> {
  const resource = scope.resource(id);
  if (!resource) return unknown(scope, raw, `${scope.name} has no resource or parameter "${id}"`);
  return { ...scope.returned(resource, name), raw };
}

function select<R>(index: Known<R>, parts: Known<R>[], scope: Scope<R>, raw: unknown): Known<R> {
  if (index.unknown !== undefined) return unknown(scope, raw, index.unknown);
  return parts[numberOf(index.value) ?? -1] ?? unknown(scope, raw, `Fn::Select has no element ${textOf(index.value)}`);
}

/** Looks up a map. A key that is known only at deployment is one of those in the map. */
function mapped<R>([map, ...keys]: unknown[], scope: Scope<R>, raw: unknown): Known<R> {
  const fallback = isObject(keys.at(-1)) ? objectOf(keys.at(-1)).DefaultValue : undefined;
  const names: string[] = [];
  let found: unknown = scope.section('Mappings')[`${map}`];
  for (const key of keys.slice(0, 2)) {
    const { value, unknown: because } = evaluate(key, scope);
    const options = Object.keys(objectOf(found));
    if (because !== undefined && options.length === 0) return unknown(scope, raw, because);
    const name = because === undefined ? `${value}` : scope.choose(`${JSON.stringify(key)} of ${scope.name}`, options, because);
    found = objectOf(found)[name];
    names.push(name);
  }
  if (found !== undefined) return evaluate(found, scope);
  if (fallback !== undefined) return evaluate(fallback, scope);
  return unknown(scope, raw, `Fn::FindInMap finds nothing at ${[map, ...names].join('.')}`);
}

/** Returns the elements of a list, without those that do not exist. */
function withElements<R>(raw: unknown, scope: Scope<R>, call: unknown, use: (parts: Known<R>[]) => Known<R>): Known<R> {
  const list = evaluate(raw, scope);
  if (!Array.isArray(list.value)) return unknown(scope, call, list.unknown ?? `${JSON.stringify(raw)} is no list`);
  const parts = list.value.map((part) => evaluate(part, list.scope));
  return use(parts.filter((part) => part.unknown !== undefined || part.value !== undefined));
}

function whenKnown<R>(parts: unknown[], scope: Scope<R>, raw: unknown, use: (texts: string[]) => Known<R>): Known<R> {
  const found = parts.map((part) => evaluate(part, scope));
  const open = found.find((part) => part.unknown !== undefined);
  return open ? unknown(scope, raw, open.unknown!) : use(found.map(({ value }) => textOf(value) ?? ''));
}
