import { RemovalPolicy } from 'aws-cdk-lib';
import { IApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { ManagedWebAcl } from './private/managed-web-acl';
import { WAF_COUNTRY_CODES, WAF_COUNTRY_CODES_MEANT } from './private/waf-country-codes';
import { requireExemptPaths } from './private/waf-exempt-paths';
import { requireRules } from './private/waf-rule-names';
import { COUNTED_BETWEEN_SERVICES } from './private/waf-rules';
import { WafClientAddress } from './waf-client-address';
import { ManagedRulesOptions, WafMode } from './waf-options';
import { requireArnPlace } from '../core/private/arn-place';
import { validationError, requireInteger, warn } from '../core/private/errors';
import { guard } from '../core/private/guard';
import { parseIpv4Range } from '../core/private/ip-range';
import { isUnknown } from '../core/private/unknown';

/** Associates a web ACL with a load balancer; returns the web ACL if one was created. */
type Attach = (
  scope: Construct,
  loadBalancer: IApplicationLoadBalancer,
  policy: RemovalPolicy,
  internetFacing: boolean,
) => CfnWebACL | undefined;

/**
 * The AWS WAF web ACL of the external load balancer. With `Compliance.strict()`, the internal one has it too, but without the rules about
 * addresses and their countries, because few tasks send requests for many users, and with the rules set to count that calls between
 * services would match (`internalCountedRules`). An existing web ACL (`fromArn`) is the same on both sides: it must allow your own calls.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 *
 * new DualAlbGateway(this, 'Gateway', {
 *   network: mesh,
 *   external: ExternalSide.https({ certificate, waf: Waf.managedRules({ rateLimit: 10000, countedRules: ['SizeRestrictions_BODY'] }) }),
 * });
 */
export class Waf {
  /**
   * A web ACL that the gateway creates: a limit on requests per IP address, and the managed rule groups for IP reputation, common attacks
   * and known bad inputs. Requests that are blocked or counted are logged, without their `authorization` and `cookie` headers.
   *
   * It costs about 9 USD a month (web ACL 5, four rules 4) plus 0.60 USD per million requests (us-east-1 list prices, November 2026).
   *
   * The base price includes rules of 1,500 capacity units (WCU), of which the default uses 927; more units cost more per request, with the
   * warning `WafCapacity` (https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html).
   *
   * @param options limits, additional rules, exceptions and log retention
   */
  public static managedRules(options: ManagedRulesOptions = {}): Waf {
    const attach: Attach = (scope, loadBalancer, policy, internetFacing) => {
      warnOfOtherSide(scope, options, internetFacing);
      if (!internetFacing) warnOfExemptPaths(scope, options);
      const { webAcl } = new ManagedWebAcl(scope, 'Waf', {
        rateLimit: internetFacing ? (options.rateLimit ?? 2000) : undefined,
        countedRules: countedRules(options, internetFacing),
        logRetention: options.logRetention,
        exemptPaths: options.exemptPaths ?? [],
        ruleGroups: options.ruleGroups ?? [],
        otherRuleGroups: options.otherRuleGroups ?? [],
        mode: options.mode ?? WafMode.BLOCK,
        clientAddress: options.clientAddress ?? WafClientAddress.connection(),
        countries: internetFacing ? options.countries : undefined,
        trustedAddresses: (internetFacing && options.trustedAddresses) || [],
        blockedAddresses: (internetFacing && options.blockedAddresses) || [],
        removalPolicy: policy,
      });
      associate(scope, loadBalancer, webAcl.attrArn);
      return webAcl;
    };
    const header = options.clientAddress?._headerName;
    return new Waf('WAF: managed rules', attach, (scope, prop) => requireOptions(scope, prop, options), header, true);
  }

  /**
   * An existing regional web ACL in the gateway's Region.
   *
   * @param webAclArn ARN of the web ACL
   */
  public static fromArn(webAclArn: string): Waf {
    const attach: Attach = (scope, loadBalancer) => {
      associate(scope, loadBalancer, webAclArn);
      return undefined;
    };
    return new Waf('WAF', attach, (scope, prop) => requireArn(scope, prop, webAclArn));
  }

  /** No web ACL. The NIST and PCI checks then report the load balancer. */
  public static none(): Waf {
    return new Waf('no WAF', () => undefined);
  }

  private constructor(
    /** @internal */
    public readonly _label: string,
    /** @internal */
    public readonly _attach: Attach,
    /** @internal */
    public readonly _validate: (scope: Construct, prop: string) => void = () => {},
    /** The header that clients are told apart by. @internal */
    public readonly _header?: string,
    /** Indicates whether its rules are those of this library. @internal */
    public readonly _isManaged = false,
  ) {}
}

guard({ Waf });

/** Options about the addresses of clients, of which an internal side sees those of tasks, and about calls between services. */
function warnOfOtherSide(scope: Construct, options: ManagedRulesOptions, internetFacing: boolean): void {
  const { rateLimit, clientAddress, countries, trustedAddresses, blockedAddresses, internalCountedRules } = options;
  const idle = internetFacing
    ? { internalCountedRules }
    : { rateLimit, clientAddress, countries, trustedAddresses, blockedAddresses };
  const names = Object.entries(idle).flatMap(([name, value]) => (value === undefined ? [] : [`\`waf.${name}\``]));
  if (names.length === 0) return;
  warn(
    scope,
    'WafOtherSide',
    `${names.join(' and ')} of this ${internetFacing ? 'external' : 'internal'} side ${names.length > 1 ? 'have' : 'has'} no effect: ` +
      `the rules are about ${internetFacing ? 'calls between services, on the internal side' : 'clients on the internet, on the external side'}. ` +
      'Give each side a `Waf` of its own.',
  );
}

/** An internal side lets some rules count on all paths. */
function warnOfExemptPaths(scope: Construct, options: ManagedRulesOptions): void {
  const counted = countedRules(options, false);
  const idle = (options.exemptPaths ?? []).map(({ rule }) => rule).filter((rule) => counted.includes(rule));
  if (idle.length === 0) return;
  warn(
    scope,
    'WafOtherSide',
    `\`waf.exemptPaths\` of ${idle.join(' and ')} on this internal side have no effect: there the rules count on all paths, because calls ` +
      'between services match them (`internalCountedRules`). Give each side a `Waf` of its own.',
  );
}

function countedRules(
  { countedRules: everywhere = [], internalCountedRules }: ManagedRulesOptions,
  internetFacing: boolean,
): string[] {
  return internetFacing ? everywhere : [...new Set([...(internalCountedRules ?? COUNTED_BETWEEN_SERVICES), ...everywhere])];
}

function associate(scope: Construct, loadBalancer: IApplicationLoadBalancer, webAclArn: string): void {
  new CfnWebACLAssociation(scope, 'WafAssociation', { resourceArn: loadBalancer.loadBalancerArn, webAclArn });
}

function requireOptions(scope: Construct, prop: string, options: ManagedRulesOptions): void {
  requireInteger(scope, 'WafRateLimit', `${prop}.rateLimit`, options.rateLimit, 10, 2_000_000_000);
  requireRules(scope, `${prop}.countedRules`, options.countedRules, options.ruleGroups);
  requireRules(scope, `${prop}.internalCountedRules`, options.internalCountedRules, options.ruleGroups);
  requireExemptPaths(scope, `${prop}.exemptPaths`, options.exemptPaths, options.countedRules, options.ruleGroups);
  options.otherRuleGroups?.forEach((group, i) => group._validate(scope, `${prop}.otherRuleGroups[${i}]`));
  options.clientAddress?._validate(scope, `${prop}.clientAddress`);
  requireAddresses(scope, `${prop}.trustedAddresses`, options.trustedAddresses);
  requireAddresses(scope, `${prop}.blockedAddresses`, options.blockedAddresses);
  if (options.countries) requireCountries(scope, `${prop}.countries`, options.countries._codes);
}

function requireAddresses(scope: Construct, prop: string, ranges: string[] | undefined): void {
  const wrong = ranges?.find((range) => !isUnknown(range) && !parseIpv4Range(range)?.bits);
  if (wrong === undefined && ranges?.length !== 0) return;
  throw validationError(scope, 'WafAddresses', {
    prop,
    must: 'contain IPv4 ranges of /1 to /32',
    got: wrong ?? [],
    fix: wrong === undefined ? 'leave it out' : 'write them as in "203.0.113.0/24", a single address as in "203.0.113.7/32"',
  });
}

function requireCountries(scope: Construct, prop: string, codes: string[]): void {
  const wrong = codes.find((code) => !WAF_COUNTRY_CODES.includes(code));
  if (wrong === undefined && codes.length >= 1 && codes.length <= 50) return;
  const upper = wrong?.toUpperCase() ?? '';
  const meant = WAF_COUNTRY_CODES_MEANT[upper] ?? (WAF_COUNTRY_CODES.includes(upper) ? upper : undefined);
  throw validationError(scope, 'WafCountries', {
    prop,
    must: 'contain 1 to 50 two-letter country codes in upper case',
    got: wrong ?? codes.length,
    fix: meant ? `did you mean "${meant}"?` : 'write them as in "DE"; the other of `only` and `except` may need fewer',
  });
}

function requireArn(scope: Construct, prop: string, webAclArn: string): void {
  if (isUnknown(webAclArn) || /^arn:[^:]+:wafv2:[^:]+:[^:]+:regional\/webacl\/.+/.test(webAclArn)) {
    return requireArnPlace(scope, prop, webAclArn, ['account', 'region']);
  }
  throw validationError(scope, 'WafArn', {
    prop,
    must: 'have the ARN of a regional WAFv2 web ACL',
    got: webAclArn,
    fix: 'copy it from the WAF console; a web ACL for CloudFront (global) cannot protect a load balancer',
  });
}
