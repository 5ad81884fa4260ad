import { readFileSync } from 'fs';
import { join } from 'path';
import { CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ProofResource } from './proof-resource';
import { isObject } from './values';

interface TemplateBody {
  readonly Resources?: Record<string, { readonly Type: string; readonly Properties?: Record<string, unknown> }>;
  readonly Outputs?: Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>;
}

/** One synthesised template. */
interface Template {
  readonly stack: Stack;
  readonly body: TemplateBody;
  readonly resources: Map<string, ProofResource>;
}

/** The templates of an app as they are deployed: after aspects, with what one stack exports and another imports. */
export class AppTemplates {
  private readonly templates: Template[];

  /** With `stacks`: only these and the nested stacks in them, as if the others were not deployed yet. */
  public constructor(scope: IConstruct, stacks?: Stack[]) {
    const all = scope.node.root.node.findAll().filter((node): node is Stack => Stack.isStack(node));
    const within = (stack: Stack) => stacks!.some((one) => `${stack.node.path}/`.startsWith(`${one.node.path}/`));
    this.templates = (stacks ? all.filter(within) : all).map((stack) => this.load(stack));
  }

  public all(...types: string[]): ProofResource[] {
    return this.templates.flatMap(({ resources }) => [...resources.values()]).filter(({ type }) => types.includes(type));
  }

  private load(stack: Stack): Template {
    const body = JSON.parse(readFileSync(join(Stage.of(stack)!.synth().directory, stack.templateFile), 'utf8')) as TemplateBody;
    const template: Template = { stack, body, resources: new Map() };
    const paths = pathsOf(stack);
    for (const [id, { Type, Properties = {} }] of Object.entries(body.Resources ?? {})) {
      const path = paths.get(id) ?? `${stack.node.path}/${id}`;
      template.resources.set(id, new ProofResource(path, Type, Properties, (raw) => this.find(raw, template)));
    }
    return template;
  }

  /** Follows a reference: to the template's own resources, to what stacks export, in and out of nested stacks. */
  private find(raw: unknown, from: Template): ProofResource | undefined {
    if (!isObject(raw)) return undefined;
    if (typeof raw.Ref === 'string') return this.named(raw.Ref, undefined, from);
    const attribute = raw['Fn::GetAtt'];
    if (Array.isArray(attribute)) return this.named(`${attribute[0]}`, `${attribute[1]}`, from);
    if ('Fn::ImportValue' in raw) return this.exported(raw['Fn::ImportValue']);
    const output = raw['Fn::GetStackOutput'];
    return isObject(output) ? this.output(`${output.StackName}`, `${output.OutputName}`) : undefined;
  }

  private named(id: string, attribute: string | undefined, from: Template): ProofResource | undefined {
    const resource = from.resources.get(id);
    const inner = attribute?.startsWith('Outputs.') ? this.nestedIn(resource) : undefined;
    if (inner) return this.find(inner.body.Outputs?.[attribute!.slice('Outputs.'.length)]?.Value, inner);
    if (resource) return resource;
    // A parameter of a nested stack: its value stands in the parent.
    const parent = this.templates.find(({ stack }) => stack === from.stack.nestedStackParent);
    const nested = [...(parent?.resources.values() ?? [])].find((found) => this.nestedIn(found) === from);
    return nested && this.find(nested.at('Parameters', id), parent!);
  }

  private nestedIn(resource: ProofResource | undefined): Template | undefined {
    if (resource?.type !== 'AWS::CloudFormation::Stack') return undefined;
    return this.templates.find(({ stack }) => stack.nestedStackResource?.node.path === resource.path);
  }

  private exported(name: unknown): ProofResource | undefined {
    const wanted = JSON.stringify(name);
    for (const template of this.templates) {
      const output = Object.values(template.body.Outputs ?? {}).find((one) => JSON.stringify(one.Export?.Name) === wanted);
      if (output) return this.find(output.Value, template);
    }
    return undefined;
  }

  private output(stackName: string, id: string): ProofResource | undefined {
    const template = this.templates.find(({ stack }) => stack.stackName === stackName);
    return template && this.find(template.body.Outputs?.[id]?.Value, template);
  }
}

function pathsOf(stack: Stack): Map<string, string> {
  const own = stack.node
    .findAll()
    .filter((node): node is CfnResource => CfnResource.isCfnResource(node) && Stack.of(node) === stack);
  return new Map(own.map((node) => [`${stack.resolve(node.logicalId)}`, node.node.path]));
}
