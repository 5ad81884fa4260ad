import { Duration, Stack, Token } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { MeshService, QueueWorkerService, RedisBackedEcsService, Rollout, RouteProps, Scaling, TestTraffic } from 'cdk-ecs-mesh';
import { newShop, renderShop } from './shop';
import { newMesh, newStack, oidc, WEB } from '../helpers';

const minutes = Duration.minutes;
const render = (rollout: Rollout, route: Partial<RouteProps> = {}) => renderShop({ rollout }, route);

test.each<[string, Rollout]>([
  ['no bake time', Rollout.blueGreen({ bakeTime: minutes(0) })],
  ['a day of bake time', Rollout.blueGreen({ bakeTime: minutes(1440) })],
  ['the smallest canary', Rollout.canary({ percent: 0.1, canaryTime: minutes(0) })],
  ['the largest canary', Rollout.canary({ percent: 100, canaryTime: minutes(1440) })],
  ['33 hours of canary', Rollout.canary({ canaryTime: minutes(1440), bakeTime: minutes(540) })],
  ['the smallest steps', Rollout.linear({ stepPercent: 3, stepTime: minutes(0) })],
  ['the largest step', Rollout.linear({ stepPercent: 100, stepTime: minutes(1440) })],
  ['33 hours of steps', Rollout.linear({ stepPercent: 33.4, stepTime: minutes(720), bakeTime: minutes(540) })],
  ['two days of CodeDeploy', Rollout.codeDeploy({ bakeTime: minutes(2880), approvalTime: minutes(2880) })],
  ['the first port', Rollout.blueGreen({ testTraffic: TestTraffic.port(1) })],
  ['the last port', Rollout.blueGreen({ testTraffic: TestTraffic.port(65535) })],
  ['the longest header', Rollout.blueGreen({ testTraffic: TestTraffic.header('a'.repeat(40), 'b'.repeat(128)) })],
  [
    'a header that is not known yet',
    Rollout.blueGreen({ testTraffic: TestTraffic.header('X-Test', Token.asString({ Ref: 'A' })) }),
  ],
  ['a share that is not known yet', Rollout.linear({ stepPercent: Token.asNumber({ Ref: 'A' }) })],
  ['another share that is not known yet', Rollout.canary({ percent: Token.asNumber({ Ref: 'A' }) })],
  ['a time that is not known yet', Rollout.canary({ canaryTime: minutes(Token.asNumber({ Ref: 'A' })) })],
])('%s is fine', (_, rollout) => expect(render(rollout)).toBeDefined());

const TIME = 'choose a duration in that range, such as Duration.minutes(10) [RolloutTime at Shop/Api]';
const SHARE = 'choose a share in that range [RolloutPercent at Shop/Api]';
const TOTAL =
  'together be at most 1980 minutes, since CloudFormation refuses deployments of more than 33 hours, got "1981 minutes"; shorten one of them [RolloutTooLong at Shop/Api]';
const HEADER =
  "`rollout.testTraffic` must have a name of 1 to 40 letters, digits and `-`, and a value of 1 to 128 visible characters without `*` and `?`, got %; write it like TestTraffic.header('X-Version', 'next') [TestTrafficHeader at Shop/Api]";

