import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { COMMITS } from './repository.mjs';

/** Tests pin old versions on purpose, and the checks and their page name some as examples. */
const NOT_READ =
  /(?:^|\/)test\/(?!examples\/__snapshots__)|package-lock\.json$|^API\.md$|^docs\/(?:ends-of-support|checks)\.md$|^scripts\/facts|^src\/checks\//;

/** What git does not keep. */
const GENERATED = new Set(
  '.git node_modules lib dist assets coverage cdk.out .cache .jsii test-reports .venv target __pycache__'.split(' '),
);
const TEXT = /\.(?:[cm]?[jt]s|json|md|ya?ml|py|java|go|mod|toml|xml|snap)$|^Dockerfile$/;

/** A reference to an image with a version as its tag: `node:24-alpine`, `public.ecr.aws/valkey/valkey:9.1`; no ports, no times. */
const REFERENCE = /(?<![\w./:@$-])((?:[a-z0-9][a-z0-9.-]*\/)*[a-z][a-z0-9._-]*:v?\d{1,2}(?!\d)[\w.-]*)(?![\w:/@.-])/g;

const constant = (name) => name.toLowerCase().replaceAll('_', '.');

/** What is looked for: in which files, as what, and how the match is read. */
const PATTERNS = [
  [/./, /PostgresEngineVersion\.VER_(\d+(?:_\d+)?)/g, ([, version]) => ['rds/postgres', constant(version)]],
  [/./, /ElastiCacheEngine\.VALKEY_(\d+_\d+)/g, ([, version]) => ['elasticache/valkey', constant(version)]],
  [/./, /ElastiCacheEngine\.valkey\('(\d[\d.]*)'\)/g, ([, version]) => ['elasticache/valkey', version]],
  [/./, /ElastiCacheEngine\.of\('(\w+)', '(\d[\d.]*)'/g, ([, name, version]) => [`elasticache/${name}`, version]],
  [/^src\//, /majorEngineVersion \?\? '(\d+)'/g, ([, version]) => ['elasticache/valkey', version]],
  [
    /./,
    /Runtime\.(NODEJS|PYTHON)_(\d+)_(\w+)/g,
    ([, language, ...parts]) => ['lambda', `${language}${parts.join('.')}`.toLowerCase()],
  ],
  [/\.snap$/, /"Runtime": "([\w.]+)"/g, ([, runtime]) => ['lambda', runtime]],
  [
    /./,
    /BottlerocketEcsVariant\.(AWS_ECS_\d+)/g,
    ([, variant]) => ['host/bottlerocket', variant.toLowerCase().replaceAll('_', '-')],
  ],
  [/\.snap$/, /\/aws\/service\/bottlerocket\/(aws-ecs-\d+)/g, ([, variant]) => ['host/bottlerocket', variant]],
  [/^(?:src|examples)\/.*\.ts$/, /[aA]mazonLinux(2023|2)(?!\d)/g, ([, version]) => ['host/amazon-linux', version]],
  [
    /\.snap$/,
    /\/aws\/service\/(?:ami-amazon-linux-latest\/al|ecs\/optimized-ami\/amazon-linux-)(\d+)/g,
    ([, version]) => ['host/amazon-linux', version],
  ],
  [/./, /\bSslPolicy\.([A-Z]\w+)/g, ([, policy]) => ['tls', policy]],
  [/^(?:src|examples|bench)\//, /\bAWSManagedRules\w+/g, () => ['waf', 'default']],
  [
    /./,
    /\buses: '?([\w-]+\/[\w-]+)@([\w.]+)(?: # v?([\d.]+))?/g,
    ([, name, ref, said]) => [`action/${name}`, said ?? COMMITS[ref] ?? ref.replace(/^v/, '')],
  ],
  [/./, /\bnode-version'?: ["']?(\d+)/g, ([, version]) => ['image/node', version]],
  [/./, /\bjava-version'?: ["']?(\d+)/g, ([, version]) => ['java', version]],
  [/./, /\bdotnet-version'?: ["']?(\d+)/g, ([, version]) => ['dotnet', version]],
  [/^\.projenrc\.ts$/, /minNodeVersion: '(\d+)/g, ([, version]) => ['image/node', version]],
  [/^\.projenrc\.ts$/, /workflowNodeVersion: '(\d+)/g, ([, version]) => ['image/node', version]],
  [/(?:^|\/)go\.mod$/, /^go (\d+\.\d+)/gm, ([, version]) => ['go', version]],
  [/(?:^|\/)pom\.xml$/, /<maven\.compiler\.release>(\d+)</g, ([, version]) => ['java', version]],
];

/** Everything that the files of a repository pin, as `{ product, version, where: ['file:line', ...] }`. */
export function findPins(root, imageVersion) {
  const pins = new Map();
  for (const file of textFiles(root)) {
    if (NOT_READ.test(file)) continue;
    const text = readFileSync(join(root, file), 'utf8');
    for (const [product, version, index] of [...images(file, text, imageVersion), ...named(file, text)]) {
      const key = `${product} ${version}`;
      const pin = pins.get(key) ?? { product, version, where: [] };
      pins.set(key, pin);
      const place = `${file}:${text.slice(0, index).split('\n').length}`;
      if (!pin.where.includes(place)) pin.where.push(place);
    }
  }
  return [...pins.values()].sort((a, b) => (`${a.product} ${a.version}` < `${b.product} ${b.version}` ? -1 : 1));
}

/** Not by git: a copy of the repository has the same pins. */
function textFiles(root, folder = '') {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return GENERATED.has(entry.name) ? [] : textFiles(root, path);
    return entry.isFile() && TEXT.test(entry.name) ? [path] : [];
  });
}

function named(file, text) {
  return PATTERNS.filter(([files]) => files.test(file)).flatMap(([, pattern, read]) =>
    [...text.matchAll(pattern)].map((match) => [...read(match), match.index]),
  );
}

function images(file, text, imageVersion) {
  // Snapshots repeat what the examples say, and are written anew after them.
  if (file.endsWith('.snap')) return [];
  const first = /(?:^|\/)Dockerfile$/.test(file) ? bases(text) : [];
  const rest = first.length > 0 ? [] : [...text.matchAll(REFERENCE)].filter(([, reference]) => isImage(reference, imageVersion));
  return [...first, ...rest].map((match) => {
    const [repository, tag = 'latest'] = match[1].split(/:(?=[^/]*$)/);
    const { product, version } = imageVersion(match[1]) ?? { product: `image/${repository}`, version: tag };
    return [product, version, match.index];
  });
}

/** What stages are built from, but for earlier stages; an argument means its default. */
function bases(text) {
  const stages = [...text.matchAll(/^FROM \S+ AS (\S+)/gim)].map(([, stage]) => stage);
  const defaults = Object.fromEntries([...text.matchAll(/^ARG (\w+)=(\S+)/gm)].map(([, name, value]) => [name, value]));
  const known = (image) => image.replace(/\$\{?(\w+)\}?/g, (given, name) => defaults[name] ?? given);
  return [...text.matchAll(/^FROM (?!scratch)(\S+)/gm)]
    .filter(([, image]) => !stages.includes(image))
    .map((match) => Object.assign([match[0], known(match[1])], { index: match.index }));
}

/** A name with a slash that is nobody's own, or one that is known. */
function isImage(reference, imageVersion) {
  if (imageVersion(reference)) return true;
  return /^[a-z0-9.-]+\//.test(reference) && !/^my\/|\.dkr\.ecr\.|\.[jt]s:/.test(reference);
}
