import { CONCAT, RESOURCE } from './reference-resolver';

/** Names in a text for `Fn::Sub`: `${Name}` or `${Name.Attribute}`. */
const PLACEHOLDER = /\$\{([A-Za-z0-9]+)(?:\.[^}]+)?\}/g;

/** A reference for each name in the text of a `Fn::Sub`; names of its own variables lead nowhere. */
export function substituted(raw: unknown): unknown[] {
  return [...substitution(raw).matchAll(PLACEHOLDER)].map(([, name]) => ({ Ref: name }));
}

/** The parts of a joined string, with what stands between them. */
export function joined(raw: unknown): { readonly separator: string; readonly parts: unknown[] } | undefined {
  if (!isObject(raw)) return undefined;
  if (Array.isArray(raw[CONCAT])) return { separator: '', parts: raw[CONCAT] };
  const join = raw['Fn::Join'];
  if (Array.isArray(join) && Array.isArray(join[1])) return { separator: `${join[0]}`, parts: join[1] };
  const text = substitution(raw);
  return text === '' ? undefined : { separator: '', parts: [text.replace(PLACEHOLDER, '*')] };
}

function substitution(raw: unknown): string {
  const sub = isObject(raw) ? raw['Fn::Sub'] : undefined;
  const text = Array.isArray(sub) ? sub[0] : sub;
  return typeof text === 'string' ? text : '';
}

export function isObject(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

export function isIntrinsic(raw: unknown): boolean {
  const keys = isObject(raw) ? Object.keys(raw) : [];
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::'));
}

export function isReference(raw: unknown): boolean {
  return isObject(raw) && [RESOURCE, 'Ref', 'Fn::GetAtt'].some((kind) => kind in raw);
}

export function isNoValue(raw: unknown): boolean {
  return isObject(raw) && raw.Ref === 'AWS::NoValue';
}

export function children(raw: unknown): unknown[] {
  return typeof raw === 'object' && raw !== null ? Object.values(raw) : [];
}
