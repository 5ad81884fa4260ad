import { createHash } from 'crypto';

import { hasWildcard } from './pattern';
import { RouteConditions } from './route-conditions';
import { isUnknown } from '../../core/private/unknown';

/** A range of rule priorities for routes of equal specificity. */
interface Band {
  readonly first: number;
  readonly size: number;
}

/** Automatic priorities are even. The number before each one is for the rule of test traffic. */
const STEP = 2;
const LAST = 50_000;
/**
 * The first automatic priority of a route with additional conditions. The priorities before it are free for routes that must come first.
 */
const FIRST_CONDITIONAL = 102;
const CONDITIONAL_SLOTS = 250;
/** The first automatic priority of a route with only hosts and paths. */
const FIRST = FIRST_CONDITIONAL + 9 * CONDITIONAL_SLOTS * STEP;
// Other patterns of more literal characters than this share a band.
const LONGEST_PATTERN = 30;
// Paths of more segments than this share a band.
const DEEPEST = 5;
// Host patterns of more labels than this share a band.
const MOST_LABELS = 5;

const FULL_PATH = 'full';
const ANY_PATH = 'any';

/** The slots for full paths, for folders of one segment, two, three and more, and for any path. */
const SLOTS = {
  fullHost: { full: 1200, folders: [2000, 1000, 300, 150, 150], any: 3600 },
  hostPattern: { full: 150, folders: [220, 120, 15, 15, 15], any: 380 },
  anyHost: { full: 1000, folders: [2600, 1200, 300, 150, 150], any: 10 },
};
const SHORT_PATTERN = 12;

/** The kinds of paths, the most specific first: of two patterns of which one covers the other, the covering one comes later. */
const PATHS = [FULL_PATH, ...range(DEEPEST, 0).flatMap(pathsOfDepth), ANY_PATH];
const BANDS = layBands();
const CONDITIONAL_BANDS = range(0, 8).map((i) => ({
  first: FIRST_CONDITIONAL + i * CONDITIONAL_SLOTS * STEP,
  size: CONDITIONAL_SLOTS * STEP,
}));

/**
 * Returns the priority of a route, which depends only on its own conditions and ID, so that no other route can change it.
 *
 * More specific routes come first: a full host name before a host pattern before any host, and among those a full path before a deep
 * pattern before any path. The ID determines the order within a band: IDs that differ only in a number never share one. Routes with
 * additional conditions come before all others, in the same order, in which all patterns count alike.
 */
export function automaticPriority(id: string, conditions: RouteConditions): number {
  const { first, size } = bandOf(conditions);
  return first + (slotOf(id) % (size / STEP)) * STEP;
}

/** Returns the next automatic priority that is free, in the same band as long as it has one. */
export function nextAutomaticPriority(priority: number, isTaken: (candidate: number) => boolean): number {
  return nextFree(priority, isTaken, STEP);
}

/** Returns the free priority that follows `priority` most closely, in its band if there is one, so that the order of bands is kept. */
export function freePriority(priority: number, isTaken: (candidate: number) => boolean): number {
  return nextFree(priority, isTaken, 1);
}

function nextFree(priority: number, isTaken: (candidate: number) => boolean, step: number): number {
  const { first, size } = [...BANDS.values(), ...CONDITIONAL_BANDS].find(
    (band) => priority >= band.first && priority < band.first + band.size,
  ) ?? { first: 1, size: LAST };
  for (let offset = step; offset < size; offset += step) {
    const candidate = first + ((priority - first + offset) % size);
    if (!isTaken(candidate)) return candidate;
  }
  for (let candidate = first + size; candidate <= LAST; candidate += step) if (!isTaken(candidate)) return candidate;
  return priority;
}

