import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

interface Pin {
  readonly product: string;
  readonly version: string;
  readonly where: string[];
  readonly ending?: { readonly standard?: string; readonly closed?: string };
}

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function facts(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/facts.mjs', ...args], { cwd: ROOT, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

/** Text of a report on a repository of these files. */
function reportOn(files: Record<string, string>, ...args: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'facts-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return facts('--root', folder, '--today', '2026-11-29', ...args);
}

const { readOn, pins } = JSON.parse(facts('--json')) as { readonly readOn: string; readonly pins: Pin[] };
const of = (product: string) => pins.filter((pin) => pin.product === product);

describe('DT-10: what this repository pins', () => {
  test('every pin has a row in the table of ends of support', () => {
    expect(pins.filter(({ ending }) => !ending).map(({ product, version, where }) => `${product} ${version}: ${where[0]}`)).toEqual(
      [],
    );
  });

  test('nothing has ended by the day of the table but what docs/ends-of-support.md explains', () => {
    const ended = pins.filter(({ ending }) => [ending?.closed, ending?.standard].some((day) => day !== undefined && day <= readOn));
    expect(ended.map(({ product, version }) => `${product} ${version}`)).toEqual(['dotnet 6', 'go 1.25', 'image/node 20']);
  });

  test.each([
    ['rds/postgres', 'src/data/'],
    ['elasticache/valkey', 'src/redis/'],
    ['image/valkey', 'src/redis/'],
    ['image/redis', 'examples/flask-nginx/app.ts'],
    ['image/nginx', 'examples/flask-nginx/nginx/Dockerfile'],
    ['image/node', 'examples/voting/frontend/Dockerfile'],
    ['image/python', 'src/delivery/placeholder-image.ts'],
    ['image/aws-otel-collector', 'src/service/private/collector.ts'],
    ['lambda', 'src/jobs/private/deployment-runner.ts'],
    ['host/amazon-linux', 'src/mesh/host-image.ts'],
    ['host/bottlerocket', 'src/mesh/host-image.ts'],
    ['tls', 'src/gateway/'],
    ['waf', 'src/gateway/private/waf-rule-names.ts'],
    ['action/actions/checkout', 'examples/flask-nginx/github-actions/deploy-environment.yml'],
    ['image/node', '.projenrc.ts'],
    ['go', 'examples/go/go.mod'],
    ['java', 'examples/java/pom.xml'],
  ])('%s is found in %s', (product, place) => {
    expect(of(product).flatMap(({ where }) => where.filter((each) => each.startsWith(place)))).not.toEqual([]);
  });

  test('docs/ends-of-support.md is what `npx projen facts --docs` writes', () => {
    // Where a pin is changes with every feature; the next one who writes the page brings the places up to date.
    const withoutPlaces = (page: string) => page.replace(/^(\|(?:[^|]*\|){4})[^|]*\|$/gm, '$1');
    const page = readFileSync(join(ROOT, 'docs', 'ends-of-support.md'), 'utf8');
    expect(withoutPlaces(facts('--docs', '--stdout'))).toBe(withoutPlaces(page));
  });

  test('T29: no PostgreSQL is pinned to a minor version', () => {
    expect(of('rds/postgres').filter(({ version }) => version.includes('.'))).toEqual([]);
  });
});

test('DT-82: actions of the example workflow are pinned by commit, and none wants Node.js 20', () => {
  const workflow = readFileSync(join(ROOT, 'examples', 'flask-nginx', 'github-actions', 'deploy-environment.yml'), 'utf8');
  expect([...workflow.matchAll(/uses: (.+)/g)].filter(([, used]) => !/^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(used))).toEqual(
    [],
  );
  expect(pins.filter(({ product, ending }) => product.startsWith('action/') && ending?.standard !== undefined)).toEqual([]);
});

describe('DT-10: npx projen facts', () => {
  test('reports what has ended, with where it is pinned and the page', () => {
    expect(reportOn({ 'web/Dockerfile': 'FROM nginx:1.29 AS web\nFROM scratch\n' })).toBe(
      [
        'Ends of support as read on 2026-11-29, 0 days before 2026-11-29.',
        'Ended:',
        '  Nginx 1.29: 2026-05-13',
        '      web/Dockerfile:1',
        '      https://nginx.org/en/download.html',
        '',
        'Ends by 2027-05-28, within 180 days: none.',
        '',
        'Unknown: not in the table: none.',
        '',
        '0 more pins go on, or no end of them is announced; --all lists them.\n',
      ].join('\n'),
    );
  });

  test.each([
    ['2026-10-31', 'within 180 days: none.'],
    ['2026-11-01', 'within 180 days:\n  Node.js 22: 2027-04-30\n'],
    ['2027-04-29', 'within 180 days:\n  Node.js 22: 2027-04-30\n'],
    ['2027-04-30', 'Ended:\n  Node.js 22: 2027-04-30\n'],
  ])('on %s a version that ends on 2027-04-30', (today, text) => {
    expect(reportOn({ Dockerfile: 'FROM node:22\n' }, '--today', today)).toContain(text);
  });

  test('a pin without a row is unknown, wherever it is', () => {
    const report = reportOn({
      'a/Dockerfile': 'FROM ubuntu:24.04\n',
      'b/Dockerfile': 'ARG BASE=node\nFROM ${BASE} AS build\nFROM build\n',
      'app.ts': "fromRegistry('public.ecr.aws/docker/library/busybox:1.37')",
      '.github/workflows/c.yml': '- uses: some/action@v3\n',
      'engine.ts': 'PostgresEngineVersion.VER_99',
    });
    const [, unknown] = report.split('Unknown: not in the table:\n');
    expect(unknown.split('\n\n')[0].split('\n')).toEqual([
      '  action/some/action 3',
      '      .github/workflows/c.yml:1',
      '  image/node latest',
      '      b/Dockerfile:2',
      '  image/public.ecr.aws/docker/library/busybox 1.37',
      '      app.ts:1',
      '  image/ubuntu 24.04',
      '      a/Dockerfile:1',
      '  rds/postgres 99',
      '      engine.ts:1',
    ]);
  });

  test('addresses, times, your own images and places in files are no pins', () => {
    const texts = [
      'http://web:80',
      'redis:6379',
      '03:00-04:00',
      'my/web:2',
      '1.dkr.ecr.eu-west-1.amazonaws.com/a:1',
      'src/a.ts:12',
    ];
    const report = reportOn({ 'app.ts': texts.map((text) => `'${text}'`).join('\n') }, '--all');
    expect(report).toContain('Unknown: not in the table: none.\n\nGoes on: none.\n');
  });

  test('an old table asks to be read again', () => {
    expect(reportOn({}, '--today', '2027-02-27')).toContain('90 days before 2027-02-27.\n');
    expect(reportOn({}, '--today', '2027-02-28')).toContain('91 days before 2027-02-28. Read the pages again.\n');
  });
});
