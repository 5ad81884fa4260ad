import { existsSync, readFileSync } from 'node:fs';
import { App, Duration, Stack, Stage } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { CfnCluster } from 'aws-cdk-lib/aws-eks';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import {
  Compute,
  CostReport,
  CostReportProps,
  DualAlbGateway,
  ElastiCacheRedis,
  GeolocationReferenceApp,
  InternalSide,
  MeshNetwork,
  MonthlyBudget,
  NatStrategy,
  PostgresDatabase,
  PriceTable,
  Scaling,
  ServerlessRedis,
} from 'cdk-ecs-mesh';
import { INSTANCES_IRELAND, INSTANCES_VIRGINIA } from '../../src/cost/private/prices-instances';
import { newMesh, newService, newStack } from '../helpers';

function reportOf(stack: Stack, props?: CostReportProps): CostReport {
  return CostReport.fromAssembly((stack.node.root as App).synth().directory, props);
}

/** `path item: quantity x price = USD` of the fixed positions whose path or type matches. */
function fixed(report: CostReport, filter: string): string[] {
  const lines = report.lines.filter(({ path, resourceType, assumed }) => !assumed && `${path} ${resourceType}`.includes(filter));
  return lines.map(
    ({ path, item, quantity, unitPrice }) => `${path} ${item}: ${Number(quantity.toFixed(2))} x ${unitPrice?.toPrecision(4)}`,
  );
}

const virginia = () => new Stack(new App(), 'Shop', { env: { region: 'us-east-1' } });

describe('the fixed part', () => {
  test('is what docs/costs.md works out by hand for the reference app', () => {
    const stack = virginia();
    new GeolocationReferenceApp(stack, 'Geo');
    expect(reportOf(stack).fixed).toBeCloseTo(182.1, 1);
  });

  test('names every position by construct path', () => {
    const stack = virginia();
    new DualAlbGateway(stack, 'Gateway', { network: newMesh(stack), internal: InternalSide.http() });
    expect(fixed(reportOf(stack), 'LoadBalancing')).toEqual([
      'Shop/Gateway/Internal/LoadBalancer Application Load Balancer: 730 x 0.02250',
    ]);
  });

  test('is priced by the region of the stacks', () => {
    const report = reportOf(Stack.of(newMesh(newStack())));
    expect(report.pricesOf).toBe('eu-west-1, 2026-11');
    expect(fixed(report, 'NatGateway')[0]).toContain('730 x 0.04800');
  });

  test('follows the choice of the way out', () => {
    const cost = (nat: NatStrategy) => reportOf(Stack.of(newMesh(virginia(), { network: MeshNetwork.threeTier({ nat }) }))).fixed;
    expect([NatStrategy.perAz(), NatStrategy.single()].map(cost)).toEqual([expect.closeTo(73, 1), expect.closeTo(36.5, 1)]);
    expect(cost(NatStrategy.instance())).toBeCloseTo(7.56, 1);
    expect(cost(NatStrategy.instancePerAz())).toBeCloseTo(15.11, 1);
  });

  test('counts nodes of stores, copies of databases and least data of serverless caches', () => {
    const stack = virginia();
    const mesh = newMesh(stack);
    new ElastiCacheRedis(stack, 'Redis', { mesh });
    new ServerlessRedis(stack, 'Serverless', { mesh });
    new PostgresDatabase(stack, 'Database', { mesh });
    const report = reportOf(stack);
    expect(fixed(report, 'ElastiCache')).toEqual([
      expect.stringContaining('nodes (cache.t4g.micro): 1460 x 0.01280'),
      expect.stringContaining('data, the least that is billed: 73 x 0.08400'),
    ]);
    expect(fixed(report, 'DBInstance')).toEqual([
      expect.stringContaining('instance (db.t4g.micro): 1460 x 0.01600'),
      expect.stringContaining('storage (gp3): 40 x 0.1150'),
      expect.stringContaining('secret that RDS manages: 1 x 0.4000'),
    ]);
  });
});

