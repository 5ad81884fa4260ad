import { App } from 'aws-cdk-lib';
import { MachineImage } from 'aws-cdk-lib/aws-ec2';
import { Behaviour, FakeAws } from './workflow/fake-aws';
import { Backend, GitHubRun } from './workflow/github-run';
import { capabilitiesOf, changedBy, StackTemplate } from './workflow/update';
import { FlaskStack } from '../../examples/flask-nginx/app';
import { Profile } from '../../examples/flask-nginx/profile';
import { statementsOf } from '../security/iam/documents';
import { detailsOf } from '../security/iam/reference';

const ENVIRONMENTS = ['development', 'production'];
const SHA = '0123456789abcdef0123456789abcdef01234567';
const IMAGE = MachineImage.genericLinux({ 'us-east-1': 'ami-0123456789abcdef0' });

const stacks = Object.fromEntries(
  [Profile.development(undefined, IMAGE), Profile.production()].map((profile) => {
    const app = new App({ context: { github: 'acme/links' } });
    new FlaskStack(app, 'Flask', profile);
    const owned = (owner: RegExp) => statementsOf(app).filter((statement) => owner.test(statement.owner));
    const role = {
      trust: owned(/\/ImagesDeployRole[0-9A-F]{8}$/).filter(({ hasPrincipal }) => hasPrincipal),
      permissions: owned(/\/ImagesDeployRoleDefaultPolicy[0-9A-F]{8}$/),
    };
    return [profile.name, { template: app.synth().stacks[0].template as StackTemplate, role }];
  }),
);

const fake = (environment: string, behaviour: Behaviour = {}) =>
  new FakeAws(stacks[environment].template, stacks[environment].role, behaviour);

const KNOWN = {
  'github.sha': SHA,
  'vars.DEPLOY_ROLE_ARN': 'arn:aws:iam::111111111111:role/deploy',
  'vars.AWS_REGION': 'us-east-1',
  'vars.STACK': 'Flask',
  'steps.account.outputs.aws-account-id': '111111111111',
};

/** A release to one environment. */
const release = (aws: FakeAws, environment: string, inputs: Record<string, unknown> = {}) =>
  new GitHubRun(aws, KNOWN).of('deploy-environment.yml', { environment, ...inputs });

describe.each(ENVIRONMENTS)('FLASK-13, DT-40: a release to %s', (environment) => {
  test('is accepted: pushed, deployed, verified', async () => {
    const aws = fake(environment);
    const { isGreen, log } = await release(aws, environment);
    expect({ isGreen, log, tags: aws.tags, status: aws.status }).toMatchObject({
      isGreen: true,
      tags: [SHA, SHA],
      status: 'UPDATE_COMPLETE',
    });
    expect([...aws.images].sort()).toEqual([`${environment}/flask:${SHA}`, `${environment}/nginx:${SHA}`]);
  });

  test('whose tasks do not become healthy is red, and the former version runs', async () => {
    const aws = fake(environment, { unhealthy: SHA });
    const { isGreen, log, steps } = await release(aws, environment);
    expect({ isGreen, tags: aws.tags, status: aws.status, updates: aws.updates }).toEqual({
      isGreen: false,
      tags: ['placeholder', 'placeholder'],
      status: 'UPDATE_ROLLBACK_COMPLETE',
      updates: 1,
    });
    expect(steps).toMatchObject({ 'release: Deploy': 'failure', 'release: Say what runs now': 'success' });
    expect(log).toMatch(
      /Flask: Circuit Breaker was triggered\n[^]*::notice::the former version is back \(UPDATE_ROLLBACK_COMPLETE\)/,
    );
  });

  test.each([
    ['that does not answer', { broken: SHA }],
    ['that is still a placeholder', { placeholder: SHA }],
  ])('%s is red, and rolled back', async (_, behaviour) => {
    const aws = fake(environment, behaviour);
    const { isGreen, log, steps } = await release(aws, environment);
    expect({ isGreen, tags: aws.tags, updates: aws.updates }).toEqual({
      isGreen: false,
      tags: Array(2).fill('placeholder'),
      updates: 2,
    });
    expect(steps).toMatchObject({ verify: 'failure', 'release: Roll back': 'success' });
    expect(log).toContain('::notice::the former version is back (UPDATE_COMPLETE)');
  });

  test('that is tried again pushes and updates nothing, and is verified', async () => {
    const aws = fake(environment);
    await release(aws, environment);
    const { isGreen, log } = await release(aws, environment);
    expect({ isGreen, updates: aws.updates }).toEqual({ isGreen: true, updates: 1 });
    expect(log).toContain(`::notice::${SHA} is released already`);
  });

  test('after one that failed is a release again', async () => {
    const aws = fake(environment, { unhealthy: SHA });
    await release(aws, environment);
    aws.behaviour = {};
    const { isGreen } = await release(aws, environment);
    expect({ isGreen, tags: aws.tags }).toEqual({ isGreen: true, tags: [SHA, SHA] });
  });

  test('while another update is under way is red, and touches nothing', async () => {
    const aws = fake(environment);
    aws.status = 'UPDATE_ROLLBACK_FAILED';
    const { isGreen, log } = await release(aws, environment);
    expect({ isGreen, updates: aws.updates }).toEqual({ isGreen: false, updates: 0 });
    expect(log).toContain('::error::the former version is not back (UPDATE_ROLLBACK_FAILED)');
  });
});

