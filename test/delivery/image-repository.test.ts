import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { App, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { TagMutability } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  ContainerOptions,
  EcsMeshChecks,
  GitHubDeployRole,
  GitHubSubject,
  ImageRepository,
  ImageRepositoryProps,
  PlaceholderImage,
} from 'cdk-ecs-mesh';
import { findings, newMesh, newService, newStack, only, resources, templateOf } from '../helpers';

const TASK = 'AWS::ECS::TaskDefinition';
const REPOSITORY = 'AWS::ECR::Repository';

function repository(props: ImageRepositoryProps = {}): Template {
  const stack = newStack();
  new ImageRepository(stack, 'Images', props);
  return Template.fromStack(stack);
}

/** A service of one container with the image of a repository; `options` are of the container. */
function service(options: Partial<ContainerOptions> = {}, placeholder?: PlaceholderImage) {
  const stack = newStack();
  const images = new ImageRepository(stack, 'ApiImages');
  const image = images.image({ placeholder });
  newService(newMesh(stack), 'Api', {
    containers: [{ image, ports: [{ name: 'http', containerPort: 8080 }], ...options }],
  });
  return { stack, images, template: templateOf(stack) };
}

/** The container of `service` in the template. */
function container(options: Partial<ContainerOptions> = {}, placeholder?: PlaceholderImage) {
  return only(service(options, placeholder).template, TASK).Properties.ContainerDefinitions[0];
}

const when = (placeholder: unknown, deployed: unknown) => ({ 'Fn::If': ['ApiImagesTagIsPlaceholder', placeholder, deployed] });
const NOTHING = { Ref: 'AWS::NoValue' };

describe('the repository', () => {
  test('the default', () => {
    const template = repository();
    template.hasResource(REPOSITORY, {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        RepositoryName: Match.absent(),
        ImageScanningConfiguration: { ScanOnPush: true },
        ImageTagMutability: 'IMMUTABLE',
        EmptyOnDelete: false,
      },
    });
    const { EncryptionConfiguration, LifecyclePolicy } = only(template, REPOSITORY).Properties;
    expect(EncryptionConfiguration).toEqual({ EncryptionType: 'AES256' });
    expect(JSON.parse(LifecyclePolicy.LifecyclePolicyText).rules).toEqual([
      {
        rulePriority: 1,
        description: 'Untagged images',
        selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countNumber: 1, countUnit: 'days' },
        action: { type: 'expire' },
      },
      {
        rulePriority: 2,
        description: 'All but the last 10',
        selection: { tagStatus: 'tagged', tagPatternList: ['*'], countType: 'imageCountMoreThan', countNumber: 10 },
        action: { type: 'expire' },
      },
    ]);
  });

  test('all props', () => {
    const stack = newStack();
    new ImageRepository(stack, 'Images', {
      repositoryName: 'shop/api',
      keptImages: 30,
      untaggedExpiration: Duration.days(7),
      encryptionKey: new Key(stack, 'Key'),
      tagMutability: TagMutability.MUTABLE,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const { Properties } = only(Template.fromStack(stack), REPOSITORY);
    expect(Properties).toMatchObject({ RepositoryName: 'shop/api', ImageTagMutability: 'MUTABLE', EmptyOnDelete: true });
    expect(Properties.EncryptionConfiguration).toEqual({ EncryptionType: 'KMS', KmsKey: { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] } });
    expect(Properties.LifecyclePolicy.LifecyclePolicyText).toMatch(/"countNumber":7.*"countNumber":30/);
  });

  test.each([
    [RemovalPolicy.DESTROY, 'Delete', true],
    [RemovalPolicy.RETAIN, 'RetainExceptOnCreate', false],
    [RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, 'RetainExceptOnCreate', false],
  ])('removal policy %s: %s, emptied: %s', (removalPolicy, DeletionPolicy, EmptyOnDelete) => {
    expect(only(repository({ removalPolicy }), REPOSITORY)).toMatchObject({ DeletionPolicy, Properties: { EmptyOnDelete } });
  });

  test("DT-68: a named repository and the identity provider are in nobody's way after a first deployment that failed", () => {
    const stack = newStack();
    new ImageRepository(stack, 'Images', { repositoryName: 'shop/api' });
    new GitHubDeployRole(stack, 'Deploy', { repository: 'acme/shop', subjects: [GitHubSubject.branch('main')] });
    for (const type of [REPOSITORY, 'AWS::IAM::OIDCProvider']) {
      expect(only(templateOf(stack), type)).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
    }
  });

  test.each([1, 1001, 2.5])('%d kept images are refused', (keptImages) => {
    expect(() => repository({ keptImages })).toThrow(
      new Error(
        `\`keptImages\` must be a whole number from 2 to 1000, got ${keptImages}; choose a value in that range [KeptImages at Shop/Images]`,
      ),
    );
  });

  test.each([2, 1000])('%d kept images are fine', (keptImages) => {
    expect(() => repository({ keptImages })).not.toThrow();
  });

  test.each([
    [Duration.hours(12), '0.5'],
    [Duration.days(0), '0'],
  ])('untagged images for %s', (untaggedExpiration, days) => {
    expect(() => repository({ untaggedExpiration })).toThrow(
      new Error(
        `\`untaggedExpiration\` must be whole days, at least one, got "${days} days"; choose for example \`Duration.days(1)\` ` +
          '[UntaggedExpiration at Shop/Images]',
      ),
    );
  });
});

