import { ListenerCondition } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IConstruct } from 'constructs';
import { covers } from './private/pattern';
import { validationError } from '../core/private/errors';
import { guard } from '../core/private/guard';
import { ipv4RangeContains, isIpRange } from '../core/private/ip-range';
import { isUnknown } from '../core/private/unknown';

type Kind = 'header' | 'query' | 'methods' | 'sourceIps';

const ID = 'RouteCondition';
const MAX_LENGTH = 128;
const MAX_NAME = 40;

/**
 * A condition on requests in addition to host and path. A condition matches if any of its values matches; a route with several conditions
 * applies to requests that match all of them.
 *
 * The values count towards the limit of 5 values and 5 wildcards of a route.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 *
 * @example
 * declare const gateway: DualAlbGateway;
 * declare const api: MeshService;
 * declare const beta: MeshService;
 *
 * gateway.external.route('Api', { target: api.port('http'), paths: ['/api/*'] });
 * gateway.external.route('Beta', {
 *   target: beta.port('http'),
 *   paths: ['/api/*'],
 *   when: [RouteCondition.header('X-Channel', ['beta', 'canary-*'])],
 * });
 */
export class RouteCondition {
  /**
   * A request header with one of the values.
   *
   * @param name name of the header, any case, at most 40 letters, digits and hyphens, since the load balancer drops headers with other
   *        characters; for `Host` use `hosts` of the route
   * @param values patterns, case-insensitive, at most 128 characters each; `*` stands for any characters, `?` for one
   */
  public static header(name: string, values: string[]): RouteCondition {
    return new RouteCondition('header', name, values, () => ListenerCondition.httpHeader(name, values));
  }

  /**
   * A query string parameter with one of the values.
   *
   * @param key name of the parameter, case-insensitive
   * @param values patterns, case-insensitive, at most 128 characters each; `*` stands for any characters, `?` for one
   */
  public static query(key: string, values: string[]): RouteCondition {
    return new RouteCondition('query', key, values, () => ListenerCondition.queryStrings(values.map((value) => ({ key, value }))));
  }

  /**
   * One of these HTTP methods. A route can have at most one such condition.
   *
   * @param methods names in upper case, such as `POST`, without wildcards
   */
  public static methods(methods: string[]): RouteCondition {
    return new RouteCondition('methods', '', methods, () => ListenerCondition.httpRequestMethods(methods));
  }

  /**
   * A client in one of these address ranges: the address that the load balancer sees, which behind a proxy or a content delivery network is
   * the address of that. A route can have at most one such condition.
   *
   * @param ranges IPv4 or IPv6 ranges, such as `203.0.113.0/24`
   */
  public static sourceIps(ranges: string[]): RouteCondition {
    return new RouteCondition('sourceIps', '', ranges, () => ListenerCondition.sourceIps(ranges));
  }

  private constructor(
    private readonly kind: Kind,
    private readonly name: string,
    private readonly values: string[],
    private readonly render: () => ListenerCondition,
  ) {}

  /**
   * Renders the condition for the listener rule.
   *
   * @internal
   */
  public _render(): ListenerCondition {
    return this.render();
  }

  /**
   * The values that count towards the quota.
   *
   * @internal
   */
  public get _values(): string[] {
    return this.values;
  }

  /**
   * The description for messages.
   *
   * @internal
   */
  public get _description(): string {
    const name = this.name === '' ? '' : `${this.name}: `;
    return `${this.kind}(${name}${this.values.join(', ')})`;
  }

  /**
   * Indicates whether the condition is on a header.
   *
   * @internal
   */
  public get _isHeader(): boolean {
    return this.kind === 'header';
  }

  /**
   * Indicates whether a rule can have the condition at most once.
   *
   * @internal
   */
  public get _onlyOnce(): string | undefined {
    return this.kind === 'methods' || this.kind === 'sourceIps' ? this.kind : undefined;
  }

  /**
   * Returns true if each request that matches this condition also matches the other. It can return false although the answer is yes, but
   * never the reverse.
   *
   * @internal
   */
  public _implies(other: RouteCondition): boolean {
    if (this.kind !== other.kind || this.name.toLowerCase() !== other.name.toLowerCase()) return false;
    return this.values.every((value) => other.values.some((wide) => contains(this.kind, wide, value)));
  }

  /**
   * Throws for values that the load balancer would reject.
   *
   * @internal
   */
  public _validate(scope: IConstruct, prop: string): void {
    if (this.values.length === 0) {
      throw validationError(scope, ID, {
        prop,
        must: 'have a value',
        got: this._description,
        fix: 'give one, or leave the condition out',
      });
    }
    if (this.kind === 'header' || this.kind === 'query') this.requireName(scope, prop);
    for (const value of this.values) if (!isUnknown(value)) this.requireValue(scope, prop, value);
  }

  private requireName(scope: IConstruct, prop: string): void {
    if (isUnknown(this.name)) return;
    const isHeader = this.kind === 'header';
    const pattern = isHeader ? /^[A-Za-z0-9-]{1,40}$/ : /^[\x21-\x7e]{1,128}$/;
    if (!pattern.test(this.name)) {
      const length = isHeader ? MAX_NAME : MAX_LENGTH;
      throw validationError(scope, ID, {
        prop,
        must: isHeader
          ? `name a header of 1 to ${length} letters, digits and hyphens; the load balancer drops others before it looks at conditions`
          : `name a parameter of 1 to ${length} characters without spaces`,
        got: this.name,
        fix: isHeader ? 'write it as in "X-Channel"' : 'write it as in "version"',
      });
    }
    if (isHeader && this.name.toLowerCase() === 'host') {
      throw validationError(scope, ID, {
        prop,
        must: 'not be on the Host header',
        got: this.name,
        fix: 'use `hosts` of the route',
      });
    }
  }

  private requireValue(scope: IConstruct, prop: string, value: string): void {
    const [rule, must, fix] = RULES[this.kind];
    if (!rule(value)) throw validationError(scope, ID, { prop, must, got: value, fix });
  }
}

guard({ RouteCondition });

const isText = (value: string) => /^[\x20-\x7e]{1,128}$/.test(value);
const TEXT: [(value: string) => boolean, string, string] = [
  isText,
  `have values of 1 to ${MAX_LENGTH} printable ASCII characters`,
  'use a shorter value, or a wildcard for the characters in question',
];
const RULES: Record<Kind, [(value: string) => boolean, string, string]> = {
  header: TEXT,
  query: TEXT,
  methods: [
    (value) => /^[A-Z_-]{1,40}$/.test(value),
    'have methods of 1 to 40 capitals, `-` and `_`',
    'write them as in "POST"; leave the condition out to match all of them',
  ],
  sourceIps: [isIpRange, 'have IPv4 or IPv6 ranges', 'write them as in "203.0.113.0/24", a single address as in "203.0.113.7/32"'],
};

function contains(kind: Kind, wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  if (kind === 'methods') return false;
  return kind === 'sourceIps' ? ipv4RangeContains(wide, narrow) : covers(wide.toLowerCase(), narrow.toLowerCase());
}
