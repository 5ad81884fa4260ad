import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { capacityElsewhere, elsewhere, exemptionsOf } from './waf-exempt-paths';
import { ALWAYS, COMMON, rulesOf } from './waf-rule-names';
import { WafClientAddress } from '../waf-client-address';
import { WafCountries, WafExemptPaths, WafMode, WafRuleGroup } from '../waf-options';
import { WafOtherRuleGroup } from '../waf-other-rule-group';

export interface WafRuleChoices {
  /** The rate limit; undefined if few addresses send requests for many users. */
  readonly rateLimit?: number;
  readonly countedRules: string[];
  readonly exemptPaths: WafExemptPaths[];
  readonly ruleGroups: WafRuleGroup[];
  readonly otherRuleGroups: WafOtherRuleGroup[];
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

/**
 * Renders the rules of a web ACL in order: trusted addresses, blocked addresses, the rate limit, the rules that inspect requests, and those
 * that read the labels of these.
 */
export function renderRules(choices: WafRuleChoices): CfnWebACL.RuleProperty[] {
  const { trusted, blocked, countries, rateLimit, countedRules, mode, clientAddress } = choices;
  const exemptions = exemptionsOf(choices.exemptPaths, countedRules);
  const counted = [...countedRules, ...exemptions.keys()];
  const action = mode === WafMode.COUNT ? { count: {} } : { block: {} };
  const rules: Rule[] = [
    ...(trusted ? [{ name: 'TrustedAddresses', action: { allow: {} }, statement: clientAddress._in(trusted, 'NO_MATCH') }] : []),
    ...(blocked ? [{ name: 'BlockedAddresses', action, statement: clientAddress._in(blocked, 'MATCH') }] : []),
    ...(countries ? [{ name: 'Countries', action, statement: outsideOf(countries, clientAddress) }] : []),
    ...(rateLimit ? [{ name: 'RateLimit', action, statement: { rateBasedStatement: clientAddress._limit(rateLimit) } }] : []),
    ...groupsOf(choices).map((name) => managedGroup(name, rulesOf(name, counted), mode)),
    ...otherGroups(choices),
    ...[...exemptions].map(([name, paths]) => ({ name: `${name}_Elsewhere`, action, statement: elsewhere(name, paths) })),
  ];
  return rules.map((rule, priority) => ({ ...rule, priority, visibilityConfig: visibility(rule.name) }));
}

const OWN_NAMES = ['TrustedAddresses', 'BlockedAddresses', 'Countries', 'RateLimit'];

/** Returns the capacity units of all rules together. */
export function capacityOf(choices: WafRuleChoices): number {
  const single = [choices.trusted, choices.blocked, choices.countries].filter((choice) => choice !== undefined).length;
  const rateLimit = choices.rateLimit ? 2 : 0;
  const units = [
    ...groupsOf(choices).map((name) => CAPACITY[name]),
    ...choices.otherRuleGroups.map((group) => group._capacity),
    ...[...exemptionsOf(choices.exemptPaths, choices.countedRules).values()].map(capacityElsewhere),
  ];
  return units.reduce((sum, each) => sum + each, single + rateLimit);
}

export function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true };
}

function groupsOf({ ruleGroups }: Pick<WafRuleChoices, 'ruleGroups'>): string[] {
  return [...ALWAYS, ...new Set(ruleGroups)];
}

/** Matches a request from a country that is not allowed, or from an address that is none. */
function outsideOf({ _codes: codes, _onlyThese }: WafCountries, address: WafClientAddress): CfnWebACL.StatementProperty {
  return _onlyThese ? { notStatement: { statement: address._from(codes, 'NO_MATCH') } } : address._from(codes, 'MATCH');
}

/** Names of metrics that AWS keeps for itself: https://docs.aws.amazon.com/waf/latest/APIReference/API_VisibilityConfig.html */
const RESERVED_METRICS = ['All', 'Default_Action'];

/** Names are unique in a web ACL, and those of their metrics, too. */
function otherGroups({ otherRuleGroups, ruleGroups, mode }: WafRuleChoices): Rule[] {
  const taken = new Set<string>([...RESERVED_METRICS, ...OWN_NAMES, ...groupsOf({ ruleGroups })]);
  return otherRuleGroups.map(({ _name, _statement: statement }) => {
    const names = Array.from({ length: taken.size + 1 }, (_, i) => (i === 0 ? _name : `${_name}-${i + 1}`));
    const name = names.find((each) => !taken.has(each))!;
    taken.add(name);
    return { name, overrideAction: mode === WafMode.COUNT ? { count: {} } : { none: {} }, statement };
  });
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