describe('the deployed image', () => {
  test('T13: the first deployment needs no image: the tag is a parameter whose first value stands for the placeholder', () => {
    const { template } = service();
    expect(template.findParameters('ApiImagesTag').ApiImagesTag).toEqual({
      Type: 'String',
      Default: 'placeholder',
      AllowedPattern: '[A-Za-z0-9_][A-Za-z0-9._-]{0,127}',
      ConstraintDescription: 'must be the tag of an image: letters, digits, dots, hyphens and underscores',
      Description: 'Tag of the deployed image of Shop/ApiImages/Resource; deployments that do not give it keep it',
    });
    template.hasCondition('ApiImagesTagIsPlaceholder', { 'Fn::Equals': [{ Ref: 'ApiImagesTag' }, 'placeholder'] });
    const { Image } = only(template, TASK).Properties.ContainerDefinitions[0];
    expect(Image['Fn::If'].slice(0, 2)).toEqual(['ApiImagesTagIsPlaceholder', 'public.ecr.aws/docker/library/python:3.13-alpine']);
    expect(JSON.stringify(Image['Fn::If'][2])).toMatch(/amazonaws|URLSuffix.*":",\{"Ref":"ApiImagesTag"\}/);
  });

  test('the placeholder listens on the ports of the container; the own image keeps its own command', () => {
    const { EntryPoint, Command, HealthCheck, User, WorkingDirectory } = container();
    expect(EntryPoint).toEqual(when(['python', '-c', expect.stringContaining('http.server')], NOTHING));
    expect(Command).toEqual(when(['8080'], NOTHING));
    expect([HealthCheck, User, WorkingDirectory]).toEqual([undefined, undefined, undefined]);
  });

  test('command, health check and a user by name belong to the image', () => {
    const options = { process: { command: ['serve'], user: 'app' }, healthCheck: { command: ['CMD', 'check'], retries: 5 } };
    const { Command, HealthCheck, User } = container(options);
    expect(Command).toEqual(when(['8080'], ['serve']));
    expect(User).toEqual(when('65534', 'app'));
    expect(HealthCheck).toMatchObject({ Retries: 5 });
    expect(HealthCheck.Command).toEqual(when(['CMD', 'python', '-c', expect.any(String), '8080'], ['CMD', 'check']));
  });

  test('a working directory belongs to the image', () => {
    const stack = newStack();
    const image = new ImageRepository(stack, 'ApiImages').image();
    new FargateTaskDefinition(stack, 'Task').addContainer('api', { image, workingDirectory: '/srv' });
    const [{ WorkingDirectory }] = only(Template.fromStack(stack), TASK).Properties.ContainerDefinitions;
    expect(WorkingDirectory).toEqual(when(NOTHING, '/srv'));
  });

  test('a user by number stays', () => {
    expect(container({ process: { user: '1000:1000' } }).User).toBe('1000:1000');
  });

  test.each([
    ['111111111111.dkr.ecr.eu-west-1.amazonaws.com/mirror/python:3.13-alpine', true],
    ['public.ecr.aws/docker/library/python:3.13-alpine', false],
  ])('the execution role may pull the placeholder %s where that needs a permission: %s', (image, isNeeded) => {
    const { template } = service({}, PlaceholderImage.python(image));
    const { Statement: statements } = only(template, 'AWS::IAM::Policy', 'ApiExecutionRole').Properties.PolicyDocument;
    const pulls = (statements as { Action: unknown; Resource: unknown }[]).filter(({ Resource }) =>
      JSON.stringify(Resource).includes(':ecr:eu-west-1:111111111111:repository/mirror/python"'),
    );
    const actions = ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'];
    expect(pulls.map(({ Action }) => Action)).toEqual(isNeeded ? [actions] : []);
  });

  test('a placeholder of your own', () => {
    const { Image, EntryPoint, Command, HealthCheck } = container(
      { process: { command: ['serve'] }, healthCheck: { command: ['CMD', 'check'] } },
      PlaceholderImage.image('mirror/hello'),
    );
    expect(Image['Fn::If'][1]).toBe('mirror/hello');
    expect([EntryPoint, Command]).toEqual([undefined, when(NOTHING, ['serve'])]);
    expect(HealthCheck.Command).toEqual(when(['CMD-SHELL', 'exit 0'], ['CMD', 'check']));
  });

  test('none: the stack cannot be deployed without a tag', () => {
    const { template } = service({}, PlaceholderImage.none());
    expect(template.findParameters('ApiImagesTag').ApiImagesTag).not.toHaveProperty('Default');
    expect(template.toJSON()).not.toHaveProperty('Conditions');
    expect(only(template, TASK).Properties.ContainerDefinitions[0]).not.toHaveProperty('EntryPoint');
  });

  test('several containers and services share the parameter; others are left alone', () => {
    const stack = newStack();
    const image = new ImageRepository(stack, 'ApiImages').image();
    const mesh = newMesh(stack);
    newService(mesh, 'Worker', { containers: [{ image }] });
    newService(mesh, 'Api', {
      containers: [
        { name: 'own', image },
        { name: 'beside', image: ContainerImage.fromRegistry('my/web') },
      ],
    });
    const template = templateOf(stack);
    expect(Object.keys(template.findParameters('*'))).toEqual(['ApiImagesTag', 'BootstrapVersion']);
    const [own, beside] = only(template, TASK, 'Api').Properties.ContainerDefinitions;
    expect([own.Command, beside.EntryPoint, beside.Image]).toEqual([undefined, undefined, 'my/web']);
  });

  test('the execution role may pull from this repository', () => {
    const policies = Object.values(resources(service().template, 'AWS::IAM::Policy', 'ApiExecutionRole'));
    expect(JSON.stringify(policies)).toContain('"ecr:BatchGetImage"');
  });

  test('no finding of the packs', () => {
    const { stack } = service();
    Validations.of(stack.node.root as App).addPlugins(new EcsMeshChecks());
    expect(findings(stack)).toEqual([]);
  });

  test('the parameter is in the stack of the service, wherever the repository is', () => {
    const app = new App();
    const images = new ImageRepository(newStack('Images', app), 'ApiImages');
    const shop = newStack('Shop', app);
    newService(newMesh(shop), 'Api', { containers: [{ image: images.image({ tagParameter: 'Release' }) }] });
    expect(Object.keys(Template.fromStack(shop).findParameters('Release'))).toEqual(['Release']);
    expect(Template.fromStack(Stack.of(images)).findParameters('Release')).toEqual({});
  });

  test('a name that something else has', () => {
    const stack = newStack();
    new ImageRepository(stack, 'Taken');
    const image = new ImageRepository(stack, 'Images').image({ tagParameter: 'Taken' });
    expect(() => newService(newMesh(stack), 'Api', { containers: [{ image }] })).toThrow(
      /^`tagParameter` must be a name that nothing else in Shop has, got "Taken"; give one of the two another `tagParameter` \[TagParameterTaken at Shop\/Api\/.*\]$/,
    );
  });

  test('a name that CloudFormation does not take', () => {
    expect(() => new ImageRepository(newStack(), 'Images').image({ tagParameter: 'api-tag' })).toThrow(
      new Error(
        '`tagParameter` must be 1 to 255 letters and digits, the name of a CloudFormation parameter, got "api-tag"; ' +
          'choose a name such as "ApiTag" [TagParameterName at Shop/Images]',
      ),
    );
  });
});

describe('the placeholder as it runs', () => {
  test('answers any path with 200, passes its own check, and stops when told to', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as { port: number };
    await new Promise((done) => probe.close(done));
    const [, , script] = container().EntryPoint['Fn::If'][1];
    const check: string[] = container({ healthCheck: { command: ['CMD', 'x'] } }).HealthCheck.Command['Fn::If'][1];
    const server = spawn('python3', ['-c', script, String(port)]);
    const answer = await eventually(() => fetch(`http://127.0.0.1:${port}/any/path?x=1`));
    execFileSync('python3', [...check.slice(2, 4), String(port)]);
    server.kill('SIGTERM');
    expect([answer.status, answer.headers.get('x-placeholder'), await answer.text()]).toEqual([
      200,
      'true',
      'No image has been deployed yet.\n',
    ]);
    expect(await once(server, 'exit')).toEqual([0, null]);
  }, 60_000);
});

async function eventually<T>(attempt: () => Promise<T>, tries = 100): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (tries === 0) throw error;
    await new Promise((done) => setTimeout(done, 100));
    return eventually(attempt, tries - 1);
  }
}
