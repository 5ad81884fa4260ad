import { Behaviour, EXCEPTIONS } from './exceptions';
import { UPDATE_TABLE } from './update-table';

/** Returns what a change at a path does; a resource of an unknown type can always be replaced. */
export function behaviourOf(type: string, path: string): Behaviour {
  const exceptions = EXCEPTIONS[type];
  const special = exceptions && match(exceptions.changes, path);
  if (special) return special;
  const row = UPDATE_TABLE[type];
  if (!row) return exceptions?.otherwise ?? 'maybe';
  const isIn = (list: string | undefined, test: (one: string) => boolean) => (list ?? '').split(' ').filter(Boolean).some(test);
  const isBelow = (one: string) => path === one || path.startsWith(`${one}.`);
  if (isIn(row.replaces, isBelow)) return 'replaces';
  if (isIn(row.mayReplace, isBelow)) return 'maybe';
  // The whole of it changed to or from a value that is not written out.
  return isIn(`${row.replaces ?? ''} ${row.mayReplace ?? ''}`, (one) => one.startsWith(`${path}.`)) ? 'maybe' : 'none';
}

/** Returns the properties whose change replaces a resource of this type, or with `withMaybe` can replace it. */
export function replacing(type: string, withMaybe: boolean): string[] {
  const { replaces = '', mayReplace = '' } = UPDATE_TABLE[type] ?? {};
  const paths = `${replaces} ${withMaybe ? mayReplace : ''}`.split(' ').filter(Boolean);
  return [...new Set(paths.map((path) => path.split('.')[0]))];
}

/** Indicates whether a resource of this type contains data, as defined by CloudFormation's own schema. */
export function holdsData(type: string): boolean {
  return UPDATE_TABLE[type]?.holdsData === true;
}

/** The property with the physical name that a template can specify. */
export function namePropertyOf(type: string): string | undefined {
  return UPDATE_TABLE[type]?.name;
}

function match(changes: Readonly<Record<string, Behaviour>>, path: string): Behaviour | undefined {
  const found = Object.keys(changes).find((one) => path === one || path.startsWith(`${one}.`));
  return found === undefined ? undefined : changes[found];
}
