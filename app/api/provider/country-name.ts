const NAMES = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });
/** `Intl` takes a microsecond for a name, and there are at most 676 codes. */
const known = new Map<string, string>();

/** English name of an ISO 3166-1 alpha-2 code; the code itself where there is none. */
export function countryName(code: string): string {
  const name = known.get(code) ?? NAMES.of(code) ?? code;
  known.set(code, name);
  return name;
}
