import { App, CfnOutput, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { readAssembly, readTemplate } from '../../src/template/private/assembly';
import { compare, Comparison } from '../../src/template/private/compare/compare';

interface Written {
  readonly Type: string;
  readonly Properties?: object;
  readonly [attribute: string]: unknown;
}

type Resources = Record<string, Written>;

function compared(before: Resources, after: Resources, common: object = {}, changed: object = common): Comparison {
  const [old, now] = [
    { ...common, Resources: before },
    { ...changed, Resources: after },
  ].map((body) => readTemplate(body, 'Shop').app);
  return compare(old, now);
}

/** The outcomes of what is not unchanged, by logical ID. */
function outcomes({ changes }: Comparison): Record<string, string> {
  return Object.fromEntries(
    changes.filter(({ outcome }) => outcome !== 'unchanged').map(({ id, outcome }) => [id.slice(5), outcome]),
  );
}

/** The rule and the logical ID of each refusal, all of which cite AWS. */
function rules({ refusals }: Comparison): string[] {
  for (const { source } of refusals) expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
  return refusals.map(({ rule, id, isCertain }) => `${rule} ${id.slice(5)}${isCertain ? '' : '?'}`);
}

const DB = 'AWS::RDS::DBInstance';
const database = (Properties: object = {}, more: object = {}): Written => ({
  Type: DB,
  Properties: { Engine: 'postgres', EngineVersion: '17.6', DBName: 'shop', ...Properties },
  ...more,
});
const one = (resource: Written): Resources => ({ One: resource });

describe('a resource', () => {
  const queue = (Properties: object, more: object = {}) => one({ Type: 'AWS::SQS::Queue', Properties, ...more });

  test.each<[string, Resources, Resources, string | undefined]>([
    ['the same', queue({ A: [1] }), queue({ A: [1] }), undefined],
    ['with the same number as text', queue({ DelaySeconds: 1 }), queue({ DelaySeconds: '1' }), undefined],
    ['with other metadata', queue({}, { Metadata: { a: 1 } }), queue({}), undefined],
    ['with another value', queue({ DelaySeconds: 1 }), queue({ DelaySeconds: 2 }), 'updated'],
    ['with another value that replaces', queue({ FifoQueue: true }), queue({}), 'replaced'],
    ['with an interruption', one(database({ DBInstanceClass: 'a' })), one(database({ DBInstanceClass: 'b' })), 'interrupted'],
    ['with a replacement on a condition', one(database({ Engine: 'a' })), one(database({ Engine: 'b' })), 'may be replaced'],
    ['of an unknown type', one({ Type: 'A::B::C', Properties: { X: 1 } }), one({ Type: 'A::B::C' }), 'may be replaced'],
    ['of another type', queue({}), one({ Type: 'AWS::SNS::Topic' }), 'replaced'],
    ['that is new', {}, queue({}), 'created'],
    ['that is gone', queue({}), {}, 'removed'],
    ['that is gone, retained', queue({}, { DeletionPolicy: 'Retain' }), {}, 'kept'],
    ['that is gone, retained except on creation', queue({}, { DeletionPolicy: 'RetainExceptOnCreate' }), {}, 'kept'],
  ])('%s', (_, before, after, expected) => {
    expect(outcomes(compared(before, after))).toEqual(expected ? { One: expected } : {});
  });

  test('a property of an object in a list replaces', () => {
    const service = (NamespaceId: string, TTL: number) =>
      one({ Type: 'AWS::ServiceDiscovery::Service', Properties: { DnsConfig: { NamespaceId, DnsRecords: [{ TTL }] } } });
    expect(outcomes(compared(service('a', 1), service('a', 2)))).toEqual({ One: 'updated' });
    expect(outcomes(compared(service('a', 1), service('b', 1)))).toEqual({ One: 'replaced' });
  });

  test.each<[string, object, Written, string | undefined]>([
    ['a deleted instance leaves a snapshot by default', {}, database(), 'Snapshot'],
    ['a deleted cluster leaves a snapshot by default', {}, { Type: 'AWS::RDS::DBCluster', Properties: {} }, 'Snapshot'],
    ['an instance of a cluster does not', {}, database({ DBClusterIdentifier: 'a' }), 'Delete'],
    ['a policy that is given counts', {}, database({}, { DeletionPolicy: 'Delete' }), 'Delete'],
  ])('%s', (_, after, before, policy) => {
    expect(compared(one(before), after as Resources).changes[0].policy).toBe(policy);
  });

  test('a replaced one names its cause, both values and what becomes of the old one', () => {
    const [change] = compared(one(database()), one(database({ DBName: 'app' }, { UpdateReplacePolicy: 'Retain' }))).changes;
    expect(change).toMatchObject({
      outcome: 'replaced',
      policy: 'Retain',
      causes: [{ path: 'DBName', from: 'shop', to: 'app', behaviour: 'replaces', isCertain: true }],
    });
  });
});

describe('what a template does not say', () => {
  const topic = (TopicName: unknown) => one({ Type: 'AWS::SNS::Topic', Properties: { TopicName } });
  const Parameters = {
    Name: { Type: 'String', Default: 'a' },
    Image: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/a' },
  };
  const Conditions = { Prod: { 'Fn::Equals': [{ Ref: 'Name' }, 'a'] } };

  test.each<[string, unknown, unknown, string | undefined]>([
    ['a parameter for a literal', 'a', { Ref: 'Name' }, 'may be replaced'],
    ['a condition', 'a', { 'Fn::If': ['Prod', 'a', 'b'] }, 'may be replaced'],
    ['a dynamic reference', '{{resolve:ssm:/a:1}}', '{{resolve:ssm:/a:2}}', 'may be replaced'],
    ['another function', { 'Fn::Sub': '${AWS::StackName}-a' }, { 'Fn::Join': ['-', [{ Ref: 'AWS::StackName' }, 'a']] }, undefined],
    ['the account in place of a literal', 'a', { 'Fn::Sub': '${AWS::AccountId}' }, 'may be replaced'],
    ['another literal', { 'Fn::Sub': '${AWS::AccountId}-a' }, { 'Fn::Sub': '${AWS::AccountId}-b' }, 'replaced'],
    ['the Parameter Store, unchanged', { Ref: 'Image' }, { Ref: 'Image' }, 'may be replaced'],
    ['the latest version, unchanged', '{{resolve:ssm:/a}}', '{{resolve:ssm:/a}}', 'may be replaced'],
    ['a fixed version, unchanged', '{{resolve:ssm:/a:1}}', '{{resolve:ssm:/a:1}}', undefined],
  ])('%s', (_, before, after, expected) => {
    const found = outcomes(compared(topic(before), topic(after), { Parameters, Conditions }));
    expect(found).toEqual(expected ? { One: expected } : {});
  });
});

describe('what follows from other resources', () => {
  const group = (Description: string): Written => ({
    Type: 'AWS::EC2::SecurityGroup',
    Properties: { GroupDescription: Description },
  });
  const rule: Written = { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { GroupId: { 'Fn::GetAtt': ['Group', 'GroupId'] } } };
  const service: Written = {
    Type: 'AWS::ECS::Service',
    Properties: { NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: [{ Ref: 'Group' }] } } },
  };

  test('a replaced group replaces its rules and updates its services', () => {
    const found = compared({ Group: group('a'), rule, service }, { Group: group('b'), rule, service });
    expect(outcomes(found)).toEqual({ Group: 'replaced', rule: 'replaced', service: 'updated' });
    expect(found.changes[1].causes[0].because).toBe('Shop/Group is replaced');
  });

  test('an updated key keeps its ARN, an updated launch template has another version', () => {
    const key = (Description: string): Written => ({ Type: 'AWS::KMS::Key', Properties: { Description } });
    const encrypted = database({ KmsKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } });
    expect(outcomes(compared({ Key: key('a'), encrypted }, { Key: key('b'), encrypted }))).toEqual({ Key: 'updated' });

    const template = (ImageId: string): Written => ({
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: { LaunchTemplateData: { ImageId } },
    });
    const host: Written = {
      Type: 'AWS::EC2::Instance',
      Properties: { LaunchTemplate: { Version: { 'Fn::GetAtt': ['Template', 'LatestVersionNumber'] } } },
    };
    const found = compared({ Template: template('a'), host }, { Template: template('b'), host });
    expect(outcomes(found)).toEqual({ Template: 'updated', host: 'may be replaced' });
  });

  test('a reference to another resource is another value', () => {
    const subscription = (Ref: string): Written => ({ Type: 'AWS::SNS::Subscription', Properties: { TopicArn: { Ref } } });
    const [A, B] = [{ Type: 'AWS::SNS::Topic' }, { Type: 'AWS::SNS::Topic' }];
    expect(outcomes(compared({ A, B, s: subscription('A') }, { A, B, s: subscription('B') }))).toEqual({ s: 'replaced' });
  });
});

