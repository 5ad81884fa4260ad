import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { Resource, Value } from '../../../template/private/app-templates';
import { Rule, verdict } from '../rule';

/** The rules that match requests which services send and browsers do not. */
const RULES = ['NoUserAgent_HEADER', 'SizeRestrictions_BODY'];

export const webAclBlocksServices: Rule = {
  id: 'WebAclBlocksServices',
  trap: 'T30',
  level: NagMessageLevel.WARN,
  info: 'The common rule set of AWS WAF blocks calls between services at an internal load balancer.',
  explanation:
    'AWSManagedRulesCommonRuleSet answers 403 to requests without a User-Agent header, which many HTTP clients do not send, and to bodies over 8 KB. Health checks bypass the web ACL, so all targets are healthy. Set NoUserAgent_HEADER and SizeRestrictions_BODY to count with ruleActionOverrides.',
  check: (resource) => {
    if (resource.type !== 'AWS::WAFv2::WebACLAssociation') return NagRuleCompliance.NOT_APPLICABLE;
    const loadBalancer = resource.at('ResourceArn').resource;
    const isInternal = loadBalancer?.at('Scheme').text === 'internal';
    // Behind CloudFront, browsers call it, for which the web ACL is meant.
    if (loadBalancer && resource.app.referring(loadBalancer, 'AWS::CloudFront::VpcOrigin').length > 0) {
      return NagRuleCompliance.NOT_APPLICABLE;
    }
    const groups = isInternal ? commonRuleSets(resource.at('WebACLArn').resource) : [];
    return groups.length > 0 ? verdict(groups.some(blocks)) : NagRuleCompliance.NOT_APPLICABLE;
  },
};

/** Returns the rules of a web ACL that apply to every request. A rule group with a scope-down statement applies to some. */
function commonRuleSets(webAcl: Resource | undefined): Value[] {
  const rules = webAcl?.type === 'AWS::WAFv2::WebACL' ? webAcl.at('Rules').items : [];
  return rules.filter((rule) => {
    const group = rule.at('Statement', 'ManagedRuleGroupStatement');
    return group.at('Name').text === 'AWSManagedRulesCommonRuleSet' && group.at('ScopeDownStatement').isAbsent;
  });
}

function blocks(rule: Value): boolean {
  if (!rule.at('OverrideAction', 'Count').isAbsent) return false;
  const group = rule.at('Statement', 'ManagedRuleGroupStatement');
  // No service answers a CAPTCHA or a challenge, either.
  const isLetIn = (item: Value) => ['Count', 'Allow'].some((action) => !item.at('ActionToUse', action).isAbsent);
  const counted = [...group.at('RuleActionOverrides').items.filter(isLetIn), ...group.at('ExcludedRules').items].map(
    (item) => item.at('Name').text,
  );
  return RULES.some((name) => !counted.includes(name));
}
