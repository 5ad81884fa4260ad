/**
 * Proves that the package works where none of this repository is: packs it, installs the tarball in an empty folder with the newest
 * aws-cdk-lib, constructs and cdk-nag, and synthesises GeolocationReferenceApp. Then does what docs/getting-started.md says, as a newcomer
 * would, with a tarball that is made in a temporary folder.
 *
 *   node scripts/test-package.mjs
 *
 * Result: one line per check and test-reports/package.json.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { libraryIsFresh } from './freshness.mjs';
import { installIfNeeded, root, say } from './install.mjs';
import { bounded, compileLibrary, inTemporaryFolder, report } from './workbench.mjs';

const SECONDS = { compile: 300, pack: 120, install: 300, synth: 180 };
const NODE_MAJOR = process.versions.node.split('.')[0];

/** Folders and files that only this repository needs. */
const NOT_SHIPPED =
  /^package\/(test|src|app|local|examples|scripts|projenrc|docs|rosetta|\.ci|\.github|\.projen|cdk\.out|coverage|node_modules)\/|\.test\.|\.snap$/;
const SHIPPED = [
  'package.json',
  '.jsii',
  'LICENSE',
  'README.md',
  'lib/index.js',
  'lib/index.d.ts',
  'assets/geolocation/api/Dockerfile',
  'assets/geolocation/frontend/index.js',
];

const APP = `
const { App, Stack, Validations } = require('aws-cdk-lib');
const { AwsSolutionsChecks } = require('cdk-nag');
const { GeolocationReferenceApp, TopologyDiagram } = require('cdk-ecs-mesh');

const app = new App({ outdir: 'cdk.out' });
const stack = new Stack(app, 'Geolocation', { env: { region: 'us-east-1' } });
new GeolocationReferenceApp(stack, 'Geo');
TopologyDiagram.attach(app);
if (process.argv[2] === '--nag') Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth(); // throws on findings that are not acknowledged
`;

/** Prints which of the library's folders, and whether cdk-nag, a stack with one service loads. */
const ONE_SERVICE = `
const { App, Stack } = require('aws-cdk-lib');
const ecs = require('aws-cdk-lib/aws-ecs');
const { MeshService, ServiceConnectMesh } = require('cdk-ecs-mesh');

const stack = new Stack(new App(), 'Shop', { env: { region: 'us-east-1' } });
const image = ecs.ContainerImage.fromRegistry('nginx');
const containers = [{ image, ports: [{ name: 'http', containerPort: 80 }] }];
new MeshService(stack, 'Api', { mesh: new ServiceConnectMesh(stack, 'Mesh'), containers });
const loaded = Object.keys(require.cache).flatMap((file) => /cdk-ecs-mesh.lib.(\\w+)|node_modules.(cdk-nag)/.exec(file)?.slice(1) ?? []);
console.log(JSON.stringify([...new Set(loaded.filter(Boolean))].sort()));
`;
const FOLDERS_OF_A_SERVICE = ['core', 'index', 'mesh', 'service', 'tasks'];

await installIfNeeded();
await inTemporaryFolder('test-package', async (folder) => {
  const result = { passed: 0, failed: 0 };
  const check = async (title, prove) => {
    const problem = await Promise.resolve()
      .then(prove)
      .catch((error) => error.message);
    result[problem ? 'failed' : 'passed']++;
    say(problem ? `FAIL  ${title}: ${problem}` : `PASS  ${title}`);
    return !problem;
  };
  await proveAll(folder, check);
  report('package', result);
});

async function proveAll(folder, check) {
  const project = join(folder, 'project');
  let tarball;
  const packed = await check('the library packs', async () => {
    await compileIfStale();
    tarball = await pack(folder);
  });
  if (!packed) return;
  await check('the tarball holds what users need and nothing else', () => checkContent(tarball));
  if (!(await check('it installs in an empty folder', () => install(project, tarball)))) return;
  await check('an ES module imports each class and enum by name', () => checkNames(project));
  await check('one service loads only what it needs', () => checkLoaded(project));
  const synth = (...args) => bounded('node', ['app.js', ...args], { cwd: project, seconds: SECONDS.synth }).then(() => undefined);
  if (!(await check('GeolocationReferenceApp synthesises', () => synth()))) return;
  await check('AwsSolutions of cdk-nag finds nothing', () => synth('--nag'));
  await check('the picture is drawn', () => checkPicture(join(project, 'cdk.out')));
  await check('each image asset has a Dockerfile and its code', () => checkImages(join(project, 'cdk.out')));
  await proveGettingStarted(folder, tarball, check);
}

/** The commands of the page one by one, and its files where the comment among them says so. */
async function proveGettingStarted(folder, tarball, check) {
  const page = readFileSync(join(root, 'docs', 'getting-started.md'), 'utf8');
  const [, commands] = /^```shell\n([\s\S]*?)^```$/m.exec(page);
  const files = [...page.matchAll(/^```\w+ file=(\S+)\n([\s\S]*?)^```$/gm)].map(([, name, text]) => ({ name, text }));
  const lines = commands.trim().split('\n');
  await check('getting started takes fewer than ten commands', () => {
    const count = lines
      .filter((line) => !line.startsWith('#'))
      .join(' && ')
      .split('&&').length;
    if (count >= 10 || files.length !== 4) throw new Error(`${count} commands, ${files.length} files`);
  });
  const project = join(folder, 'shop');
  mkdirSync(project);
  for (const line of lines.slice(1)) {
    if (line.startsWith('#')) for (const { name, text } of files) writeFileSync(join(project, name), text);
    else if (!(await check(`getting started: ${line}`, () => asNewcomer(project, line, tarball)))) return;
  }
}

