import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CfnElement, CfnResource, Stack, Token, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { AppTemplates } from './app-templates';
import { JsonObject, objectOf } from './json';
import { Section } from './known';
import { ReferenceResolver } from './reference-resolver';
import { ResourceSource, TemplateSource } from './source';

/** Files of written templates by the construct paths of their stacks. */
export type TemplateFiles = ReadonlyMap<string, string>;

/** Reads the templates that a construct tree will have, without synthesizing it; those that are written already from their files. */
export function readTree(root: IConstruct, files: TemplateFiles = new Map()): AppTemplates {
  const stacks = new Map<Stack, CfnElement[]>();
  for (const node of root.node.findAll()) {
    if (!CfnElement.isCfnElement(node)) continue;
    const stack = Stack.of(node);
    const elements = stacks.get(stack);
    if (elements) elements.push(node);
    else stacks.set(stack, [node]);
  }
  return new AppTemplates([...stacks].map(([stack, elements]) => sourceOf(stack, elements, fileOf(stack, files))));
}

/** Returns the file of a stack; a nested stack is written beside the stack that it is in. */
function fileOf(stack: Stack, files: TemplateFiles): string | undefined {
  const parent = stack.nestedStackParent && fileOf(stack.nestedStackParent, files);
  const file = parent === undefined ? files.get(stack.node.path) : join(dirname(parent), stack.templateFile);
  return file !== undefined && existsSync(file) ? file : undefined;
}

function sourceOf(stack: Stack, elements: CfnElement[], file: string | undefined): TemplateSource {
  const concrete = (value: string) => (Token.isUnresolved(value) ? undefined : value);
  const contents = file === undefined ? new RenderedTemplate(elements) : new WrittenTemplate(file);
  return {
    path: stack.node.path,
    stackName: concrete(stack.stackName) ?? stack.node.path,
    region: concrete(stack.region),
    account: concrete(stack.account),
    nestedBy: stack.nestedStackResource?.node.path,
    resources: elements
      .filter((element) => CfnResource.isCfnResource(element))
      .map((node) => resourceOf(`${stack.resolve(node.logicalId)}`, node, contents)),
    transforms: stack.templateOptions.transforms ?? [],
    after: () => stack.dependencies.map(({ node }) => node.path),
    section: (name) => contents.section(name),
  };
}

function resourceOf(id: string, node: CfnResource, contents: Contents): ResourceSource {
  return { id, type: node.cfnResourceType, path: node.node.path, construct: node, body: () => contents.bodyOf(id, node) };
}

interface Contents {
  bodyOf(id: string, node: CfnResource): JsonObject;
  section(name: Section): JsonObject;
}

/** A template that synthesis wrote: much cheaper than to resolve each resource once more. */
class WrittenTemplate implements Contents {
  private template?: JsonObject;

  constructor(private readonly file: string) {}

  public bodyOf(id: string): JsonObject {
    return objectOf(objectOf(this.read().Resources)[id]);
  }

  public section(name: Section): JsonObject {
    return objectOf(this.read()[name]);
  }

  private read(): JsonObject {
    return (this.template ??= objectOf(JSON.parse(readFileSync(this.file, 'utf8'))));
  }
}

/** A template of which each resource is resolved when somebody reads it. */
class RenderedTemplate implements Contents {
  private rendered?: JsonObject[];

  constructor(private readonly elements: CfnElement[]) {}

  public bodyOf(_id: string, node: CfnResource): JsonObject {
    return objectOf(Object.values(objectOf(render(node).Resources))[0]);
  }

  public section(name: Section): JsonObject {
    this.rendered ??= this.elements.filter((element) => !CfnResource.isCfnResource(element)).map(render);
    return Object.assign({}, ...this.rendered.map((fragment) => objectOf(fragment[name]))) as JsonObject;
  }
}

/**
 * Renders a resource with `_toCloudFormation`, which CDK itself uses and which includes overrides; the typed properties of a resource do
 * not.
 */
function render(element: CfnElement): JsonObject {
  try {
    const rendered = (element as unknown as { _toCloudFormation(): object })._toCloudFormation();
    return objectOf(Tokenization.resolve(rendered, { scope: element, resolver: new ReferenceResolver(), preparing: false }));
  } catch {
    // What cannot be rendered fails synthesis with a better message than a reader could give.
    return {};
  }
}
