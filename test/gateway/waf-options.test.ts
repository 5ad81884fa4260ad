import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { arrange, newStack } from './fixtures';
import { Waf } from '../../src/gateway/waf';
import { ManagedRulesOptions, WafCountries, WafMode, WafRuleGroup } from '../../src/gateway/waf-options';

const AT = 'at S/Gateway]';

/** Stack of a gateway whose web ACL has these options. */
function protect(options: ManagedRulesOptions) {
  const { stack, gateway, target } = arrange({ external: { waf: Waf.managedRules(options) } }, newStack());
  gateway.external.route('Web', { target });
  return stack;
}

/** The rules of that web ACL. */
function rules(options: ManagedRulesOptions) {
  const [webAcl] = Object.values(Template.fromStack(protect(options)).findResources('AWS::WAFv2::WebACL'));
  return webAcl.Properties.Rules as Record<string, any>[]; // eslint-disable-line @typescript-eslint/no-explicit-any
}

test('addresses and countries come first, each with its own place', () => {
  const all = rules({
    trustedAddresses: ['192.0.2.0/24'],
    blockedAddresses: ['198.51.100.7/32'],
    countries: WafCountries.only(['DE', 'AT']),
    ruleGroups: [WafRuleGroup.SQL_DATABASE, WafRuleGroup.LINUX, WafRuleGroup.LINUX],
  });
  expect(all.map(({ Priority, Name }) => `${Priority} ${Name}`)).toEqual([
    '0 TrustedAddresses',
    '1 BlockedAddresses',
    '2 Countries',
    '3 RateLimit',
    '4 AWSManagedRulesAmazonIpReputationList',
    '5 AWSManagedRulesCommonRuleSet',
    '6 AWSManagedRulesKnownBadInputsRuleSet',
    '7 AWSManagedRulesSQLiRuleSet',
    '8 AWSManagedRulesLinuxRuleSet',
  ]);
  expect(all.slice(0, 3).map(({ Action }) => Action)).toEqual([{ Allow: {} }, { Block: {} }, { Block: {} }]);
  expect(all[2].Statement).toEqual({ NotStatement: { Statement: { GeoMatchStatement: { CountryCodes: ['DE', 'AT'] } } } });
});

test('counted rules are those of the common group, and of no other', () => {
  const all = rules({ countedRules: ['SizeRestrictions_BODY', 'NoUserAgent_HEADER'], ruleGroups: Object.values(WafRuleGroup) });
  const overrides = all.map(({ Name, Statement }) => [Name, Statement.ManagedRuleGroupStatement?.RuleActionOverrides]);
  expect(overrides.filter(([, found]) => found !== undefined)).toEqual([
    [
      'AWSManagedRulesCommonRuleSet',
      [
        { Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } },
        { Name: 'NoUserAgent_HEADER', ActionToUse: { Count: {} } },
      ],
    ],
  ]);
});

test('all countries but some', () => {
  expect(rules({ countries: WafCountries.except(['AQ']) })[0].Statement).toEqual({ GeoMatchStatement: { CountryCodes: ['AQ'] } });
});

test('an address set of its own for each kind', () => {
  const template = Template.fromStack(protect({ trustedAddresses: ['192.0.2.0/24'], blockedAddresses: ['198.51.100.7/32'] }));
  const sets = Object.values(template.findResources('AWS::WAFv2::IPSet')).map(({ Properties }) => Properties);
  expect(sets).toEqual([
    { Scope: 'REGIONAL', IPAddressVersion: 'IPV4', Addresses: ['192.0.2.0/24'] },
    { Scope: 'REGIONAL', IPAddressVersion: 'IPV4', Addresses: ['198.51.100.7/32'] },
  ]);
});

test('count: nothing is blocked, trusted addresses pass as before', () => {
  const [trusted, blocked, limit, ...groups] = rules({
    mode: WafMode.COUNT,
    trustedAddresses: ['192.0.2.0/24'],
    blockedAddresses: ['198.51.100.7/32'],
  });
  expect([trusted.Action, blocked.Action, limit.Action]).toEqual([{ Allow: {} }, { Count: {} }, { Count: {} }]);
  expect(groups.map(({ OverrideAction }) => OverrideAction)).toEqual(groups.map(() => ({ Count: {} })));
});

