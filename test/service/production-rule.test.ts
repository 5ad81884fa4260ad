import { Aspects, CfnElement, CfnResource, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Port } from 'aws-cdk-lib/aws-ec2';
import { ContainerImage, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  Compute,
  ContainerOptions,
  ElastiCacheRedis,
  Endpoint,
  MeshServiceProps,
  QueueWorkerService,
  Rollout,
  RouteProps,
  Scaling,
  ServiceConnect,
  WritablePath,
} from 'cdk-ecs-mesh';
import { idOf, newShop, RULE, Shop } from './shop';
import { newService, newStack, resources, templateOf, WEB } from '../helpers';

const PREFIX = 'ApiRoutesGatewayExternalApiRule';
const rollout = Rollout.blueGreen();

/** What a developer changes between two deployments: props, or anything else in the app. */
interface Change {
  readonly props?: Partial<MeshServiceProps>;
  readonly route?: Partial<RouteProps>;
  readonly app?: (shop: Shop) => void;
}

const container = (more: Partial<ContainerOptions>) => ({ props: { containers: [{ ...WEB, ...more }] } });

const CHANGES: Record<string, Change> = {
  image: container({ image: ContainerImage.fromRegistry('my/web:2') }),
  'environment variable': container({ environment: { LEVEL: 'debug' } }),
  'user and writable paths': container({ process: { user: '1000' }, storage: { writablePaths: [WritablePath.tmpfs('/tmp')] } }),
  'further container': { props: { containers: [WEB, { name: 'agent', image: ContainerImage.fromRegistry('my/agent') }] } },
  'task size': { props: { taskSize: { cpu: 1024, memoryMiB: 2048 } } },
  processor: { props: { compute: Compute.fargate({ cpuArchitecture: CpuArchitecture.ARM64 }) } },
  'Fargate Spot': { props: { compute: Compute.fargateSpot() } },
  scaling: { props: { scaling: Scaling.between(3, 30, { cpuPercent: 40 }) } },
  'ECS Exec': { props: { operations: { enableExecuteCommand: true } } },
  'aliases in Service Connect': { props: { networking: { serviceConnect: ServiceConnect.clientAndServer() } } },
  'first client by alias': { app: ({ mesh, api }) => newService(mesh, 'Web').connectTo(api.port('http')) },
  'strategy and bake time': { props: { rollout: Rollout.canary({ percent: 1 }) } },
  'health check': { route: { healthCheck: { path: '/up' } } },
  'alarm that rolls back': { app: ({ api }) => api.addRollbackAlarm('api-5xx') },
  'alarm on the service': {
    app: ({ api, stack }) => {
      const metric = api.service.metricCpuUtilization();
      new Alarm(stack, 'Cpu', { metric, threshold: 80, evaluationPeriods: 3 });
    },
  },
  'second route of the service': { app: ({ gateway, api }) => gateway.internal.route('Api', { target: api.port('http') }) },
  'route of another service': {
    app: ({ gateway, mesh }) =>
      gateway.external.route('Web', { target: newService(mesh, 'Web').port('http'), hosts: ['www.example.com'] }),
  },
  'service that it calls': { app: ({ mesh, api }) => api.connectTo(newService(mesh, 'Users').port('http')) },
  'client of its route': {
    app: ({ mesh, gateway, api }) => newService(mesh, 'Web').connectTo(gateway.internal.route('Web', { target: api.port('http') })),
  },
  'Redis store': { app: ({ mesh, api, stack }) => api.connectTo(new ElastiCacheRedis(stack, 'Redis', { mesh })) },
  'external host': { app: ({ api }) => api.connectTo(Endpoint.externalHost('smtp.example.com', { port: 587 })) },
  'queue worker': {
    app: ({ mesh, stack }) => new QueueWorkerService(stack, 'Worker', { mesh, containers: [{ image: WEB.image }] }),
  },
  'peer let in': { app: ({ gateway, api }) => gateway.internal.connections.allowFrom(api, Port.tcp(80)) },
  'tags on everything': { app: ({ stack }) => Tags.of(stack.node.root).add('team', 'shop') },
  'unrelated resource': { app: ({ stack }) => new Topic(stack, 'Topic') },
};

function templateAfter({ props, route, app }: Change): Template {
  const shop = newShop({ rollout, ...props }, route);
  app?.(shop);
  return templateOf(shop.stack);
}

