import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC0-1.0', 'ISC', 'MIT'];

/** `name | licence` of every package in the bundles, as the bundles themselves say. */
function bundled(): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'licences-'));
  try {
    execFileSync(process.execPath, [join(root, 'scripts', 'bundle-app.mjs'), folder], { cwd: root });
    const texts = ['api', 'frontend'].map((name) => readFileSync(join(folder, name, 'third-party-licenses.txt'), 'utf8'));
    const titles = texts.flatMap((text) => [...text.matchAll(/^(@?[\w./-]+) \d[\w.-]* \(([^)]+)\)\n-+$/gm)]);
    return [...new Set(titles.map(([, name, licence]) => `${name} | ${licence}`))].sort();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The rows of the page's last table. */
function listed(): string[] {
  const page = readFileSync(join(root, 'docs', 'licences.md'), 'utf8').split('## Code')[1];
  return [...page.matchAll(/^\| `([^`]+)` +\| ([\w.-]+) +\|/gm)].map(([, name, licence]) => `${name} | ${licence}`).sort();
}

const packages = bundled();

test('docs/licences.md lists every package in the images, with its licence', () => {
  expect(packages.length).toBeGreaterThan(10);
  expect(listed()).toEqual(packages);
});

test('every licence is a permissive one', () => {
  expect(packages.filter((entry) => !PERMISSIVE.includes(entry.split(' | ')[1]))).toEqual([]);
});
