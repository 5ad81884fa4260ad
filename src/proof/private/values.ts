export function isTrue(raw: unknown): boolean {
  return raw === true || raw === 'true';
}
