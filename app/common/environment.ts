/** Reads one process's settings; a malformed value stops the start with a sentence that says what to write instead. */
export class Environment {
  constructor(private readonly values: Record<string, string | undefined> = process.env) {}

  text(name: string): string | undefined {
    const value = this.values[name]?.trim();
    return value === '' ? undefined : value;
  }

  flag(name: string, fallback = false): boolean {
    const value = this.text(name);
    if (value === undefined) return fallback;
    if (value !== 'true' && value !== 'false') throw new Error(`${name} must be true or false, got ${JSON.stringify(value)}`);
    return value === 'true';
  }

  integer(name: string, fallback: number, min: number, max: number): number {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < min || number > max) {
      throw new Error(`${name} must be a whole number from ${min} to ${max}, got ${JSON.stringify(value)}`);
    }
    return number;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.text(name) ?? fallback;
    const found = allowed.find((item) => item === value);
    if (found === undefined) throw new Error(`${name} must be one of ${allowed.join(', ')}, got ${JSON.stringify(value)}`);
    return found;
  }

  /** An http(s) base address without a trailing slash. */
  url(name: string, fallback?: string): string {
    const value = this.text(name) ?? fallback;
    if (value === undefined) throw new Error(`${name} must be set to an http:// or https:// address`);
    if (!/^https?:$/.test(protocolOf(value))) {
      throw new Error(`${name} must be an http:// or https:// address, got ${JSON.stringify(value)}`);
    }
    return value.replace(/\/+$/, '');
  }
}

function protocolOf(value: string): string {
  try {
    return new URL(value).protocol;
  } catch {
    return '';
  }
}
