import { App, CfnParameter, DefaultStackSynthesizer, Duration, LegacyStackSynthesizer, NestedStack, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { MachineImage } from 'aws-cdk-lib/aws-ec2';
import { GitHubDeployRole, GitHubDeployRoleProps, GitHubProvider, GitHubSubject, ImageRepository } from 'cdk-ecs-mesh';
import { findings, newStack, only, resources, templateOf } from '../helpers';

const ROLE = 'AWS::IAM::Role';
const PROVIDER = 'AWS::IAM::OIDCProvider';
const HOST = 'token.actions.githubusercontent.com';

/** What a push to one repository needs: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html. */
const PUSH = [
  'ecr:CompleteLayerUpload',
  'ecr:UploadLayerPart',
  'ecr:InitiateLayerUpload',
  'ecr:BatchCheckLayerAvailability',
  'ecr:PutImage',
  'ecr:BatchGetImage',
];

function deployRole(props: Partial<GitHubDeployRoleProps> = {}, stack = newStack()) {
  const subjects = [GitHubSubject.environment('production')];
  const role = new GitHubDeployRole(stack, 'Deploy', { repository: 'acme/shop', subjects, ...props });
  return { stack, role };
}

/** The statements of the role once `allow` has been called. */
function statements(allow: (role: GitHubDeployRole, stack: Stack) => void, stack = newStack()) {
  const { role } = deployRole({}, stack);
  allow(role, stack);
  return only(templateOf(stack), 'AWS::IAM::Policy').Properties.PolicyDocument.Statement;
}

describe('trust', () => {
  test('the default: the provider is made, and the role trusts one environment of one repository', () => {
    const template = templateOf(deployRole().stack);
    template.hasResource(PROVIDER, {
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: { Url: `https://${HOST}`, ClientIdList: ['sts.amazonaws.com'] },
    });
    template.hasResourceProperties(ROLE, {
      MaxSessionDuration: 3600,
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRoleWithWebIdentity',
            Effect: 'Allow',
            Principal: { Federated: Match.anyValue() },
            Condition: Match.objectEquals({
              StringEquals: { [`${HOST}:aud`]: 'sts.amazonaws.com', [`${HOST}:sub`]: ['repo:acme/shop:environment:production'] },
            }),
          },
        ],
      },
    });
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });

  test.each([
    [GitHubSubject.branch('release/1.x'), 'repo:acme@1/shop@2:ref:refs/heads/release/1.x'],
    [GitHubSubject.tag('v1.2.3'), 'repo:acme@1/shop@2:ref:refs/tags/v1.2.3'],
    [GitHubSubject.environment('eu:prod'), 'repo:acme@1/shop@2:environment:eu%3Aprod'],
  ])('%#: a subject with the ids of owner and repository', (subject, claim) => {
    const template = templateOf(deployRole({ repository: 'acme@1/shop@2', subjects: [subject] }).stack);
    const [{ Condition }] = only(template, ROLE).Properties.AssumeRolePolicyDocument.Statement;
    expect(Condition.StringEquals[`${HOST}:sub`]).toEqual([claim]);
  });

  test.each([
    ['cn-north-1', 'sts.amazonaws.com.cn'],
    ['cn-northwest-1', 'sts.amazonaws.com.cn'],
    ['eu-west-1', 'sts.amazonaws.com'],
    [undefined, 'sts.amazonaws.com'],
  ])('DT-77: the audience in %s is %s', (region, audience) => {
    const stack = new Stack(new App(), 'Shop', { env: { region } });
    new GitHubDeployRole(stack, 'Deploy', { repository: 'acme/shop', subjects: [GitHubSubject.branch('main')] });
    const [{ Condition }] = only(templateOf(stack), ROLE).Properties.AssumeRolePolicyDocument.Statement;
    expect(Condition.StringEquals[`${HOST}:aud`]).toBe(audience);
    expect(only(templateOf(stack), PROVIDER).Properties.ClientIdList).toEqual([audience]);
  });

  test('two roles of a stack share the provider', () => {
    const { stack } = deployRole();
    new GitHubDeployRole(stack, 'Second', { repository: 'acme/shop', subjects: [GitHubSubject.branch('main')] });
    templateOf(stack).resourceCountIs(PROVIDER, 1);
  });

  test('the provider that the account has', () => {
    const template = templateOf(deployRole({ provider: GitHubProvider.existing() }).stack);
    template.resourceCountIs(PROVIDER, 0);
    const [{ Principal }] = only(template, ROLE).Properties.AssumeRolePolicyDocument.Statement;
    const arn = ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, `:oidc-provider/${HOST}`];
    expect(Principal.Federated['Fn::Join'][1]).toEqual(arn);
  });
});

