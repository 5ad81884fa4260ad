import { Resource } from '../app-templates';
import { callOf, isObject, listOf, objectOf, partsOf } from '../json';
import { RESOURCE } from '../reference-resolver';
import { CHANGING_ATTRIBUTES } from './exceptions';

/** A value that differs between two versions of a resource. */
export interface Difference {
  /** The property, without the indexes of lists: `LoadBalancers.TargetGroupArn`. */
  readonly path: string;
  readonly from?: unknown;
  readonly to?: unknown;
  /** Indicates whether the deployed values differ for certain: a parameter or a condition can make two expressions equal. */
  readonly isCertain: boolean;
  /** The reason, if the template itself is the same. */
  readonly because?: string;
  /** Indicates whether CloudFormation reads the value from elsewhere in each deployment. */
  readonly isFloating?: boolean;
}

/** Returns the change of the resource that a value refers to; undefined if its physical ID remains the same. */
export type Fate = (resource: Resource) => 'replaced' | 'may be replaced' | 'updated' | undefined;

/** A value without parts: a literal, an empty list or object, or a call of a function. */
interface Leaf {
  readonly path: string;
  readonly raw: unknown;
}

/** Returns the differences of the properties of a resource, including those that follow from other resources. */
export function differences(before: Resource, after: Resource, fate: Fate): Difference[] {
  const [old, now] = [before, after].map((resource) => leavesOf(resource.body.Properties));
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key): Difference[] => {
    const [from, to] = [old.get(key), now.get(key)];
    const path = (from ?? to)!.path;
    if (JSON.stringify(from?.raw) === JSON.stringify(to?.raw)) {
      const because = consequence(to!.raw, after, fate);
      return because ? [{ path, from: from!.raw, to: to!.raw, ...because }] : [];
    }
    const [left, right] = [read(from?.raw, before), read(to?.raw, after)];
    if (left !== undefined && left === right) return [];
    const isCertain = (left !== undefined && right !== undefined) || areAlike(from, to, before, after);
    return [{ path, from: from?.raw, to: to?.raw, isCertain }];
  });
}

function leavesOf(raw: unknown, path = '', key = '', found = new Map<string, Leaf>()): Map<string, Leaf> {
  const isCall = callOf(raw) !== undefined;
  const entries = isCall ? [] : Array.isArray(raw) ? [...raw.entries()] : Object.entries(objectOf(raw));
  if (entries.length === 0 && (path !== '' || isCall)) found.set(key, { path, raw });
  for (const [name, value] of entries) {
    const below = typeof name === 'number' ? path : [path, name].filter(Boolean).join('.');
    leavesOf(value, below, `${key}/${name}`, found);
  }
  return found;
}

/** Returns a value that is known before the deployment, as text; an absent property is known. */
function read(raw: unknown, { template, path }: Resource): string | undefined {
  if (raw === undefined) return 'absent';
  if (!callOf(raw)) return isDynamic(raw) ? undefined : literal(raw);
  if (!isDecided(raw, template)) return undefined;
  const value = template.value(raw, path);
  return value.text === undefined || isDynamic(value.text) ? undefined : literal(value.text);
}

/** CloudFormation accepts texts for numbers and booleans. */
function literal(raw: unknown): string {
  return typeof raw === 'object' ? JSON.stringify(raw) : `"${raw as string}"`;
}

/** Returns false for a value that depends on a parameter or a condition, which the deployment decides. */
function isDecided(raw: unknown, template: Resource['template']): boolean {
  const call = callOf(raw);
  if (call && ['Fn::If', 'Fn::ImportValue', 'Fn::FindInMap', 'Fn::Transform', 'Fn::GetAZs'].includes(call.name)) return false;
  if (call?.name === 'Ref' && (template.section('Parameters')[`${call.argument as string}`] || call.argument === 'AWS::NoValue')) {
    return false;
  }
  if (typeof raw === 'string' && isDynamic(raw)) return false;
  return partsOf(raw).every((part) => isDecided(part, template));
}

function isDynamic(raw: unknown): boolean {
  return typeof raw === 'string' && raw.includes('{{resolve:');
}

/** Two expressions that differ in their literals or in the resources that they refer to, and in nothing that a deployment decides. */
function areAlike(from: Leaf | undefined, to: Leaf | undefined, before: Resource, after: Resource): boolean {
  const sides = [
    { raw: from?.raw, template: before.template },
    { raw: to?.raw, template: after.template },
  ].filter(({ raw }) => raw !== undefined);
  if (!sides.every(({ raw, template }) => isDecided(raw, template))) return false;
  const [left, right] = sides.map(({ raw }) => shapeOf(raw));
  return right === undefined || left === right;
}

/** Returns an expression without its literals and the logical IDs in it: what remains is how the value is made. */
function shapeOf(raw: unknown): string {
  const call = callOf(raw);
  if (call?.name === 'Ref') return 'Ref';
  if (call?.name === 'Fn::GetAtt') return `GetAtt ${[call.argument].flat().join('.').split('.').slice(1).join('.')}`;
  if (call?.name === RESOURCE) return `GetAtt ${listOf(call.argument).slice(2).join('.')}`;
  if (call) return `${call.name}(${shapeOf(call.argument)})`;
  if (Array.isArray(raw)) return `[${raw.map(shapeOf).join()}]`;
  return isObject(raw) ? `{${Object.entries(raw).map(([key, value]) => `${key}:${shapeOf(value)}`).join()}}` : '?'; // prettier-ignore
}

/** Returns the reason why the same expression has another value after the deployment. */
function consequence(
  raw: unknown,
  resource: Resource,
  fate: Fate,
): Pick<Difference, 'isCertain' | 'because' | 'isFloating'> | undefined {
  const { template, path } = resource;
  if (isFloating(raw, resource)) {
    return { isCertain: false, isFloating: true, because: 'CloudFormation reads it in each deployment' };
  }
  if (!callOf(raw)) return undefined;
  const found = callsIn(raw).flatMap((call) => {
    return template.value(call, path).references.map((target) => {
      const [what, attribute] = [fate(target), shapeOf(call).replace(/^GetAtt /, '')];
      const changing = CHANGING_ATTRIBUTES[isCustom(target.type) ? 'AWS::CloudFormation::CustomResource' : target.type];
      return what === 'updated' && !changing?.test(attribute) ? undefined : what && { target, what };
    });
  });
  const [worst] = found.filter((one) => one !== undefined).sort((a, b) => order(a.what) - order(b.what));
  return (
    worst && { isCertain: worst.what === 'replaced', because: `${worst.target.path} is ${worst.what}`.replace('is may', 'may') }
  );
}

const order = (what: string) => ['replaced', 'may be replaced', 'updated'].indexOf(what);

export function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

/** A parameter of the Parameter Store, or a dynamic reference to its latest version. */
function isFloating(raw: unknown, { template, path }: Resource): boolean {
  if (typeof raw === 'string') return /\{\{resolve:ssm:[^:}]+\}\}/.test(raw);
  const call = callOf(raw);
  if (call?.name === 'Ref' && template.value(raw, path).parameter !== undefined) return true;
  return partsOf(raw).some((part) => isFloating(part, { template, path } as Resource));
}

function callsIn(raw: unknown): unknown[] {
  const name = callOf(raw)?.name;
  return name && ['Ref', 'Fn::GetAtt', 'Fn::ImportValue', RESOURCE].includes(name) ? [raw] : partsOf(raw).flatMap(callsIn);
}
