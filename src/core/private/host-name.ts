import { IConstruct } from 'constructs';
import { validationError } from './errors';
import { isUnknown } from './unknown';

/** Rejects what is neither a DNS name nor an IPv4 address: a scheme, a port or credentials would be part of the name. */
export function requireHostName(scope: IConstruct, prop: string, host: string | undefined, example: string): void {
  if (host === undefined || isUnknown(host) || /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(host)) return;
  throw validationError(scope, 'BadHostName', {
    prop,
    must: 'be a DNS name or an IPv4 address',
    got: host,
    fix: `write it like "${example}", without scheme, port and credentials`,
  });
}
