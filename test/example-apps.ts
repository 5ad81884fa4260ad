import { existsSync, readFileSync, readdirSync } from 'fs';
import { dirname, join } from 'path';
import { transformSync } from '@swc/core';
import { App, AppProps } from 'aws-cdk-lib';

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

type Prepare = (app: App) => void;

/**
 * Runs an example as the CDK CLI would, with the context of its cdk.json and `more`; its app is not synthesised yet. `prepare` is called with
 * the app while it is empty.
 */
export function loadExample(name: string, more: Record<string, string> = {}, prepare?: Prepare): App {
  const { context } = JSON.parse(readFileSync(join(EXAMPLES, name, 'cdk.json'), 'utf8'));
  const before = process.env.CDK_CONTEXT_JSON;
  process.env.CDK_CONTEXT_JSON = JSON.stringify({ ...context, ...more });
  try {
    return (evaluate(join(EXAMPLES, name, 'app.ts'), prepare) as { app: App }).app;
  } finally {
    if (before === undefined) delete process.env.CDK_CONTEXT_JSON;
    else process.env.CDK_CONTEXT_JSON = before;
  }
}

/** A module is evaluated once; an example's is needed anew for each setting, while the CDK, which takes seconds to load, is not. */
function evaluate(file: string, prepare?: Prepare): unknown {
  const { code } = transformSync(readFileSync(file, 'utf8'), {
    filename: file,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  const module = { exports: {} };
  const load = (id: string): unknown => {
    if (id.startsWith('.')) return evaluate(`${join(dirname(file), id)}.ts`, prepare);
    const loaded: unknown = require(id); // eslint-disable-line @typescript-eslint/no-require-imports
    return id === 'aws-cdk-lib' && prepare ? withPreparedApp(loaded as object, prepare) : loaded;
  };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  new Function('module', 'exports', 'require', '__filename', '__dirname', code)(module, module.exports, load, file, dirname(file));
  return module.exports;
}

/** The library with an `App` that `prepare` has seen, as an app of a company has its injectors before its constructs. */
function withPreparedApp(library: object, prepare: Prepare): object {
  class PreparedApp extends App {
    constructor(props?: AppProps) {
      super(props);
      prepare(this);
    }
  }
  return Object.create(library, { App: { value: PreparedApp } }) as object;
}
