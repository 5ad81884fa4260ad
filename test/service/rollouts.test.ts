import { Duration } from 'aws-cdk-lib';
import { DeploymentLifecycleStage, NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { Alias, Function } from 'aws-cdk-lib/aws-lambda';
import {
  BlueGreenOptions,
  Compute,
  DeploymentHook,
  MeshServiceProps,
  PortProtocol,
  Rollout,
  Scaling,
  ServiceConnect,
  ServiceConnectMesh,
  TestTraffic,
} from 'cdk-ecs-mesh';
import { idOf, newFunction, newGateway, newShop, renderShop, RULE, serviceOf, TARGET_GROUP } from './shop';
import { findings, newMesh, newService, newStack, only, openPaths, resources, templateOf, WEB } from '../helpers';

const { POST_TEST_TRAFFIC_SHIFT, PRE_SCALE_UP } = DeploymentLifecycleStage;
const BREAKER = { Enable: true, Rollback: true };

function deploymentOf(rollout: Rollout) {
  return serviceOf(renderShop({ rollout })).Properties.DeploymentConfiguration;
}

describe('defaults', () => {
  test.each<[string, Rollout, object]>([
    ['blue/green', Rollout.blueGreen(), { Strategy: 'BLUE_GREEN' }],
    ['canary', Rollout.canary(), { Strategy: 'CANARY', CanaryConfiguration: { CanaryPercent: 10, CanaryBakeTimeInMinutes: 10 } }],
    ['linear', Rollout.linear(), { Strategy: 'LINEAR', LinearConfiguration: { StepPercent: 20, StepBakeTimeInMinutes: 3 } }],
  ])('%s: ten minutes of bake time, circuit breaker, two full versions', (_, rollout, expected) => {
    expect(deploymentOf(rollout)).toMatchObject({
      ...{ BakeTimeInMinutes: 10, MinimumHealthyPercent: 100, MaximumPercent: 200, DeploymentCircuitBreaker: BREAKER },
      ...expected,
    });
  });

  test('no hooks, no test rule, no alarms', () => {
    const template = renderShop({ rollout: Rollout.blueGreen() });
    const { LifecycleHooks, Alarms } = serviceOf(template).Properties.DeploymentConfiguration;
    expect([LifecycleHooks, Alarms?.AlarmNames ?? []]).toEqual([undefined, []]);
    expect(Object.keys(resources(template, RULE))).toHaveLength(1);
    expect(serviceOf(template).Properties.LoadBalancers[0].AdvancedConfiguration.TestListenerRule).toBeUndefined();
  });

  test('rolling: no strategy, no bake time, one target group', () => {
    const template = renderShop();
    expect(serviceOf(template).Properties.DeploymentConfiguration).not.toHaveProperty('Strategy');
    expect(serviceOf(template).Properties.DeploymentConfiguration).not.toHaveProperty('BakeTimeInMinutes');
    expect(Object.keys(resources(template, TARGET_GROUP))).toHaveLength(1);
  });
});

test('all values', () => {
  const times = { bakeTime: Duration.minutes(5) };
  expect(deploymentOf(Rollout.blueGreen(times)).BakeTimeInMinutes).toBe(5);
  expect(deploymentOf(Rollout.canary({ ...times, percent: 0.1, canaryTime: Duration.hours(1) }))).toMatchObject({
    BakeTimeInMinutes: 5,
    CanaryConfiguration: { CanaryPercent: 0.1, CanaryBakeTimeInMinutes: 60 },
  });
  expect(deploymentOf(Rollout.linear({ ...times, stepPercent: 12.5, stepTime: Duration.minutes(1) }))).toMatchObject({
    BakeTimeInMinutes: 5,
    LinearConfiguration: { StepPercent: 12.5, StepBakeTimeInMinutes: 1 },
  });
});

describe('a route with two versions', () => {
  const template = renderShop({ rollout: Rollout.blueGreen() }, { healthCheck: { path: '/up' } });
  const live = idOf(template, TARGET_GROUP, 'ApiRoutesGatewayExternalApiTargetGroup');
  const next = idOf(template, TARGET_GROUP, 'ApiRoutesGatewayExternalApiAlternateTargetGroup');

  test('two target groups alike', () => {
    const [one, other] = [live, next].map((id) => resources(template, TARGET_GROUP)[id].Properties);
    expect(one).toEqual(other);
    expect(one).toMatchObject({ TargetType: 'ip', HealthCheckPath: '/up' });
  });

  test('T14: a rule of its own, with both groups at fixed weights', () => {
    expect(only(template, RULE).Properties.Actions).toEqual([
      {
        Type: 'forward',
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: { Ref: live }, Weight: 100 },
            { TargetGroupArn: { Ref: next }, Weight: 0 },
          ],
        },
      },
    ]);
  });

  test('the service knows both, the rule, and the role that moves traffic', () => {
    expect(serviceOf(template).Properties.LoadBalancers).toEqual([
      expect.objectContaining({
        TargetGroupArn: { Ref: live },
        AdvancedConfiguration: {
          AlternateTargetGroupArn: { Ref: next },
          ProductionListenerRule: { Ref: Object.keys(resources(template, RULE))[0] },
          RoleArn: { 'Fn::GetAtt': [idOf(template, 'AWS::IAM::Role', 'ApiLoadBalancerRole'), 'Arn'] },
        },
      }),
    ]);
  });

  test('T15: the role is there before the service', () => {
    const role = idOf(template, 'AWS::IAM::Role', 'ApiLoadBalancerRole');
    expect(serviceOf(template).DependsOn).toContain(role);
    expect(JSON.stringify(resources(template, 'AWS::IAM::Role')[role].Properties)).toContain(
      'policy/AmazonECSInfrastructureRolePolicyForLoadBalancers',
    );
  });

  test('one path to the tasks, whichever group they are in', () => {
    expect(openPaths(template)).toEqual(['GatewayExternal -> Api 8080']);
  });
});

