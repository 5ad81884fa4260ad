import { Firewall, readFirewalls } from './firewall';
import { HeaderPlan, readHeaders } from './request-headers';
import { Resource } from '../assembly/stack-template';
import { Reader } from '../intrinsics/reader';
import { Resolver } from '../intrinsics/resolver';

export interface WeightedTarget {
  readonly arn: string;
  readonly weight: number;
}

export type Action =
  | { readonly kind: 'forward'; readonly targets: readonly WeightedTarget[] }
  | {
      readonly kind: 'redirect';
      readonly status: number;
      readonly protocol: string;
      readonly port: string;
      readonly host: string;
      readonly path: string;
      readonly query: string;
    }
  | { readonly kind: 'fixed'; readonly status: number; readonly contentType: string; readonly body: string };

export interface Condition {
  readonly field: string;
  /** Patterns with `*` and `?`; `key=value` for query strings. */
  readonly values: readonly string[];
  /** Regular expressions, which a rule may have in the place of values. */
  readonly regexes?: readonly string[];
  readonly header?: string;
}

/** A transform of a rule: what is found is replaced before the request goes to a target. */
export interface Rewrite {
  readonly regex: string;
  readonly replace: string;
}

export interface RulePlan {
  /** The listener's own for its default action. */
  readonly arn: string;
  readonly priority: number;
  readonly conditions: readonly Condition[];
  readonly action: Action;
  readonly rewrites?: { readonly url?: Rewrite; readonly host?: Rewrite };
}

export interface ListenerPlan {
  readonly port: number;
  readonly https: boolean;
  /** Added to every answer, in place of the target's own. */
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** Whether answers may say what made them. */
  readonly serverHeader: boolean;
  /** Ordered by priority; the default action comes last, without conditions. */
  readonly rules: readonly RulePlan[];
}

export interface LoadBalancerPlan {
  readonly key: string;
  readonly arn: string;
  readonly label: string;
  readonly dnsName: string;
  readonly external: boolean;
  readonly type: string;
  readonly idleTimeoutMs: number;
  readonly headers?: HeaderPlan;
  /** The web ACL in front, if the template has one. */
  readonly firewall?: Firewall;
  readonly listeners: readonly ListenerPlan[];
}

export interface TargetGroupPlan {
  readonly arn: string;
  readonly label: string;
  readonly deregistrationDelayMs: number;
  /** Whether targets speak TLS. */
  readonly https?: boolean;
  /** Whether a network load balancer leaves the connections of a target that becomes unhealthy as they are. */
  readonly keepsConnections?: boolean;
  readonly check: {
    /** Whoever accepts a connection is well; otherwise the answer to a request decides. */
    readonly tcp?: boolean;
    readonly https?: boolean;
    readonly path: string;
    /** Undefined for `traffic-port`. */
    readonly port?: number;
    readonly intervalMs: number;
    readonly timeoutMs: number;
    readonly healthyThreshold: number;
    readonly unhealthyThreshold: number;
    readonly matcher: string;
  };
}

/** Of the targets of network load balancers. */
const NETWORK_PROTOCOLS = ['TCP', 'TLS', 'UDP', 'TCP_UDP', 'QUIC', 'TCP_QUIC'];

export function readTargetGroups(resolver: Resolver): TargetGroupPlan[] {
  return resolver.resources('AWS::ElasticLoadBalancingV2::TargetGroup').map((resource) => {
    const props = resolver.read(resource);
    const check = (key: string) => props.get(`HealthCheck${key}`);
    const port = check('Port').string('traffic-port');
    const isNetwork = NETWORK_PROTOCOLS.includes(props.get('Protocol').string('HTTP'));
    const protocol = check('Protocol').string(isNetwork ? 'TCP' : 'HTTP');
    return {
      arn: arnOf(resolver, resource),
      label: resource.logicalId,
      deregistrationDelayMs:
        Number(attribute(props, 'TargetGroupAttributes', 'deregistration_delay.timeout_seconds') ?? 300) * 1000,
      https: props.get('Protocol').string('HTTP') === 'HTTPS',
      keepsConnections:
        attribute(props, 'TargetGroupAttributes', 'target_health_state.unhealthy.connection_termination.enabled') === 'false',
      check: {
        tcp: protocol === 'TCP',
        https: protocol === 'HTTPS',
        path: check('Path').string('/'),
        port: port === 'traffic-port' ? undefined : Number(port),
        intervalMs: check('IntervalSeconds').number(30) * 1000,
        timeoutMs: check('TimeoutSeconds').number(protocol === 'TCP' ? 10 : 5) * 1000,
        healthyThreshold: props.get('HealthyThresholdCount').number(5),
        unhealthyThreshold: props.get('UnhealthyThresholdCount').number(2),
        matcher: props
          .get('Matcher')
          .get('HttpCode')
          .string(isNetwork ? '200-399' : '200'),
      },
    };
  });
}