/** The production rule, to the last byte. */
function ruleIn(template: Template): string {
  const id = idOf(template, RULE, PREFIX);
  return `${id} ${JSON.stringify(resources(template, RULE)[id])}`;
}

const ruleAfter = (change: Change) => ruleIn(templateAfter(change));
const UNCHANGED = templateAfter({});
const BEFORE = ruleIn(UNCHANGED);

test('T14: there are at least twenty changes', () => expect(Object.keys(CHANGES).length).toBeGreaterThanOrEqual(20));

test.each(Object.entries(CHANGES))('T14: the production rule is the same to the byte after a change: %s', (_, change) => {
  const template = templateAfter(change);
  expect(ruleIn(template)).toBe(BEFORE);
  expect(template.toJSON()).not.toEqual(UNCHANGED.toJSON());
});

test('T14: the production rule is the same to the byte in every synthesis', () => {
  expect([1, 2, 3].map(() => ruleAfter({}))).toEqual([BEFORE, BEFORE, BEFORE]);
});

describe('T14: the comparison sees a rule that changes', () => {
  test.each<[string, Change]>([
    ['other paths', { route: { paths: ['/api/*'] } }],
    ['another priority', { route: { priority: 7 } }],
    ['a rolling service again', { props: { rollout: Rollout.rolling() } }],
    ['other weights', { app: ({ stack }) => override(stack, 'Actions.0.ForwardConfig.TargetGroups.1.Weight', 100) }],
  ])('%s', (_, change) => expect(ruleAfter(change)).not.toBe(BEFORE));

  test('tags, on the rule of a rolling service', () => {
    const rolling = { rollout: Rollout.rolling() };
    const tagged: Change = { props: rolling, app: ({ stack }) => Tags.of(stack).add('team', 'shop') };
    expect(ruleAfter(tagged)).not.toBe(ruleAfter({ props: rolling }));
  });
});

test('T14: what reaches the load balancer is written down here, for people who have deployed it', () => {
  expect(JSON.parse(BEFORE.replace(/^\w+ /, ''))).toEqual({
    Type: RULE,
    Properties: {
      Actions: [
        {
          Type: 'forward',
          ForwardConfig: {
            TargetGroups: [
              { TargetGroupArn: { Ref: 'ApiRoutesGatewayExternalApiTargetGroupA4AB24F9' }, Weight: 100 },
              { TargetGroupArn: { Ref: 'ApiRoutesGatewayExternalApiAlternateTargetGroup62E55CB3' }, Weight: 0 },
            ],
          },
        },
      ],
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }],
      ListenerArn: { Ref: 'GatewayExternalLoadBalancerPort443258D279A' },
      Priority: 48940,
    },
  });
});

describe('the record of production rules in the context', () => {
  const PATH = 'Shop/Api/Routes/Gateway/External/Api/Rule';
  const KEY = 'cdk-ecs-mesh:productionRules';

  function synthWith(record: unknown, route: Partial<RouteProps> = {}) {
    const stack = newStack();
    stack.node.setContext(KEY, record);
    return () => templateOf(newShop({ rollout }, route, stack).stack);
  }

  const say = (now: string, known: string | null, fix: string) =>
    `\`context["${KEY}"]["${PATH}"]\` must be "${now}", the fingerprint of the production rule, got ${JSON.stringify(known)}; ${fix} [ProductionRuleChanged]`;

  test('without it nothing is checked', () => expect(synthWith(undefined)).not.toThrow());

  test('T14: a rule that is not in it is named with its fingerprint', () => {
    expect(synthWith({})).toThrow(say('538bf9c468ce', null, 'if the rule is new, record it'));
  });

  test('T14: a rule as recorded passes', () => expect(synthWith({ [PATH]: '538bf9c468ce' })).not.toThrow());

  test('T14: a changed rule is refused', () => {
    expect(synthWith({ [PATH]: '538bf9c468ce' }, { priority: 7 })).toThrow(
      say(
        '4b77209a113a',
        '538bf9c468ce',
        'a changed rule gets the weights of the template: check that the first target group is live (https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/rollouts.md), then record it',
      ),
    );
  });
});

/** Changes the production rule from outside, as an aspect of somebody else would. */
function override(stack: Stack, path: string, value: unknown): void {
  Aspects.of(stack).add({
    visit: (node) => {
      const isRule = CfnResource.isCfnResource(node) && node.cfnResourceType === RULE;
      if (isRule && CfnElement.isCfnElement(node)) node.addPropertyOverride(path, value);
    },
  });
}
