export function isObject(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

export function textOf(raw: unknown): string | undefined {
  return typeof raw === 'string' || typeof raw === 'number' ? `${raw}` : undefined;
}

export function numberOf(raw: unknown): number | undefined {
  const text = textOf(raw);
  return text === undefined || text === '' || Number.isNaN(Number(text)) ? undefined : Number(text);
}

export function isTrue(raw: unknown): boolean {
  return raw === true || raw === 'true';
}
