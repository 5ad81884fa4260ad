import { Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnRuleGroup } from 'aws-cdk-lib/aws-wafv2';
import { arrange, Given, newStack } from './fixtures';
import { Compliance } from '../../src/core/compliance';
import { labelOf } from '../../src/gateway/private/waf-exempt-paths';
import { RULES } from '../../src/gateway/private/waf-rule-names';
import { Waf } from '../../src/gateway/waf';
import { ManagedRulesOptions, WafMode, WafRuleGroup } from '../../src/gateway/waf-options';
import { WafOtherRuleGroup } from '../../src/gateway/waf-other-rule-group';
import { oidc } from '../helpers';

interface Rule {
  readonly Name: string;
  readonly Priority: number;
  readonly Action?: object;
  readonly OverrideAction?: object;
  readonly Statement: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
}

const UPLOADS = { rule: 'SizeRestrictions_BODY', paths: ['/uploads/*', '/hooks/github'] };
const ARN = 'arn:aws:wafv2:eu-west-1:111111111111:regional/rulegroup/team-rules/0a1b';

/** The rules of the web ACL of one side, and its stack. */
function protect(options: ManagedRulesOptions, side: 'external' | 'internal' = 'external', stack = newStack()) {
  const { gateway, target } = arrange({ [side]: { waf: Waf.managedRules(options) } } as Given, stack);
  const route = gateway[side].route('Web', { target });
  const acls = Object.values(Template.fromStack(stack).findResources('AWS::WAFv2::WebACL'));
  const rules: Rule[] = acls[side === 'internal' ? acls.length - 1 : 0].Properties.Rules;
  return { stack, route, rules };
}

const last = (rules: Rule[]) => rules[rules.length - 1];
const common = (rules: Rule[]) => rules.find(({ Name }) => Name === 'AWSManagedRulesCommonRuleSet')!;
const countedIn = (rule: Rule) =>
  (rule.Statement.ManagedRuleGroupStatement.RuleActionOverrides ?? []).map(({ Name }: { Name: string }) => Name);

function ownGroup(stack = newStack(), props: object = {}): CfnRuleGroup {
  const visibilityConfig = { metricName: 'a', cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true };
  const rule = { priority: 0, action: { block: {} }, statement: { geoMatchStatement: { countryCodes: ['AQ'] } }, visibilityConfig };
  const rules = ['NoTenantHeader', 'OldClients'].map((name, priority) => ({ ...rule, name, priority }));
  return new CfnRuleGroup(stack, 'Team.Rules', { scope: 'REGIONAL', capacity: 600, visibilityConfig, rules, ...props });
}