test('several stacks have a line each', () => {
  const app = new App();
  const stacks = ['Blue', 'Green'].map((id) => new Stack(app, id, { env: { region: 'us-east-1' } }));
  newMesh(stacks[0]);
  newMesh(stacks[1], { network: MeshNetwork.threeTier({ nat: NatStrategy.single() }) });
  const report = reportOf(stacks[0]);
  expect(report.toMarkdown()).toContain('| Blue | 73.00 | 1.90 | 74.90 |\n| Green | 36.50 | 1.45 | 37.95 |');
  expect(report.totalUnder('Green')).toBeCloseTo(37.95, 5);
});

describe('tasks', () => {
  test('are counted at both ends of scaling', () => {
    const stack = virginia();
    newService(newMesh(stack), 'Api', { scaling: Scaling.between(2, 10), taskSize: { cpu: 1024, memoryMiB: 2048 } });
    const [vcpu] = reportOf(stack).lines.filter(({ item }) => item === 'tasks, vCPU');
    expect(vcpu).toMatchObject({ quantity: 1460, maxQuantity: 7300, maxMonthly: expect.closeTo(295.5, 1) });
  });

  test('on Spot cost their share, and the base its price', () => {
    const stack = virginia();
    const compute = Compute.fargateSpot({ onDemandBase: 1 });
    newService(newMesh(stack), 'Api', { compute, scaling: Scaling.fixed(3), taskSize: { cpu: 1024, memoryMiB: 2048 } });
    expect(fixed(reportOf(stack, { usage: { spotShare: 0.3 } }), 'Api')).toEqual([
      'Shop/Api/Service/Service tasks, vCPU: 730 x 0.04048',
      'Shop/Api/Service/Service tasks, memory: 1460 x 0.004445',
      'Shop/Api/Service/Service Spot tasks, vCPU: 1460 x 0.01214',
      'Shop/Api/Service/Service Spot tasks, memory: 2920 x 0.001334',
    ]);
  });

  test('on ARM have prices of their own', () => {
    const stack = virginia();
    newService(newMesh(stack), 'Api', { compute: Compute.fargate({ cpuArchitecture: CpuArchitecture.ARM64 }) });
    expect(fixed(reportOf(stack), 'tasks').length + fixed(reportOf(stack), 'Api').length).toBe(2);
    expect(fixed(reportOf(stack), 'Api')[0]).toContain('x 0.03238');
  });

  test('on hosts are paid with the hosts', () => {
    const stack = virginia();
    const mesh = newMesh(stack);
    newService(mesh, 'Api', { compute: Compute.ec2(mesh.addEc2Capacity('Hosts', { minInstances: 2, maxInstances: 4 })) });
    expect(fixed(reportOf(stack), 'Api')).toEqual([]);
    const [hosts] = reportOf(stack).lines.filter(({ item }) => item.startsWith('hosts'));
    expect([hosts.quantity, hosts.maxQuantity]).toEqual([1460, 2920]);
  });

  test.each([
    ['MON-FRI', 5],
    ['FRI-MON', 4],
    ['SAT,SUN', 2],
    ['2-6', 5],
  ])('that stop outside of working hours on %s are paid for the rest of the week', (days, count) => {
    const stack = virginia();
    const service = newService(newMesh(stack), 'Api', { taskSize: { cpu: 1024, memoryMiB: 2048 } });
    service.taskCount!.scaleOnSchedule('Stop', {
      schedule: Schedule.expression(`cron(0 19 ? * ${days} *)`),
      minCapacity: 0,
      maxCapacity: 0,
    });
    service.taskCount!.scaleOnSchedule('Start', {
      schedule: Schedule.expression(`cron(0 7 ? * ${days} *)`),
      minCapacity: 2,
      maxCapacity: 4,
    });
    const [vcpu] = reportOf(stack).lines.filter(({ item }) => item === 'tasks, vCPU');
    expect(vcpu.quantity).toBeCloseTo(2 * 730 * ((count * 12) / 168), 5);
  });

  test('with a schedule of no fixed times of the week count in full', () => {
    const stack = virginia();
    const service = newService(newMesh(stack), 'Api', { taskSize: { cpu: 1024, memoryMiB: 2048 } });
    service.taskCount!.scaleOnSchedule('Stop', { schedule: Schedule.rate(Duration.hours(5)), maxCapacity: 0 });
    expect(reportOf(stack).lines.find(({ item }) => item === 'tasks, vCPU')!.quantity).toBe(1460);
  });
});