/** The target groups that a load balancer's rules forward to. */
export function targetsOf({ listeners }: LoadBalancerPlan): WeightedTarget[] {
  return listeners.flatMap(({ rules }) => rules.flatMap(({ action }) => (action.kind === 'forward' ? action.targets : [])));
}

export function readLoadBalancers(resolver: Resolver): LoadBalancerPlan[] {
  const listeners = resolver.resources('AWS::ElasticLoadBalancingV2::Listener');
  const rules = resolver
    .resources('AWS::ElasticLoadBalancingV2::ListenerRule')
    .map((resource) => ({ arn: arnOf(resolver, resource), rule: resolver.read(resource) }));
  const firewalls = readFirewalls(resolver);
  return resolver.resources('AWS::ElasticLoadBalancingV2::LoadBalancer').map((resource) => {
    const props = resolver.read(resource);
    const arn = arnOf(resolver, resource);
    const type = props.get('Type').string('application');
    const external = props.get('Scheme').string('internet-facing') === 'internet-facing';
    return {
      key: resource.key,
      arn,
      label: `${external ? 'external' : 'internal'} ${type === 'network' ? 'NLB' : 'ALB'}`,
      dnsName: resolver.evaluate(resource.stack, { 'Fn::GetAtt': [resource.logicalId, 'DNSName'] }, resource.key) as string,
      external,
      type,
      idleTimeoutMs: Number(attribute(props, 'LoadBalancerAttributes', 'idle_timeout.timeout_seconds') ?? 60) * 1000,
      headers: readHeaders((key) => attribute(props, 'LoadBalancerAttributes', key)),
      firewall: firewalls.get(arn),
      listeners: listeners
        .filter((listener) => resolver.read(listener).get('LoadBalancerArn').string() === arn)
        .map((listener) => readListener(resolver, listener, rules)),
    };
  });
}

interface ReadRule {
  readonly arn: string;
  readonly rule: Reader;
}

function readListener(resolver: Resolver, resource: Resource, rules: readonly ReadRule[]): ListenerPlan {
  const props = resolver.read(resource);
  const arn = arnOf(resolver, resource);
  const own = rules
    .filter(({ rule }) => rule.get('ListenerArn').string() === arn)
    .map(({ arn: ruleArn, rule }) => ({
      arn: ruleArn,
      priority: rule.get('Priority').number(),
      conditions: rule.get('Conditions').items().map(readCondition),
      action: readAction(rule.get('Actions')),
      rewrites: readRewrites(rule.get('Transforms')),
    }))
    .sort((a, b) => a.priority - b.priority);
  const byDefault = { arn, priority: Number.POSITIVE_INFINITY, conditions: [], action: readAction(props.get('DefaultActions')) };
  return {
    port: props.get('Port').number(),
    https: props.get('Protocol').string('HTTP') === 'HTTPS',
    responseHeaders: readResponseHeaders(props),
    serverHeader: attribute(props, 'ListenerAttributes', 'routing.http.response.server.enabled') !== 'false',
    rules: [...own, byDefault],
  };
}

/** `routing.http.response.x_frame_options.header_value` is the value of `x-frame-options`. */
function readResponseHeaders(listener: Reader): Record<string, string> {
  const attributes = listener.get('ListenerAttributes').items();
  return Object.fromEntries(
    attributes.flatMap((item) => {
      const [, header] = /^routing\.http\.response\.(\w+)\.header_value$/.exec(item.get('Key').string()) ?? [];
      return header ? [[header.replaceAll('_', '-'), item.get('Value').string()]] : [];
    }),
  );
}

