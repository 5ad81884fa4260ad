import { Json } from '../assembly/json';
import { TemplateBody } from '../assembly/stack-template';
import { assemblyOf, resolverOf } from './fixture/resolver-of';

/** Evaluate one value as a property of a resource in a stack with these parts. */
function evaluate(value: Json, body: TemplateBody = {}, others: Record<string, TemplateBody> = {}): Json | undefined {
  const resolver = resolverOf(
    { ...body.Resources, Subject: { Type: 'Test::Subject', Properties: { Value: value } } },
    body,
    others,
  );
  return resolver.read(resolver.resources('Test::Subject')[0]).get('Value').value;
}

const resources = {
  Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Name: 'front' } },
  Host: { Type: 'AWS::EC2::Instance', Properties: {} },
  Secret: { Type: 'AWS::SecretsManager::Secret', Properties: {} },
  Cache: { Type: 'AWS::ElastiCache::ReplicationGroup', Properties: { Port: 6400 } },
  Odd: { Type: 'Some::Other::Type', Properties: {} },
};

describe('intrinsic functions', () => {
  test.each<[string, Json, Json | undefined]>([
    ['a literal', 'x', 'x'],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }, 1]] }, 'a-eu-west-1-1'],
    ['Fn::Select of Fn::Split', { 'Fn::Select': [1, { 'Fn::Split': [',', 'a,b,c'] }] }, 'b'],
    ['Fn::Sub with pseudo parameters', { 'Fn::Sub': '${AWS::AccountId}.dkr.${AWS::URLSuffix}' }, '111122223333.dkr.amazonaws.com'],
    [
      'Fn::Sub with variables and a literal',
      { 'Fn::Sub': ['${Name} ${!Kept}', { Name: { Ref: 'AWS::StackName' } }] },
      'Main ${Kept}',
    ],
    ['Fn::Sub with an attribute', { 'Fn::Sub': 'http://${Host.PrivateIp}/' }, 'http://address-of-Host/'],
    ['Fn::Base64', { 'Fn::Base64': { 'Fn::Join': ['', ['a', 'b']] } }, Buffer.from('ab').toString('base64')],
    ['Fn::GetAZs', { 'Fn::Select': [1, { 'Fn::GetAZs': '' }] }, 'eu-west-1b'],
    ['AWS::NoValue in a list', ['a', { Ref: 'AWS::NoValue' }], ['a']],
    ['AWS::NoValue alone', { Ref: 'AWS::NoValue' }, undefined],
    ['GetAtt as text', { 'Fn::GetAtt': 'Host.PrivateIp' }, 'address-of-Host'],
    ['GetAtt with a dotted attribute', { 'Fn::GetAtt': ['Cache', 'PrimaryEndPoint.Port'] }, 6400],
    [
      'Ref of a load balancer',
      { Ref: 'Balancer' },
      'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/front/Balancer',
    ],
    ['Ref of a secret', { Ref: 'Secret' }, 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:Secret-generated000-local0'],
  ])('%s', (_name, value, expected) => {
    expect(evaluate(value, { Resources: resources })).toEqual(expected);
  });

  test('Fn::If takes the branch of its condition, and leaves the other one alone', () => {
    const body = { Conditions: { Yes: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] }] } } };
    expect(evaluate({ 'Fn::If': ['Yes', 'right', { Ref: 'NoSuchThing' }] }, body)).toBe('right');
  });

  test('Fn::And, Fn::Or and nested conditions', () => {
    const Conditions = {
      A: { 'Fn::Equals': ['x', 'x'] },
      B: { 'Fn::Equals': ['x', 'y'] },
      Both: { 'Fn::And': [{ Condition: 'A' }, { Condition: 'B' }] },
      Any: { 'Fn::Or': [{ Condition: 'A' }, { Condition: 'B' }] },
    };
    expect(
      evaluate({ 'Fn::Join': ['', [{ 'Fn::If': ['Both', '1', '0'] }, { 'Fn::If': ['Any', '1', '0'] }]] }, { Conditions }),
    ).toBe('01');
  });

  test('Fn::FindInMap', () => {
    const body = { Mappings: { Images: { 'eu-west-1': { ami: 'ami-1' } } } };
    expect(evaluate({ 'Fn::FindInMap': ['Images', { Ref: 'AWS::Region' }, 'ami'] }, body)).toBe('ami-1');
  });

  test('exports and outputs of other stacks, through their own resources', () => {
    const data = {
      Resources: { Host: { Type: 'AWS::EC2::Instance' } },
      Outputs: { Ip: { Value: { 'Fn::GetAtt': ['Host', 'PrivateIp'] }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:Ip' } } } },
    };
    expect(evaluate({ 'Fn::ImportValue': 'Data:Ip' }, {}, { Data: data })).toBe('address-of-Host');
    expect(evaluate({ 'Fn::GetStackOutput': { StackName: 'Data', OutputName: 'Ip' } }, {}, { Data: data })).toBe('address-of-Host');
  });

  test('a parameter gives its default', () => {
    expect(evaluate({ Ref: 'Size' }, { Parameters: { Size: { Type: 'String', Default: 'small' } } })).toBe('small');
  });

  test('a resource whose condition is false is not there', () => {
    const body = { Conditions: { No: { 'Fn::Equals': ['a', 'b'] } } };
    expect(resolverOf({ Gone: { Type: 'AWS::EC2::Instance', Condition: 'No' } }, body).resources('AWS::EC2::Instance')).toEqual([]);
  });
});

