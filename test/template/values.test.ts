import { Body, SOURCES, valueOf } from './templates';

const BODY: Body = {
  Parameters: {
    Size: { Type: 'String', Default: 'small' },
    Zones: { Type: 'CommaDelimitedList', Default: 'a,b' },
    Image: { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: '/aws/service/image' },
    Stage: { Type: 'String', AllowedValues: ['dev', 'prod'] },
    Open: { Type: 'String' },
  },
  Conditions: {
    InIreland: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] },
    NotInIreland: { 'Fn::Not': [{ Condition: 'InIreland' }] },
    IsOpen: { 'Fn::Equals': [{ Ref: 'Open' }, 'yes'] },
    IsClosed: { 'Fn::Not': [{ Condition: 'IsOpen' }] },
    IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
    IsDev: { 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] },
    Both: { 'Fn::And': [{ Condition: 'InIreland' }, { Condition: 'NotInIreland' }] },
    Any: { 'Fn::Or': [{ Condition: 'InIreland' }, { Condition: 'IsOpen' }] },
    Circle: { 'Fn::Not': [{ Condition: 'Circle' }] },
  },
  Mappings: { Images: { 'eu-west-1': { ami: 'ami-1' }, 'us-east-1': { ami: 'ami-2' } } },
  Resources: {
    Cluster: { Type: 'AWS::ECS::Cluster', Properties: { ClusterName: 'shop' } },
    Cache: { Type: 'AWS::ElastiCache::ReplicationGroup', Properties: { Port: 6400 } },
    Queue: { Type: 'AWS::SQS::Queue' },
    Vpc: { Type: 'AWS::EC2::VPC' },
  },
};

