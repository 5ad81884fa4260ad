import { existsSync, readFileSync, readdirSync } from 'fs';
import { dirname, join } from 'path';
import { transformSync } from '@swc/core';
import type { App } from 'aws-cdk-lib';

export const EXAMPLES = join(__dirname, '..', 'examples');

const isApp = (name: string) => ['cdk.json', 'app.ts'].every((file) => existsSync(join(EXAMPLES, name, file)));
const foldersIn = (parent: string) =>
  readdirSync(join(EXAMPLES, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => (parent ? `${parent}/${name}` : name));

/** The examples in TypeScript: folders with an app, or of a folder of apps that belong together, such as `company/orders`. */
export const exampleNames = foldersIn('').flatMap((name) => (isApp(name) ? [name] : foldersIn(name).filter(isApp)));

/** Examples that own what they use. The others, of teams in a company, hold no data, and are proven together with their owners' apps. */
export const wholeExamples = exampleNames.filter((name) => !['company/catalog', 'company/orders'].includes(name));

/** Runs an example as the CDK CLI would, with the context of its cdk.json and `more`; its app is not synthesised yet. */
export function loadExample(name: string, more: Record<string, string> = {}): App {
  const { context } = JSON.parse(readFileSync(join(EXAMPLES, name, 'cdk.json'), 'utf8'));
  const before = process.env.CDK_CONTEXT_JSON;
  process.env.CDK_CONTEXT_JSON = JSON.stringify({ ...context, ...more });
  try {
    return (evaluate(join(EXAMPLES, name, 'app.ts')) as { app: App }).app;
  } finally {
    if (before === undefined) delete process.env.CDK_CONTEXT_JSON;
    else process.env.CDK_CONTEXT_JSON = before;
  }
}

/** A module is evaluated once; an example's is needed anew for each setting, while the CDK, which takes seconds to load, is not. */
function evaluate(file: string): unknown {
  const { code } = transformSync(readFileSync(file, 'utf8'), {
    filename: file,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  const module = { exports: {} };
  const load = (id: string): unknown => (id.startsWith('.') ? evaluate(`${join(dirname(file), id)}.ts`) : require(id)); // eslint-disable-line @typescript-eslint/no-require-imports
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  new Function('module', 'exports', 'require', '__filename', '__dirname', code)(module, module.exports, load, file, dirname(file));
  return module.exports;
}
