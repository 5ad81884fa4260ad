import { awscdk, javascript } from 'projen';

/** Jest compiles with swc, file by file; the types of tests are checked once, by tsc in the lint task. */
export function configureTests(project: awscdk.AwsCdkConstructLibrary): void {
  const { jest } = project;
  if (!jest) throw new Error('the project has tests');
  project.deps.removeDependency('ts-jest');
  // A limit of the suite is there for what hangs; a test that is about time has a limit of its own.
  jest.config.testTimeout = 120_000;
  // What has no CommonJS is compiled too.
  jest.config.transformIgnorePatterns = ['/node_modules/(?!markdown-table/)'];
  jest.config.transform = {
    '\\.ts$|/markdown-table/.*\\.js$': new javascript.Transform('@swc/jest', {
      jsc: {
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true },
        target: 'es2022',
        keepClassNames: true,
      },
      module: { type: 'commonjs' },
      sourceMaps: 'inline',
    }),
  };
}