test('two routes share one role; both sides can be used', () => {
  const { gateway, api, stack } = newShop({ rollout: Rollout.blueGreen() });
  const route = gateway.internal.route('Api', { target: api.port('http') });
  const template = templateOf(stack);
  expect(serviceOf(template).Properties.LoadBalancers).toHaveLength(2);
  expect(Object.keys(resources(template, 'AWS::IAM::Role', 'ApiLoadBalancerRole'))).toHaveLength(1);
  expect(route.alternateTargetGroup).not.toBe(route.targetGroup);
});

test('a side has room for half as many routes with two groups', () => {
  const { gateway, mesh } = newShop();
  const targets = Array.from({ length: 11 }, (_, i) => newService(mesh, `Web${i}`, { rollout: Rollout.blueGreen() }).port('http'));
  const add = (i: number) =>
    gateway.internal.route(`R${i}`, { target: targets[i % 11], hosts: [`h${i}.example.com`], priority: i });
  for (let i = 1; i <= 50; i++) add(i);
  expect(() => add(51)).toThrow(
    "`route('R51')` must be one of at most 100 on a side, since a load balancer has at most 100 target groups (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html), and 50 routes have two; add a second DualAlbGateway for further routes [RouteCount at Shop/Gateway/Internal/Routes/R51]",
  );
});

test('mesh, gateway and service in stacks of their own', () => {
  const app = newStack('Net');
  const stackOf = (id: string) => newStack(id, app.node.root as never);
  const mesh = newMesh(app);
  const gateway = newGateway(mesh, {}, stackOf('Edge'));
  const testTraffic = TestTraffic.port(8443);
  const api = newService(mesh, 'Api', { rollout: Rollout.blueGreen({ testTraffic }) }, stackOf('Apis'));
  gateway.external.route('Api', { target: api.port('http') });
  expect(Object.keys(resources(templateOf(api), RULE))).toHaveLength(2);
  expect(Object.keys(resources(templateOf(gateway), RULE))).toHaveLength(0);
});