describe('PR-57: a rule that some paths may match', () => {
  test('counts in its group, and a rule after all groups blocks what it has labelled on other paths', () => {
    const { rules } = protect({ exemptPaths: [UPLOADS], ruleGroups: [WafRuleGroup.LINUX] });
    const match = (PositionalConstraint: string, SearchString: string, types: string[]) => ({
      ByteMatchStatement: {
        FieldToMatch: { UriPath: {} },
        PositionalConstraint,
        SearchString,
        TextTransformations: types.map((Type, Priority) => ({ Priority, Type })),
      },
    });
    const outside = (constraint: string, text: string) => {
      const statements = [match(constraint, text, ['NONE']), match(constraint, text, ['URL_DECODE', 'NORMALIZE_PATH'])];
      return { NotStatement: { Statement: { AndStatement: { Statements: statements } } } };
    };
    const label = { LabelMatchStatement: { Scope: 'LABEL', Key: 'awswaf:managed:aws:core-rule-set:SizeRestrictions_Body' } };
    expect(countedIn(common(rules))).toEqual(['SizeRestrictions_BODY']);
    expect(rules.map(({ Priority }) => Priority)).toEqual(rules.map((_, i) => i));
    expect(last(rules)).toMatchObject({ Name: 'SizeRestrictions_BODY_Elsewhere', Action: { Block: {} } });
    expect(last(rules).Statement.AndStatement.Statements).toEqual([
      label,
      outside('STARTS_WITH', '/uploads/'),
      outside('EXACTLY', '/hooks/github'),
    ]);
  });

  test('rules before it stay where they are without it', () => {
    const order = (options: ManagedRulesOptions) => protect(options).rules.map(({ Name, Priority }) => `${Priority} ${Name}`);
    expect(order({ exemptPaths: [UPLOADS] })).toEqual([...order({}), '4 SizeRestrictions_BODY_Elsewhere']);
  });

  test('two entries of a rule are one rule', () => {
    const { rules } = protect({ exemptPaths: [UPLOADS, { ...UPLOADS, paths: ['/uploads/*', '/import'] }] });
    expect(rules).toHaveLength(5);
    expect(last(rules).Statement.AndStatement.Statements).toHaveLength(4);
  });

  test('only counts where nothing blocks', () => {
    expect(last(protect({ exemptPaths: [UPLOADS], mode: WafMode.COUNT }).rules).Action).toEqual({ Count: {} });
  });

  test('counts everywhere between services, where it always does', () => {
    const { rules } = protect({ exemptPaths: [UPLOADS] }, 'internal');
    expect(last(rules).Name).toBe('AWSManagedRulesKnownBadInputsRuleSet');
    expect(countedIn(common(rules))).toContain('SizeRestrictions_BODY');
    expect(last(protect({ exemptPaths: [UPLOADS], internalCountedRules: [] }, 'internal').rules).Name).toBe(
      'SizeRestrictions_BODY_Elsewhere',
    );
  });

  test('counts everywhere on a side with a sign-in that it would block', () => {
    const stack = newStack();
    const exemptPaths = [{ rule: 'SizeRestrictions_QUERYSTRING', paths: ['/search'] }];
    const { gateway, target } = arrange({ external: { waf: Waf.managedRules({ exemptPaths }) } }, stack);
    const names = () =>
      Object.values(Template.fromStack(stack).findResources('AWS::WAFv2::WebACL'))[0].Properties.Rules.map(
        ({ Name }: Rule) => Name,
      );
    gateway.external.route('Web', { target, authentication: oidc({}, stack) });
    expect(names()).not.toContain('SizeRestrictions_QUERYSTRING_Elsewhere');
  });

  test('costs capacity: 1 unit, and 24 for each path', () => {
    const warnings = (count: number) => {
      const paths = Array.from({ length: count }, (_, i) => `/uploads/${i}`);
      const { stack } = protect({ exemptPaths: [{ ...UPLOADS, paths }] });
      return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('WafCapacity'));
    };
    expect(warnings(23)).toEqual([]);
    expect(warnings(24)[0].entry.data).toContain('about 1504 capacity units');
  });
});

describe('labels', () => {
  test.each([
    ['SizeRestrictions_Cookie_HEADER', 'core-rule-set:SizeRestrictions_Cookie_Header'],
    ['UserAgent_BadBots_HEADER', 'core-rule-set:BadBots_Header'],
    ['EC2MetaDataSSRF_QUERYARGUMENTS', 'core-rule-set:EC2MetaDataSSRF_QueryArguments'],
    ['CrossSiteScripting_COOKIE', 'core-rule-set:CrossSiteScripting_Cookie'],
    ['GenericLFI_URIPATH', 'core-rule-set:GenericLFI_URIPath'],
    ['Host_localhost_HEADER', 'known-bad-inputs:Host_Localhost_Header'],
    ['PROPFIND_METHOD', 'known-bad-inputs:Propfind_Method'],
    ['SQLiExtendedPatterns_BODY', 'sql-database:SQLiExtendedPatterns_Body'],
    ['LFI_QUERYSTRING', 'linux-os:LFI_QueryString'],
    ['WordPressExploitablePaths_URIPATH', 'wordpress-app:WordPressExploitablePaths_URIPATH'],
    ['HostingProviderIPList', 'anonymous-ip-list:HostingProviderIPList'],
    ['AWSManagedReconnaissanceList', 'amazon-ip-list:AWSManagedReconnaissanceList'],
  ])('%s', (rule, label) => expect(labelOf(rule)).toBe(`awswaf:managed:aws:${label}`));

  test('one for each rule of each group', () => {
    const all = Object.values(RULES).flat().map(labelOf);
    expect(new Set(all).size).toBe(all.length);
    expect(all.filter((label) => /undefined|:[^:]*_(BODY|HEADER|COOKIE|QUERYARGUMENTS)$/.test(label))).toEqual([]);
  });
});

