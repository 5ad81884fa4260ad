/** The symbol with which the compiler of jsii marks a class. */
const MARK = 'jsii.rtti';

/**
 * Returns the name of the class of an object as an import has it, such as `aws_sqs.Queue`: classes of the CDK often have none at run time,
 * or that of a local variable.
 */
export function classOf(value: object): string | undefined {
  const made: unknown = value.constructor;
  return typeof made === 'function' ? nameOf(made) : undefined;
}

/** Returns the name of a class, that of a base class if it has none itself. A decorator of the CDK makes `Queue2` of `Queue`. */
export function nameOf(made: object): string | undefined {
  const { name } = made as { readonly name?: string };
  const own = markOf(made);
  const known = own ?? inheritedMarkOf(made);
  return known && (own || !name || name.replace(/\d+$/, '') === known.replace(/^.*\./, '')) ? known : name || undefined;
}

function inheritedMarkOf(made: object): string | undefined {
  const base = Object.getPrototypeOf(made) as object | null;
  return base ? (markOf(base) ?? inheritedMarkOf(base)) : undefined;
}

function markOf(made: object): string | undefined {
  const mark = Object.getOwnPropertySymbols(made).find(({ description }) => description === MARK);
  const { fqn } = (mark ? (made as Record<symbol, unknown>)[mark] : {}) as { readonly fqn?: string };
  return fqn?.replace(/^[^.]*\./, '');
}
