import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Root } from './common';
import { Scene } from './scene';
import { Sample } from './values';

const DOCUMENTED = new Set(
  [...readFileSync(join(__dirname, '../../docs/errors.md'), 'utf8').matchAll(/^### (\w+)$/gm)].map(([, id]) => id),
);

/** Our own message: prop, rule, remedy, id and path. */
const OWN = /`[^`\n]+`(?: and `[^`\n]+`)* must [^]*; [^]* \[(\w+)(?: at [^\]]+)?\]\s*$/;

/** What may change nothing: the default itself, timeouts of a proxy that serves no port, and of requests where it knows only bytes. */
const MAY_BE_IDLE = [
  /with approvalTime: Duration 0 s\)?$/,
  /^(?!.*containerPort).* with serviceConnect: ServiceConnect\.clientAndServer\(/,
  /protocol: "tcp".* with serviceConnect: ServiceConnect\.clientAndServer\({} with requestTimeout/,
];

export interface Outcome {
  readonly template?: object;
  readonly refusal?: string;
  readonly warnings?: unknown[];
}

/** Builds one app and says what came of it. */
export function outcomeOf(root: Root, make: (scene: Scene) => unknown): Outcome {
  const scene = new Scene();
  try {
    root.build(scene, make(scene) as never);
    const template = Template.fromStack(scene.stack).toJSON();
    return { template, warnings: warningsOf(scene.stack) };
  } catch (error) {
    return {
      refusal: error instanceof Error ? `${error.name === 'Error' ? '' : `${error.name}: `}${error.message}` : String(error),
    };
  }
}

function warningsOf(stack: Stack): unknown[] {
  return stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => data));
}

/** What is wrong with an outcome; undefined if it is as it must be. */
export function faultOf(root: Root, { text, make, without }: Sample): string | undefined {
  const { template, refusal } = outcomeOf(root, make);
  if (refusal !== undefined) return faultOfRefusal(refusal);
  const flaw = flawOf(template, '');
  if (flaw) return flaw;
  if (!without || MAY_BE_IDLE.some((idle) => idle.test(text))) return undefined;
  const bare = outcomeOf(root, without);
  return bare.template && JSON.stringify(bare.template) === JSON.stringify(template) ? 'dropped without a word' : undefined;
}

export function faultOfRefusal(text: string): string | undefined {
  const [, id] = OWN.exec(text) ?? [];
  if (!id) return `not an error of ours: ${text.slice(0, 300)}`;
  return DOCUMENTED.has(id) ? undefined : `${id} is not in docs/errors.md`;
}

/** What no template may hold anywhere. */
export function flawOf(value: unknown, path: string): string | undefined {
  if (value === null || value === undefined) return `${value} at ${path}`;
  if (typeof value === 'string' && /\bNaN\b|\bundefined\b|\[object |\$\{Token\[|-?Infinity/.test(value)) {
    return `${value.slice(0, 80)} at ${path}`;
  }
  // Tokens of numbers are numbers beyond everything that anybody means.
  if (/-1\.888\d+e\+289/.test(`${typeof value === 'object' ? '' : value}`)) return `the token of a number at ${path}`;
  if (typeof value !== 'object') return undefined;
  for (const [key, each] of Object.entries(value)) {
    // An image that is a placeholder at first has another command then, and none later.
    if (each === 'AWS::NoValue' && !path.includes('/Fn::If/')) return `AWS::NoValue at ${path}`;
    const flaw = flawOf(each, `${path}/${key}`);
    if (flaw) return flaw;
  }
  return undefined;
}