test.each<[Rollout, string]>([
  [
    Rollout.blueGreen({ bakeTime: minutes(1441) }),
    `\`rollout.bakeTime\` must be whole minutes from 0 to 1440, got "86460 seconds"; ${TIME}`,
  ],
  [
    Rollout.blueGreen({ bakeTime: Duration.seconds(90) }),
    `\`rollout.bakeTime\` must be whole minutes from 0 to 1440, got "90 seconds"; ${TIME}`,
  ],
  [
    Rollout.canary({ canaryTime: minutes(1441) }),
    `\`rollout.canaryTime\` must be whole minutes from 0 to 1440, got "86460 seconds"; ${TIME}`,
  ],
  [
    Rollout.linear({ stepTime: Duration.seconds(1) }),
    `\`rollout.stepTime\` must be whole minutes from 0 to 1440, got "1 seconds"; ${TIME}`,
  ],
  [Rollout.canary({ percent: 0 }), `\`rollout.percent\` must be from 0.1 to 100 in steps of 0.1, got 0; ${SHARE}`],
  [Rollout.canary({ percent: 100.1 }), `\`rollout.percent\` must be from 0.1 to 100 in steps of 0.1, got 100.1; ${SHARE}`],
  [Rollout.canary({ percent: 5.55 }), `\`rollout.percent\` must be from 0.1 to 100 in steps of 0.1, got 5.55; ${SHARE}`],
  [Rollout.linear({ stepPercent: 2.9 }), `\`rollout.stepPercent\` must be from 3 to 100 in steps of 0.1, got 2.9; ${SHARE}`],
  [
    Rollout.canary({ canaryTime: minutes(1440), bakeTime: minutes(541) }),
    `\`rollout.canaryTime\` and \`rollout.bakeTime\` must ${TOTAL}`,
  ],
  [
    Rollout.linear({ stepPercent: 50, stepTime: minutes(1440), bakeTime: minutes(541) }),
    `\`rollout.stepTime\` (1 times) and \`rollout.bakeTime\` must ${TOTAL}`,
  ],
  [
    Rollout.linear({ stepPercent: 11, stepTime: minutes(219), bakeTime: minutes(10) }),
    `\`rollout.stepTime\` (9 times) and \`rollout.bakeTime\` must ${TOTAL}`,
  ],
  [
    Rollout.codeDeploy({ bakeTime: minutes(2881) }),
    `\`rollout.bakeTime\` must be whole minutes from 0 to 2880, got "172860 seconds"; ${TIME}`,
  ],
  [
    Rollout.codeDeploy({ approvalTime: minutes(2881) }),
    `\`rollout.approvalTime\` must be whole minutes from 0 to 2880, got "172860 seconds"; ${TIME}`,
  ],
  [
    Rollout.blueGreen({ testTraffic: TestTraffic.port(65536) }),
    '`rollout.testTraffic.port` must be a whole number from 1 to 65535, got 65536; choose a value in that range [TestTrafficPort at Shop/Api]',
  ],
  ...[80, 443].map((port): [Rollout, string] => [
    Rollout.blueGreen({ testTraffic: TestTraffic.port(port) }),
    `\`rollout.testTraffic.port\` must be a port other than 80 and 443, which production traffic uses, got ${port}; choose for example 8443 [TestTrafficPort at Shop/Api]`,
  ]),
  ...[
    { name: '', value: 'next' },
    { name: 'a'.repeat(41), value: 'next' },
    { name: 'X Version', value: 'next' },
    { name: 'X-Version', value: '' },
    { name: 'X-Version', value: 'b'.repeat(129) },
    { name: 'X-Version', value: 'next*' },
  ].map((header): [Rollout, string] => [
    Rollout.linear({ testTraffic: TestTraffic.header(header.name, header.value) }),
    HEADER.replace('%', JSON.stringify(header)),
  ]),
  [
    Rollout.codeDeploy({ testTraffic: TestTraffic.header('X-Version', 'next') }),
    '`rollout.testTraffic` must be TestTraffic.port with Rollout.codeDeploy, which supports listeners but not rules, got "a header, X-Version"; use TestTraffic.port(8443), or Rollout.blueGreen [CodeDeployTestTraffic at Shop/Api]',
  ],
])('refused %#', (rollout, message) => expect(() => render(rollout)).toThrow(message));

test.each<[string, Rollout]>([
  ['Rollout.blueGreen', Rollout.blueGreen()],
  ['Rollout.codeDeploy', Rollout.codeDeploy()],
])('a route that signs users in is refused with %s', (name, rollout) => {
  const stack = newStack();
  const authentication = oidc({}, stack);
  expect(() => newShop({ rollout }, { authentication }, stack)).toThrow(
    `\`authentication\` must be left out on a route to a service with ${name}: deployments change rules that forward and do nothing else; use Rollout.rolling, or sign users in with the application [AuthenticationWithTwoVersions at Shop/Api]`,
  );
});

