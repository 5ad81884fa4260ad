/** JSON, which a template is before and after its functions are evaluated. */
export interface JsonObject {
  readonly [key: string]: unknown;
}

/** A call of an intrinsic function, such as `{ Ref: 'Vpc' }`. */
export interface Call {
  readonly name: string;
  readonly argument: unknown;
}

/** A name in the text of `Fn::Sub`: `${Name}`, `${Name.Attribute}`. `${!Name}` is a literal. */
export const PLACEHOLDER = /\$\{(!?)([^}]+)\}/g;

export function isObject(raw: unknown): raw is JsonObject {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

export function objectOf(raw: unknown): JsonObject {
  return isObject(raw) ? raw : {};
}

export function listOf(raw: unknown): unknown[] {
  return Array.isArray(raw) ? raw : [];
}

/** Returns a text or a number as text, because CloudFormation accepts either for the other. */
export function textOf(raw: unknown): string | undefined {
  return typeof raw === 'string' || typeof raw === 'number' ? `${raw}` : undefined;
}

export function numberOf(raw: unknown): number | undefined {
  const text = textOf(raw);
  return text === undefined || text === '' || !Number.isFinite(Number(text)) ? undefined : Number(text);
}

/** Returns the function at the top of a value. */
export function callOf(raw: unknown): Call | undefined {
  if (!isObject(raw)) return undefined;
  const [name, ...others] = Object.keys(raw);
  if (others.length > 0 || name === undefined || !isFunctionName(name)) return undefined;
  return { name, argument: raw[name] };
}

/** Returns the reference for a name in a text for `Fn::Sub`. */
export function referenceOf(name: string): JsonObject {
  const [id, ...attribute] = name.split('.');
  return attribute.length > 0 ? { 'Fn::GetAtt': [id, attribute.join('.')] } : { Ref: name };
}

/** Returns the values directly below a value; for `Fn::Sub`, the text and a reference for each name in it. */
export function partsOf(raw: unknown): unknown[] {
  const call = callOf(raw);
  if (!call) return typeof raw === 'object' && raw !== null ? Object.values(raw) : [];
  if (call.name === 'Ref' || call.name === 'Fn::GetAtt') return [];
  if (call.name !== 'Fn::Sub') return [call.argument];
  const [text, variables] = [call.argument].flat();
  const names = [...`${text}`.matchAll(PLACEHOLDER)].filter(([, literal, name]) => !literal && !(name in objectOf(variables)));
  return [text, ...names.map(([, , name]) => referenceOf(name)), ...Object.values(objectOf(variables))];
}

/** Returns true if an object in a value has the key. */
export function hasKey(raw: unknown, key: string): boolean {
  if (typeof raw !== 'object' || raw === null) return false;
  return key in raw || Object.values(raw).some((part) => hasKey(part, key));
}

const literals = new WeakMap<object, boolean>();

/** Returns true if there is no function and no macro anywhere in a value; found out once for each part of a template. */
export function isLiteral(raw: unknown): boolean {
  if (typeof raw !== 'object' || raw === null) return true;
  const known = literals.get(raw);
  if (known !== undefined) return known;
  const names = Array.isArray(raw) ? [] : Object.keys(raw);
  const found = !names.some(isFunctionName) && Object.values(raw).every(isLiteral);
  literals.set(raw, found);
  return found;
}

function isFunctionName(name: string): boolean {
  return name === 'Ref' || name.startsWith('Fn::');
}