describe.each(SOURCES)('on a %s', (source) => {
  const read = (value: unknown) => valueOf(source, value, BODY);

  test.each<[string, unknown, unknown]>([
    ['a literal', 'x', 'x'],
    ['Ref of a parameter with a default', { Ref: 'Size' }, 'small'],
    ['Ref of a name', { Ref: 'Cluster' }, 'shop'],
    ['Fn::GetAtt of a property', { 'Fn::GetAtt': ['Cache', 'PrimaryEndPoint.Port'] }, '6400'],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }, 1]] }, 'a-eu-west-1-1'],
    ['Fn::Join of a list parameter', { 'Fn::Join': ['-', { Ref: 'Zones' }] }, 'a-b'],
    ['Fn::Join without what is not there', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::NoValue' }, 'b']] }, 'a-b'],
    ['Fn::Sub', { 'Fn::Sub': '${AWS::StackName} ${Size} ${Cache.PrimaryEndPoint.Port} ${!Kept}' }, 'Shop small 6400 ${Kept}'],
    ['Fn::Sub with variables', { 'Fn::Sub': ['${Name}.${Size}', { Name: { Ref: 'AWS::AccountId' } }] }, '111122223333.small'],
    ['Fn::Select', { 'Fn::Select': ['1', ['a', 'b']] }, 'b'],
    ['Fn::Select of Fn::Split', { 'Fn::Select': [1, { 'Fn::Split': [',', 'a,b,c'] }] }, 'b'],
    ['Fn::Length', { 'Fn::Length': ['a', 'b', { Ref: 'AWS::NoValue' }] }, '2'],
    ['Fn::Base64', { 'Fn::Base64': { 'Fn::Join': ['', ['a', 'b']] } }, 'YWI='],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Images', { Ref: 'AWS::Region' }, 'ami'] }, 'ami-1'],
    ['Fn::FindInMap with a default', { 'Fn::FindInMap': ['Images', 'mars', 'ami', { DefaultValue: 'none' }] }, 'none'],
    ['Fn::If that holds', { 'Fn::If': ['InIreland', 'yes', 'no'] }, 'yes'],
    ['Fn::Not', { 'Fn::If': ['NotInIreland', 'yes', 'no'] }, 'no'],
    ['Fn::And', { 'Fn::If': ['Both', 'yes', 'no'] }, 'no'],
    ['Fn::Or of which one part is unknown', { 'Fn::If': ['Any', 'yes', 'no'] }, 'yes'],
    ['the partition', { Ref: 'AWS::Partition' }, 'aws'],
    ['the suffix', { Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
  ])('%s is known', (_, value, expected) => {
    expect(read(value)).toMatchObject({ text: expected, isUnknown: false, isAbsent: false, because: undefined });
  });

  test.each<[string, unknown, string[]]>([
    ['Fn::If of an unknown condition', { 'Fn::If': ['IsOpen', 1, 3] }, ['1', '3']],
    ['one in the other, of the same condition', { 'Fn::If': ['IsOpen', { 'Fn::If': ['IsClosed', 'x', 'a'] }, 'b'] }, ['a', 'b']],
    ['one that may be absent', { 'Fn::If': ['IsOpen', 'a', { Ref: 'AWS::NoValue' }] }, ['a', 'nothing']],
    ['a parameter with a list of values', { Ref: 'Stage' }, ['dev', 'prod']],
    [
      'conditions of one parameter',
      { 'Fn::Sub': ['${A}${B}', { A: { 'Fn::If': ['IsProd', 1, 0] }, B: { 'Fn::If': ['IsDev', 1, 0] } }] },
      ['01', '10'],
    ],
    ['a key of a map', { 'Fn::FindInMap': ['Images', { Ref: 'Open' }, 'ami'] }, ['ami-1', 'ami-2']],
    ['a circle of conditions', { 'Fn::If': ['Circle', 'a', 'b'] }, ['b', 'a']],
  ])('%s is one of several', (_, value, options) => {
    expect(read(value)).toMatchObject({ options, text: undefined, isUnknown: true, isAbsent: false });
    expect(read(value).because).toBe(`it is one of ${options.join(', ')}`);
  });

  test.each<[string, unknown, string]>([
    ['a parameter without default', { Ref: 'Open' }, 'parameter Open of Shop has no default'],
    ['a parameter of the Parameter Store', { Ref: 'Image' }, 'parameter Image of Shop is read from the Parameter Store'],
    ['Ref of what AWS names', { Ref: 'Vpc' }, 'only a deployment knows Shop/Vpc'],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'only a deployment knows Shop/Queue.Arn'],
    ['Fn::GetAtt as text', { 'Fn::GetAtt': 'Queue.Arn' }, 'only a deployment knows Shop/Queue.Arn'],
    ['a part of a text', { 'Fn::Join': ['', ['a', { Ref: 'Open' }]] }, 'parameter Open of Shop has no default'],
    ['Fn::Split', { 'Fn::Split': [',', { Ref: 'Open' }] }, 'parameter Open of Shop has no default'],
    ['an index', { 'Fn::Select': [4, ['a']] }, 'Fn::Select has no element 4'],
    ['an unknown index', { 'Fn::Select': [{ Ref: 'Open' }, ['a']] }, 'parameter Open of Shop has no default'],
    ['no list', { 'Fn::Select': [0, 'a'] }, '"a" is no list'],
    ['Fn::GetAZs', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }, 'the zones of a region differ from account to account'],
    ['Fn::ImportValue', { 'Fn::ImportValue': 'elsewhere' }, 'no stack of the app exports elsewhere'],
    ['Fn::GetStackOutput', { 'Fn::GetStackOutput': { StackName: 'Far', OutputName: 'Ip' } }, 'the app has no stack named Far'],
    ['a map', { 'Fn::FindInMap': ['Images', 'mars', 'ami'] }, 'Fn::FindInMap finds nothing at Images.mars.ami'],
    ['a pseudo parameter', { Ref: 'AWS::StackId' }, 'only a deployment knows AWS::StackId of Shop'],
    ['another function', { 'Fn::Cidr': ['10.0.0.0/16', 2] }, 'only CloudFormation evaluates Fn::Cidr'],
  ])('%s is unknown, and says why', (_, value, because) => {
    expect(read(value)).toMatchObject({ because, text: undefined, number: undefined, isUnknown: true, isAbsent: false });
  });

  test('an unknown part of one branch is a state of its own', () => {
    expect(read({ 'Fn::If': ['IsOpen', 'a', { Ref: 'Open' }] })).toMatchObject({
      options: ['a', '*'],
      because: 'parameter Open of Shop has no default',
    });
  });

  test('AWS::NoValue is absent, alone and in a list', () => {
    expect(read({ Ref: 'AWS::NoValue' })).toMatchObject({ isAbsent: true, isUnknown: false, pattern: '*' });
    expect(read(['a', { Ref: 'AWS::NoValue' }]).items.map(({ text }) => text)).toEqual(['a']);
  });

  test('an environment that the stack leaves open is unknown', () => {
    const region = valueOf(source, { Ref: 'AWS::Region' }, {}, {}, {});
    expect(region.because).toBe('only a deployment knows AWS::Region of Shop');
    const image = valueOf(source, { 'Fn::FindInMap': ['Images', { Ref: 'AWS::Region' }, 'ami'] }, BODY, {}, {});
    expect(image.options).toEqual(['ami-1', 'ami-2']);
  });

  test('properties, items and texts are read in every branch', () => {
    const value = read({ 'Fn::If': ['IsOpen', { Names: ['a', 'b'], Max: 1 }, { Names: ['b'], Max: 1 }] });
    expect(value.at('Names').items.map(({ text }) => text)).toEqual(['a', 'b']);
    expect([value.at('Max').number, value.at('Min').isAbsent]).toEqual([1, true]);
  });

  test('true and false are certain, or neither', () => {
    const certain = read({ 'Fn::If': ['IsOpen', true, 'true'] });
    const open = read({ 'Fn::If': ['IsOpen', true, false] });
    expect([certain.isTrue, certain.isFalse, open.isTrue, open.isFalse, read('false').isFalse]).toEqual([
      true,
      false,
      false,
      false,
      true,
    ]);
  });

  test('a path below an unknown value leads to itself', () => {
    expect(read({ Ref: 'Open' }).at('Any', 'Path').because).toBe('parameter Open of Shop has no default');
  });

  test('a text with unknown parts has a pattern and its literals', () => {
    const value = read({
      'Fn::Join': ['', ['redis://', { Ref: 'Open' }, ':', { 'Fn::GetAtt': ['Cache', 'PrimaryEndPoint.Port'] }]],
    });
    expect([value.pattern, value.literals]).toEqual(['redis://*:6400', ['', 'redis://', ':']]);
    expect(read({ 'Fn::Sub': 'http://${Open}/' })).toMatchObject({ pattern: 'http://*/', literals: ['http://${Open}/'] });
  });

  test('more conditions than anybody looks at are unknown', () => {
    const names = Array.from({ length: 8 }, (_, i) => `P${i}`);
    const Parameters = Object.fromEntries(names.map((name) => [name, { Type: 'String', AllowedValues: ['a', 'b'] }]));
    const value = valueOf(source, { 'Fn::Join': ['', names.map((Ref) => ({ Ref }))] }, { Parameters });
    expect(value.because).toBe('it depends on too many conditions');
  });
});

