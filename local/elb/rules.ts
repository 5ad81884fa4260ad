import { Action, Condition, Rewrite, RulePlan, WeightedTarget } from './plan';

/** What a listener rule can look at. */
export interface RequestFacts {
  readonly method: string;
  /** Without the port. */
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The first rule whose conditions all hold. The default rule has none, so there always is one. */
export function selectRule(rules: readonly RulePlan[], request: RequestFacts): RulePlan {
  const rule = rules.find(({ conditions }) => conditions.every((condition) => holds(condition, request)));
  if (!rule) throw new Error('a listener without a default action');
  return rule;
}

function holds(condition: Condition, request: RequestFacts): boolean {
  const any = (matches: (pattern: string) => boolean) => condition.values.some(matches);
  const isLike = (value: string, ignoreCase: boolean) =>
    any((pattern) => like(pattern, value, ignoreCase)) ||
    (condition.regexes ?? []).some((regex) => new RegExp(regex, ignoreCase ? 'i' : '').test(value));
  switch (condition.field) {
    case 'host-header':
      return isLike(request.host, true);
    case 'path-pattern':
      return isLike(request.path, false);
    case 'http-request-method':
      return any((pattern) => pattern === request.method);
    case 'http-header': {
      const value = request.headers[condition.header ?? ''];
      const values = Array.isArray(value) ? value : value === undefined ? [] : [value];
      return values.some((item) => isLike(item, true));
    }
    case 'query-string': {
      const pairs = [...new URLSearchParams(request.query)];
      return any((expected) => {
        const at = expected.indexOf('=');
        const [key, value] = [expected.slice(0, at), expected.slice(at + 1)];
        return pairs.some(([name, actual]) => (key === '' || like(key, name, true)) && like(value, actual, true));
      });
    }
    default:
      return false;
  }
}

/** ALB patterns: `*` is any run of characters, `?` exactly one. */
export function like(pattern: string, value: string, ignoreCase: boolean): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, ignoreCase ? 'is' : 's').test(value);
}

/** A text with what the regular expression of a transform finds replaced; `$1` is its first group. */
export function rewritten(text: string, { regex, replace }: Rewrite): string {
  return text.replace(new RegExp(regex), replace);
}

export interface RedirectOrigin {
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly query: string;
}

/**
 * The Location of a redirect. The port is always written out, as ALB does; `localPort` says where a listener really is when the
 * template's port could not be bound.
 */
export function redirectLocation(
  action: Extract<Action, { kind: 'redirect' }>,
  origin: RedirectOrigin,
  localPort: (port: number) => number,
): string {
  const fill = (template: string) =>
    template.replace(/#\{(protocol|host|port|path|query)\}/g, (_whole, key: string) => {
      if (key === 'path') return origin.path.replace(/^\//, '');
      return String(origin[key as keyof RedirectOrigin]);
    });
  const protocol = fill(action.protocol).toLowerCase();
  const query = fill(action.query);
  const port = localPort(Number(fill(action.port)));
  return `${protocol}://${fill(action.host)}:${port}${fill(action.path)}${query ? `?${query}` : ''}`;
}

/** Spreads requests over target groups by weight, evenly in time (smooth weighted round robin). */
export class WeightedChoice {
  private readonly current = new Map<string, number>();

  public pick(targets: readonly WeightedTarget[]): WeightedTarget | undefined {
    const total = targets.reduce((sum, { weight }) => sum + weight, 0);
    let best: WeightedTarget | undefined;
    for (const target of targets.filter(({ weight }) => weight > 0)) {
      this.current.set(target.arn, (this.current.get(target.arn) ?? 0) + target.weight);
      if (!best || (this.current.get(target.arn) ?? 0) > (this.current.get(best.arn) ?? 0)) best = target;
    }
    if (best) this.current.set(best.arn, (this.current.get(best.arn) ?? 0) - total);
    return best;
  }
}
