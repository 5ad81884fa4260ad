import { Construct } from 'constructs';
import { validationError, warn } from '../../core/private/errors';
import { closest, isTypo } from '../../core/private/names';
import { isUnknown } from '../../core/private/unknown';
import { WafRuleGroup } from '../waf-options';

export const COMMON = 'AWSManagedRulesCommonRuleSet';
/** The groups of every web ACL. */
export const ALWAYS = ['AWSManagedRulesAmazonIpReputationList', COMMON, 'AWSManagedRulesKnownBadInputsRuleSet'];

/** The day on which the lists below were compiled, from public copies of AWS's pages; they differ for Windows and PHP, where the newest counts. */
const READ_ON = '2026-11-30';
const SOURCE = 'https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html';

const at = (rule: string, ...parts: string[]) => parts.map((part) => `${rule}_${part}`);

/**
 * The rules of each managed group in its newest static version.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-use-case.html
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-ip-rep.html
 */
export const RULES: Record<string, string[]> = {
  [ALWAYS[0]]: ['AWSManagedIPReputationList', 'AWSManagedReconnaissanceList', 'AWSManagedIPDDoSList'],
  [COMMON]: [
    'NoUserAgent_HEADER',
    'UserAgent_BadBots_HEADER',
    ...at('SizeRestrictions', 'QUERYSTRING', 'Cookie_HEADER', 'BODY', 'URIPATH'),
    ...at('EC2MetaDataSSRF', 'BODY', 'COOKIE', 'URIPATH', 'QUERYARGUMENTS'),
    ...at('GenericLFI', 'QUERYARGUMENTS', 'URIPATH', 'BODY'),
    ...at('RestrictedExtensions', 'URIPATH', 'QUERYARGUMENTS'),
    ...at('GenericRFI', 'QUERYARGUMENTS', 'BODY', 'URIPATH'),
    ...at('CrossSiteScripting', 'COOKIE', 'QUERYARGUMENTS', 'BODY', 'URIPATH'),
  ],
  [ALWAYS[2]]: [
    ...at('JavaDeserializationRCE', 'HEADER', 'BODY', 'URIPATH', 'QUERYSTRING'),
    ...at('Log4JRCE', 'HEADER', 'QUERYSTRING', 'BODY', 'URIPATH'),
    'Host_localhost_HEADER',
    'PROPFIND_METHOD',
    'ExploitablePaths_URIPATH',
    'ReactJSRCE_BODY',
  ],
  [WafRuleGroup.ADMIN_PROTECTION]: ['AdminProtection_URIPATH'],
  [WafRuleGroup.ANONYMOUS_IP_LIST]: ['AnonymousIPList', 'HostingProviderIPList'],
  [WafRuleGroup.LINUX]: at('LFI', 'URIPATH', 'QUERYSTRING', 'HEADER'),
  [WafRuleGroup.PHP]: at('PHPHighRiskMethodsVariables', 'HEADER', 'QUERYSTRING', 'BODY', 'URIPATH'),
  [WafRuleGroup.POSIX]: at('UNIXShellCommandsVariables', 'QUERYSTRING', 'BODY', 'HEADER'),
  [WafRuleGroup.SQL_DATABASE]: [
    ...at('SQLi', 'QUERYARGUMENTS', 'BODY', 'COOKIE', 'URIPATH'),
    ...at('SQLiExtendedPatterns', 'QUERYARGUMENTS', 'BODY', 'HEADER', 'URIPATH'),
  ],
  [WafRuleGroup.WINDOWS]: [
    ...at('WindowsShellCommands', 'HEADER', 'QUERYARGUMENTS', 'QUERYSTRING', 'URIPATH', 'BODY'),
    ...at('PowerShellCommands', 'COOKIE', 'QUERYARGUMENTS', 'BODY'),
  ],
  [WafRuleGroup.WORDPRESS]: ['WordPressExploitableCommands_QUERYSTRING', 'WordPressExploitablePaths_URIPATH'],
};

/** Returns those of `names` that are rules of a group. What no list has is left to the common rule set, as a rule that is new. */
export function rulesOf(group: string, names: string[]): string[] {
  return names.filter((name) => (groupOf(name) ?? COMMON) === group);
}

/**
 * Rejects names of rules that would have no effect: AWS WAF ignores the override of a rule that its group does not have.
 *
 * @see https://docs.aws.amazon.com/waf/latest/APIReference/API_RuleActionOverride.html
 */
export function requireRules(scope: Construct, prop: string, names: string[] = [], chosen: WafRuleGroup[] = []): void {
  for (const name of names) {
    if (isUnknown(name)) continue;
    const group = groupOf(name);
    if (group === undefined) {
      requireKnown(scope, prop, name);
    } else if (![...ALWAYS, ...chosen].includes(group)) {
      const key = Object.entries(WafRuleGroup).find(([, value]) => value === group)![0];
      throw validationError(scope, 'WafCountedRule', {
        prop,
        must: 'contain rules of groups that the web ACL has, because the override of another one has no effect',
        got: name,
        fix: `add \`ruleGroups: [WafRuleGroup.${key}]\`, or leave the name out`,
      });
    }
  }
}

function requireKnown(scope: Construct, prop: string, name: string): void {
  const meant = closest(name, Object.values(RULES).flat());
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(name) || (meant && isTypo(name, meant))) {
    throw validationError(scope, 'WafCountedRule', {
      prop,
      must: `contain names of rules of AWS managed rule groups (${SOURCE})`,
      got: name,
      fix: meant ? `did you mean "${meant}"?` : 'copy the name from that page, such as "SizeRestrictions_BODY"',
    });
  }
  const guess = meant ? `; did you mean ${meant}?` : '.';
  const text = `\`${prop}\`: no AWS managed rule group in the list of ${READ_ON} has a rule ${name} (${SOURCE} has the present one). AWS WAF ignores names that it does not know${guess}`;
  warn(scope, 'WafRuleNotListed', text);
}

/** Returns the managed group that has a rule of this name. */
export function groupOf(name: string): string | undefined {
  return Object.keys(RULES).find((group) => RULES[group].includes(name));
}
