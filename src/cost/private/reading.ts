import { Resource, Value } from '../../template/private/app-templates';
import { UnknownValue } from '../unknown-value';

/** Reads values of resources, and keeps what only a deployment knows with what was taken instead. */
export class Reading {
  public readonly unknown: UnknownValue[] = [];

  /** `otherwise` is what AWS takes where the property is absent. */
  public number(value: Value, otherwise: number): number {
    return this.take(value, value.number, otherwise);
  }

  /** `otherwise` is what AWS takes where the property is absent. */
  public text(value: Value, otherwise: string): string {
    return this.take(value, value.text, otherwise);
  }

  /** Of what nobody knows, the dearer counts. */
  public isTrue(value: Value): boolean {
    return this.take(value, value.isTrue ? true : value.isFalse ? false : undefined, value.isUnknown);
  }

  public list(value: Value): Value[] {
    return this.take(value, value.isUnknown ? undefined : value.items, []);
  }

  /** What a value refers to; nothing for what is not in the app, which the report says. */
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