test('a database that is stopped at night is paid by day', () => {
  const stack = virginia();
  const database = new PostgresDatabase(stack, 'Database', { mesh: newMesh(stack), multiAz: false });
  for (const [name, hour] of [
    ['start', 7],
    ['stop', 19],
  ] as const) {
    new CfnSchedule(stack, name, {
      flexibleTimeWindow: { mode: 'OFF' },
      scheduleExpression: `cron(0 ${hour} ? * MON-FRI *)`,
      target: {
        arn: `arn:aws:scheduler:::aws-sdk:rds:${name}DBInstance`,
        roleArn: 'arn:aws:iam::111111111111:role/x',
        input: stack.toJsonString({ DbInstanceIdentifier: database.instance.instanceIdentifier }),
      },
    });
  }
  expect(fixed(reportOf(stack), 'DBInstance')[0]).toContain('instance (db.t4g.micro): 260.71 x 0.01600');
});

describe('what cannot be priced', () => {
  test('is listed by its key, and does not stop the report', () => {
    const stack = virginia();
    new PostgresDatabase(stack, 'Database', { mesh: newMesh(stack) });
    const report = reportOf(stack, { prices: PriceTable.of('mars-north-1', '2026-11', { 'nat-gateway/hour': 1 }) });
    expect(report.fixed).toBe(1460);
    expect(report.missingPrices).toContain('rds/postgres/db.t4g.micro/hour');
    expect(report.toMarkdown()).toContain('no price for `rds/postgres/db.t4g.micro/hour`');
  });

  test('is listed by its type where there is no rule', () => {
    const stack = virginia();
    new CfnCluster(stack, 'Eks', { roleArn: 'arn', resourcesVpcConfig: { subnetIds: ['subnet-1'] } });
    expect(reportOf(stack).unknownTypes).toEqual(['AWS::EKS::Cluster']);
  });

  test('is listed where ECS chooses the hosts', () => {
    const stack = virginia();
    newMesh(stack).addManagedInstances('Managed');
    expect(reportOf(stack).unknownTypes).toEqual(['AWS::ECS::CapacityProvider']);
  });

  test('can be given a price', () => {
    const stack = virginia();
    newMesh(stack);
    expect(reportOf(stack, { prices: PriceTable.usEast1().with({ 'nat-gateway/hour': 0 }) }).fixed).toBeCloseTo(7.3, 5);
  });
});

describe('the tables that ship', () => {
  const tables = { 'us-east-1': INSTANCES_VIRGINIA, 'eu-west-1': INSTANCES_IRELAND };

  test.each([
    ['ec2/t3.small/hour', 0.0208, 0.0228],
    ['ec2/t3a.medium/hour', 0.0376, 0.0408],
    ['ec2/m5.large/hour', 0.096, 0.107],
    ['ec2/m7g.2xlarge/hour', 0.3264, 0.3638],
    ['ec2/g5.xlarge/hour', 1.006, undefined],
    ['elasticache/valkey/cache.m7g.large/hour', 0.1264, 0.1392],
    ['elasticache/redis/cache.r7g.xlarge/hour', 0.437, 0.487],
    ['rds/postgres/db.m7g.large/hour', undefined, undefined],
  ])('%s: %s and %s', (key, inVirginia, inIreland) => {
    expect([PriceTable.usEast1().price(key), PriceTable.euWest1().price(key)]).toEqual([inVirginia, inIreland]);
  });

  test.each(Object.entries(tables))('%s: a size costs twice the one below, GPUs apart', (_, prices) => {
    const sizes = ['nano', 'micro', 'small', 'medium', 'large', 'xlarge', '2xlarge', '4xlarge'];
    const families = new Set(Object.keys(prices).flatMap((key) => /^ec2\/([cmrt]\w+)\./.exec(key)?.[1] ?? []));
    for (const family of families) {
      const units = sizes.flatMap((size, i) => prices[`ec2/${family}.${size}/hour`]! / 2 ** i || []);
      expect(Math.max(...units) / Math.min(...units)).toBeLessThan(1.01);
    }
    expect(families.size).toBeGreaterThan(5);
  });

  test.each(Object.entries(tables))('%s: a node with Valkey costs 80 percent of one with Redis OSS', (_, prices) => {
    const nodes = Object.keys(prices).filter((key) => key.startsWith('elasticache/valkey'));
    for (const key of nodes) expect(prices[key]).toBeCloseTo(0.8 * prices[key.replace('valkey', 'redis')], 5);
    expect(nodes).toHaveLength(9);
  });
});

