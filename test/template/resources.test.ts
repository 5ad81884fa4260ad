import { App, CfnResource, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Body, ENV, readApp, SOURCES, templates, valueOf } from './templates';
import { readTemplate } from '../../src/template/private/assembly';
import { readTree } from '../../src/template/private/construct-tree';

const subject = (value: unknown) => ({ Type: 'Test::Subject', Properties: { Value: value } });

describe.each(SOURCES)('on a %s', (source) => {
  const single = (body: Body) => templates(source, { Shop: body });

  test('a reference leads to its resource, by Ref, by attribute and through a condition that is known', () => {
    const body = {
      Conditions: { Yes: { 'Fn::Equals': ['a', 'a'] } },
      Resources: { Queue: { Type: 'AWS::SQS::Queue' }, Other: { Type: 'AWS::SQS::Queue' } },
    };
    for (const value of [
      { Ref: 'Queue' },
      { 'Fn::GetAtt': ['Queue', 'Arn'] },
      { 'Fn::If': ['Yes', { Ref: 'Queue' }, { Ref: 'Other' }] },
      { 'Fn::Select': [1, [{ Ref: 'Other' }, { Ref: 'Queue' }]] },
    ]) {
      const read = valueOf(source, value, body);
      expect([read.resource?.path, read.references.map(({ path }) => path)]).toEqual([
        'Shop/Queue',
        expect.arrayContaining(['Shop/Queue']),
      ]);
    }
  });

  test('a condition that nobody knows leads to either resource', () => {
    const value = valueOf(
      source,
      { 'Fn::If': ['IsOpen', { Ref: 'A' }, { Ref: 'B' }] },
      {
        Parameters: { Open: { Type: 'String' } },
        Conditions: { IsOpen: { 'Fn::Equals': [{ Ref: 'Open' }, 'a'] } },
        Resources: { A: { Type: 'AWS::SQS::Queue' }, B: { Type: 'AWS::SQS::Queue' } },
      },
    );
    expect([value.resource, value.references.map(({ id }) => id)]).toEqual([undefined, ['A', 'B']]);
  });

  test('references are found in joined and substituted texts, in lists and in objects', () => {
    const resources = Object.fromEntries(['A', 'B', 'C', 'D'].map((id) => [id, { Type: 'AWS::SQS::Queue' }]));
    const value = {
      Joined: { 'Fn::Join': ['', ['x', { Ref: 'A' }]] },
      Text: { 'Fn::Sub': ['${B.Arn} ${Own} ${AWS::Region}', { Own: { Ref: 'C' } }] },
      List: [{ Key: { 'Fn::GetAtt': 'D.Arn' } }],
    };
    expect(valueOf(source, value, { Resources: resources }).references.map(({ id }) => id)).toEqual(['A', 'B', 'C', 'D']);
  });

  test('exports and outputs lead to the resources of other stacks', () => {
    const data: Body = {
      Resources: { Host: { Type: 'AWS::SQS::Queue' }, Cluster: { Type: 'AWS::ECS::Cluster', Properties: { ClusterName: 'data' } } },
      Outputs: {
        Host: { Value: { Ref: 'Host' }, Export: { Name: 'Data:Host' } },
        Name: { Value: { 'Fn::Sub': 'x-${Cluster}' }, Export: { Name: 'Data:Name' } },
      },
    };
    const read = (value: unknown) => valueOf(source, value, {}, { Data: data });
    expect(read({ 'Fn::ImportValue': 'Data:Host' }).resource?.path).toBe('Data/Host');
    expect(read({ 'Fn::ImportValue': 'Data:Name' }).text).toBe('x-data');
    expect(read({ 'Fn::GetStackOutput': { StackName: 'Data', OutputName: 'Host' } }).resource?.path).toBe('Data/Host');
  });

  test('references of the CDK lead into other stacks, and in and out of nested ones', () => {
    const app = new App();
    const [data, shop] = ['Data', 'Shop'].map((id) => new Stack(app, id, { env: ENV }));
    const nested = new NestedStack(shop, 'Nested');
    const queue = new CfnResource(data, 'Queue', { type: 'AWS::SQS::Queue' });
    const inner = new CfnResource(nested, 'Queue', { type: 'AWS::SQS::Queue' });
    new CfnResource(shop, 'Out', { type: 'Test::Subject', properties: { Value: inner.getAtt('Arn') } });
    new CfnResource(nested, 'In', { type: 'Test::Subject', properties: { Value: queue.ref } });
    const found = readApp(source, app).all('Test::Subject');
    expect(Object.fromEntries(found.map((one) => [one.path, one.at('Value').resource?.path]))).toEqual({
      'Shop/Out': 'Shop/Nested/Queue',
      'Shop/Nested/In': 'Data/Queue',
    });
  });

  test('resources of stages, and of nested stacks with the same logical ids, keep their paths', () => {
    const app = new App();
    const stack = new Stack(new Stage(app, 'Prod'), 'Shop', { env: ENV });
    const nested = ['A', 'B'].map((id) => new NestedStack(stack, id));
    for (const scope of [stack, ...nested]) new CfnResource(scope, 'Queue', { type: 'AWS::SQS::Queue' });
    const read = readApp(source, app);
    expect(
      read
        .all('AWS::SQS::Queue')
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['Prod/Shop/A/Queue', 'Prod/Shop/B/Queue', 'Prod/Shop/Queue']);
    expect(new Set(read.all('AWS::SQS::Queue').map(({ id }) => id)).size).toBe(1);
  });

  test('a resource is there unless its condition is known to be false', () => {
    const body: Body = {
      Parameters: { Stage: { Type: 'String' } },
      Conditions: { No: { 'Fn::Equals': ['a', 'b'] }, Open: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
      Resources: {
        Gone: { Type: 'AWS::SQS::Queue', Condition: 'No' },
        Maybe: { Type: 'AWS::SQS::Queue', Condition: 'Open' },
        There: { Type: 'AWS::SQS::Queue' },
      },
    };
    expect(
      single(body)
        .all('AWS::SQS::Queue')
        .map(({ id }) => id),
    ).toEqual(['Maybe', 'There']);
  });

  test('resources are found by what they refer to', () => {
    const app = single({ Resources: { Queue: { Type: 'AWS::SQS::Queue' }, A: subject({ Ref: 'Queue' }), B: subject('x') } });
    expect(app.referring(app.all('AWS::SQS::Queue')[0], 'Test::Subject', 'Value').map(({ id }) => id)).toEqual(['A']);
  });

  test('a resource waits for what it depends on or refers to, and for earlier stacks', () => {
    const app = new App();
    const [data, shop] = ['Data', 'Shop'].map((id) => new Stack(app, id, { env: ENV }));
    shop.addStackDependency(data);
    const make = (stack: Stack, id: string, value?: string) =>
      new CfnResource(stack, id, { type: `Test::${id}`, properties: { Value: value } });
    make(data, 'First');
    const second = make(shop, 'Second');
    const third = make(shop, 'Third', second.ref);
    make(shop, 'Fourth').addResourceDependency(third);
    const read = readApp(source, app);
    const [one, two, four] = ['First', 'Second', 'Fourth'].map((id) => read.all(`Test::${id}`)[0]);
    expect([four.waitsFor(two), two.waitsFor(four), two.waitsFor(one), one.waitsFor(two)]).toEqual([true, false, true, false]);
    expect(four.dependencies.map(({ id }) => id)).toEqual(['Third']);
  });

  test('macros of a template, and in a value', () => {
    const app = new App();
    const stack = new Stack(app, 'Shop');
    stack.addTransform('AWS::LanguageExtensions');
    const properties = { Value: [{ 'Fn::Transform': { Name: 'AWS::Include' } }], Other: 'x' };
    new CfnResource(stack, 'Subject', { type: 'Test::Subject', properties });
    const [found] = readApp(source, app).all('Test::Subject');
    expect(found.template.transforms).toEqual(['AWS::LanguageExtensions']);
    expect([found.at().usesMacro, found.at('Value').usesMacro, found.at('Other').usesMacro]).toEqual([true, true, false]);
  });

  test('outputs that go round in a circle are unknown', () => {
    const circle = (name: string, other: string): Body => ({
      Outputs: { Out: { Value: { 'Fn::ImportValue': other }, Export: { Name: name } } },
    });
    const value = valueOf(source, { 'Fn::ImportValue': 'a' }, {}, { A: circle('a', 'b'), B: circle('b', 'a') });
    expect(value.because).toBe('circular reference to export a');
  });
});

test('what a tree cannot render reads as a resource without properties', () => {
  const app = new App();
  const stack = new Stack(app, 'Shop');
  const resource = new CfnResource(stack, 'Queue', { type: 'AWS::SQS::Queue' });
  const fail = () => {
    throw new Error('not yet');
  };
  Object.assign(resource, { _toCloudFormation: fail });
  expect(readTree(app).all('AWS::SQS::Queue')[0].at('Any').isAbsent).toBe(true);
});

test('a single template is read without an assembly', () => {
  const template = readTemplate({ Resources: { Queue: { Type: 'AWS::SQS::Queue' }, A: subject({ Ref: 'Queue' }) } });
  expect(template.resource('A')?.at('Value').resource?.path).toBe('Stack/Queue');
});
