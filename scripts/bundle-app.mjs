/**
 * Bundles what the library deploys: the reference app's services as self-contained image folders, `geolocation/{api,frontend}`, and its
 * functions, `deployment-job` and `redeployment`:
 *
 *   node scripts/bundle-app.mjs [output folder for all of them]
 *
 * Each image folder builds with `docker build` and runs with `node index.js`, with nothing to install. The same sources give the same
 * bytes, because the folder's hash is the image's tag, or the name of the function's code, in CDK.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './esbuild.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = resolve(root, process.argv[2] ?? 'assets/geolocation');
const functionsOut = resolve(root, process.argv[2] ?? 'assets');

const FUNCTIONS = ['deployment-job', 'redeployment'];

/** What each image holds besides its code; a folder's build scripts stay behind. */
const SERVICES = [
  { name: 'api', files: ['data/geo.bin.gz', 'data/SOURCE.json', 'data/LICENSE', 'data/NOTICE'], notice: 'data/NOTICE' },
  {
    name: 'frontend',
    files: ['static/styles.css', 'static/answer.css', 'static/path.js', 'static/world.svg', 'static/favicon.svg', 'static/NOTICE'],
    notice: 'static/NOTICE',
  },
];

const DOCKERIGNORE = ['Dockerfile', '.dockerignore', ''].join('\n');

const OPTIONS = {
  format: 'cjs',
  charset: 'utf8',
  preserveSymlinks: true, // a linked node_modules must not show where it really is
  legalComments: 'inline',
};

for (const service of SERVICES) await inPlace(join(out, service.name), (target) => bundleImage(service, target));
for (const name of FUNCTIONS) await inPlace(join(functionsOut, name), (target) => bundleFunction(name, target));

/** Makes a folder elsewhere and puts it into its place only if it is another one: other commands may be reading it. */
async function inPlace(target, make) {
  const scratch = mkdtempSync(join(tmpdir(), 'bundle-'));
  const made = join(scratch, 'made'); // mkdtemp's own folder is readable by its owner only
  mkdirSync(made);
  try {
    await make(made);
    if (existsSync(target) && contentOf(made) === contentOf(target)) return;
    rmSync(target, { recursive: true, force: true });
    cpSync(made, target, { recursive: true });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function contentOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const named = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return JSON.stringify(named.map((file) => [file.slice(folder.length), readFileSync(file, 'base64')]));
}

/** The runtime of Lambda has the SDK. */
async function bundleFunction(name, target) {
  const entryPoints = { index: `app/${name}/main.ts` };
  await bundle({ ...OPTIONS, entryPoints, outdir: target, target: 'node24', external: ['@aws-sdk/*'] });
  process.stdout.write(`${name}: ${readdirSync(target).join(' ')}\n`);
}

async function bundleImage({ name, files, notice }, target) {
  const source = join(root, 'app', name);
  for (const file of files) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(join(source, file), join(target, file));
  }
  const { metafile } = await bundle({
    ...OPTIONS,
    entryPoints: { index: `app/${name}/main.ts`, healthcheck: 'app/common/healthcheck.ts' },
    outdir: target,
    metafile: true,
  });
  cpSync(join(root, 'app', 'Dockerfile'), join(target, 'Dockerfile'));
  writeFileSync(join(target, '.dockerignore'), DOCKERIGNORE);
  cpSync(join(source, notice), join(target, 'NOTICE'));
  writeFileSync(join(target, 'third-party-licenses.txt'), licenses(metafile));
  process.stdout.write(`${name}: ${readdirSync(target).sort().join(' ')}\n`);
}

/** Name, version, licence and licence text of every package that has code in the bundle. */
function licenses(metafile) {
  const folders = new Set();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
      if (found && bytesInOutput > 0) folders.add(found[1]);
    }
  }
  const entries = [...folders].map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    return { title: `${name} ${version} (${license})`, text: licenseText(join(root, folder)) };
  });
  entries.sort((a, b) => (a.title < b.title ? -1 : 1));
  // Two copies of one version in the tree are one entry here.
  const unique = entries.filter((entry, index) => entry.title !== entries[index - 1]?.title);
  return unique.map(({ title, text }) => `${title}\n${'-'.repeat(title.length)}\n${text.trim()}\n`).join('\n\n');
}

function licenseText(folder) {
  const file = readdirSync(folder)
    .sort()
    .find((name) => /^(licen[sc]e|copying)(\.|$)/i.test(name));
  return file
    ? readFileSync(join(folder, file), 'utf8').replace(/\r\n/g, '\n')
    : 'The package ships no licence text; its licence is named above.';
}