describe('a route with a test rule by header', () => {
  const rollout = Rollout.blueGreen({ testTraffic: TestTraffic.header('X-Version', 'next') });
  const hosts = (count: number) => ({ hosts: Array.from({ length: count }, (_, i) => `h${i}.example.com`) });

  test.each<Partial<RouteProps>>([{ priority: 2 }, hosts(4)])('%j is fine', (route) =>
    expect(render(rollout, route)).toBeDefined(),
  );

  test('without a place before it', () => {
    expect(() => render(rollout, { priority: 1 })).toThrow(
      '`priority` must be at least 2 on a route with TestTraffic.header, whose test rule needs the priority before it, got 1; set a larger `priority`, or leave it out [TestRulePriority at Shop/Api]',
    );
  });

  test('without a value left for the header', () => {
    expect(() => render(rollout, hosts(5))).toThrow(
      '`hosts, paths and when` must together have at most 4 values on a route with TestTraffic.header, whose header is the fifth (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html), got ["h0.example.com","h1.example.com","h2.example.com","h3.example.com","h4.example.com"]; combine patterns with a wildcard, split them into two routes, or use TestTraffic.port [TestRuleConditions at Shop/Api]',
    );
  });
});

describe.each([
  ['MeshService', MeshService],
  ['RedisBackedEcsService', RedisBackedEcsService],
  ['QueueWorkerService', QueueWorkerService],
])('percentages of %s that ECS rounds', (_, Service) => {
  const build = (scaling: Scaling, minHealthyPercent: number, maxHealthyPercent: number) => () => {
    const mesh = newMesh();
    const rollout = Rollout.rolling({ minHealthyPercent, maxHealthyPercent });
    return new Service(Stack.of(mesh), 'Api', { mesh, containers: [{ image: WEB.image }], scaling, rollout });
  };
  const atNight = Scaling.between(2, 4).onSchedule({
    night: { schedule: Schedule.cron({ hour: '22', minute: '0' }), minTasks: 1 },
  });
  const unknown = Token.asNumber({ Ref: 'Percent' });

  test.each<[string, Scaling, number, number, string, number, number]>([
    ['one task', Scaling.fixed(1), 50, 150, 'is one task', 200, 0],
    ['one task, in place', Scaling.fixed(1), 50, 100, 'is one task', 200, 0],
    ['one task, ahead', Scaling.between(1, 4), 100, 199, 'is one task', 200, 0],
    ['one task after none', Scaling.between(0, 4), 1, 100, 'is one task', 200, 0],
    ['one task at night', atNight, 50, 150, 'is one task', 200, 0],
    ['two tasks', Scaling.between(2, 4), 51, 149, 'are 2 tasks', 150, 50],
    ['three tasks', Scaling.fixed(3), 67, 133, 'are 3 tasks', 134, 66],
  ])('%s: refused', (__, scaling, least, most, are, up, down) => {
    const both = are.replace(/^\w+ /, '');
    expect(build(scaling, least, most)).toThrow(
      `\`rollout.minHealthyPercent\` and \`rollout.maxHealthyPercent\` must let ECS start or stop a task while there ${are}: it rounds the minimum up ` +
        `and the maximum down, and both are ${both}, got {"minHealthyPercent":${least},"maxHealthyPercent":${most}}; set \`maxHealthyPercent\` to ` +
        `${up} or more to start a task first, or \`minHealthyPercent\` to ${down} or less to stop one first [RolloutCannotMove at Shop/Api]`,
    );
    expect(build(scaling, least, up)).not.toThrow();
    expect(build(scaling, down, most)).not.toThrow();
  });

  test.each<[string, Scaling, number, number]>([
    ['no task', Scaling.fixed(0), 50, 150],
    ['a percentage that is not known yet', Scaling.fixed(1), unknown, 150],
    ['a number of tasks that is not known yet', Scaling.fixed(unknown), 50, 150],
  ])('%s: accepted', (__, scaling, least, most) => expect(build(scaling, least, most)).not.toThrow());
});
