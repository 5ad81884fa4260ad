import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { TopologyRecord } from 'cdk-ecs-mesh';

type Json = Record<string, unknown>;

interface TemplateResource {
  readonly Type: string;
  readonly Properties: Json;
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** Who uses a role. */
export type Kind = 'task' | 'execution' | 'host' | 'function' | 'service';

/** One action on one resource that a role may take. */
export interface Grant {
  readonly role: Role;
  readonly action: string;
  /** With references as `<LogicalId.Attribute>`. */
  readonly resource: string;
  readonly condition?: string;
}

/** A role, with what its users say about what they need. */
export interface Role {
  /** Construct path. */
  readonly path: string;
  readonly kind: Kind;
  /** Task definitions that use it, as text. */
  readonly tasks: Json[];
  /** Services that run these. */
  readonly services: Json[];
  /** Everything else that names it. */
  readonly users: { readonly Type: string; readonly Properties: Json }[];
  /** Inputs with which rules call the functions that use it. */
  readonly told: unknown[];
  /** Paths of what its owner was connected to. */
  readonly connected: string[];
  /** Construct path of a logical id in its stack. */
  readonly pathOf: (logicalId: string) => string;
}

/** A value of a template as text. */
export function flat(value: unknown): string {
  if (typeof value !== 'object' || value === null) return `${value}`;
  if (Array.isArray(value)) return value.map(flat).join(',');
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join, 'Fn::Sub': sub, 'Fn::ImportValue': imported } = value as Json;
  if (Ref) return `<${Ref}>`;
  if (Array.isArray(attribute)) return `<${attribute.join('.')}>`;
  if (Array.isArray(join)) return (join[1] as unknown[]).map(flat).join(`${join[0]}`);
  if (typeof sub === 'string') return sub.replace(/\$\{([^}]+)\}/g, '<$1>');
  if (imported) return flat(imported);
  const either = (value as Json)['Fn::If'];
  if (Array.isArray(either)) return either.slice(1).map(flat).join(' or ');
  return JSON.stringify(value);
}

/** Every grant of every role in an app. */
export function grantsOf(app: App): Grant[] {
  const record = TopologyRecord.of(app);
  return app.synth().stacksRecursively.flatMap((artifact) => {
    const all = Object.entries(artifact.template.Resources as Record<string, TemplateResource>);
    const paths = pathsOf(
      app.node
        .findAll()
        .filter((node): node is Stack => Stack.isStack(node))
        .find((stack) => stack.artifactId === artifact.id)!,
    );
    const roles = all.filter(([, { Type }]) => Type === 'AWS::IAM::Role');
    return roles.flatMap(([id, { Properties }]) => {
      const path = (paths.get(id) ?? id).replace(/\/Resource$/, '');
      const owner = path.split('/').slice(0, -1).join('/');
      const connected = record.connections.filter(({ client }) => client === owner).map(({ server }) => server);
      const role: Role = { path, connected, ...users(id, all), pathOf: (logicalId) => paths.get(logicalId) ?? logicalId };
      return statementsOf(id, Properties, all).flatMap((statement) => grants(role, statement));
    });
  });
}

function pathsOf(stack: Stack): Map<string, string> {
  const own = stack.node
    .findAll()
    .filter((node): node is CfnResource => CfnResource.isCfnResource(node) && Stack.of(node) === stack);
  return new Map(own.map((node) => [`${stack.resolve(node.logicalId)}`, node.node.path]));
}

function users(id: string, all: [string, TemplateResource][]): Pick<Role, 'kind' | 'tasks' | 'services' | 'users' | 'told'> {
  const isRole = (value: unknown) => flat(value) === `<${id}.Arn>` || flat(value) === `<${id}>`;
  const definitions = all.filter(([, { Type }]) => Type === 'AWS::ECS::TaskDefinition');
  const used = (property: string) => definitions.filter(([, { Properties }]) => isRole(Properties[property]));
  const own = [...used('TaskRoleArn'), ...used('ExecutionRoleArn')];
  const services = all.filter(([, { Properties }]) => own.some(([task]) => flat(Properties?.TaskDefinition) === `<${task}>`));
  const profiles = all.filter(
    ([, { Type, Properties }]) => Type === 'AWS::IAM::InstanceProfile' && (Properties.Roles as unknown[]).some(isRole),
  );
  const functions = all.filter(([, { Type, Properties }]) => Type === 'AWS::Lambda::Function' && isRole(Properties.Role));
  const kinds: [Kind, unknown[]][] = [
    ['task', used('TaskRoleArn')],
    ['execution', used('ExecutionRoleArn')],
    ['host', profiles],
    ['function', functions],
  ];
  const kind = kinds.find(([, found]) => found.length > 0)?.[0] ?? 'service';
  const properties = (found: [string, TemplateResource][]) => found.map(([, { Properties }]) => Properties);
  const named = all.filter(
    ([, { Type, Properties }]) => !Type.startsWith('AWS::IAM::') && JSON.stringify(Properties ?? {}).includes(`["${id}","Arn"]`),
  );
  return {
    ...{ kind, tasks: properties(own), services: properties(services), users: named.map(([, resource]) => resource) },
    told: functions.flatMap(([name]) => inputsOf(name, all)),
  };
}

function inputsOf(name: string, all: [string, TemplateResource][]): unknown[] {
  const rules = all.filter(([, { Type }]) => Type === 'AWS::Events::Rule');
  const targets = rules.flatMap(([, { Properties }]) => Properties.Targets as Json[]);
  return targets.filter(({ Arn }) => flat(Arn) === `<${name}.Arn>`).map(({ Input }) => Input);
}

function statementsOf(id: string, role: Json, all: [string, TemplateResource][]): Statement[] {
  const documents = (policies: unknown) =>
    ((policies ?? []) as { PolicyDocument: unknown }[]).map(({ PolicyDocument }) => PolicyDocument);
  const attached = all
    .filter(([, { Type }]) => Type === 'AWS::IAM::Policy' || Type === 'AWS::IAM::ManagedPolicy')
    .filter(([, { Properties }]) => ((Properties.Roles ?? []) as unknown[]).some((one) => flat(one) === `<${id}>`))
    .map(([, { Properties }]) => Properties.PolicyDocument);
  const managed = ((role.ManagedPolicyArns ?? []) as unknown[]).map((arn) => ({
    Effect: 'Allow',
    Action: `managed policy ${flat(arn).split('policy/')[1]}`,
    Resource: 'as AWS writes it',
  }));
  return [
    ...[...documents(role.Policies), ...attached].flatMap((document) => (document as { Statement: Statement[] }).Statement),
    ...managed,
  ];
}

function grants(role: Role, { Effect, Action, Resource, Condition }: Statement): Grant[] {
  if (Effect !== 'Allow') return [];
  const condition =
    Condition === undefined
      ? undefined
      : Object.entries(Condition as Json)
          .map(([, one]) => Object.keys(one as Json).join(', '))
          .join(', ');
  const resources = Array.isArray(Resource) ? Resource : [Resource];
  return [Action].flat().flatMap((action) => resources.map((resource) => ({ role, action, resource: flat(resource), condition })));
}
