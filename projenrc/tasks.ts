import { awscdk, javascript } from 'projen';

/** Tasks, scripts and packaging rules beyond what the construct-library project type brings. */
export function configureTasks(project: awscdk.AwsCdkConstructLibrary): void {
  // Node 20 is the oldest version that is tested; a banner about its end in front of each command helps nobody.
  project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');

  // Samples in README and docstrings must compile.
  const rosetta = project.addTask('rosetta', {
    description: 'Compile every sample in README.md and the docstrings',
    exec: 'jsii-rosetta extract --strict',
  });
  project.postCompileTask.spawn(rosetta);

  // Apps load what they use, and lines of errors are those of lib/, which is in the package, and not of src/, which is not.
  project.compileTask.exec('node scripts/lazy-imports.mjs');
  for (const option of ['inlineSourceMap', 'inlineSources']) {
    project.tryFindObjectFile('package.json')!.addOverride(`jsii.tsc.${option}`, false);
  }

  // The reference app's services become self-contained image folders in assets/ before anything is packaged.
  const bundle = project.addTask('bundle:app', {
    description: 'Bundle app/ into the image folders in assets/',
    exec: 'node scripts/bundle-app.mjs',
  });
  project.preCompileTask.spawn(bundle);

  project.addTask('synth:examples', {
    description: 'Write one cloud assembly per example to cdk.out/<example>/',
    exec: 'node scripts/synth-examples.mjs',
    receiveArgs: true,
  });
  project.addTask('test:newest-cdk', {
    description: 'Compile and test against the newest aws-cdk-lib in a copy',
    exec: 'node scripts/newest-cdk.mjs',
  });
  project.addTask('test:package', {
    description: 'Install the packed tarball in an empty folder and synthesise GeolocationReferenceApp',
    exec: 'node scripts/test-package.mjs',
  });
  project.addTask('test:languages', {
    description: 'Build the Python, Java and Go examples against the package and compare their templates with the TypeScript ones',
    exec: 'node scripts/test-languages.mjs',
    receiveArgs: true,
  });
  project.addTask('bench', {
    description: 'Measure the compiled library against plain CDK and aws-ecs-patterns, and the deployment of the examples on paper',
    exec: 'node scripts/bench.mjs',
    receiveArgs: true,
  });
  project.addTask('bench:app', {
    description:
      'Measure the reference app next to what its stack, Node.js, Nginx and Redis can do, its overload, memory and restart',
    exec: 'node scripts/bench-app.mjs',
    receiveArgs: true,
  });
  project.addTask('facts', {
    description: 'Say which pinned engines, runtimes, images and actions have ended or end soon, and where they are pinned',
    exec: 'node scripts/facts.mjs',
    receiveArgs: true,
  });
  project.addTask('facts:updates', {
    description: 'Write the table of properties whose change replaces a resource, from the pinned specification of CloudFormation',
    exec: 'node scripts/facts/updates.mjs',
    receiveArgs: true,
  });
  project.addTask('facts:arguments', {
    description: 'Write the tables of what the public API takes, from the types of src/',
    exec: 'node scripts/facts/arguments.mjs',
    receiveArgs: true,
  });
  project.addTask('package:sources', {
    description: 'Generate the sources of all target languages without compiling them',
    exec: 'jsii-pacmak --code-only --target python --target java --target go --target dotnet --outdir dist/sources',
  });

  // Two plain-Node entry points that also work before anything is installed.
  project.package.setScript('demo', 'node scripts/demo.mjs');
  project.package.setScript('test', 'node scripts/test.mjs');

  for (const name of ['.jsii.tabl.json', '/assets/', 'cdk.out/', '.cache/']) project.gitignore.exclude(name);
  // jsii's own tsconfig.json is ignored at any depth; these are sources.
  project.gitignore.include('/projenrc/tsconfig.json', '/examples/**/tsconfig.json');
  for (const name of [
    '/rosetta/',
    '/tsconfig.dev.json',
    '/.npmrc',
    '/app/',
    '/local/',
    '/bench/',
    '/examples/',
    '/scripts/',
    '/projenrc/',
    '/docs/',
    '/cdk.out/',
    '/.cache/',
    '/.ci/',
    '/test-reports/',
    '/.prettierrc.json',
    '/.prettierignore',
  ]) {
    project.npmignore!.exclude(name);
  }
  project.npmignore!.include('/assets/');

  project.package.addPackageResolutions('unrs-resolver@1.12.2'); // 1.13.0 lacks platform packages, which breaks `npm ci`
  // All of them have what they need without, and npm would list each that is not named here after every `npm ci`.
  project.package.addField('allowScripts', {
    '@parcel/watcher': false,
    '@swc/core': false,
    'cpu-features': false,
    esbuild: false,
    protobufjs: false,
    ssh2: false,
    'unrs-resolver': false,
  });
  new javascript.NpmConfig(project).addConfig('omit-lockfile-registry-resolved', 'true');
}
