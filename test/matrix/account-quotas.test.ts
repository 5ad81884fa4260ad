import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { FireLensLogDriver } from 'aws-cdk-lib/aws-ecs';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import {
  ContainerLogging,
  ContainerOptions,
  DeploymentJob,
  GitHubDeployRole,
  GitHubSubject,
  MeshNetwork,
  NatStrategy,
  QueueWorkerService,
  ScheduledJob,
  ServiceConnectMesh,
  Tracing,
} from 'cdk-ecs-mesh';
import { QUOTAS } from '../../src/core/private/quotas';
import { WEB, messageOf, newMesh, newService, newStack, templateOf } from '../helpers';

const warnings = (stack: Stack, id: string) =>
  Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp(`cdk-ecs-mesh:${id}\\]`))
    .map(({ entry }) => String(entry.data));

describe('T38: what an account has in a Region, over all stacks', () => {
  /** As many meshes, each in a stack of its own. */
  const withMeshes = (count: number, nat: NatStrategy, regionOf = (_: number) => 'eu-west-1') => {
    const app = new App();
    const stacks = Array.from({ length: count }, (_, i) => new Stack(app, `S${i}`, { env: { region: regionOf(i) } }));
    stacks.forEach((stack) => new ServiceConnectMesh(stack, 'Mesh', { network: MeshNetwork.threeTier({ nat }) }));
    app.node.validate();
    return (id: string) => stacks.flatMap((stack) => warnings(stack, id));
  };
  const other = (i: number) => (i === 0 ? 'us-east-1' : 'eu-west-1');

  test('five networks are no finding, six are a warning, six in two Regions none', () => {
    expect(withMeshes(5, NatStrategy.none())('NetworkCount')).toEqual([]);
    expect(withMeshes(6, NatStrategy.none(), other)('NetworkCount')).toEqual([]);
    expect(withMeshes(6, NatStrategy.none())('NetworkCount')).toEqual([
      `The stacks up to S5 have 6 networks in one Region, of which an account has at most 5 unless the quota was raised (${QUOTAS.networksOfRegion.source}). ` +
        'Raise it before you deploy, or let several meshes use one with `MeshNetwork.fromVpc`. [ack: cdk-ecs-mesh:NetworkCount]',
    ]);
  });

  test('five NAT gateways are no finding, six are a warning', () => {
    expect(withMeshes(5, NatStrategy.single())('ElasticAddresses')).toEqual([]);
    expect(withMeshes(3, NatStrategy.perAz(), other)('ElasticAddresses')).toEqual([]);
    expect(withMeshes(3, NatStrategy.perAz())('ElasticAddresses')).toEqual([
      'The stacks up to S2 have 6 Elastic IP addresses in one Region, such as that of each NAT gateway, of which an account has at most 5 unless the quota was raised ' +
        `(${QUOTAS.addressesOfRegion.source}). Raise it before you deploy, or choose \`NatStrategy.single()\` where the loss of a zone may stop calls to the internet, ` +
        'or let several meshes use one network. [ack: cdk-ecs-mesh:ElasticAddresses]',
    ]);
  });
});

