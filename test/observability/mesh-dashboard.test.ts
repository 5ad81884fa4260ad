import { App, Stack } from 'aws-cdk-lib';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  AlarmOverride,
  ComponentKind,
  EcsMeshChecks,
  MeshAlarms,
  MeshDashboard,
  MeshDashboardProps,
  MetricRecord,
} from 'cdk-ecs-mesh';
import { newMall, newShop, routeTo } from './fixtures';
import { layOut } from '../../src/observability/private/dashboard-layout';
import { findings, newMesh, newService, newStack, only, templateOf } from '../helpers';

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    title?: string;
    markdown?: string;
    metrics?: unknown[];
    annotations?: { horizontal: { value: number }[] };
  };
}

/** The widgets of the dashboard in a stack, with `*` for what only a deployment can tell. */
function widgets(stack: Stack): Widget[] {
  const body = only(templateOf(stack), 'AWS::CloudWatch::Dashboard').Properties.DashboardBody;
  return JSON.parse(body['Fn::Join'][1].map((part: unknown) => (typeof part === 'string' ? part : '*')).join('')).widgets;
}

/** Titles and headings in order. */
const titles = (all: Widget[]) => all.map(({ properties: p }) => p.title ?? p.markdown);

function shopWith(props: (shop: ReturnType<typeof newShop>) => Partial<MeshDashboardProps> = () => ({})) {
  const shop = newShop();
  const dashboard = new MeshDashboard(shop.stack, 'Dashboard', { mesh: shop.mesh, ...props(shop) });
  return { ...shop, dashboard };
}

const mall = (() => {
  const { stack, mesh, api } = newMall();
  const alarms = new MeshAlarms(stack, 'Alarms', { mesh, overrides: [AlarmOverride.leaveOut(api, 'Cpu', 'It computes')] });
  new MeshDashboard(stack, 'Dashboard', { mesh, alarms });
  return { stack, widgets: widgets(stack) };
})();

test('sections in the order in which a request meets them', () => {
  expect(titles(mall.widgets).filter((title) => title!.startsWith('#'))).toEqual([
    '# mall-mesh',
    '## Front door',
    '## Services',
    '## Redis',
    '## Queues and schedules',
    '## Databases',
  ]);
});

test('PLAT-10: what a person looks for', () => {
  expect(titles(mall.widgets)).toEqual(
    expect.arrayContaining([
      'Alarms',
      '**Without alarm, on purpose**\n- Api Cpu: It computes',
      'External ALB: Requests',
      'External ALB Api: Errors of targets (%)',
      'api: CPU (%)',
      'api: Tasks',
      'Cache: Memory (%)',
      'worker: Oldest message (s)',
      'app: Free storage (bytes)',
    ]),
  );
});

test('metrics of one title share a graph: two nodes, three counts of tasks', () => {
  const graph = (title: string) => mall.widgets.find(({ properties }) => properties.title === title)!;
  expect(graph('Cache: Memory (%)').properties.metrics).toHaveLength(2);
  expect(JSON.stringify(graph('api: Tasks').properties.metrics)).toMatch(/running.*desired.*missing/);
});

