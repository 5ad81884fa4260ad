import { isObject, Json, text } from '../assembly/json';

/** Evaluates the intrinsic function at the top of a value; undefined stands for `AWS::NoValue`. */
export type Evaluate = (value: Json, path: string) => Json | undefined;

/**
 * A place in a template. Values are evaluated only when somebody reads them, so a reference that no started component needs is never
 * an error, and one that is needed says exactly where it stands.
 */
export class Reader {
  private evaluated?: { value: Json | undefined };

  constructor(
    private readonly raw: Json | undefined,
    public readonly path: string,
    private readonly evaluate: Evaluate,
  ) {}

  public get value(): Json | undefined {
    this.evaluated ??= { value: this.raw === undefined ? undefined : this.evaluate(this.raw, this.path) };
    return this.evaluated.value;
  }

  public get exists(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  public get(key: string): Reader {
    const value = this.value;
    return new Reader(isObject(value) ? value[key] : undefined, `${this.path}.${key}`, this.evaluate);
  }

  public items(): Reader[] {
    const value = this.value;
    if (value === undefined) return [];
    const list = Array.isArray(value) ? value : [value];
    return list.map((item, i) => new Reader(item, `${this.path}[${i}]`, this.evaluate)).filter((item) => item.exists);
  }

  public entries(): [string, Reader][] {
    const value = this.value;
    return isObject(value) ? Object.keys(value).map((key) => [key, this.get(key)]) : [];
  }

  public string(fallback?: string): string {
    const value = this.value;
    if (value === undefined || value === null) {
      if (fallback === undefined) throw new Error(`${this.path} is missing, and the local run needs it`);
      return fallback;
    }
    return text(value);
  }

  public optional(): string | undefined {
    return this.exists ? this.string() : undefined;
  }

  public number(fallback?: number): number {
    const number = Number(this.string(fallback === undefined ? undefined : String(fallback)));
    if (!Number.isFinite(number)) throw new Error(`${this.path} must be a number, got ${JSON.stringify(this.value)}`);
    return number;
  }

  public boolean(fallback: boolean): boolean {
    return this.string(String(fallback)) === 'true';
  }
}