test('use is assumed, and can be left out', () => {
  const stack = virginia();
  newMesh(stack);
  const nothing = { networkGb: 0, logGb: 0, storedGb: 0, millionRequests: 0, loadBalancerUnits: 0, insightsMetrics: 0 };
  expect(reportOf(stack).byUse).toBeCloseTo(0.45 * 2 + 0.5 * 2, 5);
  expect(reportOf(stack, { usage: nothing }).byUse).toBe(0);
});

test('NU-14: log data is assumed for each log group', () => {
  const stack = virginia();
  const mesh = newMesh(stack);
  ['Web', 'Api', 'Worker'].forEach((id) => newService(mesh, id));
  const logs = reportOf(stack, { usage: { logGb: 5 } }).lines.filter(({ item }) => item === 'logs taken in');
  expect(logs.map(({ quantity }) => quantity)).toEqual([5, 5, 5, 5, 5]); // three services, ECS Exec, and the flow logs
});

describe('a budget', () => {
  const validation = process.env.CDK_VALIDATION;
  beforeEach(() => delete process.env.CDK_VALIDATION);
  afterEach(() => void (process.env.CDK_VALIDATION = validation));

  function synthWith(props: CostReportProps): string {
    const stack = virginia();
    newMesh(stack);
    CostReport.attach(stack.node.root, props);
    return (stack.node.root as App).synth().directory;
  }

  test('that is kept leaves both files in the cloud assembly', () => {
    const directory = synthWith({ budget: MonthlyBudget.usd(80) });
    expect(CostReport.fromAssembly(directory).total).toBeLessThan(80);
    expect(JSON.parse(readFileSync(`${directory}/cost-report.json`, 'utf8'))).toMatchObject({
      version: 1,
      region: 'us-east-1',
      fixed: 73,
    });
  });

  test.each(['true', 'false'])(
    'the files are what the cloud assembly says, whatever comes later and is validated: CDK_VALIDATION=%s',
    (value) => {
      process.env.CDK_VALIDATION = value;
      const app = new App();
      CostReport.attach(app);
      for (const id of ['One', 'Two']) newMesh(new Stack(app, id, { env: { region: 'us-east-1' } }));
      const { directory } = app.synth();
      const report = CostReport.fromAssembly(directory);
      expect(report.lines.map(({ path }) => path.split('/')[0])).toEqual(expect.arrayContaining(['One', 'Two']));
      expect(readFileSync(`${directory}/cost-report.json`, 'utf8')).toBe(report.toJson());
      expect(readFileSync(`${directory}/cost-report.md`, 'utf8')).toBe(report.toMarkdown());
    },
  );

  test('in a stage is about the stage, and its files are in the folder of the stage', () => {
    const app = new App();
    const [, prod] = ['Dev', 'Prod'].map((id) => newMesh(new Stack(new Stage(app, id), 'Shop', { env: { region: 'us-east-1' } })));
    CostReport.attach(prod, { budget: MonthlyBudget.usd(80) });
    const { directory, nestedAssemblies } = app.synth();
    const folders = [directory, ...nestedAssemblies.map(({ nestedAssembly }) => nestedAssembly.directory)];
    expect(folders.map((folder) => existsSync(`${folder}/cost-report.json`))).toEqual([false, false, true]);
    expect(readFileSync(`${folders[2]}/cost-report.md`, 'utf8')).toBe(CostReport.fromAssembly(folders[2]).toMarkdown());
  });

  test('that is broken fails the synthesis', () => {
    expect(() => synthWith({ budget: MonthlyBudget.usd(70) })).toThrow(/Validation failed|OverBudget/);
  });

  test('cannot be kept where a price is missing', () => {
    expect(() => synthWith({ budget: MonthlyBudget.usd(70), prices: PriceTable.of('x', '2026', {}) })).toThrow();
  });

  test('must be above 0', () => {
    expect(() => synthWith({ budget: MonthlyBudget.usd(0) })).toThrow(
      '`budget` must be above 0 USD, got 0; leave `budget` out for a report without a limit [BudgetNotPositive at App]',
    );
  });
});