test('the grid has 24 columns, and no widget lies over another', () => {
  const all = mall.widgets;
  const overlaps = all.flatMap((a, i) =>
    all.slice(i + 1).filter((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height),
  );
  expect(overlaps).toEqual([]);
  expect(all.filter(({ x, width }) => x < 0 || x + width > 24)).toEqual([]);
});

describe('lines where alarms begin', () => {
  const lines = (stack: Stack, title: string) =>
    widgets(stack)
      .find(({ properties }) => properties.title === title)!
      .properties.annotations?.horizontal.map(({ value }) => value);

  test('with the thresholds of the alarms', () => {
    const { stack } = shopWith(({ mesh, api, stack: scope }) => ({
      alarms: new MeshAlarms(scope, 'Alarms', {
        mesh,
        overrides: [AlarmOverride.threshold(api, 'Cpu', 97), AlarmOverride.leaveOut(api, 'Memory', 'Caches')],
      }),
    }));
    expect([lines(stack, 'api: CPU (%)'), lines(stack, 'api: Memory (%)'), lines(stack, 'api: Tasks')]).toEqual([
      [97],
      undefined,
      [1],
    ]);
  });

  test('none without alarms, nor their state', () => {
    const { stack } = shopWith();
    expect(lines(stack, 'api: CPU (%)')).toBeUndefined();
    expect(titles(widgets(stack))).not.toContain('Alarms');
  });
});

test('the order of declaration does not matter', () => {
  const stack = newStack();
  const mesh = newMesh(stack);
  new MeshDashboard(stack, 'Dashboard', { mesh });
  routeTo(mesh, newService(mesh, 'Api'));
  expect(titles(widgets(stack))).toEqual(titles(widgets(shopWith().stack)));
});

test('what has no section of its own is at the end', () => {
  const { stack, mesh } = shopWith();
  const metrics = [{ id: 'Load', title: 'Load', metric: new Metric({ namespace: 'Shop', metricName: 'Load' }) }];
  MetricRecord.of(mesh).add({ owner: mesh, home: mesh, kind: ComponentKind.EXTERNAL, label: 'partner', metrics });
  expect(titles(widgets(stack)).slice(-2)).toEqual(['## Others', 'partner: Load']);
});

describe('name', () => {
  test('mesh and region, since dashboards have no region', () => {
    expect(shopWith().dashboard.dashboard.dashboardName).toBe('shop-mesh-eu-west-1');
    const mesh = newMesh(newStack(), { meshName: 'my.shop' });
    expect(new MeshDashboard(mesh, 'Dashboard', { mesh }).dashboard.dashboardName).toBe('my-shop-eu-west-1');
  });

  test('a chosen one', () =>
    expect(shopWith(() => ({ dashboardName: 'Shop_1' })).dashboard.dashboard.dashboardName).toBe('Shop_1'));

  test('a chosen one is taken in every region of the account, and in no other account', () => {
    const app = new App();
    const dashboard = (account: string, region: string) => {
      const stack = new Stack(app, `${region}-${account}`, { env: { account, region } });
      return () => new MeshDashboard(stack, 'Dashboard', { mesh: newMesh(stack), dashboardName: 'shop' });
    };
    expect(dashboard('111111111111', 'eu-west-1')).not.toThrow();
    expect(dashboard('222222222222', 'eu-west-1')).not.toThrow();
    expect(dashboard('111111111111', 'us-east-1')).toThrow('[NameTaken at us-east-1-111111111111/Dashboard]');
  });

  test('a bad one is refused', () => {
    expect(() => shopWith(() => ({ dashboardName: 'my shop' }))).toThrow(
      '`dashboardName` must be 1 to 255 letters, digits, hyphens and underscores, got "my shop"; write it like "shop" [DashboardName at Shop/Dashboard]',
    );
  });
});

test.each([
  [500, true],
  [501, false],
])('%i widgets fit: %p', (count, fits) => {
  const { stack, mesh } = shopWith();
  const metric = new Metric({ namespace: 'Shop', metricName: 'Load' });
  const missing = count - widgets(shopWith().stack).length;
  const metrics = Array.from({ length: missing }, (_, i) => ({ id: `M${i}`, title: `M${i}`, metric }));
  MetricRecord.of(mesh).add({ owner: mesh, home: mesh, kind: ComponentKind.SERVICE, label: 'many', metrics });
  if (fits) expect(widgets(stack)).toHaveLength(500);
  else expect(() => templateOf(stack)).toThrow(tooLarge('500 widgets of a dashboard', 501));
});

/** The error of a dashboard that exceeds a quota. */
const tooLarge = (most: string, got: number, where = '') =>
  `\`mesh\` must have at most ${most} (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html)${where}, got ${got}; watch the services in two meshes, or make dashboards of your own from \`MetricRecord.of(mesh).components\` [DashboardTooLarge]`;

describe('T38: metrics', () => {
  /** A dashboard with graphs of as many metrics. */
  const withGraphs = (...counts: number[]) => {
    const { stack, mesh } = shopWith();
    const metricOf = (id: string) => new Metric({ namespace: 'Shop', metricName: id });
    const metrics = counts.flatMap((count, graph) =>
      Array.from({ length: count }, (_, i) => ({ id: `M${i}`, title: `Graph ${graph}`, metric: metricOf(`M${graph}${i}`) })),
    );
    MetricRecord.of(mesh).add({ owner: mesh, home: mesh, kind: ComponentKind.SERVICE, label: 'many', metrics });
    return () => templateOf(stack);
  };
  const others = widgets(shopWith().stack).reduce((sum, { properties: { metrics = [] } }) => sum + metrics.length, 0);

  test('500 in a graph are accepted', () => expect(withGraphs(500)).not.toThrow());
  test('501 are refused', () =>
    expect(withGraphs(501)).toThrow(tooLarge('500 metrics of a widget', 501, '; the graph "many: Graph 0" has more')));
  test('2,500 on a dashboard are accepted', () => expect(withGraphs(500, 500, 500, 500, 500 - others)).not.toThrow());
  test('2,501 are refused', () =>
    expect(withGraphs(500, 500, 500, 500, 501 - others)).toThrow(tooLarge('2500 metrics of a dashboard', 2501)));
});

test('no finding', () => {
  expect(findings(mall.stack)).toEqual([]);
  expect(new EcsMeshChecks().validateScope(mall.stack.node.root as App).violations).toEqual([]);
});

describe('DT-63: alarms in pieces that PutDashboard takes', () => {
  /** Status widgets of a dashboard with that many alarms, by title. */
  const pieces = (count: number) => {
    const stack = newStack();
    const alarms = Array.from({ length: count }, (_, i) =>
      Alarm.fromAlarmArn(stack, `A${i}`, `arn:aws:cloudwatch:eu-west-1:1:alarm:a${i}`),
    );
    const column = layOut({ title: 'shop', components: [], alarms, leftOut: [], threshold: () => undefined });
    column.position(0, 0);
    const shown = column.toJson() as { type: string; y: number; height: number; properties: { title: string; alarms: string[] } }[];
    return shown.filter(({ type }) => type === 'alarm');
  };

  test.each([
    [0, []],
    [1, ['Alarms: 1']],
    [100, ['Alarms: 100']],
    [101, ['Alarms, 1 of 2: 100', 'Alarms, 2 of 2: 1']],
    [250, ['Alarms, 1 of 3: 100', 'Alarms, 2 of 3: 100', 'Alarms, 3 of 3: 50']],
  ])('DT-63: %d alarms', (count, expected) => {
    expect(pieces(count).map(({ properties: p }) => `${p.title}: ${p.alarms.length}`)).toEqual(expected);
  });

  test('DT-63: each alarm is shown once, and no piece covers another', () => {
    const shown = pieces(250);
    expect(new Set(shown.flatMap(({ properties }) => properties.alarms)).size).toBe(250);
    shown.slice(1).forEach(({ y }, i) => expect(y).toBe(shown[i].y + shown[i].height));
  });
});
