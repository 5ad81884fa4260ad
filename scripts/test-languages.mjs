/**
 * Proves that the library works from other languages than TypeScript: packages it, builds examples/python, examples/java and
 * examples/go against the package and everything else from its registry, synthesises, and compares each template with the TypeScript one.
 * Python's type checkers accept every documented call.
 *
 *   node scripts/test-languages.mjs [python|java|go|sources ...]
 *
 * Result: one line per check and test-reports/languages.json.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { bundleTool } from './esbuild.mjs';
import { libraryIsFresh } from './freshness.mjs';
import { installIfNeeded, root, say } from './install.mjs';
import { provePythonTypes } from './python-types.mjs';
import { bounded, compileLibrary, inTemporaryFolder, need, report } from './workbench.mjs';

const SECONDS = { compile: 300, package: 300, install: 400, build: 900, synth: 180, apt: 300 };
const QUIET = {
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split('.')[0],
  CDK_VALIDATION: 'false', // examples.test.ts has it on; here it would only cost time
};
const STACKS = ['Shop', 'Geolocation'];
const MISTAKE = '`port` must be a port of this service (http), got "htpp"; did you mean "http"? [PortUnknown at Shop/Api]';

const LANGUAGES = { python: provePython, java: proveJava, go: proveGo, sources: proveSources };
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !LANGUAGES[name]);
if (unknown.length > 0) {
  process.stderr.write(`there is no language ${unknown.join(', ')}; there are ${Object.keys(LANGUAGES).join(', ')}\n`);
  process.exit(2);
}

await installIfNeeded();
await inTemporaryFolder('test-languages', async (folder) => {
  const result = { passed: 0, failed: 0, notes: [] };
  const note = (text) => {
    result.notes.push(text);
    say(`NOTE  ${text}`);
  };
  /** What `prove` returns, or undefined if it fails. */
  const check = async (title, prove) => {
    const started = Date.now();
    try {
      const value = (await prove()) ?? true;
      result.passed++;
      say(`PASS  ${title} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
      return value;
    } catch (error) {
      result.failed++;
      say(`FAIL  ${title}: ${error.message}`);
      return undefined;
    }
  };
  const bench = { folder, check, note, library: join(folder, 'library') };
  const reference = await check('typescript: the library compiles and the reference synthesises', async () => {
    await stageLibrary(bench.library);
    await synthReference(bench);
  });
  const chosen = asked.length > 0 ? asked : Object.keys(LANGUAGES);
  if (reference) for (const name of chosen) await LANGUAGES[name](bench);
  report('languages', result);
});

async function synthReference({ folder, library }) {
  const project = consumer(folder, 'reference', 'python'); // for its image folder
  await bundleTool({ entryPoints: ['examples/typescript/shop.ts'], outfile: join(project, 'app.js') });
  mkdirSync(join(project, 'node_modules'));
  for (const name of ['aws-cdk-lib', 'cdk-nag', 'constructs'])
    symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name));
  symlinkSync(library, join(project, 'node_modules', 'cdk-ecs-mesh'));
  const output = await synth(project, 'node', ['app.js']);
  if (!output.split('\n').includes(MISTAKE)) throw new Error(`the message has changed:\n${output}`);
}

/** What would be published, in a folder of its own: several people may be compiling in the checkout. */
async function stageLibrary(library) {
  if (!existsSync(join(root, 'assets', 'geolocation')))
    await bounded('node', ['scripts/bundle-app.mjs'], { cwd: root, seconds: SECONDS.compile });
  mkdirSync(library);
  const fresh = libraryIsFresh();
  for (const name of ['package.json', '.npmignore', 'README.md', 'LICENSE', 'assets', 'src', ...(fresh ? ['lib', '.jsii'] : [])])
    cpSync(join(root, name), join(library, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(library, 'node_modules'));
  if (!fresh) await compileLibrary(library, SECONDS.compile, QUIET);
}

async function provePython(bench) {
  const { folder, check, library } = bench;
  const wheel = await check('python: the library packages', async () => {
    await need('python3', ['python3', 'python3-venv']);
    await pacmak(library, join(folder, 'dist'), '--target', 'python');
    const dist = join(folder, 'dist', 'python');
    return join(
      dist,
      readdirSync(dist).find((name) => name.endsWith('.whl')),
    );
  });
  if (!wheel) return;
  const project = consumer(folder, 'python', 'python');
  const python = join(project, '.venv', 'bin', 'python');
  const installed = await check('python: examples/python installs the package, and the rest from the registry', async () => {
    // the versions that the TypeScript reference runs with, or the templates could differ for another reason
    const pins = ['aws-cdk-lib', 'cdk-nag', 'constructs'].map((name) => `${name}==${versionOf(name)}`);
    writeFileSync(join(project, 'constraints.txt'), `${pins.join('\n')}\n`);
    await bounded('python3', ['-m', 'venv', '.venv'], { cwd: project, seconds: SECONDS.install });
    const args = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '-c',
      'constraints.txt',
      '-r',
      'requirements.txt',
      wheel,
    ];
    await bounded(python, args, { cwd: project, seconds: SECONDS.install });
  });
  if (!installed) return;
  await proveSynthesis(bench, 'python', project, python, ['app.py']);
  await provePythonTypes(bench, python);
}

async function proveJava(bench) {
  const { folder, check, note, library } = bench;
  const wanted = versionOf('aws-cdk-lib');
  const cdk = await check('java: the library packages', async () => {
    await need('mvn', ['default-jdk-headless', 'maven']);
    await pacmak(library, join(folder, 'dist'), '--code-only', '--target', 'java');
    return newestMavenCdk(bench, wanted);
  });
  if (!cdk) return;
  if (cdk !== wanted)
    note(`java: not in the Maven repository: aws-cdk-lib ${wanted}; compiled with ${cdk}, and run with npm's ${wanted}`);
  // The repository's lists of versions may be older than what it serves, and ranges are resolved by them: the lower ends, exactly.
  const pom = join(folder, 'dist', 'java', 'pom.xml');
  const exact = readFileSync(pom, 'utf8').replace(/\[([\d.]+),[\d.]+\)/g, (range, lowest) => (lowest === wanted ? cdk : lowest));
  writeFileSync(pom, exact);
  const project = consumer(folder, 'java', 'java');
  const built = await check('java: examples/java builds with the package, and the rest from the registry', async () => {
    // One build of both: the example takes the package from beside it, and nothing of ours stays in the user's repository.
    writeFileSync(join(folder, 'pom.xml'), reactor(['dist/java', 'java']));
    const goals = [
      'package',
      'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath',
      '-Dmdep.outputFile=classpath',
    ];
    const skip = ['-Dmaven.javadoc.skip', '-Dmaven.source.skip', '-Dgpg.skip'];
    // the versions that the TypeScript reference runs with, or the templates could differ for another reason
    const pins = [`-Dcdk.version=${cdk}`, `-Dconstructs.version=${versionOf('constructs')}`];
    await bounded('mvn', ['-q', '-B', ...goals, ...skip, ...pins], { cwd: folder, seconds: SECONDS.build });
  });
  if (!built) return;
  const classpath = ['target/classes', readFileSync(join(project, 'classpath'), 'utf8').trim()];
  if (cdk !== wanted) classpath.unshift(await underlay(bench, cdk));
  await proveSynthesis(bench, 'java', project, 'java', ['-cp', classpath.join(':'), 'com.example.App']);
}

/** A folder that gives the Java classes of aws-cdk-lib `version` the JavaScript of this checkout's: they are only its messengers. */
async function underlay({ folder }, version) {
  const home = join(folder, 'underlay');
  const bundle = join(home, 'software', 'amazon', 'awscdk', `aws-cdk-lib@${version}.jsii.tgz`);
  mkdirSync(dirname(bundle), { recursive: true });
  const args = ['--use-compress-program=gzip -1', '--transform', 's,^aws-cdk-lib,package,', '-cf', bundle, 'aws-cdk-lib'];
  await bounded('tar', args, { cwd: join(root, 'node_modules'), seconds: SECONDS.package });
  return home;
}

/** The wanted aws-cdk-lib, or the newest one that the Maven repository serves with its classes. */
async function newestMavenCdk({ folder }, wanted) {
  const resolve = (version) => {
    const artifact = `-Dartifact=software.amazon.awscdk:aws-cdk-lib:${version}`;
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:get';
    return bounded('mvn', ['-q', '-B', goal, artifact, '-Dtransitive=false'], {
      cwd: folder,
      seconds: SECONDS.install,
      allowFailure: true,
    });
  };
  if ((await resolve(wanted)).status === 0) return wanted;
  const { status, output } = await resolve('RELEASE');
  if (status !== 0) throw new Error(`the Maven repository serves no aws-cdk-lib\n${output}`);
  const { stdout } = spawnSync('mvn', ['-q', '-B', 'help:evaluate', '-Dexpression=settings.localRepository', '-DforceStdout'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const repository = stdout.replace(/\u001b\[\d*m/g, '').trim(); // Maven colours even this
  const versions = join(repository, 'software', 'amazon', 'awscdk', 'aws-cdk-lib');
  return readdirSync(versions)
    .filter((version) => existsSync(join(versions, version, `aws-cdk-lib-${version}.jar`)))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1);
}

function reactor(modules) {
  return `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>test</groupId>
  <artifactId>test</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <modules>${modules.map((name) => `<module>${name}</module>`).join('')}</modules>
</project>
`;
}

async function proveGo(bench) {
  const { folder, check, note, library } = bench;
  const generated = join(folder, 'dist');
  const go = await check('go: the library packages', async () => {
    await pacmak(library, generated, '--code-only', '--target', 'go');
    return goToolchain(readFileSync(join(generated, 'go', 'cdkecsmesh', 'go.mod'), 'utf8'));
  });
  if (!go) return;
  const project = consumer(folder, 'go', 'go');
  const run = (...args) => bounded(go.command, args, { cwd: project, seconds: SECONDS.build, env: go.env });
  const built = await check('go: examples/go builds', async () => {
    const replaced = { 'github.com/cdk-ecs-mesh/cdk-ecs-mesh-go/cdkecsmesh': join(generated, 'go', 'cdkecsmesh') };
    for (const { name, module, version, packageName } of jsiiModules(library)) {
      const { status } = await bounded(go.command, ['mod', 'download', `${module}@v${version}`], {
        cwd: folder,
        seconds: SECONDS.install,
        env: go.env,
        allowFailure: true,
      });
      if (status === 0) continue;
      await pacmak(join(root, 'node_modules', name), generated, '--code-only', '--target', 'go');
      replaced[module] = join(generated, 'go', packageName);
      note(`go: not from the registry, which does not serve it: ${module} v${version}; generated from npm's ${name}`);
    }
    await run('mod', 'edit', ...Object.entries(replaced).map(([module, path]) => `-replace=${module}=${path}`));
    // without -trimpath the temporary folder's name is part of what is cached, and each run compiles the AWS CDK again
    await run('build', '-mod=mod', '-trimpath', '-o', 'shop', '.');
  });
  if (built) await proveSynthesis(bench, 'go', project, join(project, 'shop'), []);
}

/** .NET: what can be shown without its compiler. */
async function proveSources({ folder, check, library }) {
  await check('dotnet: the sources are generated (they are not compiled here)', async () => {
    await pacmak(library, join(folder, 'sources'), '--code-only', '--target', 'dotnet');
    const file = 'dotnet/CdkEcsMesh/CdkEcsMesh/IEndpoint.cs';
    if (!existsSync(join(folder, 'sources', file))) throw new Error(`${file} is missing`);
  });
}

async function proveSynthesis({ folder, check }, language, project, command, args) {
  const output = await check(`${language}: synthesises`, () => synth(project, command, args));
  if (!output) return;
  for (const stack of STACKS) {
    await check(`${language}: ${stack} is the TypeScript template`, () => {
      const [actual, expected] = [template(project, stack), template(join(folder, 'reference'), stack)];
      const difference = firstDifference(actual, expected);
      if (difference) throw new Error(difference);
    });
  }
  await check(`${language}: an IEndpoint of its own gives variables and a rule`, () => {
    const text = JSON.stringify(template(project, 'Shop'));
    for (const part of ['{"Name":"LDAP_URL","Value":"ldaps://ldap.example.com:636"}', '"CidrIp":"192.0.2.0/24"'])
      if (!text.includes(part)) throw new Error(`the template has no ${part}`);
  });
  await check(`${language}: a mistake is explained in one line`, () => {
    const line = output.split('\n').find((text) => text.replace(/^Error: /, '') === MISTAKE);
    if (!line) throw new Error(`expected ${MISTAKE}, got\n${output}`);
    say(`      ${line}`);
  });
}

/** A copy of an example, so that nothing is written in the checkout. */
function consumer(folder, name, example) {
  const project = join(folder, name);
  cpSync(join(root, 'examples', example), project, {
    recursive: true,
    filter: (path) => !/[/\\](\.venv|__pycache__|cdk\.out|target)$/.test(path),
  });
  return project;
}

async function synth(project, command, args) {
  const env = { ...QUIET, CDK_OUTDIR: join(project, 'assembly') };
  const { output } = await bounded(command, args, { cwd: project, seconds: SECONDS.synth, env });
  return `${output}\n`;
}

function pacmak(library, outdir, ...args) {
  const command = join(root, 'node_modules', 'jsii-pacmak', 'bin', 'jsii-pacmak');
  return bounded('node', [command, ...args, '--outdir', outdir, library], { cwd: library, seconds: SECONDS.package, env: QUIET });
}

/** Without hashes and paths of assets, and without the list of used constructs, which names the language. */
function template(project, stack) {
  const text = readFileSync(join(project, 'assembly', `${stack}.template.json`), 'utf8').replace(/\b[0-9a-f]{64}\b/g, '<hash>');
  const { Conditions, ...parsed } = JSON.parse(text, (key, value) =>
    key === 'CDKMetadata' || key.startsWith('aws:asset:') ? undefined : value,
  );
  return parsed;
}

function firstDifference(actual, expected, path = '') {
  if (isDeepStrictEqual(actual, expected)) return undefined;
  const both = [actual, expected].every((value) => typeof value === 'object' && value !== null);
  if (!both) return `${path} is ${JSON.stringify(actual)}, in TypeScript ${JSON.stringify(expected)}`;
  const key = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].find(
    (name) => !isDeepStrictEqual(actual[name], expected[name]),
  );
  return firstDifference(actual[key], expected[key], `${path}/${key}`);
}

/** The Go modules of the jsii packages that stand between us and aws-cdk-lib; aws-cdk-lib and constructs must be in the registry. */
function jsiiModules(library) {
  const { dependencyClosure } = JSON.parse(readFileSync(join(library, '.jsii'), 'utf8'));
  return Object.entries(dependencyClosure)
    .filter(([name]) => !['aws-cdk-lib', 'constructs'].includes(name))
    .map(([name, { targets }]) => {
      const version = versionOf(name);
      const major = Number(version.split('.')[0]);
      const { moduleName } = targets.go;
      const packageName = targets.go.packageName ?? name.replace(/[^a-z0-9]/gi, '');
      return { name, version, packageName, module: [moduleName, packageName, ...(major > 1 ? [`v${major}`] : [])].join('/') };
    });
}

function versionOf(name) {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
}

/** Go as new as `goMod` asks for. An older one (Debian's) brings it: toolchains are modules. */
async function goToolchain(goMod) {
  await need('go', ['golang-go', 'ca-certificates']);
  const [, wanted] = /^go (\d+\.\d+)/m.exec(goMod);
  const value = (name) => spawnSync('go', ['env', name], { encoding: 'utf8' }).stdout.trim();
  const minor = (version) => Number(version.split('.')[1]);
  if (minor(value('GOVERSION')) >= minor(wanted)) return { command: 'go', env: {} };
  const toolchain = `golang.org/toolchain@v0.0.1-go${wanted}.0.${value('GOOS')}-${value('GOARCH')}`;
  const { output } = await bounded('go', ['mod', 'download', '-json', toolchain], { cwd: root, seconds: SECONDS.install });
  const home = JSON.parse(output).Dir;
  // a module's files are not executable
  for (const folder of ['bin', `pkg/tool/${value('GOOS')}_${value('GOARCH')}`])
    for (const name of readdirSync(join(home, folder))) chmodSync(join(home, folder, name), 0o555);
  return { command: join(home, 'bin', 'go'), env: { GOROOT: home, GOTOOLCHAIN: 'local' } };
}