describe('test traffic', () => {
  const withHeader: BlueGreenOptions = { testTraffic: TestTraffic.header('X-Version', 'next') };

  test('by header: a rule just before the production rule', () => {
    const template = renderShop({ rollout: Rollout.blueGreen(withHeader) }, { paths: ['/api/*'], priority: 700 });
    const { Priority, Conditions } = only(template, RULE, 'ApiRoutesGatewayExternalApiTestRule').Properties;
    expect(Priority).toBe(699);
    expect(Conditions).toEqual([
      { Field: 'path-pattern', PathPatternConfig: { Values: ['/api/*'] } },
      { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-Version', Values: ['next'] } },
    ]);
    const { ProductionListenerRule, TestListenerRule } = serviceOf(template).Properties.LoadBalancers[0].AdvancedConfiguration;
    expect([ProductionListenerRule.Ref, TestListenerRule.Ref].sort()).toEqual(Object.keys(resources(template, RULE)).sort());
  });

  test('by header: aliases follow it too, but not those of plain TCP', () => {
    const ports = [...WEB.ports, { name: 'raw', containerPort: 9000, protocol: PortProtocol.TCP }];
    const serviceConnect = ServiceConnect.clientAndServer();
    const template = renderShop({
      rollout: Rollout.canary(withHeader),
      networking: { serviceConnect },
      containers: [{ ...WEB, ports }],
    });
    const [http, tcp] = serviceOf(template).Properties.ServiceConnectConfiguration.Services;
    expect(http.ClientAliases).toEqual([
      expect.objectContaining({ TestTrafficRules: { Header: { Name: 'X-Version', Value: { Exact: 'next' } } } }),
    ]);
    expect(tcp.ClientAliases[0].TestTrafficRules).toBeUndefined();
  });

  test('by port: a listener with certificate, closed to everybody, and the same place in it', () => {
    const testTraffic = TestTraffic.port(8443);
    const template = renderShop({ rollout: Rollout.blueGreen({ testTraffic }) }, { priority: 1 });
    const listener = only(template, 'AWS::ElasticLoadBalancingV2::Listener', 'GatewayExternalLoadBalancerTest8443').Properties;
    expect(listener).toMatchObject({ Port: 8443, Protocol: 'HTTPS', DefaultActions: [{ Type: 'fixed-response' }] });
    expect(listener.Certificates).toHaveLength(1);
    expect(only(template, RULE, 'ApiRoutesGatewayExternalApiTestRule').Properties.Priority).toBe(1);
    const group = only(template, 'AWS::EC2::SecurityGroup', 'GatewayExternal').Properties;
    expect(group.SecurityGroupIngress.map(({ FromPort }: { FromPort: number }) => FromPort)).toEqual([443, 80]);
  });

  test('by port: services share the listener', () => {
    const rollout = Rollout.blueGreen({ testTraffic: TestTraffic.port(8443) });
    const { gateway, mesh, stack } = newShop({ rollout });
    gateway.external.route('Web', { target: newService(mesh, 'Web', { rollout }).port('http'), paths: ['/web/*'] });
    const listeners = Object.keys(resources(templateOf(stack), 'AWS::ElasticLoadBalancingV2::Listener'));
    expect(listeners.filter((id) => id.includes('Test8443'))).toHaveLength(1);
  });

  test('the place of a test rule is taken for others', () => {
    const { gateway, mesh } = newShop({ rollout: Rollout.blueGreen(withHeader) }, { priority: 500 });
    const web = newService(mesh, 'Web');
    expect(() => gateway.external.route('Web', { target: web.port('http'), paths: ['/web/*'], priority: 499 })).toThrow(
      '`priority` must be used once on a listener, and Shop/Gateway/External/Routes/Api has it already, got 499; set `priority: 501` on the newer of the two [RoutePriorityTaken at Shop/Gateway/External/Routes/Web]',
    );
  });
});

describe('hooks', () => {
  /** A service with one hook, on an alias of a function. */
  function withHook(name = 'SmokeTest', stages = [POST_TEST_TRAFFIC_SHIFT], times = 1) {
    const stack = newStack();
    const alias = new Alias(stack, 'Alias', { aliasName: 'live', version: newFunction(stack).currentVersion });
    const hooks = Array<DeploymentHook>(times).fill(DeploymentHook.lambda(name, alias, { stages }));
    return templateOf(newShop({ rollout: Rollout.linear({ hooks }) }, {}, stack).stack);
  }

  test('T15: a role that may invoke one function, whose policy the service waits for', () => {
    const template = withHook('SmokeTest', [PRE_SCALE_UP, POST_TEST_TRAFFIC_SHIFT]);
    const alias = { Ref: idOf(template, 'AWS::Lambda::Alias', 'Alias') };
    const role = idOf(template, 'AWS::IAM::Role', 'ApiHooksSmokeTest');
    expect(serviceOf(template).Properties.DeploymentConfiguration.LifecycleHooks).toEqual([
      { HookTargetArn: alias, RoleArn: { 'Fn::GetAtt': [role, 'Arn'] }, LifecycleStages: [PRE_SCALE_UP, POST_TEST_TRAFFIC_SHIFT] },
    ]);
    const policy = only(template, 'AWS::IAM::Policy', 'ApiHooksSmokeTest').Properties.PolicyDocument.Statement;
    expect(policy).toEqual([{ Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: alias }]);
    expect(serviceOf(template).DependsOn).toContain(idOf(template, 'AWS::IAM::Policy', 'ApiHooksSmokeTest'));
  });

  test.each(['Smoke test', '1st', ''])('the name %p is refused', (name) => {
    expect(() => withHook(name)).toThrow(
      `\`rollout.hooks[0].name\` must be letters and digits, and unique in the service, because it is the ID of a role, got ${JSON.stringify(name)}; write it like "SmokeTest" [HookName at Shop/Api]`,
    );
  });

  test('a name used twice is refused', () => {
    expect(() => withHook('A', [PRE_SCALE_UP], 2)).toThrow(/^`rollout\.hooks\[1\]\.name` must be .* \[HookName at Shop\/Api\]$/);
  });

  test.each([[[]], [[PRE_SCALE_UP, PRE_SCALE_UP]]])('the stages %j are refused', (stages) => {
    expect(() => withHook('A', stages)).toThrow(
      `\`rollout.hooks[0].stages\` must name at least one stage, and each once, got ${JSON.stringify(stages)}; write for example [ecs.DeploymentLifecycleStage.POST_TEST_TRAFFIC_SHIFT] [HookStages at Shop/Api]`,
    );
  });
});

describe('who may have two versions', () => {
  test('blue/green alone also deploys what nobody calls', () => {
    const props: Partial<MeshServiceProps> = { containers: [{ image: WEB.image }], rollout: Rollout.blueGreen() };
    expect(templateOf(newService(newMesh(), 'Api', props))).toBeDefined();
  });

  test.each([Rollout.canary(), Rollout.linear()])('a Service Connect alias is traffic enough', (rollout) => {
    expect(
      templateOf(newService(newMesh(), 'Api', { rollout, networking: { serviceConnect: ServiceConnect.clientAndServer() } })),
    ).toBeDefined();
    const called = newService(newMesh(), 'Api', { rollout });
    newService(called.mesh as ServiceConnectMesh, 'Web').connectTo(called.port('http'));
    expect(templateOf(called)).toBeDefined();
  });

  test('EC2 hosts, where tasks have addresses of their own', () => {
    const mesh = newMesh();
    const compute = Compute.ec2(mesh.addEc2Capacity('Hosts'));
    expect(newService(mesh, 'Api', { compute, rollout: Rollout.blueGreen() }).rollout).toBeDefined();
  });

  test('scaling on CPU and memory', () => {
    const scaling = Scaling.between(2, 9, { cpuPercent: 50, memoryPercent: 70 });
    expect(renderShop({ scaling, rollout: Rollout.blueGreen() })).toBeDefined();
  });
});

test('AwsSolutions finds nothing', () => {
  const stack = newStack();
  const handler = Function.fromFunctionArn(stack, 'SmokeTest', 'arn:aws:lambda:eu-west-1:111111111111:function:smoke');
  const hooks = [DeploymentHook.lambda('SmokeTest', handler, { stages: [PRE_SCALE_UP] })];
  const { api } = newShop({ rollout: Rollout.blueGreen({ hooks, testTraffic: TestTraffic.port(8443) }) }, {}, stack);
  api.addRollbackAlarm('api-5xx');
  expect(findings(api)).toEqual([]);
});

describe('refused', () => {
  test.each<[NetworkMode, string, Rollout]>([
    [NetworkMode.BRIDGE, 'Rollout.blueGreen', Rollout.blueGreen()],
    [NetworkMode.HOST, 'Rollout.codeDeploy', Rollout.codeDeploy()],
  ])('%s network mode with %s', (networkMode, name, rollout) => {
    const mesh = newMesh();
    const compute = Compute.ec2(mesh.addEc2Capacity('Hosts'), { networkMode });
    expect(() => newService(mesh, 'Api', { compute, rollout })).toThrow(
      `\`rollout\` must be Rollout.rolling in bridge and host network mode: two versions behind one rule need tasks with their own addresses, got "${name}"; run on Fargate, or on Compute.ec2 with NetworkMode.AWS_VPC [RolloutNeedsAddresses at Shop/Api]`,
    );
  });

  test.each<[string, Rollout]>([
    ['Rollout.blueGreen', Rollout.blueGreen()],
    ['Rollout.canary', Rollout.canary()],
    ['Rollout.linear', Rollout.linear()],
    ['Rollout.codeDeploy', Rollout.codeDeploy()],
  ])('T14: scaling on requests with %s', (name, rollout) => {
    const scaling = Scaling.between(2, 4, { requestsPerTarget: 500 });
    expect(() => renderShop({ rollout, scaling })).toThrow(
      `\`scaling.requestsPerTarget\` must be left out with ${name}: it counts the requests of one target group, and deployments move them to another, got 500; scale on cpuPercent or memoryPercent, or use Rollout.rolling [RequestScalingWithTwoVersions at Shop/Api]`,
    );
  });

  test.each<[string, Rollout, ServiceConnect]>([
    ['Rollout.canary', Rollout.canary(), ServiceConnect.client()],
    ['Rollout.linear', Rollout.linear(), ServiceConnect.client()],
    ['Rollout.canary', Rollout.canary(), ServiceConnect.onDemand()],
    ['Rollout.linear', Rollout.linear(), ServiceConnect.onDemand()],
  ])('%s without traffic to move', (name, rollout, serviceConnect) => {
    const service = newService(newMesh(), 'Api', { rollout, networking: { serviceConnect } });
    expect(() => templateOf(service)).toThrow(
      `\`rollout\` must have traffic to move: a gateway route, or a Service Connect alias, got "${name}"; add \`gateway.external.route(...)\` or \`gateway.internal.route(...)\` for the service, or use Rollout.rolling [RolloutWithoutTraffic]`,
    );
  });
});
