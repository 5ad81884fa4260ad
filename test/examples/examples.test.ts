import { readFileSync } from 'fs';
import { join } from 'path';
import { EXAMPLES, exampleNames as names, loadExample as load } from '../example-apps';
import { comparable } from '../templates';

/** The one lane of jest that has CloudFormation Validate on. */
process.env.CDK_VALIDATION = 'true';

interface Policy {
  readonly Type: string;
  readonly Properties: {
    readonly PolicyDocument: { readonly Statement: { readonly Action: unknown; readonly Resource: unknown }[] };
  };
}

test.each(names)('%s: checks pass, and the template is the one that was reviewed', (name) => {
  // Synthesis throws on findings of AwsSolutions and of CloudFormation Validate.
  const assembly = load(name).synth();
  for (const stack of assembly.stacks) expect(comparable(stack.template)).toMatchSnapshot(stack.stackName);
});

/** The platform of a company has no tasks of its own. */
const withTasks = names.filter((name) => name !== 'company/platform');

test.each(withTasks)('%s: execution roles may do one thing on every resource, which has no resource level', (name) => {
  const wide = load(name)
    .synth()
    .stacks.flatMap((stack) => Object.entries(stack.template.Resources as Record<string, Policy>))
    .filter(([id, { Type }]) => Type === 'AWS::IAM::Policy' && id.includes('ExecutionRole'))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement.filter(({ Resource }) => Resource === '*'));
  expect(wide.length).toBeGreaterThan(0);
  for (const { Action } of wide) expect(Action).toBe('ecr:GetAuthorizationToken');
});

test.each(names)('%s is short enough to read in one sitting', (name) => {
  expect(
    readFileSync(join(EXAMPLES, name, 'app.ts'), 'utf8')
      .trimEnd()
      .split('\n').length,
  ).toBeLessThanOrEqual(name === 'geolocation' ? 60 : 200);
});

describe('settings of the geolocation example', () => {
  test.each<[Record<string, string>]>([
    [{ compute: 'fargate', redis: 'elasticache' }],
    [{ provider: 'upstream', mode: 'development' }],
    [{ privateDomain: 'nidhin.local', zoneName: 'nidhin.example', zoneId: 'Z00000000000000DEMO' }],
  ])('%p: checks pass', (settings) => {
    expect(load('geolocation', settings).synth().stacks).toHaveLength(1);
  });
});
