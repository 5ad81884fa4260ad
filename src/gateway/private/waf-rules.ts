import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { ALWAYS, COMMON, rulesOf } from './waf-rule-names';
import { WafClientAddress } from '../waf-client-address';
import { WafCountries, WafMode, WafRuleGroup } from '../waf-options';

export interface WafRuleChoices {
  /** The rate limit; undefined if few addresses send requests for many users. */
  readonly rateLimit?: number;
  readonly countedRules: string[];
  readonly ruleGroups: WafRuleGroup[];
  readonly mode: WafMode;
  readonly countries?: WafCountries;
  readonly clientAddress: WafClientAddress;
  /** The ARNs of address sets, if there are any. */
  readonly trusted?: string;
  readonly blocked?: string;
}

type Rule = Omit<CfnWebACL.RuleProperty, 'priority' | 'visibilityConfig'>;

/** The capacity units, from the documentation of the rule groups. */
const CAPACITY: Record<string, number> = {
  [ALWAYS[0]]: 25,
  [COMMON]: 700,
  [ALWAYS[2]]: 200,
  [WafRuleGroup.ADMIN_PROTECTION]: 100,
  [WafRuleGroup.ANONYMOUS_IP_LIST]: 50,
  [WafRuleGroup.LINUX]: 200,
  [WafRuleGroup.PHP]: 100,
  [WafRuleGroup.POSIX]: 100,
  [WafRuleGroup.SQL_DATABASE]: 200,
  [WafRuleGroup.WINDOWS]: 200,
  [WafRuleGroup.WORDPRESS]: 100,
};

/**
 * The rules that match requests which services send and browsers do not: no User-Agent header, bodies over 8 KB, links to addresses. The
 * names are those in the documentation of the rule group:
 * https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html.
 */
export const COUNTED_BETWEEN_SERVICES = [
  'NoUserAgent_HEADER',
  'SizeRestrictions_BODY',
  ...['BODY', 'COOKIE', 'URIPATH', 'QUERYARGUMENTS'].map((part) => `EC2MetaDataSSRF_${part}`),
  ...['BODY', 'URIPATH', 'QUERYARGUMENTS'].map((part) => `GenericRFI_${part}`),
];

/**
 * The rules that match the sign-in of a load balancer: its session cookie, of up to 16 KB in four parts, and the code and state that a
 * provider sends back in the query string. WAF sees a request before the load balancer does.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
 */
export const COUNTED_WITH_SIGN_IN = ['SizeRestrictions_Cookie_HEADER', 'SizeRestrictions_QUERYSTRING'];

/** Renders the rules of a web ACL in order: trusted addresses, blocked addresses, the rate limit, then the rules that inspect requests. */
export function renderRules(choices: WafRuleChoices): CfnWebACL.RuleProperty[] {
  const { trusted, blocked, countries, rateLimit, countedRules, mode, clientAddress } = choices;
  const action = mode === WafMode.COUNT ? { count: {} } : { block: {} };
  const rules: Rule[] = [
    ...(trusted ? [{ name: 'TrustedAddresses', action: { allow: {} }, statement: clientAddress._in(trusted, 'NO_MATCH') }] : []),
    ...(blocked ? [{ name: 'BlockedAddresses', action, statement: clientAddress._in(blocked, 'MATCH') }] : []),
    ...(countries ? [{ name: 'Countries', action, statement: outsideOf(countries, clientAddress) }] : []),
    ...(rateLimit ? [{ name: 'RateLimit', action, statement: { rateBasedStatement: clientAddress._limit(rateLimit) } }] : []),
    ...groupsOf(choices).map((name) => managedGroup(name, rulesOf(name, countedRules), mode)),
  ];
  return rules.map((rule, priority) => ({ ...rule, priority, visibilityConfig: visibility(rule.name) }));
}

/** Returns the capacity units of all rules together. */
export function capacityOf(choices: WafRuleChoices): number {
  const single = [choices.trusted, choices.blocked, choices.countries].filter((choice) => choice !== undefined).length;
  const rateLimit = choices.rateLimit ? 2 : 0;
  return groupsOf(choices).reduce((sum, name) => sum + CAPACITY[name], single + rateLimit);
}

export function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true };
}

function groupsOf({ ruleGroups }: WafRuleChoices): string[] {
  return [...ALWAYS, ...new Set(ruleGroups)];
}

/** Matches a request from a country that is not allowed, or from an address that is none. */
function outsideOf({ _codes: codes, _onlyThese }: WafCountries, address: WafClientAddress): CfnWebACL.StatementProperty {
  return _onlyThese ? { notStatement: { statement: address._from(codes, 'NO_MATCH') } } : address._from(codes, 'MATCH');
}

function managedGroup(name: string, countedRules: string[], mode: WafMode): Rule {
  return {
    name,
    overrideAction: mode === WafMode.COUNT ? { count: {} } : { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ruleActionOverrides:
          countedRules.length > 0 ? countedRules.map((rule) => ({ name: rule, actionToUse: { count: {} } })) : undefined,
      },
    },
  };
}