describe('what the local run does not know is an error that says where', () => {
  test.each<[string, Json, string]>([
    [
      'type',
      { Ref: 'Odd' },
      'Main/Subject (Test::Subject).Value: the local run does not know what Ref of Main/Odd (Some::Other::Type) returns',
    ],
    ['attribute', { 'Fn::GetAtt': ['Host', 'Colour'] }, 'does not know what GetAtt Main/Host.Colour of AWS::EC2::Instance returns'],
    [
      'function',
      { 'Fn::Cidr': ['10.0.0.0/8', 1] },
      'Main/Subject (Test::Subject).Value: the local run does not know the intrinsic function Fn::Cidr',
    ],
    ['resource', { Ref: 'Nothing' }, 'Main has no resource or parameter "Nothing"'],
    ['pseudo parameter', { Ref: 'AWS::Moon' }, 'does not know the pseudo parameter AWS::Moon'],
    ['parameter without default', { Ref: 'Size' }, 'parameter Size has no default'],
    ['export', { 'Fn::ImportValue': 'x' }, 'no stack of the assembly exports "x"'],
    ['condition', { 'Fn::If': ['Never', 1, 2] }, 'Main has no condition "Never"'],
    ['index', { 'Fn::Select': [4, ['a']] }, 'Fn::Select has no element 4'],
    ['map', { 'Fn::FindInMap': ['a', 'b', 'c'] }, 'Fn::FindInMap finds nothing at a.b.c'],
  ])('%s', (_name, value, message) => {
    expect(() => evaluate(value, { Resources: resources, Parameters: { Size: { Type: 'String' } } })).toThrow(message);
  });

  test('a value that depends on itself', () => {
    const Conditions = { A: { Condition: 'B' }, B: { Condition: 'A' } };
    expect(() => evaluate({ 'Fn::If': ['A', 1, 2] }, { Conditions })).toThrow(
      'circular reference: condition Main/A -> condition Main/B',
    );
  });

  test('nothing that nobody reads', () => {
    expect(evaluate({ Used: 'yes', Unused: { Ref: 'Nothing' } })).toEqual({ Used: 'yes', Unused: { Ref: 'Nothing' } });
  });
});

test('an assembly without stacks is refused', () => {
  expect(() => assemblyOf({})).toThrow('has no stack; synthesise the example first');
});