describe('T38: what ECS has a fixed number of', () => {
  const many = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i));
  const sidecars = (count: number) => many(count, (i) => ({ image: WEB.image, name: `s${i}`, lifecycle: { essential: false } }));
  const plain = [{ image: WEB.image }];
  const schedule = ScheduleExpression.rate(Duration.hours(1));
  const router = ContainerLogging.driver(new FireLensLogDriver({ options: { Name: 'datadog' } }));
  type Make = (mesh: ServiceConnectMesh, stack: Stack, sidecars: ContainerOptions[]) => unknown;
  const TASKS: Record<string, [number, Make]> = {
    MeshService: [9, (mesh, _, more) => newService(mesh, 'Web', { sidecars: more })],
    'MeshService with tracing': [
      8,
      (mesh, _, more) => newService(mesh, 'Web', { sidecars: more, operations: { tracing: Tracing.openTelemetry() } }),
    ],
    'MeshService with a log router': [
      8,
      (mesh, _, more) => newService(mesh, 'Web', { sidecars: more, containers: [{ ...WEB, logging: router }] }),
    ],
    QueueWorkerService: [
      9,
      (mesh, stack, more) => new QueueWorkerService(stack, 'Web', { mesh, containers: plain, sidecars: more }),
    ],
    ScheduledJob: [9, (mesh, stack, more) => new ScheduledJob(stack, 'Web', { mesh, containers: plain, sidecars: more, schedule })],
    DeploymentJob: [9, (mesh, stack, more) => new DeploymentJob(stack, 'Web', { mesh, containers: plain, sidecars: more })],
  };
  const synth = (make: (mesh: ServiceConnectMesh, stack: Stack) => unknown) => {
    const stack = newStack();
    make(newMesh(stack), stack);
    return messageOf(() => templateOf(stack));
  };

  test.each(Object.entries(TASKS))('%s: ten containers are accepted, eleven are refused', (_, [most, make]) => {
    expect(synth((mesh, stack) => make(mesh, stack, sidecars(most)))).toBe('');
    expect(synth((mesh, stack) => make(mesh, stack, sidecars(most + 1)))).toContain(
      `must have at most 10 entries (containers of a task definition: ${QUOTAS.containersOfTask.source}), got 11; divide them into two services; ` +
        '`operations.tracing` and logging by FireLens add a container each [EcsQuota]',
    );
  });

  test('20 capacity providers of a cluster, two of which are those of Fargate', () => {
    const hosts = (count: number) =>
      synth((mesh) => {
        many(count, (i) => mesh.addEc2Capacity(`Hosts${i}`));
        newService(mesh, 'Web');
      });
    expect(hosts(18)).toBe('');
    expect(hosts(19)).toContain(
      `must have at most 20 entries (capacity providers of a cluster: ${QUOTAS.capacityProvidersOfCluster.source}), got 21; use fewer groups of hosts`,
    );
  });

  test('16 subnets of a service', () => {
    const subnets = (count: number) =>
      synth((_, stack) => {
        const vpcId = 'vpc-1';
        const privateSubnetIds = many(count, (i) => `subnet-${i}`);
        const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId, availabilityZones: ['eu-west-1a'], privateSubnetIds });
        newService(new ServiceConnectMesh(stack, 'Other', { network: MeshNetwork.fromVpc(vpc) }), 'Web');
      });
    expect(subnets(16)).toBe('');
    expect(subnets(17)).toContain('must have at most 16 entries (subnets of a service');
  });
});

describe('T38: trust policies', () => {
  const withSubjects = (count: number) => {
    const stack = newStack();
    const subjects = Array.from({ length: count }, (_, i) => GitHubSubject.branch(`release/${i}`));
    new GitHubDeployRole(stack, 'Deploy', { repository: 'my-company/my-shop', subjects });
    stack.node.root.node.validate();
    return warnings(stack, 'TrustPolicySize');
  };
  test('of twenty branches are no finding', () => expect(withSubjects(20)).toEqual([]));
  test('of forty are a warning', () =>
    expect(withSubjects(40)).toEqual([
      expect.stringMatching(
        /^The trust policy of Shop\/Deploy\/Resource\/Resource has about \d{4} characters; one has at most 2048 unless the quota was raised, and then 4096 \(https:\S+\)\. Raise it before you deploy, name fewer subjects, or create a second role\./,
      ),
    ]));
});

describe('T38: rules of an event bus, over all stacks', () => {
  const pattern = { source: ['aws.ecs'] };
  /** Schedules of two stacks, and rules of the app. */
  const withRules = (count: number, { region = 'eu-west-1', eventBusName = undefined as string | undefined } = {}) => {
    const app = new App();
    const [stack, other] = [newStack('Shop', app), new Stack(app, 'Other', { env: { region } })];
    const mesh = newMesh(stack);
    const schedule = ScheduleExpression.rate(Duration.hours(1));
    new ScheduledJob(stack, 'Job', { mesh, containers: [{ image: WEB.image }], schedule });
    for (let i = 0; i < count - 1; i++) new CfnRule(other, `Rule${i}`, { eventPattern: pattern, eventBusName });
    app.synth({ skipValidation: true });
    stack.node.root.node.findAll().forEach(({ node }) => node.validate());
    return other;
  };
  test('300 are no finding', () => expect(warnings(withRules(300), 'EventRules')).toEqual([]));
  test('301 are a warning', () =>
    expect(warnings(withRules(301), 'EventRules')).toEqual([
      `The stacks up to Other have 301 rules on one event bus, which has at most 300, in some Regions 100, unless the quota was raised (${QUOTAS.rulesOfEventBus.source}). ` +
        'Raise it before you deploy, or deploy some of the stacks to another account or Region. [ack: cdk-ecs-mesh:EventRules]',
    ]));
  test('301 on the default bus by its name are a warning', () =>
    expect(warnings(withRules(301, { eventBusName: 'default' }), 'EventRules')).toHaveLength(1));
  test.each([{ eventBusName: 'other' }, { region: 'us-east-1' }])('301 on two buses are no finding: %j', (where) =>
    expect(warnings(withRules(301, where), 'EventRules')).toEqual([]),
  );
});