async function asNewcomer(project, line, tarball) {
  const cdk = JSON.parse(readFileSync(join(root, 'node_modules', 'aws-cdk', 'package.json'), 'utf8')).version;
  const [command, ...args] = line
    .replace(/ \S+\.tgz /, ` ${tarball} `)
    .replace('aws-cdk@2', `--yes aws-cdk@${cdk}`)
    .split(' ');
  await bounded(command, args, { cwd: project, seconds: SECONDS.install });
}

/** A tarball of yesterday's lib/ would prove nothing. */
async function compileIfStale() {
  const env = { JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: NODE_MAJOR };
  if (!existsSync(join(root, 'assets', 'geolocation')))
    await bounded('node', ['scripts/bundle-app.mjs'], { cwd: root, seconds: SECONDS.compile });
  if (!libraryIsFresh()) await compileLibrary(root, SECONDS.compile, env);
}

async function pack(folder) {
  const { output } = await bounded('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
    cwd: root,
    seconds: SECONDS.pack,
  });
  const name = output.split('\n').findLast((line) => line.endsWith('.tgz'));
  if (!name) throw new Error(`npm pack named no tarball: ${output}`);
  return join(folder, name.trim());
}

async function checkContent(tarball) {
  const { output } = await bounded('tar', ['-tzf', tarball], { seconds: SECONDS.pack });
  const entries = output.trim().split('\n');
  const extra = entries.filter((entry) => NOT_SHIPPED.test(entry));
  const missing = SHIPPED.filter((file) => !entries.includes(`package/${file}`));
  if (extra.length > 0) throw new Error(`ships ${extra.slice(0, 5).join(', ')} (${extra.length} files too many)`);
  if (missing.length > 0) throw new Error(`does not ship ${missing.join(', ')}`);
}

async function install(project, tarball) {
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', version: '1.0.0', private: true }));
  writeFileSync(join(project, 'app.js'), APP);
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', tarball, 'aws-cdk-lib@2', 'constructs@10', 'cdk-nag@3'];
  await bounded('npm', args, { cwd: project, seconds: SECONDS.install });
  const version = (name) => JSON.parse(readFileSync(join(project, 'node_modules', name, 'package.json'), 'utf8')).version;
  say(`      with ${['aws-cdk-lib', 'constructs', 'cdk-nag'].map((name) => `${name} ${version(name)}`).join(', ')}`);
}

/** The names are those of the assembly, which jsii made from the sources, and not of lib/index.js. */
async function checkNames(project) {
  const { types, name } = JSON.parse(readFileSync(join(project, 'node_modules', 'cdk-ecs-mesh', '.jsii'), 'utf8'));
  const names = Object.values(types).flatMap((type) => (type.kind === 'interface' ? [] : [type.name]));
  const text = `import { ${names.join(', ')} } from '${name}';
for (const [name, value] of Object.entries({ ${names.join(', ')} })) if (!value) throw new Error(name + ' is not there');
console.log(${names.length});`;
  writeFileSync(join(project, 'names.mjs'), text);
  const { output } = await bounded('node', ['names.mjs'], { cwd: project, seconds: SECONDS.synth });
  if (names.length === 0 || output.trim() !== `${names.length}`) throw new Error(`${output.trim()} of ${names.length} names`);
}

async function checkLoaded(project) {
  writeFileSync(join(project, 'one-service.js'), ONE_SERVICE);
  const { output } = await bounded('node', ['one-service.js'], { cwd: project, seconds: SECONDS.synth });
  const loaded = JSON.parse(output.trim().split('\n').pop());
  const expected = JSON.stringify(FOLDERS_OF_A_SERVICE);
  if (JSON.stringify(loaded) !== expected) throw new Error(`loads ${loaded}, ${expected} is expected`);
}

function checkPicture(assembly) {
  const { components } = JSON.parse(readFileSync(join(assembly, 'topology.json'), 'utf8'));
  const absent = components.filter(
    ({ label }) => !readFileSync(join(assembly, 'topology.svg'), 'utf8').includes(`>${label}</text>`),
  );
  if (components.length < 6 || absent.length > 0)
    throw new Error(`${components.length} components, not drawn: ${absent.map(({ id }) => id)}`);
}

function checkImages(assembly) {
  const manifests = readdirSync(assembly).filter((file) => file.endsWith('.assets.json'));
  const images = manifests.flatMap((file) =>
    Object.values(JSON.parse(readFileSync(join(assembly, file), 'utf8')).dockerImages ?? {}),
  );
  if (images.length < 2) throw new Error(`${images.length} image assets, the API's and the frontend's are expected`);
  for (const { source } of images) {
    for (const file of [source.dockerFile ?? 'Dockerfile', 'index.js']) {
      if (!existsSync(join(assembly, source.directory, file))) throw new Error(`${source.directory} has no ${file}`);
    }
  }
}
