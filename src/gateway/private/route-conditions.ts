import { ListenerCondition } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IConstruct } from 'constructs';
import { covers } from './pattern';
import { validationError } from '../../core/private/errors';
import { QUOTAS } from '../../core/private/quotas';
import { isUnknown } from '../../core/private/unknown';
import { RouteCondition } from '../route-condition';

/** A combination by which a route can match: a host pattern and a path pattern, `*` for any. */
export interface Match {
  readonly host: string;
  readonly path: string;
}

const { limit: MAX_VALUES, source: SOURCE } = QUOTAS.valuesOfRule;
// The quota page says 6, the page on conditions 5; the lower one is safe in every account.
const MAX_WILDCARDS = 5;
const MAX_LENGTH = 128;

/**
 * The conditions of a route: its host and path patterns and additional conditions, checked against the limits of an Application Load
 * Balancer.
 */
export class RouteConditions {
  public readonly hosts: string[];
  public readonly paths: string[];

  constructor(
    scope: IConstruct,
    hosts: string[] | undefined,
    paths: string[] | undefined,
    public readonly when: RouteCondition[] = [],
  ) {
    requireSome(scope, 'hosts', hosts);
    requireSome(scope, 'paths', paths);
    this.hosts = (hosts ?? []).map((host) => (isUnknown(host) ? host : host.toLowerCase()));
    // A rule needs a condition, so a route for everything says so with the pattern that every path matches.
    this.paths = paths ? [...paths] : this.hosts.length + when.length === 0 ? ['/*'] : [];
    this.hosts.forEach((host, i) => requireHost(scope, `hosts[${i}]`, host));
    this.paths.forEach((path, i) => requirePath(scope, `paths[${i}]`, path));
    when.forEach((condition, i) => condition._validate(scope, `when[${i}]`));
    this.requireOnce(scope);
    this.requireQuotas(scope);
  }

  /** All combinations by which the route can match. */
  public get matches(): Match[] {
    const hosts = this.hosts.length > 0 ? this.hosts : ['*'];
    // Every path starts with a slash, so `/*` and `*` mean the same.
    const paths = this.paths.length > 0 ? this.paths.map((path) => (path === '/*' ? '*' : path)) : ['*'];
    return hosts.flatMap((host) => paths.map((path) => ({ host, path })));
  }

  /** Renders the conditions for the listener rule. */
  public render(): ListenerCondition[] {
    return [
      ...(this.hosts.length > 0 ? [ListenerCondition.hostHeaders(this.hosts)] : []),
      ...(this.paths.length > 0 ? [ListenerCondition.pathPatterns(this.paths)] : []),
      ...this.when.map((condition) => condition._render()),
    ];
  }

  /** Returns true if the route can answer a request for this host name. */
  public acceptsHost(name: string): boolean {
    return this.matches.some(({ host }) => covers(host, name));
  }

  /** Returns true if both match exactly the same requests. */
  public equals(other: RouteConditions): boolean {
    return this.covers(other) && other.covers(this);
  }

  /** Returns those of `earlier` that together match every request of this route; empty if some requests are not matched. */
  public coveredBy<T extends { readonly conditions: RouteConditions }>(earlier: T[]): T[] {
    const alone = earlier.find(({ conditions }) => conditions.covers(this));
    if (alone) return [alone];
    const takers = this.matches.map((match) => earlier.find(({ conditions }) => conditions.coversMatch(match, this.when)));
    return takers.some((taker) => !taker) ? [] : earlier.filter((route) => takers.includes(route));
  }

  /** Returns true if the route matches all requests of a combination of the other, and so can take part in covering it. */
  public takesFrom(other: RouteConditions): boolean {
    return other.matches.some((match) => this.coversMatch(match, other.when));
  }

  private covers(other: RouteConditions): boolean {
    return other.matches.every((match) => this.coversMatch(match, other.when));
  }

  /** Returns true if the route matches all requests of a combination that also satisfy the conditions of its route. */
  private coversMatch(wanted: Match, satisfied: RouteCondition[]): boolean {
    if (!this.when.every((asked) => satisfied.some((known) => known._implies(asked)))) return false;
    return this.matches.some(({ host, path }) => covers(host, wanted.host) && covers(path, wanted.path));
  }

  private requireOnce(scope: IConstruct): void {
    const kinds = this.when.flatMap(({ _onlyOnce }) => _onlyOnce ?? []);
    const twice = kinds.find((kind, i) => kinds.indexOf(kind) < i);
    if (!twice) return;
    throw validationError(scope, 'RouteConditions', {
      prop: 'when',
      must: `have at most one condition of the kind ${twice}`,
      got: this.when.map(({ _description }) => _description),
      fix: 'give all values to one condition, of which any may match',
    });
  }

  private requireQuotas(scope: IConstruct): void {
    const patterns = [...this.hosts, ...this.paths];
    const values = [...patterns, ...this.when.flatMap(({ _values }) => _values)];
    const prop = this.when.length > 0 ? 'hosts, paths and when' : 'hosts and paths';
    if (values.length > MAX_VALUES) {
      throw validationError(scope, 'RouteConditions', {
        prop,
        must: `together have at most ${MAX_VALUES} values (${SOURCE})`,
        got: values,
        fix: 'combine patterns with a wildcard, or split them into two routes',
      });
    }
    const wildcards = values
      .filter((value) => !isUnknown(value))
      .join('')
      .replace(/[^*?]/g, '').length;
    if (wildcards > MAX_WILDCARDS) {
      throw validationError(scope, 'RouteConditions', {
        prop,
        must: `together have at most ${MAX_WILDCARDS} wildcards (${SOURCE})`,
        got: values,
        fix: 'use fewer `*` and `?`, or split the patterns into two routes',
      });
    }
  }
}

function requireSome(scope: IConstruct, prop: string, values: string[] | undefined): void {
  if (values?.length !== 0) return;
  throw validationError(scope, 'RouteConditions', {
    prop,
    must: 'have a value',
    got: values,
    fix: `leave \`${prop}\` out to match all of them`,
  });
}

function requireHost(scope: IConstruct, prop: string, host: string): void {
  if (isUnknown(host)) return;
  const fail = (must: string, fix: string) => validationError(scope, 'RouteHost', { prop, must, got: host, fix });
  if (host.length > MAX_LENGTH) throw fail(`have at most ${MAX_LENGTH} characters`, 'use a shorter name or a wildcard');
  if (!/^[a-z0-9.*?-]+$/.test(host)) {
    throw fail(
      'consist of letters, digits, `.`, `-` and the wildcards `*` and `?`',
      'give the name alone, without scheme, port or path',
    );
  }
  if (!/\.[a-z]+$/.test(host)) {
    throw fail('end with a dot and letters, as in `api.example.com`', 'write the full name; leave `hosts` out to match every name');
  }
}

function requirePath(scope: IConstruct, prop: string, path: string): void {
  if (isUnknown(path)) return;
  const fail = (must: string, fix: string) => validationError(scope, 'RoutePath', { prop, must, got: path, fix });
  if (path.length > MAX_LENGTH) throw fail(`have at most ${MAX_LENGTH} characters`, 'use a shorter path or a wildcard');
  if (!/^[/*]/.test(path)) throw fail('start with `/` or `*`', `write ${JSON.stringify(`/${path}`)}`);
  if (!/^[A-Za-z0-9_.$/~"'@:+&*?-]+$/.test(path)) {
    throw fail(
      'consist of letters, digits, `_-.$/~"\'@:+&` and the wildcards `*` and `?`',
      'use a wildcard for any other character',
    );
  }
}
