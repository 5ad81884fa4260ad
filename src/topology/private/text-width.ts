/**
 * Character widths as fractions of the font size, between Helvetica and the wider sans fonts of Linux desktops, so that text fits in
 * either.
 */
const NARROW = /[ijlIt.,:;'|!()[\] -]/;
const WIDE = /[mwMW@%]/;
const CAPITAL = /[A-Z0-9&#]/;

/** Returns the estimated width of sans-serif text in pixels. */
export function sansWidth(text: string, size: number): number {
  const share = (char: string) => (NARROW.test(char) ? 0.36 : WIDE.test(char) ? 0.92 : CAPITAL.test(char) ? 0.68 : 0.58);
  return [...text].reduce((sum, char) => sum + share(char), 0) * size;
}

/** Returns the width of monospaced text in pixels. */
export function monoWidth(text: string, size: number): number {
  return [...text].length * size * 0.602;
}

/** Shortens `text` to `max` characters by removing its middle, because both ends of a DNS name matter. */
export function shorten(text: string, max: number): string {
  const chars = [...text];
  if (chars.length <= max) return text;
  const head = Math.ceil((max - 1) / 2);
  return `${chars.slice(0, head).join('')}…${chars.slice(chars.length - (max - 1 - head)).join('')}`;
}

/** Splits text into lines of at most `max` characters, at word boundaries; a longer word is shortened. */
export function wrap(text: string, max: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').map((part) => shorten(part, max))) {
    const last = lines[lines.length - 1];
    if (last !== undefined && [...last].length + 1 + [...word].length <= max) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