function readCondition(condition: Reader): Condition {
  const field = condition.get('Field').string();
  const strings = (reader: Reader) => reader.items().map((item) => item.string());
  const from = (config: string, list = 'Values') => strings(condition.get(config).get(list));
  switch (field) {
    case 'host-header':
      return {
        field,
        values: [...strings(condition.get('Values')), ...from('HostHeaderConfig')],
        regexes: from('HostHeaderConfig', 'RegexValues'),
      };
    case 'path-pattern':
      return {
        field,
        values: [...strings(condition.get('Values')), ...from('PathPatternConfig')],
        regexes: from('PathPatternConfig', 'RegexValues'),
      };
    case 'http-header':
      return {
        field,
        header: condition.get('HttpHeaderConfig').get('HttpHeaderName').string().toLowerCase(),
        values: from('HttpHeaderConfig'),
        regexes: from('HttpHeaderConfig', 'RegexValues'),
      };
    case 'http-request-method':
      return { field, values: from('HttpRequestMethodConfig') };
    case 'query-string': {
      const values = condition.get('QueryStringConfig').get('Values').items();
      return { field, values: values.map((value) => `${value.get('Key').string('')}=${value.get('Value').string()}`) };
    }
    default:
      throw new Error(`${condition.path}: the local run does not know the listener condition ${field}`);
  }
}

function readRewrites(transforms: Reader): RulePlan['rewrites'] {
  const find = (type: string, config: string): Rewrite | undefined => {
    const [rewrite] = transforms
      .items()
      .filter((transform) => transform.get('Type').string() === type)
      .flatMap((transform) => transform.get(config).get('Rewrites').items());
    return rewrite && { regex: rewrite.get('Regex').string(), replace: rewrite.get('Replace').string() };
  };
  if (!transforms.exists) return undefined;
  return { url: find('url-rewrite', 'UrlRewriteConfig'), host: find('host-header-rewrite', 'HostHeaderRewriteConfig') };
}

/** The last action decides; the ones before it can only be authentication, which has no local counterpart. */
function readAction(actions: Reader): Action {
  const action = actions.items().at(-1);
  if (!action) throw new Error(`${actions.path} is empty`);
  const type = action.get('Type').string();
  if (actions.items().length > 1) throw new Error(`${actions.path}: the local run does not emulate authentication actions`);
  if (type === 'forward') return { kind: 'forward', targets: readForward(action) };
  if (type === 'redirect') {
    const config = action.get('RedirectConfig');
    return {
      kind: 'redirect',
      status: config.get('StatusCode').string() === 'HTTP_301' ? 301 : 302,
      protocol: config.get('Protocol').string('#{protocol}'),
      port: config.get('Port').string('#{port}'),
      host: config.get('Host').string('#{host}'),
      path: config.get('Path').string('/#{path}'),
      query: config.get('Query').string('#{query}'),
    };
  }
  if (type === 'fixed-response') {
    const config = action.get('FixedResponseConfig');
    return {
      kind: 'fixed',
      status: config.get('StatusCode').number(),
      contentType: config.get('ContentType').string('text/plain'),
      body: config.get('MessageBody').string(''),
    };
  }
  throw new Error(`${action.path}: the local run does not emulate the listener action ${type}`);
}

function readForward(action: Reader): WeightedTarget[] {
  const single = action.get('TargetGroupArn').optional();
  if (single !== undefined) return [{ arn: single, weight: 1 }];
  return action
    .get('ForwardConfig')
    .get('TargetGroups')
    .items()
    .map((target) => ({ arn: target.get('TargetGroupArn').string(), weight: target.get('Weight').number(1) }));
}

function attribute(props: Reader, list: string, key: string): string | undefined {
  return props
    .get(list)
    .items()
    .find((item) => item.get('Key').string() === key)
    ?.get('Value')
    .string();
}

function arnOf(resolver: Resolver, resource: Resource): string {
  return resolver.evaluate(resource.stack, { Ref: resource.logicalId }, resource.key) as string;
}
