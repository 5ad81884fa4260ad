import { createHash } from 'crypto';
import { Token } from 'aws-cdk-lib';
import { hasWildcard } from './pattern';
import { RouteConditions } from './route-conditions';

/** A range of rule priorities for routes of equal specificity. */
interface Band {
  readonly first: number;
  readonly size: number;
}

/** The first automatic priority of a route with only hosts and paths. */
const FIRST = 1001;
/**
 * The first automatic priority of a route with additional conditions. The priorities before it are free for routes that must come first.
 */
const FIRST_CONDITIONAL = 101;
const CONDITIONAL_SIZE = 100;
// Longer paths than this share a band: 40 literal characters tell all practical routes apart.
const LONGEST_PATH = 40;
// Host patterns of more labels than this share a band.
const MOST_LABELS = 5;

const BANDS = layBands();
const CONDITIONAL_BANDS = Array.from({ length: 9 }, (_, i) => ({
  first: FIRST_CONDITIONAL + i * CONDITIONAL_SIZE,
  size: CONDITIONAL_SIZE,
}));

/**
 * Returns the priority of a route, which depends only on its own conditions and ID, so that no other route can change it.
 *
 * More specific routes come first: a full host name before a host pattern before any host, and among those a full path before a pattern
 * with more literal characters before any path. The ID determines the order within a band. Routes with additional conditions come before
 * all others, in the same order, in which all patterns count alike.
 */
export function automaticPriority(id: string, conditions: RouteConditions): number {
  const band = bandOf(conditions);
  return band.first + (createHash('sha256').update(id).digest().readUInt32BE(0) % band.size);
}

/** Returns the free priority that follows `priority` most closely, in its band if there is one, so that the order of bands is kept. */
export function freePriority(priority: number, isTaken: (candidate: number) => boolean): number {
  const { first, size } = [...BANDS.values(), ...CONDITIONAL_BANDS].find(
    (band) => priority >= band.first && priority < band.first + band.size,
  ) ?? {
    first: 1,
    size: 50000,
  };
  for (let step = 1; step < size; step++) {
    const candidate = first + ((priority - first + step) % size);
    if (!isTaken(candidate)) return candidate;
  }
  return priority;
}

function bandOf(conditions: RouteConditions): Band {
  const matches = conditions.matches;
  const host = Math.max(...matches.map((match) => hostRank(match.host)));
  const path = Math.max(...matches.map((match) => pathRank(match.path)));
  if (conditions.when.length > 0) return CONDITIONAL_BANDS[3 * coarse(host, MOST_LABELS) + coarse(path, LONGEST_PATH + 1)];
  return BANDS.get(key(host, path))!;
}

/** Returns 0 for full names or paths, 1 for all patterns, 2 for any. */
function coarse(rank: number, any: number): number {
  return rank === 0 ? 0 : rank < any ? 1 : 2;
}

/** Returns 0 for a full name; 1, 2, 3 ... for patterns, those with many labels first; and the last value for any host. */
function hostRank(host: string): number {
  if (host === '*') return MOST_LABELS;
  if (Token.isUnresolved(host) || !hasWildcard(host)) return 0;
  return MOST_LABELS - Math.min(MOST_LABELS - 1, host.split('.').length - 1);
}

/** Returns 0 for a full path; 1, 2, 3 ... for patterns, long ones first; and the last value for any path. */
function pathRank(path: string): number {
  if (path === '*') return LONGEST_PATH + 1;
  if (Token.isUnresolved(path) || !hasWildcard(path)) return 0;
  const literals = path.replace(/[*?]/g, '').length;
  return LONGEST_PATH + 1 - Math.max(1, Math.min(LONGEST_PATH, literals));
}

/**
 * Returns the bands. Their width corresponds to the expected number of routes, because two IDs in one band can have the same priority. The
 * numbers are a contract: rules of deployed routes move if they change.
 */
function layBands(): Map<string, Band> {
  const bands = new Map<string, Band>();
  let first = FIRST;
  for (let host = 0; host <= MOST_LABELS; host++) {
    for (let path = 0; path <= LONGEST_PATH + 1; path++) {
      const size = bandSize(host, path);
      bands.set(key(host, path), { first, size });
      first += size;
    }
  }
  return bands;
}

function bandSize(host: number, path: number): number {
  const [fullPath, pattern, anyPath] = host === 0 ? [2000, 250, 8000] : host < MOST_LABELS ? [100, 20, 500] : [2000, 400, 100];
  return path === 0 ? fullPath : path <= LONGEST_PATH ? pattern : anyPath;
}

function key(host: number, path: number): string {
  return `${host}/${path}`;
}
