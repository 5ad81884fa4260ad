/** The cloud assemblies that the demo runs, each made again only when something that it was made from has changed. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { libraryIsFresh } from './freshness.mjs';
import { root, say } from './install.mjs';
import { step } from './progress.mjs';

const PLACE = join('.cache', 'demo', 'synth');
/** Besides the folder of the example. */
const MADE_FROM = ['lib', 'assets', 'package-lock.json', join('scripts', 'synth-examples.mjs')];
const WARNING = /warning/i;

/** Without a domain there is no HTTPS in a template; these are names for nobody's real zone. */
const CONTEXT = {
  geolocation: ['privateDomain=nidhin.local', 'zoneName=nidhin.example', 'zoneId=Z00000000000000DEMO'],
  'flask-nginx': ['profile=production', 'zoneName=links.example', 'zoneId=Z00000000000000DEMO'],
  platform: ['zoneName=platform.example', 'zoneId=Z00000000000000DEMO'],
  care: ['zoneName=clinic.example', 'zoneId=Z00000000000000DEMO'],
};

/** Other templates of an example that its proofs are about. */
const VARIANTS = {
  geolocation: {
    strict: ['compliance=strict'],
    upstream: ['provider=upstream'],
    elasticache: ['provider=upstream', 'redis=elasticache'],
  },
  voting: { none: ['persistence=none'], elasticache: ['redis=elasticache'], postgres: ['database=postgres'] },
};

/** What each example is synthesised from: the images of the reference app, and the library as its sources are now. */
export async function prepareSynthesis() {
  await step('bundling the images of the reference app', 'node', ['scripts/bundle-app.mjs'], { cwd: root });
  if (!libraryIsFresh()) await step('compiling the library', 'npx', ['projen', 'compile'], { cwd: root });
}

/** The directory of an example's template, and for its proofs those of its variants by their names. */
export async function assembliesOf(example, { check }) {
  const assembly = await synthesise(example, 'default', []);
  const variants = {};
  for (const [name, context] of Object.entries((check && VARIANTS[example]) || {}))
    variants[name] = await synthesise(example, name, context);
  return { assembly, variants };
}

/** Synthesises with all checks on, aside from cdk.out/, whose templates have no domain; returns the directory. */
export async function synthesise(example, variant, context) {
  const output = join(PLACE, variant);
  const pairs = [...(CONTEXT[example] ?? []), ...context];
  const label = `examples/${example}${context.length > 0 ? ` (${context.join(', ')})` : ''}`;
  const note = join(root, output, `${example}.json`);
  const madeFrom = digest(example, pairs);
  const known =
    existsSync(note) && existsSync(join(root, output, example, 'manifest.json')) && JSON.parse(readFileSync(note, 'utf8'));
  if (known && known.madeFrom === madeFrom) {
    for (const line of [`${label} is synthesised`, ...known.warnings]) say(line);
    return join(root, output, example);
  }
  rmSync(note, { force: true });
  const words = ['scripts/synth-examples.mjs', example, '--output', output, ...pairs.flatMap((pair) => ['-c', pair])];
  const warnings = await step(`synthesising ${label}`, 'node', words, { cwd: root, warning: WARNING });
  mkdirSync(join(root, output), { recursive: true });
  writeFileSync(note, JSON.stringify({ madeFrom, warnings }));
  return join(root, output, example);
}

function digest(example, pairs) {
  const hash = createHash('sha256').update(JSON.stringify([pairs, process.version, process.env.AWS_REGION ?? '']));
  for (const file of [...MADE_FROM, join('examples', example)].flatMap((place) => filesOf(join(root, place))).sort())
    hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

function filesOf(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}