describe('refused exemptions', () => {
  const known = 'be a rule of an AWS managed rule group whose label is known';
  test.each<[string, ManagedRulesOptions, string, string]>([
    ['SizeRestriction_BODY', {}, known, 'did you mean "SizeRestrictions_BODY"?'],
    ['QuantumRCE_TRAILER', {}, known, 'let it count everywhere with `countedRules`'],
    [
      'AWSManagedIPDDoSList',
      {},
      'be a rule that can be exempt, and AWS WAF only counts it',
      'let it count everywhere with `countedRules`',
    ],
    [
      'SQLi_BODY',
      {},
      'be a rule of a group that the web ACL has',
      'add `ruleGroups: [WafRuleGroup.SQL_DATABASE]`, or leave it out',
    ],
    [
      'GenericRFI_BODY',
      { countedRules: ['GenericRFI_BODY'] },
      'be a rule that does not count everywhere',
      'remove it from `countedRules`, or leave the paths out',
    ],
  ])('rule %s', (rule, options, must, fix) => {
    expect(() => protect({ ...options, exemptPaths: [UPLOADS, { rule, paths: ['/a'] }] })).toThrow(
      new Error(`\`external.waf.exemptPaths[1].rule\` must ${must}, got "${rule}"; ${fix} [WafExemptRule at S/Gateway]`),
    );
  });

  test.each([['uploads'], ['/a*b'], ['/a/**'], ['/a?'], ['/../a'], ['/a//b'], ['/%75'], ['/a b'], [`/${'a'.repeat(200)}`]])(
    'path %s',
    (path) => {
      expect(() => protect({ exemptPaths: [{ ...UPLOADS, paths: ['/a', path] }] })).toThrow(
        new Error(
          '`external.waf.exemptPaths[0].paths` must contain paths of up to 200 characters that start with "/", without "..", "//" and "%", and with "*" ' +
            `only at the end, got "${path}"; write them as in "/uploads/*", or "/hooks/github" for a single path [WafExemptPath at S/Gateway]`,
        ),
      );
    },
  );

  test.each([
    [[], 'write them as'],
    [['/*'], 'let the rule count everywhere'],
  ])('paths %j', (paths, fix) => {
    expect(() => protect({ exemptPaths: [{ ...UPLOADS, paths }] })).toThrow(fix);
  });

  test.each([['/'], ['/a*'], [`/${'a'.repeat(199)}`]])('path %s is fine', (path) => {
    expect(() => protect({ exemptPaths: [{ ...UPLOADS, paths: [path] }] })).not.toThrow();
  });
});

