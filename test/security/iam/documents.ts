import type { App } from 'aws-cdk-lib';
import { TemplateTexts } from './texts';

type Json = Record<string, unknown>;

/** A statement of a policy, with every value as text. */
export interface Statement {
  /** Stack and logical id. */
  readonly owner: string;
  readonly effect: string;
  readonly actions: string[];
  /** Undefined in the policy of a resource that is meant itself, as in a trust policy. */
  readonly resources?: string[];
  /** Whether it names who may: the policy of a resource, not of a role. */
  readonly hasPrincipal: boolean;
  /** Operator, key and values. */
  readonly conditions: [string, string, string[]][];
}

/** Every statement of every policy of an app, of whatever kind: roles, trust, keys, buckets, queues, topics, endpoints, functions. */
export function statementsOf(app: App): Statement[] {
  const { stacksRecursively: artifacts } = app.synth();
  const all = artifacts.map(({ stackName, template }) => ({ stackName, template: template as Json }));
  return all.flatMap(({ stackName, template }) => {
    const texts = new TemplateTexts(
      template,
      all.map((one) => one.template),
    );
    return Object.entries((template.Resources ?? {}) as Record<string, { Type: string; Properties?: Json }>).flatMap(
      ([id, resource]) =>
        [...documentsIn(resource.Properties, texts), ...permission(resource)].map((one) => read(one, `${stackName}/${id}`, texts)),
    );
  });
}

/** The statements of each object that is a policy document, wherever it stands; a log group's is a text. */
function documentsIn(value: unknown, texts: TemplateTexts): Json[] {
  if (typeof value !== 'object' || value === null) return [];
  const { Statement: statements, PolicyDocument: document } = value as Json;
  const found = [statements].flat().filter((one): one is Json => typeof one === 'object' && one !== null && 'Effect' in one);
  if (found.length > 0) return found; // rules of a web ACL have statements, too, of another kind
  const isText = typeof document === 'string' || (typeof document === 'object' && 'Fn::Join' in document!);
  if (isText) return documentsIn(JSON.parse(texts.of(document)), texts);
  return Object.values(value).flatMap((one) => documentsIn(one, texts));
}

/** A permission of a function is a statement with other names. */
function permission({ Type, Properties = {} }: { Type: string; Properties?: Json }): Json[] {
  if (Type !== 'AWS::Lambda::Permission') return [];
  return [{ Effect: 'Allow', Action: Properties.Action, Principal: Properties.Principal }];
}

function read(statement: Json, owner: string, texts: TemplateTexts): Statement {
  const list = (value: unknown) => [value].flat().map((one) => texts.of(one));
  const operators = Object.entries((statement.Condition ?? {}) as Record<string, Json>);
  return {
    owner,
    effect: `${statement.Effect}`,
    actions: list(statement.Action),
    resources: statement.Resource === undefined ? undefined : list(statement.Resource),
    hasPrincipal: 'Principal' in statement,
    conditions: operators.flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, value]): [string, string, string[]] => [operator, key, list(value)]),
    ),
  };
}
