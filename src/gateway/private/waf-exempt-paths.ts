import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { ALWAYS, COMMON, groupOf, RULES } from './waf-rule-names';
import { validationError } from '../../core/private/errors';
import { closest } from '../../core/private/names';
import { requireResolved } from '../../core/private/resolved';
import { isUnknown } from '../../core/private/unknown';
import { WafExemptPaths, WafRuleGroup } from '../waf-options';

/** The namespaces of the labels. */
const NAMESPACES: Record<string, string> = {
  [ALWAYS[0]]: 'amazon-ip-list',
  [COMMON]: 'core-rule-set',
  [ALWAYS[2]]: 'known-bad-inputs',
  [WafRuleGroup.ADMIN_PROTECTION]: 'admin-protection',
  [WafRuleGroup.ANONYMOUS_IP_LIST]: 'anonymous-ip-list',
  [WafRuleGroup.LINUX]: 'linux-os',
  [WafRuleGroup.PHP]: 'php-app',
  [WafRuleGroup.POSIX]: 'posix-os',
  [WafRuleGroup.SQL_DATABASE]: 'sql-database',
  [WafRuleGroup.WINDOWS]: 'windows-os',
  [WafRuleGroup.WORDPRESS]: 'wordpress-app',
};

const SUFFIXES: Record<string, string> = {
  HEADER: 'Header',
  COOKIE: 'Cookie',
  BODY: 'Body',
  URIPATH: 'URIPath',
  QUERYSTRING: 'QueryString',
  QUERYARGUMENTS: 'QueryArguments',
};

/** The labels that are not the rule's name with the suffix in another case. */
const SPECIAL: Record<string, string> = {
  UserAgent_BadBots_HEADER: 'BadBots_Header',
  Host_localhost_HEADER: 'Host_Localhost_Header',
  PROPFIND_METHOD: 'Propfind_Method',
  WordPressExploitableCommands_QUERYSTRING: 'WordPressExploitableCommands_QUERYSTRING',
  WordPressExploitablePaths_URIPATH: 'WordPressExploitablePaths_URIPATH',
};

/** Rules without a path of exemption, and why. */
const NEVER: Record<string, string> = {
  AWSManagedIPDDoSList: 'AWS WAF only counts it',
  ...Object.fromEntries(
    ['SQLiExtendedPatterns_URIPATH', 'WindowsShellCommands_URIPATH', 'PHPHighRiskMethodsVariables_URIPATH'].map((name) => [
      name,
      'sources differ about its label',
    ]),
  ),
};

/**
 * The label that a rule of a managed group adds to the requests that it matches.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 */
export function labelOf(rule: string): string {
  const name = SPECIAL[rule] ?? rule.replace(/[A-Z]+$/, (suffix) => SUFFIXES[suffix] ?? suffix);
  return `awswaf:managed:aws:${NAMESPACES[groupOf(rule)!]}:${name}`;
}

/** Returns the paths by rule, of the rules that do not count everywhere. */
export function exemptionsOf(exemptPaths: WafExemptPaths[], countedRules: string[]): Map<string, string[]> {
  const byRule = new Map<string, string[]>();
  for (const { rule, paths } of exemptPaths) {
    if (!countedRules.includes(rule)) byRule.set(rule, [...new Set([...(byRule.get(rule) ?? []), ...paths])]);
  }
  return byRule;
}

/** Matches a request that the rule has labelled, on any other path. */
export function elsewhere(rule: string, paths: string[]): CfnWebACL.StatementProperty {
  const labelled = { labelMatchStatement: { scope: 'LABEL', key: labelOf(rule) } };
  const outside = paths.map((path) => ({ notStatement: { statement: onPath(path) } }));
  return { andStatement: { statements: [labelled, ...outside] } };
}

/**
 * The capacity units of such a rule: 1 for the label, and for each path two string matches of 2, one of them with two transformations of 10.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-string-match.html
 */
export function capacityElsewhere(paths: string[]): number {
  return 1 + paths.length * 24;
}

/** Rejects exemptions that would have no effect, or a wider one than they say. */
export function requireExemptPaths(
  scope: Construct,
  prop: string,
  exemptPaths: WafExemptPaths[] = [],
  countedRules: string[] = [],
  chosen: WafRuleGroup[] = [],
): void {
  exemptPaths.forEach(({ rule, paths }, i) => {
    requireResolved(scope, `${prop}[${i}].rule`, rule);
    requireRule(scope, `${prop}[${i}].rule`, rule, countedRules, chosen);
    requirePaths(scope, `${prop}[${i}].paths`, paths);
  });
}

/** As sent, and as a server reads it: `/uploads/../admin` and `/admin/../uploads/` are exempt by neither spelling. */
function onPath(path: string): CfnWebACL.StatementProperty {
  const match = (...types: string[]) => ({
    byteMatchStatement: {
      fieldToMatch: { uriPath: {} },
      positionalConstraint: path.endsWith('*') ? 'STARTS_WITH' : 'EXACTLY',
      searchString: path.replace(/\*$/, ''),
      textTransformations: types.map((type, priority) => ({ priority, type })),
    },
  });
  return { andStatement: { statements: [match('NONE'), match('URL_DECODE', 'NORMALIZE_PATH')] } };
}

function requireRule(scope: Construct, prop: string, rule: string, counted: string[], chosen: WafRuleGroup[]): void {
  const group = groupOf(rule);
  const reject = (must: string, fix: string) => validationError(scope, 'WafExemptRule', { prop, must, got: rule, fix });
  if (group === undefined) {
    const meant = closest(rule, Object.values(RULES).flat());
    throw reject(
      'be a rule of an AWS managed rule group whose label is known',
      meant ? `did you mean "${meant}"?` : 'let it count everywhere with `countedRules`',
    );
  }
  if (NEVER[rule]) throw reject(`be a rule that can be exempt, and ${NEVER[rule]}`, 'let it count everywhere with `countedRules`');
  if (![...ALWAYS, ...chosen].includes(group)) {
    const key = Object.entries(WafRuleGroup).find(([, value]) => value === group)![0];
    throw reject('be a rule of a group that the web ACL has', `add \`ruleGroups: [WafRuleGroup.${key}]\`, or leave it out`);
  }
  if (counted.includes(rule)) {
    throw reject('be a rule that does not count everywhere', 'remove it from `countedRules`, or leave the paths out');
  }
}

function requirePaths(scope: Construct, prop: string, paths: string[]): void {
  const wrong = paths.find((path) => !isUnknown(path) && !isPath(path));
  if (wrong === undefined && paths.length > 0) return;
  throw validationError(scope, 'WafExemptPath', {
    prop,
    must: 'contain paths of up to 200 characters that start with "/", without "..", "//" and "%", and with "*" only at the end',
    got: wrong ?? [],
    fix:
      wrong === '/*'
        ? 'let the rule count everywhere with `countedRules`'
        : 'write them as in "/uploads/*", or "/hooks/github" for a single path',
  });
}

function isPath(path: string): boolean {
  return /^\/[\x21-\x7e]{0,199}$/.test(path) && !/\.\.|\/\/|[%?\\]|\*./.test(path) && path !== '/*';
}