describe('groups that AWS does not maintain', () => {
  test('follow the managed ones, whose labels they can read, in the given order and under names of their own', () => {
    const stack = newStack();
    const otherRuleGroups = [
      WafOtherRuleGroup.fromRuleGroup(ownGroup(stack), { countedRules: ['OldClients'] }),
      WafOtherRuleGroup.fromArn(ARN, { countedRules: ['AnyName'] }),
      WafOtherRuleGroup.marketplace('Vendor', 'ApiRules', { countedRules: ['AnyRule'] }),
      WafOtherRuleGroup.fromArn(ARN.replace('0a1b', '2c3d')),
    ];
    const { rules } = protect({ otherRuleGroups, exemptPaths: [UPLOADS] }, 'external', stack);
    const overrides = (Name: string) => [{ Name, ActionToUse: { Count: {} } }];
    expect(
      rules.slice(4).map(({ Name, OverrideAction, Statement }) => [Name, OverrideAction, Object.values(Statement)[0]]),
    ).toEqual([
      ['Team-Rules', { None: {} }, { Arn: { 'Fn::GetAtt': ['TeamRules', 'Arn'] }, RuleActionOverrides: overrides('OldClients') }],
      ['team-rules', { None: {} }, { Arn: ARN, RuleActionOverrides: overrides('AnyName') }],
      ['ApiRules', { None: {} }, { VendorName: 'Vendor', Name: 'ApiRules', RuleActionOverrides: overrides('AnyRule') }],
      ['team-rules-2', { None: {} }, { Arn: ARN.replace('0a1b', '2c3d') }],
      ['SizeRestrictions_BODY_Elsewhere', undefined, expect.anything()],
    ]);
  });

  test('have names that metrics can have: AWS keeps some for itself, and a number fits behind a long one', () => {
    const long = WafOtherRuleGroup.marketplace('Vendor', 'a'.repeat(128));
    const otherRuleGroups = [WafOtherRuleGroup.marketplace('Vendor', 'All'), long, long];
    const { rules } = protect({ otherRuleGroups });
    expect(rules.slice(4).map(({ Name }) => Name)).toEqual(['All-2', 'a'.repeat(120), `${'a'.repeat(120)}-2`]);
  });

  test('only count where nothing blocks', () => {
    const { rules } = protect({ otherRuleGroups: [WafOtherRuleGroup.fromArn(ARN)], mode: WafMode.COUNT });
    expect(last(rules).OverrideAction).toEqual({ Count: {} });
  });

  test('a group of the app counts with its capacity', () => {
    const stack = newStack();
    protect({ otherRuleGroups: [WafOtherRuleGroup.fromRuleGroup(ownGroup(stack))] }, 'external', stack);
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('about 1527 capacity units'));
  });

  const refused = (group: (stack: Stack) => WafOtherRuleGroup) => {
    const stack = newStack();
    return () => protect({ otherRuleGroups: [group(stack)] }, 'external', stack);
  };

  test.each<[string, () => WafOtherRuleGroup]>([
    ['', () => WafOtherRuleGroup.marketplace('', 'Rules')],
    ['Api Rules', () => WafOtherRuleGroup.marketplace('A Vendor, Inc.', 'Api Rules')],
    ['No Tenant', () => WafOtherRuleGroup.fromArn(ARN, { countedRules: ['No Tenant'] })],
  ])('a name that is none: "%s"', (got, group) => {
    expect(refused(group)).toThrow(
      new Error(
        '`external.waf.otherRuleGroups[0]` must have names of 1 to 128 letters, digits, underscores and hyphens; that of a vendor can contain other ' +
          `characters, got "${got}"; copy them from \`aws wafv2 list-available-managed-rule-groups --scope REGIONAL\` [WafRuleGroupName at S/Gateway]`,
      ),
    );
  });

  test.each([
    ['OldClient', 'did you mean "OldClients"?'],
    ['SizeRestrictions_BODY', 'its rules are NoTenantHeader, OldClients'],
  ])('a rule that the group of the app does not have: %s', (name, fix) => {
    expect(refused((stack) => WafOtherRuleGroup.fromRuleGroup(ownGroup(stack), { countedRules: [name] }))).toThrow(
      new Error(
        '`external.waf.otherRuleGroups[0].countedRules` must contain names of rules of Team-Rules, because the override of another one has no ' +
          `effect, got "${name}"; ${fix} [WafCountedRule at S/Gateway]`,
      ),
    );
  });

  test.each([
    ['CLOUDFRONT', (s: Stack) => WafOtherRuleGroup.fromRuleGroup(ownGroup(s, { scope: 'CLOUDFRONT' }))],
    ['global', () => WafOtherRuleGroup.fromArn(ARN.replace('regional', 'global'))],
    ['arn:aws:iam::1:role/a', () => WafOtherRuleGroup.fromArn('arn:aws:iam::1:role/a')],
  ])('of the scope %s', (got, group) => {
    expect(refused(group)).toThrow(
      new Error(
        `\`external.waf.otherRuleGroups[0]\` must be a regional WAFv2 rule group, got "${got}"; create it with the scope "REGIONAL"; a group for ` +
          'CloudFront (global) cannot be in the web ACL of a load balancer [WafRuleGroupScope at S/Gateway]',
      ),
    );
  });

  test.each([
    ['rules', { rules: Lazy.any({ produce: () => [] }) }],
    ['a scope', { scope: Lazy.string({ produce: () => 'REGIONAL' }) }],
    ['a capacity', { capacity: Lazy.number({ produce: () => 600 }) }],
  ])('%s that only a deployment knows are not judged', (_, props) => {
    const countedRules = 'rules' in props ? ['AnyName'] : [];
    expect(refused((stack) => WafOtherRuleGroup.fromRuleGroup(ownGroup(stack, props), { countedRules }))).not.toThrow();
  });
});

test('with strict compliance, the internal side has the same groups', () => {
  const stack = newStack();
  Compliance.strict().applyTo(stack);
  const waf = Waf.managedRules({ otherRuleGroups: [WafOtherRuleGroup.fromArn(ARN)] });
  const { gateway, target } = arrange({ external: { waf }, internal: { waf } }, stack);
  gateway.external.route('Web', { target });
  gateway.internal.route('Web', { target });
  const acls = Object.values(Template.fromStack(stack).findResources('AWS::WAFv2::WebACL'));
  expect(acls.map(({ Properties }) => last(Properties.Rules).Name)).toEqual(['team-rules', 'team-rules']);
});
