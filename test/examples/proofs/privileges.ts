import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { markdownTable } from 'markdown-table';
import { Grant, grantsOf } from './grants';
import { NEEDS, reasonOf, wildcardOf, WILDCARDS } from './needs';
import { cases, variant } from './variants';
import { exampleNames } from '../../example-apps';

const PAGE = join(__dirname, '..', '..', '..', 'docs', 'security', 'least-privilege.md');
const ACCEPT = 'UPDATE_PRIVILEGES=1 CDK_VALIDATION=false npx jest test/examples/proofs --coverage=false -t privileges';

/** With a role for workflows, which no other proof is about. */
const WITH_GITHUB: [string, Record<string, string>] = ['flask-nginx', { profile: 'production', github: 'acme/links' }];
const all = new Map(
  [...cases, WITH_GITHUB].map(([name, settings]) => [
    `${name} ${JSON.stringify(settings)}`,
    () => grantsOf(variant(name, settings)),
  ]),
);
const text = ({ role, action, resource }: Grant) => `${role.path} (${role.kind}) may ${action} on ${resource}`;

test.each([...all.keys()])(
  'privileges: %s: each action of each role is needed by a connection, by ECS, or by CDK itself',
  (key) => {
    const grants = all.get(key)!();
    expect(grants.length).toBeGreaterThanOrEqual(8);
    expect(grants.filter((grant) => reasonOf(grant) === undefined).map(text)).toEqual([]);
  },
);

test.each([...all.keys()])('privileges: %s: only what has no resource level is allowed on every resource', (key) => {
  const wide = all.get(key)!().filter(({ resource, action }) => resource === '*' || action.includes('*'));
  expect(wide.filter((grant) => !wildcardOf(grant) || grant.action.includes('*')).map(text)).toEqual([]);
});

test('privileges: the lists allow nothing that no example has', () => {
  const grants = [...all.values()].flatMap((read) => read());
  const reasons = new Set(grants.map(reasonOf));
  expect(NEEDS.map(({ why }) => why).filter((why) => !reasons.has(why))).toEqual([]);
  expect(WILDCARDS.filter((wildcard) => !grants.some((grant) => wildcardOf(grant) === wildcard))).toEqual([]);
});

test('privileges: the secret of another service is a stranger', () => {
  const [grant] = grantsOf(variant('care', {})).filter(
    ({ role, action }) => role.kind === 'execution' && action.startsWith('secretsmanager'),
  );
  expect(reasonOf(grant)).toContain('a variable of its containers');
  expect(reasonOf({ ...grant, resource: '<SecretOfSomebodyElse12345678>' })).toBeUndefined();
  expect(reasonOf({ ...grant, resource: '*' })).toBeUndefined();
  expect(reasonOf({ ...grant, action: 'secretsmanager:PutSecretValue' })).toBeUndefined();
});

test('privileges: docs/security/least-privilege.md is what the templates say', () => {
  const page = render();
  if (process.env.UPDATE_PRIVILEGES) writeFileSync(PAGE, page);
  if (readFileSync(PAGE, 'utf8') === page) return;
  throw new Error(`The roles of the examples changed. Read why, then accept it with\n  ${ACCEPT}`);
});

function render(): string {
  return [
    '# What every role may do',
    '',
    'Written by a test from the templates of the examples in all their tested variants; an action without a reason fails the build.',
    'Wherever a reason says "connected" or names the task, the test found the connection, variable, image, log group or mount in the same',
    'template, so that no role reads the secret of another service.',
    '',
    '```shell',
    ACCEPT,
    '```',
    '',
    '## Actions without a resource level',
    '',
    table(['action on `*`', 'where AWS says so'], wildcards()),
    ...exampleNames.flatMap((name) => ['', `## ${name}`, '', table(['role', 'kind', 'may', 'on', 'because'], rows(name))]),
    '',
  ].join('\n');
}

/** One row for each role, resource and reason. */
function rows(name: string): string[][] {
  const own = [...all].filter(([key]) => key.startsWith(`${name} `)).flatMap(([, read]) => read());
  const found = new Map<string, Grant[]>();
  for (const grant of own) {
    const key = [grant.role.path, grant.role.kind, ...reach(grant)].join(' | ');
    found.set(key, [...(found.get(key) ?? []), grant]);
  }
  const cells = [...found.values()].map((grants) => {
    const actions = [...new Set(grants.map(({ action }) => action))].sort().join(', ');
    return [grants[0].role.path, grants[0].role.kind, actions, ...reach(grants[0])];
  });
  return cells.sort((a, b) => (a.join(' | ') < b.join(' | ') ? -1 : 1));
}

/** On what, and why. */
function reach(grant: Grant): string[] {
  const condition = grant.condition ? `, if ${grant.condition}` : '';
  return [`\`${grant.resource}\`${condition}`, reasonOf(grant) ?? '**unknown**'];
}

function wildcards(): string[][] {
  return WILDCARDS.map(({ actions, page }) => [`\`${actions.source.replace(/[\^$]/g, '').replace(/\|/g, '\\|')}\``, page]);
}

function table(head: string[], cells: string[][]): string {
  return markdownTable([head, ...cells], { alignDelimiters: false });
}
