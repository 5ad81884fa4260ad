import type { App } from 'aws-cdk-lib';
import { Compliance } from 'cdk-ecs-mesh';
import { SETTINGS, STRICT } from './examples';
import { statementsOf } from './iam/documents';
import { dateOfReference, problemsOf } from './iam/reference';
import { CHOICES } from './matrix';
import { STANDARD_ONLY, VALUE_CLASSES } from './value-classes';
import { loadExample } from '../example-apps';
import { platform } from '../platform';
import { COMBINATIONS, shop } from '../shop';

/** What AWS does not know, or knows and never applies, in the policies of an app. */
async function problemsIn(app: App): Promise<string[]> {
  const statements = statementsOf(app);
  expect(statements.length).toBeGreaterThan(3);
  const found = await Promise.all(statements.map(problemsOf));
  return [...new Set(found.flat())];
}

const GITHUB = { github: 'acme/links' };
const EXAMPLES: [string, Record<string, string>][] = [
  ...SETTINGS,
  ['flask-nginx', { profile: 'development', ...GITHUB }],
  ['flask-nginx', { profile: 'production', ...GITHUB }],
];

describe(`every action, resource and condition key is in AWS's service authorization reference (${dateOfReference()})`, () => {
  test.each(EXAMPLES)('of the %s example with %j', async (name, settings) => {
    expect(await problemsIn(loadExample(name, settings))).toEqual([]);
    expect(await problemsIn(loadExample(name, { ...settings, ...STRICT }))).toEqual([]);
  });

  test.each(COMBINATIONS)('of a shop on %s with %s', async (compute, store) => {
    expect(await problemsIn(shop(compute, store, { inOneStack: false }))).toEqual([]);
  });

  test.each(Object.entries({ ...CHOICES, ...VALUE_CLASSES, ...STANDARD_ONLY }))('of %s', async (title, make) => {
    expect(await problemsIn(make(Compliance.standard()))).toEqual([]);
    if (!(title in STANDARD_ONLY)) expect(await problemsIn(make(Compliance.strict()))).toEqual([]);
  });

  test('of the platform in ten stacks', async () => expect(await problemsIn(platform())).toEqual([]));
});

const TASKS = 'arn:aws:ecs:eu-west-1:111111111111:task/*';

/** What is wrong with one statement of a role. */
const problemsWith = (action: string, resource = '*', ...keys: string[]) =>
  problemsOf({
    owner: 'Role',
    effect: 'Allow',
    actions: [action],
    resources: [resource],
    hasPrincipal: false,
    conditions: keys.map((key) => ['StringEquals', key, ['x']]),
  });

describe('what AWS would pass over in silence is found', () => {
  test.each([
    ['an action of no service', ['ecz:RunTask'], 'ecz:RunTask is no action'],
    ['a misspelt action', ['ecs:UpdateTasksProtection'], 'ecs:UpdateTasksProtection is no action'],
    ['a wildcard without a match', ['ecs:Foo*'], 'ecs:Foo* is no action'],
    ['a resource of another type', ['ecs:RunTask', TASKS], `ecs:RunTask is not about ${TASKS}`],
    [
      'an action without resource level',
      ['ecr:GetAuthorizationToken', TASKS],
      `ecr:GetAuthorizationToken is never allowed on ${TASKS}: it has no resource level`,
    ],
    [
      'a key of another action',
      ['ecs:UpdateTaskProtection', TASKS, 'ecs:CreateAction'],
      'ecs:UpdateTaskProtection does not support the key ecs:CreateAction',
    ],
    ['a key of nobody', ['ecs:RunTask', '*', 'aws:Nobody'], 'ecs:RunTask does not support the key aws:Nobody'],
    ['a key beside *', ['*', '*', 'ecs:cluster'], '* does not know the key ecs:cluster'],
  ])('%s', async (_, [action, resource, ...keys], says) => {
    expect(await problemsWith(action, resource, ...keys)).toEqual([`Role: ${says}`]);
  });

  test('ecs:cluster is a key of the protection of tasks', async () => {
    for (const action of ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection']) {
      expect(await problemsWith(action, TASKS, 'ecs:cluster', 'aws:ResourceTag/team')).toEqual([]);
    }
  });
});
