import { CfnElement, CfnResource, Stack, Token, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { AppTemplates } from './app-templates';
import { JsonObject, objectOf } from './json';
import { Section } from './known';
import { ReferenceResolver } from './reference-resolver';
import { ResourceSource, TemplateSource } from './source';

/** Reads the templates that a construct tree will have, without synthesizing it. */
export function readTree(root: IConstruct): AppTemplates {
  const stacks = new Map<Stack, CfnElement[]>();
  for (const node of root.node.findAll()) {
    if (!CfnElement.isCfnElement(node)) continue;
    const stack = Stack.of(node);
    const elements = stacks.get(stack);
    if (elements) elements.push(node);
    else stacks.set(stack, [node]);
  }
  return new AppTemplates([...stacks].map(([stack, elements]) => sourceOf(stack, elements)));
}

function sourceOf(stack: Stack, elements: CfnElement[]): TemplateSource {
  const others = elements.filter((element) => !CfnResource.isCfnResource(element));
  let rendered: JsonObject[] | undefined;
  const concrete = (value: string) => (Token.isUnresolved(value) ? undefined : value);
  return {
    path: stack.node.path,
    stackName: concrete(stack.stackName) ?? stack.node.path,
    region: concrete(stack.region),
    account: concrete(stack.account),
    nestedBy: stack.nestedStackResource?.node.path,
    resources: elements.filter((element) => CfnResource.isCfnResource(element)).map((node) => resourceOf(stack, node)),
    transforms: stack.templateOptions.transforms ?? [],
    after: () => stack.dependencies.map(({ node }) => node.path),
    section: (name: Section) => {
      rendered ??= others.map(render);
      return Object.assign({}, ...rendered.map((fragment) => objectOf(fragment[name]))) as JsonObject;
    },
  };
}

function resourceOf(stack: Stack, node: CfnResource): ResourceSource {
  return {
    id: `${stack.resolve(node.logicalId)}`,
    type: node.cfnResourceType,
    path: node.node.path,
    construct: node,
    body: () => objectOf(Object.values(objectOf(render(node).Resources))[0]),
  };
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
