/**
 * Says which versions that this repository pins have ended, or end soon, and where they are pinned:
 *
 *   npx projen facts                 what has ended, what ends within 180 days, and pins without a row in the table
 *   npx projen facts --all           every pin with its row
 *   npx projen facts --docs          writes docs/ends-of-support.md; with --stdout prints it instead
 *   npx projen facts --json          everything, for programs
 *   npx projen facts --today DAY     as it will be on another day, such as 2027-03-01
 *   npx projen facts --root FOLDER   the pins of another repository
 *
 * It reports and does not fail: no build depends on the calendar.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './esbuild.mjs';
import { pageOf, reportOf } from './facts/output.mjs';
import { findPins } from './facts/pins.mjs';
import { REPOSITORY } from './facts/repository.mjs';
import { root } from './install.mjs';

const { values: options } = parseArgs({
  options: {
    ...Object.fromEntries(['all', 'docs', 'json', 'stdout'].map((name) => [name, { type: 'boolean' }])),
    ...Object.fromEntries(['today', 'root'].map((name) => [name, { type: 'string' }])),
  },
});

const { PRODUCTS, READ_ON, findEnding, imageVersion } = await loadTable();
Object.assign(PRODUCTS, REPOSITORY);
const today = options.today ?? new Date().toISOString().slice(0, 10);
const pins = findPins(options.root ?? root, imageVersion).map((pin) => ({ ...pin, ending: findEnding(pin.product, pin.version) }));

if (options.json) console.log(JSON.stringify({ readOn: READ_ON, today, pins }));
else if (options.docs) writePage();
else console.log(reportOf(pins, { today, readOn: READ_ON, all: options.all === true }));

/** The part of the table that users get is in src/, in TypeScript. */
async function loadTable() {
  const source = ['ends-of-support', 'ends-of-support-table', 'image-version'].map(
    (name) => `export * from './src/core/private/${name}';`,
  );
  const { outputFiles } = await bundle({
    stdin: { contents: source.join('\n'), resolveDir: root, loader: 'ts' },
    write: false,
    format: 'esm',
    // Only what warns needs CDK, and nothing here warns.
    plugins: [{ name: 'without-cdk', setup: withoutCdk }],
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

function withoutCdk({ onResolve, onLoad }) {
  onResolve({ filter: /^(?:aws-cdk-lib|constructs)/ }, ({ path }) => ({ path, namespace: 'none' }));
  onLoad({ filter: /./, namespace: 'none' }, () => ({ contents: 'export const Token = undefined, Annotations = undefined;' }));
}

function writePage() {
  const path = join(root, 'docs', 'ends-of-support.md');
  const page = pageOf(readFileSync(path, 'utf8'), pins, PRODUCTS, READ_ON);
  if (options.stdout) process.stdout.write(page);
  else writeFileSync(path, page);
}
