import { App, Stack } from 'aws-cdk-lib';
import { MeshAlarms, MeshService, MetricRecord } from 'cdk-ecs-mesh';
import { Account } from './engine';
import { Life, reasonsOf, statusesOf } from './life';
import { WEB } from '../helpers';
import { meshIn } from '../template/named-changes/named-change';

jest.setTimeout(600_000);

const ENV = { account: '111122223333', region: 'eu-west-1' };
const DONE = ['UPDATE_COMPLETE'];

/** `strong` are exports, the default of the CDK; `weak`, which `cdk init` writes into cdk.json, are read from the outputs of a stack. */
type References = 'strong' | 'weak';

interface Shape {
  /** Indicates whether there is an API, in the stack of the mesh. */
  readonly api: boolean;
  /** Indicates whether the page of another stack calls it. */
  readonly connected: boolean;
  /** Indicates that the API and the connection go with the next deployment, and are prepared for it. */
  readonly leaves?: boolean;
}

/** A mesh with an API in a first stack, a page in a second one, and the alarms of both in a last one. */
function shop(references: References, { api, connected, leaves }: Shape): App {
  const app = new App({ context: { '@aws-cdk/core:defaultCrossStackReferences': references } });
  const [base, pages, watch] = ['Base', 'Pages', 'Watch'].map((id) => new Stack(app, id, { env: ENV }));
  const mesh = meshIn(base);
  const page = new MeshService(pages, 'Page', { mesh, containers: [WEB] });
  const server = api ? new MeshService(base, 'Api', { mesh, containers: [WEB] }) : undefined;
  if (server && connected) page.connectTo(server.port('http'));
  if (server && leaves) page.disconnectFrom(server.port('http'));
  if (server && leaves) MetricRecord.of(mesh).withdraw(server);
  new MeshAlarms(watch, 'Alarms', { mesh });
  watch.addStackDependency(pages);
  return app;
}

async function begun(title: string, references: References): Promise<Life> {
  const life = new Life(title, new Account(ENV.region));
  const made = await life.step('created', shop(references, { api: true, connected: true }));
  expect([statusesOf(made), reasonsOf(made)]).toEqual([['CREATE_COMPLETE'], []]);
  return life;
}

const SHAPES: [string, Shape][] = [
  ['one connection less', { api: true, connected: false }],
  ['one service less', { api: false, connected: false }],
];

describe.each(SHAPES)('DT-52: %s, across stacks', (what, shape) => {
  test('with exports: refused in the order of the app, done in two steps', async () => {
    const life = await begun(`${what}, with exports`, 'strong');
    const refused = await life.step('cdk deploy --all', shop('strong', shape));
    expect([refused.statuses, reasonsOf(refused)]).toEqual([{ Base: 'UPDATE_ROLLBACK_COMPLETE' }, []]);
    const first = await life.step('cdk deploy Pages Watch -e', shop('strong', shape), { only: ['Pages', 'Watch'] });
    const then = await life.step('cdk deploy --all, again', shop('strong', shape));
    life.write();
    expect([statusesOf(first), reasonsOf(first), statusesOf(then), reasonsOf(then)]).toEqual([DONE, [], DONE, []]);
    expect(await life.unlisted()).toEqual([]);
  });

  test('with exports: in two deployments of everything, of which the first takes leave', async () => {
    const life = await begun(`${what}, with leave`, 'strong');
    const first = await life.step('disconnectFrom, withdraw', shop('strong', { api: true, connected: false, leaves: true }));
    const then = await life.step('without the lines', shop('strong', shape));
    life.write();
    expect([statusesOf(first), reasonsOf(first), statusesOf(then), reasonsOf(then)]).toEqual([DONE, [], DONE, []]);
    expect(await life.unlisted()).toEqual([]);
  });

  test('without exports: in two steps, too', async () => {
    const life = await begun(`${what}, without exports`, 'weak');
    const first = await life.step('cdk deploy Pages Watch -e', shop('weak', shape), { only: ['Pages', 'Watch'] });
    const then = await life.step('cdk deploy --all', shop('weak', shape));
    life.write();
    expect([statusesOf(first), reasonsOf(first), statusesOf(then), reasonsOf(then)]).toEqual([DONE, [], DONE, []]);
    expect(await life.unlisted()).toEqual([]);
  });
});

test('DT-52: one connection less, without exports, is one deployment', async () => {
  const life = await begun('one connection less, at once, without exports', 'weak');
  const step = await life.step('cdk deploy --all', shop('weak', { api: true, connected: false }));
  life.write();
  expect([statusesOf(step), reasonsOf(step)]).toEqual([DONE, []]);
});

test('DT-52: one service less, without exports and at once, leaves its security group behind', async () => {
  const life = await begun('one service less, at once, without exports', 'weak');
  const step = await life.step('cdk deploy --all', shop('weak', { api: false, connected: false }));
  life.write();
  expect(step.failures.map(({ type, status }) => `${type} ${status}`)).toEqual(['AWS::EC2::SecurityGroup DELETE_FAILED']);
});
