import { evaluate } from './evaluate';
import { callOf, JsonObject, listOf, objectOf } from './json';
import { Known, known, Scope, unknown } from './known';

/** A parameter in Parameter Store, as far as its value is read. */
interface ParameterResource<S> {
  readonly body: JsonObject;
  readonly template: S & { readonly source: { readonly region?: string } };
  at(name: string): { readonly text?: string };
}

/** The value of a parameter as its template writes it. */
interface Stored<S> {
  readonly raw: unknown;
  readonly scope: S;
}

/**
 * The parameters in Parameter Store that the templates create, by name. A template that reads one by its name, even of another app, gets
 * its value, so that a reference leads to the resource of the owner.
 */
export class StoredParameters<R, S extends Scope<R>> {
  private byName?: Map<string, ParameterResource<S>[]>;

  constructor(private readonly all: () => readonly ParameterResource<S>[]) {}

  /** The names of all parameters. */
  public get names(): string[] {
    this.byName ??= this.index();
    return [...this.byName.keys()];
  }

  /** Returns the value of a parameter, in the Region if both are known. */
  public find(name: string, region?: string): Stored<S> | undefined {
    this.byName ??= this.index();
    const found = this.byName.get(name)?.find(({ template: { source } }) => {
      return region === undefined || source.region === undefined || region === source.region;
    });
    return found && { raw: objectOf(found.body.Properties).Value, scope: found.template };
  }

  private index(): Map<string, ParameterResource<S>[]> {
    const found = new Map<string, ParameterResource<S>[]>();
    for (const resource of this.all()) {
      const { text } = resource.at('Name');
      if (text !== undefined) found.set(text, [...(found.get(text) ?? []), resource]);
    }
    return found;
  }
}

/** Returns a stored value as the type of the template parameter that reads it. */
export function storedValue<R>({ raw, scope }: Stored<Scope<R>>, type: string): Known<R> {
  if (!type.includes('List')) return evaluate(raw, scope);
  const { name, argument } = callOf(raw) ?? {};
  const [separator, parts] = listOf(argument);
  if (name === 'Fn::Join' && separator === ',' && Array.isArray(parts)) return known(scope, parts);
  const { value, unknown: because } = evaluate(raw, scope);
  return because === undefined ? known(scope, `${value as string}`.split(',')) : unknown(scope, raw, because);
}