/** Returns a number for an ID: consecutive ones for IDs that differ only in their last number. */
function slotOf(id: string): number {
  const [, before = id, digits = '', after = ''] = /^(.*?)(\d+)(\D*)$/s.exec(id) ?? [];
  const hash = createHash('sha256').update(digits ? `${before}#${after}` : id);
  return hash.digest().readUInt32BE(0) + placeOf(digits.slice(-9));
}

/** The place of a text of digits among all such texts, short ones first: 0 to 9 for one digit, 10 to 109 for two. */
function placeOf(digits: string): number {
  return digits ? (10 ** digits.length - 10) / 9 + Number(digits) : 0;
}

function bandOf({ matches, when }: RouteConditions): Band {
  const host = Math.max(...matches.map((match) => hostRank(match.host)));
  const path = Math.max(...matches.map((match) => PATHS.indexOf(pathKind(match.path))));
  if (when.length > 0) return CONDITIONAL_BANDS[3 * coarse(host, MOST_LABELS) + coarse(path, PATHS.length - 1)];
  return BANDS.get(key(host, PATHS[path]))!;
}

/** Returns 0 for full names or paths, 1 for all patterns, 2 for any. */
function coarse(rank: number, any: number): number {
  return rank === 0 ? 0 : rank < any ? 1 : 2;
}

/** Returns 0 for a full name; 1, 2, 3 ... for patterns, those with many labels first; and the last value for any host. */
function hostRank(host: string): number {
  if (host === '*') return MOST_LABELS;
  if (isUnknown(host) || !hasWildcard(host)) return 0;
  return MOST_LABELS - Math.min(MOST_LABELS - 1, host.split('.').length - 1);
}

function pathKind(path: string): string {
  if (path === '*') return ANY_PATH;
  if (isUnknown(path) || !hasWildcard(path)) return FULL_PATH;
  const [start] = path.split(/[*?]/);
  const depth = Math.min(DEEPEST, Math.max(0, start.split('/').length - 2));
  if (depth > 0 && path === `${start}*` && start.endsWith('/')) return folder(depth);
  return other(depth, Math.max(1, Math.min(LONGEST_PATTERN, path.replace(/[*?]/g, '').length)));
}

/** The kinds of patterns that begin with as many whole segments: others before those for everything in the folder. */
function pathsOfDepth(depth: number): string[] {
  return [...range(LONGEST_PATTERN, 1).map((literals) => other(depth, literals)), ...(depth > 0 ? [folder(depth)] : [])];
}

/** The kind of `/a/b/*`. */
function folder(depth: number): string {
  return `folder ${depth}`;
}

/** The kind of a pattern such as `/a*` or `/a/*.png`. */
function other(depth: number, literals: number): string {
  return `other ${depth} ${literals}`;
}

/**
 * Returns the bands. Their width corresponds to the expected number of routes, because two IDs in one band can have the same priority. The
 * numbers are a contract: rules of deployed routes move if they change.
 */
function layBands(): Map<string, Band> {
  const bands = new Map<string, Band>();
  let first = FIRST;
  for (let host = 0; host <= MOST_LABELS; host++) {
    for (const path of PATHS) {
      const size = slotsOf(host, path) * STEP;
      bands.set(key(host, path), { first, size });
      first += size;
    }
  }
  return bands;
}

function slotsOf(host: number, path: string): number {
  const isPattern = host > 0 && host < MOST_LABELS;
  const { full, folders, any } = host === 0 ? SLOTS.fullHost : isPattern ? SLOTS.hostPattern : SLOTS.anyHost;
  if (path === FULL_PATH) return full;
  if (path === ANY_PATH) return any;
  const [kind, depth, literals] = path.split(' ');
  if (kind === 'folder') return folders[Number(depth) - 1];
  if (isPattern) return 1;
  return depth === '0' && Number(literals) <= SHORT_PATTERN ? 110 : 4;
}

function key(host: number, path: string): string {
  return `${host}/${path}`;
}

function range(from: number, to: number): number[] {
  const step = from < to ? 1 : -1;
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => from + i * step);
}