describe('capacity', () => {
  const { SQL_DATABASE, LINUX, POSIX, ANONYMOUS_IP_LIST } = WafRuleGroup;
  test('up to 1500 units: no warning', () => {
    const stack = protect({ ruleGroups: [SQL_DATABASE, LINUX, POSIX, ANONYMOUS_IP_LIST] });
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('WafCapacity'))).toEqual([]);
  });

  test('over 1500 units: what it means', () => {
    const stack = protect({ ruleGroups: Object.values(WafRuleGroup), blockedAddresses: ['198.51.100.7/32'] });
    Annotations.fromStack(stack).hasWarning(
      '/S/Gateway/External/Waf',
      'The rules of the web ACL have about 1978 capacity units; AWS charges more per request for those over 1500. Leave out rule groups ' +
        'that the services do not need. [ack: cdk-ecs-mesh:WafCapacity]',
    );
  });
});

describe('refused', () => {
  test.each(['192.0.2.7', '0.0.0.0/0', '192.0.2.0/33', '2001:db8::/32'])('address %s', (address) => {
    expect(() => protect({ blockedAddresses: [address] })).toThrow(
      new Error(
        `\`external.waf.blockedAddresses\` must contain IPv4 ranges of /1 to /32, got "${address}"; write them as in "203.0.113.0/24", a single ` +
          `address as in "203.0.113.7/32" [WafAddresses ${AT}`,
      ),
    );
  });

  test('no address', () => {
    expect(() => protect({ trustedAddresses: [] })).toThrow(
      new Error(
        `\`external.waf.trustedAddresses\` must contain IPv4 ranges of /1 to /32, got []; leave it out [WafAddresses ${AT}`,
      ),
    );
  });

  test.each([['0.0.0.0/1'], ['192.0.2.7/32']])('%s is fine', (address) => {
    expect(() => protect({ trustedAddresses: [address] })).not.toThrow();
  });

  test.each([
    [['ZZ'], '"ZZ"'],
    [['DEU'], '"DEU"'],
    [[], '0'],
    [Array.from({ length: 51 }, () => 'DE'), '51'],
  ])('countries %#', (codes, got) => {
    expect(() => protect({ countries: WafCountries.only(codes) })).toThrow(
      new Error(
        `\`external.waf.countries\` must contain 1 to 50 two-letter country codes in upper case, got ${got}; write them as in "DE"; the other of ` +
          `\`only\` and \`except\` may need fewer [WafCountries ${AT}`,
      ),
    );
  });

  test.each([
    ['UK', 'GB'],
    ['uk', 'GB'],
    ['EL', 'GR'],
    ['de', 'DE'],
  ])('the country %s is %s', (code, meant) => {
    const message = `got "${code}"; did you mean "${meant}"? [WafCountries ${AT}`;
    expect(() => protect({ countries: WafCountries.only(['FR', code]) })).toThrow(message);
    expect(() => protect({ countries: WafCountries.except([meant, 'XK']) })).not.toThrow();
  });

  test('50 countries are fine', () => {
    expect(() => protect({ countries: WafCountries.except(Array.from({ length: 50 }, () => 'DE')) })).not.toThrow();
  });
});

/** The warnings of the two sides of a gateway. */
function warningsOf(side: 'external' | 'internal', options: ManagedRulesOptions): string[] {
  const { stack, gateway, target } = arrange({ [side]: { waf: Waf.managedRules(options) } }, newStack());
  gateway[side].route('Web', { target });
  return Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp('WafOtherSide'))
    .map(({ entry }) => String(entry.data));
}

test.each<['external' | 'internal', ManagedRulesOptions, string]>([
  [
    'internal',
    { rateLimit: 100, countries: WafCountries.only(['DE']) },
    '`waf.rateLimit` and `waf.countries` of this internal side have no effect: the rules are about clients on the internet, on the ' +
      'external side. Give each side a `Waf` of its own. [ack: cdk-ecs-mesh:WafOtherSide]',
  ],
  [
    'external',
    { internalCountedRules: ['NoUserAgent_HEADER'] },
    '`waf.internalCountedRules` of this external side has no effect: the rules are about calls between services, on the internal ' +
      'side. Give each side a `Waf` of its own. [ack: cdk-ecs-mesh:WafOtherSide]',
  ],
])('options that the %s side does not have: %j', (side, options, text) => expect(warningsOf(side, options)).toEqual([text]));

test('options of a side itself are no finding', () => {
  expect(warningsOf('internal', { internalCountedRules: ['NoUserAgent_HEADER'], mode: WafMode.COUNT })).toEqual([]);
  expect(warningsOf('external', { rateLimit: 100, trustedAddresses: ['192.0.2.0/24'] })).toEqual([]);
});