describe('permissions', () => {
  test('push: this repository only, but for the token', () => {
    const all = statements((role, stack) => role.allowPush(new ImageRepository(stack, 'Images')));
    const images = { 'Fn::GetAtt': [expect.stringMatching(/^Images/), 'Arn'] };
    expect(all.map(({ Resource }: { Resource: unknown }) => Resource)).toEqual([images, '*', images]);
    expect(all[1].Action).toBe('ecr:GetAuthorizationToken');
    expect(all[0].Action).toContain('ecr:PutImage');
    expect(JSON.stringify(all)).not.toMatch(/Delete|ecr:\*/);
  });

  test('DT-12: push: the actions that Amazon ECR lists for it, the view of images, and nothing else', () => {
    const [own, token, more] = statements((role, stack) => role.allowPush(new ImageRepository(stack, 'Images')));
    expect([...own.Action, ...more.Action].sort()).toEqual([...PUSH, 'ecr:DescribeImages'].sort());
    expect([token.Action, token.Resource]).toEqual(['ecr:GetAuthorizationToken', '*']);
  });

  test('DT-12: push: a second repository gets the same', () => {
    const all = statements((role, stack) => ['Api', 'Web'].forEach((id) => role.allowPush(new ImageRepository(stack, id))));
    const allowed = all.flatMap(({ Action, Resource }: { Action: string[]; Resource: unknown }) =>
      [Resource]
        .flat()
        .flatMap((resource) => [Action].flat().map((action) => `${JSON.stringify(resource).match(/Api|Web/)} ${action}`)),
    );
    for (const id of ['Api', 'Web']) expect(allowed).toEqual(expect.arrayContaining(PUSH.map((action) => `${id} ${action}`)));
  });

  test('release: parameters of one stack, and only task definitions and services may change', () => {
    const [update, read] = statements((role, stack) => role.allowImageRelease(stack));
    expect(update).toMatchObject({
      Action: 'cloudformation:UpdateStack',
      Condition: {
        'ForAllValues:StringEquals': { 'cloudformation:ResourceTypes': ['AWS::ECS::TaskDefinition', 'AWS::ECS::Service'] },
        Null: { 'cloudformation:ResourceTypes': 'false', 'cloudformation:TemplateUrl': 'true' },
      },
    });
    expect(read.Action).toEqual(['cloudformation:DescribeStackEvents', 'cloudformation:DescribeStacks']);
    const arn = ['arn:', { Ref: 'AWS::Partition' }, ':cloudformation:eu-west-1:', { Ref: 'AWS::AccountId' }, ':stack/Shop/*'];
    for (const { Resource } of [update, read]) expect(Resource).toEqual({ 'Fn::Join': ['', arn] });
  });

  test('release: the SSM parameters that CloudFormation resolves for the caller of an update', () => {
    const stack = newStack('Shop', new App({ context: { '@aws-cdk/core:enablePartitionLiterals': true } }));
    MachineImage.latestAmazonLinux2023().getImage(stack);
    new CfnParameter(stack, 'Team', { type: 'AWS::SSM::Parameter::Value<String>', default: 'team' });
    new CfnParameter(stack, 'Plain', { default: 'plain' });
    const [, , { Action, Resource }] = statements((role) => role.allowImageRelease(stack), stack);
    const names = Resource.map((arn: unknown) => JSON.stringify(arn).replace(/.*:ssm:eu-west-1:/, ''));
    expect(Action).toBe('ssm:GetParameters');
    expect(names).toEqual([
      expect.stringMatching(/^",\{"Ref":"AWS::AccountId"\},":parameter\/cdk-bootstrap\/hnb659fds\/version"/),
      expect.stringMatching(/^:parameter\/aws\/service\/ami-amazon-linux-latest\/al2023-/),
      expect.stringMatching(/^",\{"Ref":"AWS::AccountId"\},":parameter\/team"/),
    ]);
  });

  test.each([
    ['team', new DefaultStackSynthesizer({ qualifier: 'team' })],
    ['hnb659fds', new LegacyStackSynthesizer()],
  ])('release: the version of the bootstrap %s of a stack that is synthesized later', (qualifier, synthesizer) => {
    const app = new App();
    const { role } = deployRole({}, newStack('Roles', app));
    role.allowImageRelease(new Stack(app, 'Api', { env: { region: 'eu-west-1' }, synthesizer }));
    const [, , { Resource }] = only(templateOf(role), 'AWS::IAM::Policy').Properties.PolicyDocument.Statement;
    expect(JSON.stringify(Resource)).toContain(`:parameter/cdk-bootstrap/${qualifier}/version`);
  });

  test('release of other types', () => {
    const types = ['AWS::Scheduler::Schedule'];
    const [update] = statements((role, stack) => role.allowImageRelease(stack, { resourceTypes: types }));
    expect(update.Condition['ForAllValues:StringEquals']).toEqual({ 'cloudformation:ResourceTypes': types });
  });

  test('cdk deploy: the four roles of the bootstrap, by their qualifier', () => {
    const synthesizer = new DefaultStackSynthesizer({ qualifier: 'team' });
    const stack = new Stack(new App(), 'S', { env: { account: '111111111111', region: 'eu-west-1' }, synthesizer });
    const [{ Action, Resource }] = statements((role) => role.allowCdkDeploy(stack), stack);
    expect(Action).toBe('sts:AssumeRole');
    const names = Resource.map((arn: { 'Fn::Join': [string, unknown[]] }) => arn['Fn::Join'][1][2]);
    expect(names).toEqual(
      ['deploy', 'file-publishing', 'image-publishing', 'lookup'].map(
        (name) => `:iam::111111111111:role/cdk-team-${name}-role-111111111111-eu-west-1`,
      ),
    );
  });

  test('nothing else, no finding', () => {
    const { stack, role } = deployRole();
    role.allowPush(new ImageRepository(stack, 'Images'));
    role.allowImageRelease(stack);
    role.allowCdkDeploy(stack);
    expect(findings(stack)).toEqual([]);
    expect(Object.keys(resources(templateOf(stack), ROLE))).toHaveLength(1);
  });

  test('no finding in a stack of a known account either', () => {
    const stack = new Stack(new App(), 'S', { env: { account: '111111111111', region: 'eu-west-1' } });
    deployRole({}, stack).role.allowImageRelease(stack);
    expect(findings(stack)).toEqual([]);
  });

  test('nor where the partition is written out, as in an app of the CDK CLI', () => {
    const app = new App({ context: { '@aws-cdk/core:enablePartitionLiterals': true } });
    const stack = newStack('S', app);
    deployRole({}, stack).role.allowImageRelease(stack);
    expect(findings(stack)).toEqual([]);
  });
});

describe('refused', () => {
  const AT = 'at Shop/Deploy]';
  test.each(['shop', 'acme/*', '*/shop', 'acme@1/shop', 'acme/shop@2', 'acme/shop:ref', 'a/b/c'])('repository %s', (repository) => {
    expect(() => deployRole({ repository })).toThrow(
      new Error(
        `\`repository\` must be owner/name, or owner@id/name@id with both ids, got "${repository}"; copy it from the \`sub\` claim, ` +
          `as in "acme/shop" or "acme@123456/shop@456789" [GitHubRepository ${AT}`,
      ),
    );
  });

  test.each([
    [GitHubSubject.branch('release/*'), 'branch', 'release/*'],
    [GitHubSubject.environment(''), 'environment', ''],
    [GitHubSubject.tag('v?'), 'tag', 'v?'],
  ])('%#: a subject that is not exact', (subject, kind, got) => {
    expect(() => deployRole({ subjects: [subject] })).toThrow(
      new Error(
        `\`subjects\` must name one ${kind} in full, without \`*\`, \`?\` and spaces, got "${got}"; list each name as a subject of its ` +
          `own; for a changing set of branches use \`GitHubSubject.environment\` [GitHubSubject ${AT}`,
      ),
    );
  });

  test('no subject', () => {
    expect(() => deployRole({ subjects: [] })).toThrow(
      new Error(
        '`subjects` must name at least one branch, tag or environment, got []; add for example ' +
          `\`GitHubSubject.environment('production')\` [GitHubSubject ${AT}`,
      ),
    );
  });

  test.each([3599, 3600.5, 43201])('a session of %d seconds', (seconds) => {
    expect(() => deployRole({ maxSessionDuration: Duration.millis(1000 * seconds) })).toThrow(
      new Error(
        `\`maxSessionDuration\` must be whole seconds from 1 to 12 hours, the range of an IAM role, got "${seconds} seconds"; ` +
          `choose a duration in that range [GitHubSession ${AT}`,
      ),
    );
  });

  test.each([3600, 43200])('a session of %d seconds is fine', (seconds) => {
    expect(() => deployRole({ maxSessionDuration: Duration.seconds(seconds) })).not.toThrow();
  });
});

test('DT-62: a nested stack is not released by itself', () => {
  const nested = new NestedStack(newStack(), 'Data');
  expect(() => deployRole({}, nested).role.allowImageRelease(nested)).toThrow(
    '`allowImageRelease` must be a stack that can be updated by its own name; only its parent can update a nested stack, got "Shop/Data"; create services whose images are released in a separate stack [NestedRelease at Shop/Data/Deploy]',
  );
});
