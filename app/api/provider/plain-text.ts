/**
 * Control characters, bidirectional overrides and zero-width characters: in a place name they can only serve to forge log lines or
 * to make a page say something else than it does.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;
const MAX_LENGTH = 100;

/** A name from outside as one short line of visible text, or undefined if nothing is left of it. Markup is the page's to escape. */
export function plainText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const clean = value.normalize('NFC').replace(UNSAFE, ' ').replace(/\s+/g, ' ').trim();
  return clean === '' ? undefined : [...clean].slice(0, MAX_LENGTH).join('');
}