test('a stack that the new app does not contain remains deployed', () => {
  const [old, now] = ['Old', 'New'].map((name) => readTemplate({ Resources: one({ Type: 'AWS::SQS::Queue' }) }, name).app);
  expect(compare(old, now).changes.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual(['New/One created']);
});

describe('what is refused, each with its accepted twin', () => {
  const named = (RepositoryName: string | undefined, EncryptionType: string) =>
    one({ Type: 'AWS::ECR::Repository', Properties: { RepositoryName, EncryptionConfiguration: { EncryptionType } } });

  test.each<[string, Resources, Resources, string[]]>([
    ['a custom name', named('a', 'KMS'), named('a', 'AES256'), ['custom name One']],
    ['another custom name', named('a', 'KMS'), named('b', 'AES256'), []],
    ['a generated name', named(undefined, 'KMS'), named(undefined, 'AES256'), []],
    ['a custom name, updated in place', named('a', 'KMS'), { ...named('a', 'KMS'), Two: { Type: 'AWS::SNS::Topic' } }, []],
    ['another type', one({ Type: 'AWS::SQS::Queue' }), one({ Type: 'AWS::SNS::Topic' }), ['type One']],
    ['another type with another ID', one({ Type: 'AWS::SQS::Queue' }), { Two: { Type: 'AWS::SNS::Topic' } }, []],
  ])('%s', (_, before, after, expected) => expect(rules(compared(before, after))).toEqual(expected));

  const logGroup = (LogGroupName: string | undefined, DeletionPolicy = 'RetainExceptOnCreate'): Written => ({
    Type: 'AWS::Logs::LogGroup',
    DeletionPolicy,
    Properties: { LogGroupName },
  });
  test.each<[string, Written, Written, string[]]>([
    ['of a log group that is kept', logGroup('/ecs/shop/api'), logGroup('/ecs/shop/api'), ['name in use Two']],
    ['of a log group that is deleted later', logGroup('/ecs/shop/api', 'Delete'), logGroup('/ecs/shop/api'), ['name in use Two']],
    ['another one', logGroup('/ecs/shop/api'), logGroup('/ecs/shop/api-2'), []],
    ['a generated one', logGroup(undefined), logGroup(undefined), []],
    ['of another type', logGroup('shop'), { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'shop' } }, []],
  ])('the name %s', (_, One, Two, expected) => {
    const found = compared({ One }, { Two });
    expect(rules(found)).toEqual(expected);
    expect(found.refusals.map(({ isCertain, source }) => [isCertain, source])).toEqual(
      expected.map(() => [true, expect.stringContaining('aws-properties-name')]),
    );
  });

  test('the name of a log group that stays where it is, updated', () => {
    const [old, fresh] = [logGroup('/a'), { ...logGroup('/a'), Properties: { LogGroupName: '/a', RetentionInDays: 30 } }];
    expect(rules(compared({ One: old }, { One: fresh }))).toEqual([]);
  });

  const registry = (...types: [string, number][]): Resources =>
    one({
      Type: 'AWS::ServiceDiscovery::Service',
      Properties: { DnsConfig: { DnsRecords: types.map(([Type, TTL]) => ({ Type, TTL })) } },
    });
  test.each<[string, Resources, Resources, string[]]>([
    ['A to SRV', registry(['A', 60]), registry(['SRV', 60]), ['record type One']],
    ['another record beside it', registry(['A', 60]), registry(['A', 60], ['AAAA', 60]), ['record type One']],
    ['one record less', registry(['A', 60], ['AAAA', 60]), registry(['A', 60]), []],
    ['another TTL', registry(['A', 60]), registry(['A', 10]), []],
    ['the same in another order', registry(['A', 60], ['AAAA', 60]), registry(['AAAA', 60], ['A', 60]), []],
  ])('records of Cloud Map: %s', (_, before, after, expected) => expect(rules(compared(before, after))).toEqual(expected));

  const on: Record<string, [object, object]> = {
    [DB]: [{ DeletionProtection: true }, { DeletionProtection: false }],
    'AWS::RDS::DBCluster': [{ DeletionProtection: true }, {}],
    'AWS::EC2::Instance': [{ DisableApiTermination: true }, {}],
    'AWS::Cognito::UserPool': [{ DeletionProtection: 'ACTIVE' }, { DeletionProtection: 'INACTIVE' }],
    'AWS::ElasticLoadBalancingV2::LoadBalancer': [
      { LoadBalancerAttributes: [{ Key: 'deletion_protection.enabled', Value: 'true' }] },
      { LoadBalancerAttributes: [{ Key: 'deletion_protection.enabled', Value: 'false' }] },
    ],
  };

  test.each(Object.entries(on))('deletion protection of %s', (Type, [isOn, isOff]) => {
    const removed = (Properties: object, more: object = {}) => rules(compared(one({ Type, Properties, ...more }), {}));
    expect([removed(isOn), removed(isOff), removed(isOn, { DeletionPolicy: 'Retain' })]).toEqual([
      ['deletion protection One'],
      [],
      [],
    ]);
  });

  test('deletion protection counts as deployed: it cannot be switched off in the deployment that replaces', () => {
    const before = one(database({ DeletionProtection: true }));
    const after = (more: object) => one(database({ DBName: 'app', DeletionProtection: false }, more));
    expect(rules(compared(before, after({})))).toEqual(['deletion protection One']);
    expect(rules(compared(before, after({ UpdateReplacePolicy: 'Retain' })))).toEqual([]);
  });

  const engine = (Type: string, Engine: string, EngineVersion: string, more: object = {}) =>
    one({ Type, Properties: { Engine, EngineVersion, ...more } });
  const CACHE = 'AWS::ElastiCache::ReplicationGroup';
  const ALLOWED = { AllowMajorVersionUpgrade: true };

  test.each<[string, string, string, string, object, string[]]>([
    [DB, 'postgres', '17.6', '17.5', {}, ['downgrade One']],
    [DB, 'postgres', '17.6', '16', ALLOWED, ['downgrade One']],
    [DB, 'postgres', '17.6', '17.7', {}, []],
    [DB, 'postgres', '17.6', '17', {}, []],
    [DB, 'postgres', '17.9', '17.10', {}, []],
    [DB, 'postgres', '17.6', '18', {}, ['major upgrade One']],
    [DB, 'postgres', '17.6', '18', ALLOWED, []],
    [DB, 'mysql', '8.0.40', '8.4.3', {}, ['major upgrade One']],
    [DB, 'mysql', '8.0.40', '8.0.41', {}, []],
    ['AWS::RDS::DBCluster', 'aurora-postgresql', '16.4', '17.4', {}, ['major upgrade One']],
    ['AWS::RDS::DBCluster', 'aurora-postgresql', '16.4', '17.4', ALLOWED, []],
    [CACHE, 'valkey', '8.1', '8.0', {}, ['downgrade One']],
    [CACHE, 'valkey', '8.1', '9.0', {}, []],
  ])('%s %s from %s to %s with %j', (type, name, from, to, more, expected) => {
    expect(rules(compared(engine(type, name, from), engine(type, name, to, more)))).toEqual(expected);
  });

  describe('a name of Service Connect', () => {
    const server = (discovery: string, more: object = {}, Namespace: unknown = 'shop', DependsOn: string[] = []): Written => ({
      Type: 'AWS::ECS::Service',
      DependsOn,
      Properties: {
        ServiceConnectConfiguration: {
          Enabled: true,
          Namespace,
          Services: [{ PortName: 'http', DiscoveryName: discovery, ClientAliases: [{ DnsName: discovery, Port: 80 }] }],
        },
        ...more,
      },
    });
    const IN_USE = 'Service Connect name in use';

    test.each<[string, Resources, Resources, string[]]>([
      ['of a replaced service', { A: server('a', { LaunchType: 'EC2' }) }, { A: server('a') }, [`${IN_USE} A`, `${IN_USE} A`]],
      ['that a replaced service changes', { A: server('a', { LaunchType: 'EC2' }) }, { A: server('b') }, []],
      ['of a removed service', { A: server('a') }, { B: server('a') }, [`${IN_USE} B`, `${IN_USE} B`]],
      ['of a removed service elsewhere', { A: server('a') }, { B: server('a', {}, 'other') }, []],
      ['that is another one', { A: server('a') }, { B: server('b') }, []],
      ['that moves at an open time', { A: server('a') }, { A: server('b'), B: server('a') }, [`${IN_USE} B?`, `${IN_USE} B?`]],
      ['that moves after it is given up', { A: server('a') }, { A: server('b'), B: server('a', {}, 'shop', ['A']) }, []],
      ['of a service that is updated', { A: server('a', { DesiredCount: 1 }) }, { A: server('a', { DesiredCount: 2 }) }, []],
    ])('%s', (_, before, after, expected) => expect(rules(compared(before, after))).toEqual(expected));
  });

  describe('a capacity provider', () => {
    const cluster: Written = { Type: 'AWS::ECS::Cluster' };
    const provider: Written = { Type: 'AWS::ECS::CapacityProvider' };
    const list = (...ids: string[]): Written => ({
      Type: 'AWS::ECS::ClusterCapacityProviderAssociations',
      Properties: { Cluster: { Ref: 'Cluster' }, CapacityProviders: ['FARGATE', ...ids.map((Ref) => ({ Ref }))] },
    });
    const service = (CapacityProvider: unknown, DependsOn: string[] = ['List']): Written => ({
      Type: 'AWS::ECS::Service',
      DependsOn,
      Properties: { Cluster: { Ref: 'Cluster' }, CapacityProviderStrategy: [{ CapacityProvider }] },
    });
    const base: Resources = { Cluster: cluster, Old: provider, List: list('Old') };
    const without: Resources = { Cluster: cluster, List: list() };
    const own = { Ref: 'Old' };
    const listDefault = (...strategy: object[]): Written => {
      const { Type, Properties } = list(...strategy.map(() => 'Old'));
      return { Type, Properties: { ...Properties, DefaultCapacityProviderStrategy: strategy } };
    };
    const plain = (LaunchType?: string): Written => ({
      Type: 'AWS::ECS::Service',
      DependsOn: ['List'],
      Properties: { Cluster: { Ref: 'Cluster' }, LaunchType },
    });
    const byDefault: Resources = { ...base, List: listDefault({ CapacityProvider: own }) };

    test.each<[string, Resources, Resources, string[]]>([
      ['whose last service moves', { ...base, S: service(own) }, { ...without, S: service('FARGATE') }, ['Old']],
      ['whose last service goes', { ...base, S: service(own) }, without, ['Old']],
      ['whose service has left before', { ...base, S: service('FARGATE') }, { ...without, S: service('FARGATE') }, []],
      ['that stays while the service moves', { ...base, S: service(own) }, { ...base, S: service('FARGATE') }, []],
      ['that a service uses by default', { ...byDefault, S: plain() }, without, ['Old']],
      ['that is the default beside a service with a launch type', { ...byDefault, S: plain('FARGATE') }, without, []],
      ['of a service without an order', { ...base, S: service(own) }, { ...without, S: service('FARGATE', []) }, ['Old?']],
    ])('%s', (_, before, after, expected) => {
      expect(rules(compared(before, after))).toEqual(expected.map((id) => `capacity provider in use ${id}`));
    });
  });

  describe('a VPC origin of CloudFront', () => {
    const origin = (config: object, tags?: object[]): Written => ({
      Type: 'AWS::CloudFront::VpcOrigin',
      Properties: {
        VpcOriginEndpointConfig: { Arn: 'arn:aws:elasticloadbalancing:::lb', Name: 'lb', ...config },
        ...(tags ? { Tags: tags } : {}),
      },
    });
    const user: Written = {
      Type: 'AWS::CloudFront::Distribution',
      Properties: { DistributionConfig: { Origins: [{ VpcOriginConfig: { VpcOriginId: { 'Fn::GetAtt': ['Old', 'Id'] } } }] } },
    };
    const tag = [{ Key: 'team', Value: 'shop' }];

    test.each<[string, Resources, Resources, string[]]>([
      ['that a distribution uses', { Old: origin({}), User: user }, { Old: origin({ HTTPPort: 8080 }), User: user }, ['Old']],
      ['another tag', { Old: origin({}), User: user }, { Old: origin({}, tag), User: user }, ['Old']],
      ['that nobody uses', { Old: origin({}) }, { Old: origin({ HTTPPort: 8080 }) }, []],
      ['that stays', { Old: origin({}), User: user }, { Old: origin({}), User: user }, []],
    ])('%s', (_, before, after, expected) => {
      expect(rules(compared(before, after))).toEqual(expected.map((id) => `VPC origin in use ${id}`));
    });
  });

  describe('an export', () => {
    interface Version {
      readonly exports?: string;
      readonly imports?: boolean;
      readonly isOrdered?: boolean;
      readonly description?: string;
    }

    function version({ exports, imports, isOrdered, description = 'a' }: Version) {
      const app = new App();
      const [server, client] = ['Server', 'Client'].map((id) => new Stack(app, id));
      const group = new CfnResource(server, 'Group', {
        type: 'AWS::EC2::SecurityGroup',
        properties: { GroupDescription: description },
      });
      new CfnResource(client, 'Topic', { type: 'AWS::SNS::Topic' });
      if (exports) new CfnOutput(server, 'Out', { value: exports === 'group' ? group.ref : exports, exportName: 'shared' });
      if (imports) new CfnOutput(client, 'In', { value: Fn.importValue('shared') });
      if (isOrdered) client.addStackDependency(server);
      return readAssembly(app.synth().directory);
    }

    const before = { exports: 'a', imports: true, isOrdered: true };
    const IN_USE = 'export in use Server/shared';

    test.each<[string, Version, Version, string[]]>([
      ['that goes while its stack is deployed first', before, { isOrdered: true }, [IN_USE]],
      ['that goes, unless the importing stack is deployed first', before, {}, [`${IN_USE}?`]],
      ['that changes', before, { exports: 'b', imports: true, isOrdered: true }, [IN_USE]],
      ['whose resource is replaced', { ...before, exports: 'group' }, { ...before, exports: 'group', description: 'b' }, [IN_USE]],
      ['that stays for one deployment', before, { exports: 'a', isOrdered: true }, []],
      ['that nobody imports', { exports: 'a' }, {}, []],
    ])('%s', (_, old, now, expected) => {
      const { refusals } = compare(version(old), version(now));
      expect(refusals.map(({ rule, id, isCertain }) => `${rule} ${id}${isCertain ? '' : '?'}`)).toEqual(expected);
    });
  });
});