describe('the whole workflow', () => {
  /** Both environments, each with a stack and a role of its own. */
  const both = (
    behaviour: Behaviour = {},
    all = { development: fake('development', behaviour), production: fake('production') },
  ) => {
    let current: FakeAws;
    const backend: Backend = {
      signIn: (environment) => (current = all[environment as keyof typeof all]).signIn(environment),
      call: (program, args) => current.call(program, args),
    };
    return { ...all, run: () => new GitHubRun(backend, KNOWN).of('deploy.yml') };
  };

  test('DT-40: development first, then production', async () => {
    const { development, production, run } = both();
    expect((await run()).isGreen).toBe(true);
    expect([development.tags, production.tags]).toEqual([
      [SHA, SHA],
      [SHA, SHA],
    ]);
  });

  test('DT-40: what fails in development does not come to production', async () => {
    const { production, run } = both({ broken: SHA });
    expect((await run()).isGreen).toBe(false);
    expect([production.tags[0], production.images.size]).toEqual(['placeholder', 0]);
  });

  test('a development stack that sleeps is released, and said not to be verified', async () => {
    const { development, run } = both({ sleeps: true });
    const { isGreen, log } = await run();
    expect([isGreen, development.tags]).toEqual([true, [SHA, SHA]]);
    expect(log).toContain('::notice::nothing answers, as outside of office hours: the release is not verified');
  });

  test('production never sleeps', async () => {
    const { isGreen, log } = await release(fake('production', { sleeps: true }), 'production');
    expect(isGreen).toBe(false);
    expect(log).toContain('::error::the former version is back (UPDATE_COMPLETE), and does not answer');
  });
});

describe.each(ENVIRONMENTS)('the role of %s', (environment) => {
  const other = ENVIRONMENTS.find((one) => one !== environment)!;
  const asks = (aws: FakeAws) => [...new Set(aws.asked.map(({ action }) => action))].sort();
  /** A release that breaks the rules. */
  const update = (...more: string[]) => {
    const tag = `[{"ParameterKey":"FlaskImagesTag","ParameterValue":"${SHA}"}]`;
    return fake(environment).call('aws', ['cloudformation', 'update-stack', '--parameters', tag, ...more]).output;
  };
  const capability = ['--capabilities', 'CAPABILITY_NAMED_IAM'];
  const types = ['--resource-types', 'AWS::ECS::TaskDefinition', 'AWS::ECS::Service'];

  test('DT-12: allows what the workflow asks for, with what depends on it, and nothing else', async () => {
    const aws = fake(environment, { broken: SHA });
    await release(aws, environment);
    const dependent = await Promise.all(asks(aws).map(async (action) => (await detailsOf(action)).dependentActions));
    const allowed = stacks[environment].role.permissions.flatMap(({ actions }) => actions);
    expect([...new Set([...asks(aws), ...dependent.flat()])].sort()).toEqual([...new Set(allowed)].sort());
  });

  test('is not for the other environment', async () => {
    expect(() => fake(environment).signIn(other)).toThrow(`the role does not trust ${other}`);
    const push = ['push', `111111111111.dkr.ecr.us-east-1.amazonaws.com/${other}/flask:${SHA}`];
    expect(fake(environment).call('docker', push).output).toMatch(/^AccessDenied: not authorized to perform ecr:/);
  });

  test.each([
    ['a release', [...capability, ...types], '{}'],
    ['no capability', types, 'InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_IAM]'],
    ['no types', capability, 'AccessDenied: not authorized to perform cloudformation:UpdateStack on'],
    [
      'another type',
      [...capability, ...types, 'AWS::IAM::Role'],
      'AccessDenied: not authorized to perform cloudformation:UpdateStack on',
    ],
    [
      'DT-81: a template of its own at a URL',
      [...capability, ...types, '--template-url', 'https://example.com'],
      'AccessDenied: not authorized to perform cloudformation:UpdateStack on',
    ],
    ['services only', [...capability, ...types.slice(0, 1), 'AWS::ECS::Service'], 'no permission for the types of'],
  ])('%s', (_, more, says) => expect(update(...more)).toMatch(new RegExp(`^${says.replace(/[[\]]/g, '\\$&')}`)));

  test('FLASK-13: a release changes task definitions and services only, and needs the capability of IAM, which the workflow covers', () => {
    const { template } = stacks[environment];
    const changed = changedBy(template, ['FlaskImagesTag', 'NginxImagesTag']).map((id) => template.Resources[id].Type);
    expect(changed.sort()).toEqual([...Array(2).fill('AWS::ECS::Service'), ...Array(2).fill('AWS::ECS::TaskDefinition')]);
    expect(capabilitiesOf(template)).toEqual(['CAPABILITY_IAM']);
  });

  test('nothing else in the stack moves by itself: the one SSM parameter is the version of the bootstrap', () => {
    const { Parameters } = stacks[environment].template;
    const moving = Object.entries(Parameters).filter(([, { Type }]) => /^AWS::SSM::/.test(Type));
    expect(moving.map(([name]) => name)).toEqual(['BootstrapVersion']);
  });
});
