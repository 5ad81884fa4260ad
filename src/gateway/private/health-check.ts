import { Duration } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { validationError, requireInteger } from '../../core/private/errors';
import { requireSeconds } from '../../core/private/require-seconds';
import { requireResolved } from '../../core/private/resolved';
import { isUnknown } from '../../core/private/unknown';
import { RouteHealthCheck } from '../../core/routable';

const ID = 'RouteHealthCheck';
const INTERVAL = { min: 5, max: 300 };
const TIMEOUT = { min: 2, max: 120 };
const THRESHOLD = { min: 2, max: 10 };

/**
 * Returns the health check with defaults, checked against
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
export function resolveHealthCheck(scope: IConstruct, given: RouteHealthCheck = {}): RouteHealthCheck {
  const interval = given.interval ?? Duration.seconds(10);
  requireResolved(scope, 'healthCheck.interval', interval);
  requireResolved(scope, 'healthCheck.timeout', given.timeout);
  requireSeconds(scope, ID, 'healthCheck.interval', interval, INTERVAL.min, INTERVAL.max);
  // A check every 5 seconds leaves no room for the usual timeout of 5.
  const timeout = given.timeout ?? Duration.seconds(Math.min(5, interval.toSeconds() - 1));
  requireSeconds(scope, ID, 'healthCheck.timeout', timeout, TIMEOUT.min, TIMEOUT.max);
  requireOrder(scope, timeout, interval);
  requireInteger(scope, ID, 'healthCheck.healthyThreshold', given.healthyThreshold, THRESHOLD.min, THRESHOLD.max);
  requireInteger(scope, ID, 'healthCheck.unhealthyThreshold', given.unhealthyThreshold, THRESHOLD.min, THRESHOLD.max);
  requirePath(scope, given.path ?? '/');
  requireCodes(scope, given.healthyHttpCodes ?? '200-299');
  return {
    path: given.path ?? '/',
    interval,
    timeout,
    healthyThreshold: given.healthyThreshold ?? 2,
    unhealthyThreshold: given.unhealthyThreshold ?? 3,
    healthyHttpCodes: given.healthyHttpCodes ?? '200-299',
  };
}

function requireOrder(scope: IConstruct, timeout: Duration, interval: Duration): void {
  if (timeout.toSeconds() < interval.toSeconds()) return;
  throw validationError(scope, ID, {
    prop: 'healthCheck.timeout',
    must: `be less than \`healthCheck.interval\` (${interval.toSeconds()} seconds)`,
    got: `${timeout.toSeconds()} seconds`,
    fix: `choose at most ${interval.toSeconds() - 1} seconds, or a longer interval`,
  });
}

function requirePath(scope: IConstruct, path: string): void {
  if (isUnknown(path)) return;
  if (path.startsWith('/') && path.length <= 1024) return;
  throw validationError(scope, ID, {
    prop: 'healthCheck.path',
    must: 'start with `/` and have at most 1024 characters',
    got: path,
    fix: 'write the path alone, as in "/health"',
  });
}

function requireCodes(scope: IConstruct, codes: string): void {
  if (isUnknown(codes)) return;
  const ranges = codes.split(',').map((range) => range.split('-'));
  if (/^[2-4]\d\d(-[2-4]\d\d)?(,[2-4]\d\d(-[2-4]\d\d)?)*$/.test(codes) && ranges.every(([from, to = from]) => from <= to)) return;
  throw validationError(scope, ID, {
    prop: 'healthCheck.healthyHttpCodes',
    must: 'be codes from 200 to 499, or ranges of them in ascending order, joined by `,`',
    got: codes,
    fix: 'write for example "200" or "200-299"',
  });
}
