import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { exampleNames } from '../example-apps';

const root = join(__dirname, '..', '..');

/** Relative links of a page that lead nowhere: a missing file, or a heading that the file does not have. */
function deadLinks(page: string, text: string): string[] {
  const links = [...text.replace(/```[\s\S]*?```/g, '').matchAll(/\]\((?!\w+:)([^)\s]+)\)/g)].map(([, target]) => target);
  return links.filter((link) => {
    const [path, anchor] = link.split('#');
    const target = path === '' ? page : resolve(dirname(page), path);
    if (!existsSync(target)) return true;
    return anchor !== undefined && target.endsWith('.md') && !anchors(readFileSync(target, 'utf8')).includes(anchor);
  });
}

/** The ids that GitHub gives to headings. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replace(/ /g, '-'),
  );
}

const folders = [
  '.',
  'docs',
  'docs/decisions',
  'app',
  'local',
  ...readdirSync(join(root, 'examples')).map((name) => `examples/${name}`),
  ...exampleNames.filter((name) => name.includes('/')).map((name) => `examples/${name}`),
];
const pages = folders.flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md') && name !== 'API.md')
    .map((name) => join(root, folder, name)),
);

test.each(pages.map((page) => [relative(root, page), page]))('the links of %s lead somewhere', (_, page) => {
  expect(deadLinks(page, readFileSync(page, 'utf8'))).toEqual([]);
});

test('a dead link is found', () => {
  const page = join(root, 'README.md');
  expect(
    deadLinks(page, '[a](docs/none.md) [b](docs/costs.md#none) [c](docs/costs.md#of-your-own-app) [d](https://example.com)'),
  ).toEqual(['docs/none.md', 'docs/costs.md#none']);
});