describe.each(SOURCES)('parameters in Parameter Store of another stack, in a %s', (source) => {
  const owner: Body = {
    Resources: {
      Vpc: { Type: 'AWS::EC2::VPC' },
      Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: { Ref: 'Vpc' } } },
      One: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/a/group', Value: { 'Fn::GetAtt': ['Group', 'GroupId'] } } },
      Port: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/a/port', Value: '8080' } },
      Listed: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/a/list', Value: { 'Fn::Join': [',', [{ Ref: 'Vpc' }, 'x']] } } },
      Plain: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/a/plain', Value: 'a,b' } },
    },
  };
  const list = 'AWS::SSM::Parameter::Value<List<String>>';
  const Parameters = {
    Group: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/a/group' },
    Port: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/a/port' },
    Listed: { Type: list, Default: '/a/list' },
    Plain: { Type: list, Default: '/a/plain' },
    Missing: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/a/missing' },
  };
  const read = (value: unknown, env?: object) => valueOf(source, value, { Parameters }, { Owner: owner }, env);

  test('a reference leads to the resource of the owner', () => {
    expect(read({ Ref: 'Group' }).resource?.path).toBe('Owner/Group');
    expect(read({ 'Fn::Select': [0, { Ref: 'Listed' }] }).resource?.path).toBe('Owner/Vpc');
  });

  test('a text is known', () => {
    expect(read({ Ref: 'Port' }).text).toBe('8080');
    expect(read({ 'Fn::Select': [1, { Ref: 'Plain' }] }).text).toBe('b');
  });

  test('one that no template creates is read at deployment', () => {
    expect(read({ Ref: 'Missing' }).because).toBe('parameter Missing of Shop is read from the Parameter Store');
  });
});
