import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Peer } from 'aws-cdk-lib/aws-ec2';
import { arrange, newStack } from './fixtures';
import { RULES } from '../../src/gateway/private/waf-rule-names';
import { Waf } from '../../src/gateway/waf';
import { WafClientAddress } from '../../src/gateway/waf-client-address';
import { ManagedRulesOptions, WafCountries, WafRuleGroup } from '../../src/gateway/waf-options';

const HEADER = 'CF-Connecting-IP';
const clientAddress = WafClientAddress.forwarded(HEADER);
const config = (FallbackBehavior: string) => ({ HeaderName: HEADER, FallbackBehavior });

/** Stack of a gateway whose web ACL has these options, and its rules by name. */
function protect(options: ManagedRulesOptions, peers = [Peer.ipv4('203.0.113.0/24')]) {
  const { stack, gateway, target } = arrange({ external: { waf: Waf.managedRules(options), peers } }, newStack());
  gateway.external.route('Web', { target });
  const [webAcl] = Object.values(Template.fromStack(stack).findResources('AWS::WAFv2::WebACL'));
  const rules: { Name: string; Statement: Record<string, never> }[] = webAcl.Properties.Rules;
  return { stack, statements: Object.fromEntries(rules.map(({ Name, Statement }) => [Name, Statement])) };
}

/** The rules that count, by group. */
function counted(options: ManagedRulesOptions) {
  const overrides = Object.entries(protect(options).statements).map(([name, { ManagedRuleGroupStatement: group }]) => {
    const rules = (group as { RuleActionOverrides?: { Name: string }[] } | undefined)?.RuleActionOverrides ?? [];
    return [name, rules.map(({ Name }) => Name)] as const;
  });
  return Object.fromEntries(overrides.filter(([, rules]) => rules.length > 0));
}

const lists = { trustedAddresses: ['192.0.2.0/24'], blockedAddresses: ['198.51.100.0/24'] };

describe('PR-56: behind a CDN', () => {
  const { statements } = protect({ ...lists, clientAddress, countries: WafCountries.only(['DE']) });

  test('the rate limit counts the address in the header, and blocks a request whose address is none', () => {
    expect(statements.RateLimit).toEqual({
      RateBasedStatement: {
        AggregateKeyType: 'FORWARDED_IP',
        EvaluationWindowSec: 300,
        ForwardedIPConfig: config('MATCH'),
        Limit: 2000,
      },
    });
  });

  test('a request whose address is none is trusted by no list, and blocked', () => {
    const list = (name: string) => statements[name].IPSetReferenceStatement as Record<string, unknown>;
    expect(list('TrustedAddresses').IPSetForwardedIPConfig).toEqual({ ...config('NO_MATCH'), Position: 'LAST' });
    expect(list('BlockedAddresses').IPSetForwardedIPConfig).toEqual({ ...config('MATCH'), Position: 'LAST' });
  });

  test('a request whose address is none is in none of the allowed countries', () => {
    const match = { GeoMatchStatement: { CountryCodes: ['DE'], ForwardedIPConfig: config('NO_MATCH') } };
    expect(statements.Countries).toEqual({ NotStatement: { Statement: match } });
  });

  test('a request whose address is none is in each of the refused countries', () => {
    const { Countries } = protect({ clientAddress, countries: WafCountries.except(['AQ']) }).statements;
    expect(Countries).toEqual({ GeoMatchStatement: { CountryCodes: ['AQ'], ForwardedIPConfig: config('MATCH') } });
  });

  test.each([undefined, WafClientAddress.connection()])('without a header, the connection counts', (address) => {
    const text = JSON.stringify(protect({ ...lists, clientAddress: address, countries: WafCountries.only(['DE']) }).statements);
    expect(text).toContain('"AggregateKeyType":"IP"');
    expect(text).not.toContain('Forwarded');
  });

  const WARNING =
    '`external.waf.clientAddress`: everyone can reach the load balancer without the proxy, write any address into CF-Connecting-IP, and so ' +
    'evade the rate limit, the countries and the address lists; admit only the addresses of the proxy with `external.peers` ' +
    '[ack: cdk-ecs-mesh:WafHeaderFromAnyone]';

  test('everyone can write the header where everyone is admitted', () => {
    const open = Annotations.fromStack(protect({ clientAddress }, [Peer.anyIpv4()]).stack);
    expect(open.findWarning('*', Match.stringLikeRegexp('WafHeaderFromAnyone')).map(({ entry }) => entry.data)).toEqual([WARNING]);
    Annotations.fromStack(protect({ clientAddress }).stack).hasNoWarning('*', Match.stringLikeRegexp('WafHeaderFromAnyone'));
  });
});

describe('PR-57: rules that count', () => {
  test('are set in the group that has them', () => {
    const countedRules = ['SizeRestrictions_BODY', 'SQLi_BODY', 'Log4JRCE_BODY', 'AWSManagedIPDDoSList'];
    expect(counted({ countedRules, ruleGroups: [WafRuleGroup.SQL_DATABASE] })).toEqual({
      AWSManagedRulesAmazonIpReputationList: ['AWSManagedIPDDoSList'],
      AWSManagedRulesCommonRuleSet: ['SizeRestrictions_BODY'],
      AWSManagedRulesKnownBadInputsRuleSet: ['Log4JRCE_BODY'],
      AWSManagedRulesSQLiRuleSet: ['SQLi_BODY'],
    });
  });

  test('every rule of every group can count', () => {
    const countedRules = Object.values(RULES).flat();
    expect(new Set(countedRules).size).toBe(countedRules.length);
    expect(counted({ countedRules, ruleGroups: Object.values(WafRuleGroup) })).toEqual(RULES);
  });

  test('one that no list has may be new: a warning', () => {
    const { stack } = protect({ countedRules: ['QuantumRCE_TRAILER'] });
    const text = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('WafRuleNotListed'))[0].entry.data;
    expect(text).toBe(
      '`external.waf.countedRules`: no AWS managed rule group in the list of 2026-11-30 has a rule QuantumRCE_TRAILER ' +
        '(https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html has the present one). AWS WAF ignores names that it does not know. ' +
        '[ack: cdk-ecs-mesh:WafRuleNotListed]',
    );
  });
});
