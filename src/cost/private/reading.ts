import { Resource, Value } from '../../template/private/app-templates';
import { UnknownValue } from '../unknown-value';

/** Reads values of resources, and records the values that are known only at deployment with those used instead. */
export class Reading {
  public readonly unknown: UnknownValue[] = [];

  /** Returns a number; `otherwise` is the value that AWS uses if the property is absent. */
  public number(value: Value, otherwise: number): number {
    return this.take(value, value.number, otherwise);
  }

  /** Returns a text; `otherwise` is the value that AWS uses if the property is absent. */
  public text(value: Value, otherwise: string): string {
    return this.take(value, value.text, otherwise);
  }

  /** Returns a Boolean. If it is unknown, the more expensive value counts. */
  public isTrue(value: Value): boolean {
    return this.take(value, value.isTrue ? true : value.isFalse ? false : undefined, value.isUnknown);
  }

  public list(value: Value): Value[] {
    return this.take(value, value.isUnknown ? undefined : value.items, []);
  }

  /** Returns the resource that a value refers to; undefined if it is not in the app, which the report then says. */
  public follow(value: Value): Resource | undefined {
    const found = value.resource;
    if (!found && !value.isAbsent) this.note(value, value.because ?? `${value.pattern} is not in the app`, 'nothing');
    return found;
  }

  public note({ path }: { readonly path: string }, reason: string, taken: string): void {
    if (!this.unknown.some((one) => one.path === path)) this.unknown.push({ path, reason, taken });
  }

  private take<T>(value: Value, known: T | undefined, otherwise: T): T {
    if (known !== undefined) return known;
    if (value.because !== undefined) this.note(value, value.because, Array.isArray(otherwise) ? 'nothing' : `${otherwise}`);
    return otherwise;
  }
}
