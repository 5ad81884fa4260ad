import { HttpError, Target } from './http';

/** Request targets are relative; what they are relative to does not matter. */
const BASE = 'http://service.invalid';
/**
 * A path that `new URL` would leave as it is, without a query: no empty segment, none that starts with a dot, nothing to encode or
 * decode. Nearly all requests have one, and need not pay for the parser.
 */
const PLAIN = /^(?:\/[\w:~-][\w.:~-]*)+$/;
const NO_QUERY = new URLSearchParams();

export function readTarget(target: string): Target {
  if (PLAIN.test(target)) return { pathname: target, searchParams: NO_QUERY };
  try {
    return new URL(target, BASE);
  } catch {
    throw new HttpError(400, 'BAD_REQUEST', 'The request target is not a URL.');
  }
}
