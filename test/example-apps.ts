import { existsSync, readFileSync, readdirSync } from 'fs';
import { join } from 'path';
import type { App } from 'aws-cdk-lib';

export const EXAMPLES = join(__dirname, '..', 'examples');

/** The examples in TypeScript. */
export const exampleNames = readdirSync(EXAMPLES).filter(
  (name) => existsSync(join(EXAMPLES, name, 'cdk.json')) && existsSync(join(EXAMPLES, name, 'app.ts')),
);

/** Loads an example as the CDK CLI would, with the context of its cdk.json and `more`. */
export function loadExample(name: string, more: Record<string, string> = {}): App {
  const { context } = JSON.parse(readFileSync(join(EXAMPLES, name, 'cdk.json'), 'utf8'));
  process.env.CDK_CONTEXT_JSON = JSON.stringify({ ...context, ...more });
  let app: App;
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  jest.isolateModules(() => (app = require(join(EXAMPLES, name, 'app')).app));
  return app!;
}
