import { IConstruct } from 'constructs';
import { Product, PRODUCTS, READ_ON } from './ends-of-support-table';
import { warn } from './errors';
import { imageVersion } from './image-version';
import { isUnknown } from './unknown';

/** A row of the table. */
export interface Ending {
  readonly title: string;
  /** The version of the row: the pinned version or a prefix of it. */
  readonly version: string;
  readonly standard?: string;
  readonly later?: string;
  /** The first day on which no new resource can be created with this version. */
  readonly closed?: string;
  readonly source: string;
  readonly note?: string;
  /** Indicates whether the version is older than that of the row. */
  readonly isEarlier?: boolean;
}

/** Returns the most specific row for a version; undefined if the table has none. */
export function findEnding(product: string, version: string): Ending | undefined {
  const found = PRODUCTS[product];
  if (!found) return undefined;
  const { title, source, note } = found;
  const prefixes = prefixesOf(version);
  const listed = prefixes.find((prefix) => prefix in found.versions);
  const key = listed ?? laterThan(version, found.versions);
  const [standard, later] = key === undefined ? [] : found.versions[key];
  // A minor version that a row does not name ended at the latest with the next one that a row names.
  const minor = found.minors?.find(([last]) => isSameMajor(version, last, listed) && isUpTo(version, last));
  if (minor && !isPast(standard)) return { title, version: minor[0], standard: minor[1], closed: minor[2], source, note };
  return key === undefined ? undefined : { title, version: key, standard, later, isEarlier: listed === undefined, source, note };
}

/** Returns the oldest version of the table if a version that it lacks is still older: that ended before. */
function laterThan(version: string, versions: Product['versions']): string | undefined {
  const rows = Object.keys(versions).filter(isNumber).sort(compare);
  // A tag such as `1` stands for the newest of its versions.
  const isOlder = isNumber(version) && rows.every((row) => compare(version, row) < 0 && !row.startsWith(`${version}.`));
  return isOlder && isPast(versions[rows[0]]?.[0]) ? rows[0] : undefined;
}

function isNumber(version: string): boolean {
  return /^\d+(\.\d+)*$/.test(version);
}

function compare(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** Returns the row for a version if the table's own date is past its end of support. */
export function findEnded(product: string, version: string): Ending | undefined {
  const ending = findEnding(product, version);
  return ending && (isPast(ending.closed) || isPast(ending.standard)) ? ending : undefined;
}

/** Describes a version that is past its end of support, and what AWS does until which date. */
export function describeEnded(product: string, { closed, standard, later, isEarlier }: Ending): string {
  const { later: goesOn } = PRODUCTS[product];
  return [
    closed && `no new one can be made since ${closed}`,
    standard && `its support ${isPast(standard) ? 'ended' : 'ends'} on ${standard}${isEarlier ? ' or earlier' : ''}`,
    goesOn && later && !isEarlier && `${goesOn} until ${later}`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** Warns about a version that is past its end of support. Tokens, and versions without a row, are not checked. */
export function warnIfEnded(scope: IConstruct, prop: string, product: string, version: string | undefined): void {
  if (version === undefined || isUnknown(version)) return;
  const ended = findEnded(product, version);
  if (!ended) return;
  const what = `${ended.title} ${version}: ${describeEnded(product, ended)}`;
  warn(scope, 'VersionEnded', `\`${prop}\` is ${what} (${ended.source}, read on ${READ_ON}); choose a newer version`);
}

/** Warns about an image reference whose tag is a version that is past its end of support. */
export function warnIfImageEnded(scope: IConstruct, prop: string, reference: string): void {
  const named = isUnknown(reference) ? undefined : imageVersion(reference);
  if (named) warnIfEnded(scope, prop, named.product, named.version);
}

/** Returns a version and its prefixes, such as `17.6` and `17`; a name such as `provided.al2` is its only prefix. */
function prefixesOf(version: string): string[] {
  if (!/^\d/.test(version)) return [version];
  const parts = version.split('.');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('.'));
}

function isSameMajor(version: string, minor: string, major: string | undefined): boolean {
  return version !== major && minor.startsWith(`${major}.`);
}

function isUpTo(version: string, last: string): boolean {
  const parts = last.split('.').length - 1;
  const [own, others] = [version, last].map((text) => Number(text.split('.')[parts]));
  return own <= others; // never, if the version is a shorter one
}

function isPast(day: string | undefined): boolean {
  return day !== undefined && day <= READ_ON;
}
