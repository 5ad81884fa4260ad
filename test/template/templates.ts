import { App, CfnCondition, CfnElement, CfnMapping, CfnOutput, CfnParameter, CfnResource, Environment, Stack } from 'aws-cdk-lib';
import { AppTemplates, Value } from '../../src/template/private/app-templates';
import { readAssembly } from '../../src/template/private/assembly';
import { readTree } from '../../src/template/private/construct-tree';

/** A template as CloudFormation writes it. */
export interface Body {
  readonly Resources?: Record<string, { Type: string; Properties?: object; DependsOn?: string[]; Condition?: string }>;
  readonly Parameters?: Record<string, { Type: string; Default?: unknown; AllowedValues?: string[] }>;
  readonly Conditions?: Record<string, unknown>;
  readonly Mappings?: Record<string, Record<string, Record<string, unknown>>>;
  readonly Outputs?: Record<string, { Value: unknown; Export?: { Name: string } }>;
}

export const ENV = { account: '111122223333', region: 'eu-west-1' };

/** The same templates twice: as a construct tree, and as a written assembly. */
export const SOURCES = ['tree', 'assembly'] as const;
export type Source = (typeof SOURCES)[number];

export function readApp(source: Source, app: App): AppTemplates {
  const { directory } = app.synth();
  return source === 'tree' ? readTree(app) : readAssembly(directory);
}

export function templates(source: Source, stacks: Record<string, Body>, env: Environment = ENV): AppTemplates {
  const app = new App();
  for (const [name, body] of Object.entries(stacks)) build(new Stack(app, name, { env }), body);
  return readApp(source, app);
}

/** A property `Value` of a resource in a stack `Shop` with these parts. */
export function valueOf(
  source: Source,
  value: unknown,
  body: Body = {},
  others: Record<string, Body> = {},
  env?: Environment,
): Value {
  const subject = { Type: 'Test::Subject', Properties: { Value: value } };
  const shop = { ...body, Resources: { ...body.Resources, Subject: subject } };
  return templates(source, { Shop: shop, ...others }, env)
    .all('Test::Subject')[0]
    .at('Value');
}

function build(stack: Stack, body: Body): void {
  const name = (element: CfnElement, id: string) => element.overrideLogicalId(id);
  for (const [id, { Type: type, Default, AllowedValues: allowedValues }] of Object.entries(body.Parameters ?? {})) {
    name(new CfnParameter(stack, id, { type, default: Default, allowedValues }), id);
  }
  for (const [id, expression] of Object.entries(body.Conditions ?? {})) {
    name(new CfnCondition(stack, `${id}Condition`, { expression: expression as never }), id);
  }
  for (const [id, mapping] of Object.entries(body.Mappings ?? {})) name(new CfnMapping(stack, id, { mapping }), id);
  for (const [id, { Type: type, Properties, DependsOn, Condition }] of Object.entries(body.Resources ?? {})) {
    const resource = new CfnResource(stack, id, { type, properties: Properties as Record<string, unknown> });
    name(resource, id);
    if (DependsOn) resource.addOverride('DependsOn', DependsOn);
    if (Condition) resource.addOverride('Condition', Condition);
  }
  for (const [id, { Value: value, Export }] of Object.entries(body.Outputs ?? {})) {
    name(new CfnOutput(stack, `${id}Output`, { value: value as string, exportName: Export?.Name }), id);
  }
}
