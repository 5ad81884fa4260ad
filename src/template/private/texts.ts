import { PLACEHOLDER, referenceOf, textOf } from './json';
import { Known, known, Scope, unknown } from './known';

/** Returns the text that parts form together; a pattern if one of them is unknown. */
export function joined<R>(parts: Known<R>[], separator: string, scope: Scope<R>, raw: unknown): Known<R> {
  const open = parts.find((part) => part.unknown !== undefined);
  const text = parts.map(patternOf).join(separator);
  return open ? unknown(scope, raw, open.unknown!, { pattern: text }) : known(scope, text, raw);
}

/** Returns the text of a value, with `*` for the parts that are known only at deployment. */
export function patternOf<R>({ value, unknown: because, pattern }: Known<R>): string {
  if (because !== undefined) return pattern ?? '*';
  return value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Splits a text for `Fn::Sub` into literals and the values of the names between them. */
export function substituted(text: string, variables: Readonly<Record<string, unknown>>): unknown[] {
  const pieces: unknown[] = [];
  let end = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const [whole, literal, name] = match;
    pieces.push(text.slice(end, match.index));
    pieces.push(literal ? `\${${name}}` : name in variables ? variables[name] : referenceOf(name));
    end = match.index + whole.length;
  }
  return [...pieces, text.slice(end)];
}

/** Returns the elements of a text between separators. */
export function split<R>(separator: Known<R>, source: Known<R>, scope: Scope<R>, raw: unknown): Known<R> {
  const open = [separator, source].find((part) => part.unknown !== undefined);
  if (open) return unknown(scope, raw, open.unknown!);
  return known(scope, (textOf(source.value) ?? '').split(textOf(separator.value) ?? ''), raw);
}
