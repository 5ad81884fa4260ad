import { awscdk } from 'projen';

/**
 * The arrows of the design: `patterns -> features -> core`. Each layer lists the layers it may import; the same table is read by
 * test/architecture.test.ts, which also counts type-only imports.
 */
export const LAYERS: Record<string, string[]> = {
  core: [],
  template: [],
  mesh: ['core'],
  tasks: ['core'],
  service: ['core', 'tasks'],
  redis: ['core', 'tasks', 'service'],
  gateway: ['core'],
  data: ['core'],
  jobs: ['core', 'tasks', 'service'],
  observability: ['core'],
  delivery: ['core'],
  checks: ['core', 'template'],
  topology: ['core'],
  proof: ['core', 'template'],
  cost: ['core', 'template'],
  patterns: [
    'core',
    'mesh',
    'tasks',
    'service',
    'redis',
    'gateway',
    'data',
    'jobs',
    'observability',
    'delivery',
    'checks',
    'topology',
    'proof',
    'cost',
  ],
};

/** Layers whose `private/` belongs to all layers above them; every other `private/` is its own layer's. */
export const BASE_LAYERS = ['core', 'tasks', 'template'];

/** Render LAYERS as ESLint import zones, and forbid cycles and inner barrels. */
export function configureLayers(project: awscdk.AwsCdkConstructLibrary): void {
  const layers = Object.keys(LAYERS);
  const zones = layers.flatMap((target) =>
    layers
      .filter((from) => from !== target && !LAYERS[target].includes(from))
      .map((from) => ({ target: `./src/${target}`, from: `./src/${from}`, message: `${target} must not import ${from}` })),
  );
  const privates = layers
    .filter((from) => !BASE_LAYERS.includes(from))
    .map((from) => ({
      target: layers.filter((layer) => layer !== from).map((layer) => `./src/${layer}`),
      from: `./src/${from}/private`,
      message: `src/${from}/private belongs to ${from}`,
    }));
  project.eslint!.addRules({
    'import/no-cycle': ['error'],
    'import/no-restricted-paths': [
      'error',
      {
        zones: [
          ...zones,
          ...privates,
          { target: layers.map((l) => `./src/${l}`), from: './src/index.ts', message: 'import the file, not the barrel' },
        ],
      },
    ],
    // The library's own name is a package to those who read the tests, whether or not it is linked into node_modules just now.
    'import/order': [
      'warn',
      {
        groups: ['builtin', 'external'],
        pathGroups: [{ pattern: 'cdk-ecs-mesh', group: 'external' }],
        alphabetize: { order: 'asc', caseInsensitive: true },
      },
    ],
    'max-lines': ['error', { max: 400 }],
  });
  project.eslint!.addOverride({
    files: ['app/**', 'local/**', 'bench/**', 'examples/**', 'test/**'],
    rules: { 'import/no-extraneous-dependencies': 'off' },
  });
}
