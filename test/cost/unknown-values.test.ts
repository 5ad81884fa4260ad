import { App, CfnCondition, CfnParameter, CfnResource, Fn, Stack, Token } from 'aws-cdk-lib';
import { CostReport, MonthlyBudget } from 'cdk-ecs-mesh';

/** A stack with a parameter that has no default, and a condition on it. */
function shop() {
  const stack = new Stack(new App(), 'Shop', { env: { region: 'us-east-1' } });
  const stage = new CfnParameter(stack, 'Stage');
  new CfnCondition(stack, 'IsProd', { expression: Fn.conditionEquals(stage.valueAsString, 'prod') });
  const make = (id: string, type: string, properties: object) =>
    new CfnResource(stack, id, { type, properties: properties as Record<string, unknown> });
  const report = () => CostReport.fromAssembly((stack.node.root as App).synth().directory);
  return { stack, stage, make, report };
}

const ifProd = (yes: unknown, no: unknown) => ({ 'Fn::If': ['IsProd', yes, no] });
const positions = (report: CostReport) =>
  report.lines.filter(({ assumed }) => !assumed).map(({ item, quantity }) => `${item}: ${quantity}`);
const DEPENDS = { reason: 'it depends on condition IsProd of Shop', taken: 'the most expensive' };

function service(make: ReturnType<typeof shop>['make'], task: object, properties: object = {}) {
  const definition = make('Task', 'AWS::ECS::TaskDefinition', task);
  return make('Api', 'AWS::ECS::Service', { TaskDefinition: definition.ref, LaunchType: 'FARGATE', ...properties });
}

describe('a condition that only a deployment decides', () => {
  test('counts the most expensive branch of a number, and says so', () => {
    const { make, report } = shop();
    service(make, { Cpu: '1024', Memory: '2048' }, { DesiredCount: ifProd(3, 1) });
    expect(positions(report())).toEqual(['tasks, vCPU: 2190', 'tasks, memory: 4380']);
    expect(report().unknownValues).toEqual([{ path: 'Shop/Api', ...DEPENDS }]);
  });

  test('in another resource, such as the task definition, counts too', () => {
    const { make, report } = shop();
    service(make, { Cpu: ifProd('2048', '1024'), Memory: ifProd('4096', '2048') });
    expect(positions(report())).toEqual(['tasks, vCPU: 1460', 'tasks, memory: 2920']);
    expect(report().unknownValues).toEqual([{ path: 'Shop/Api', ...DEPENDS }]);
  });

  test('has one answer for all values of a resource', () => {
    const { make, report } = shop();
    service(make, { Cpu: ifProd('1024', '256'), Memory: ifProd('2048', '512') }, { DesiredCount: ifProd(1, 2) });
    expect(positions(report())).toEqual(['tasks, vCPU: 730', 'tasks, memory: 1460']);
  });

  test('chooses the most expensive type, copies and size', () => {
    const { make, report } = shop();
    const type = ifProd('db.t4g.medium', 'db.t4g.micro');
    make('Db', 'AWS::RDS::DBInstance', {
      Engine: 'postgres',
      DBInstanceClass: type,
      MultiAZ: ifProd(true, false),
      AllocatedStorage: '20',
    });
    expect(positions(report())).toEqual(['instance (db.t4g.medium): 1460', 'storage (gp3): 40']);
  });

  test('on a resource counts the resource', () => {
    const { make, report } = shop();
    make('Key', 'AWS::KMS::Key', {}).addOverride('Condition', 'IsProd');
    expect(positions(report())).toEqual(['key: 1']);
    expect(report().unknownValues).toEqual([{ path: 'Shop/Key', ...DEPENDS }]);
  });

  test('without a difference in cost is not mentioned', () => {
    const { make, report } = shop();
    make('Volume', 'AWS::EC2::Volume', { Size: ifProd(20, '20') });
    expect([positions(report()), report().unknownValues]).toEqual([['disk (gp3): 20'], []]);
  });

  test('that is known leaves the other branch out, and a resource that is not made', () => {
    const { stack, make, report } = shop();
    new CfnCondition(stack, 'InVirginia', { expression: Fn.conditionEquals(stack.region, 'us-east-1') });
    new CfnCondition(stack, 'Never', { expression: Fn.conditionEquals('a', 'b') });
    make('Volume', 'AWS::EC2::Volume', { Size: { 'Fn::If': ['InVirginia', 10, 99] } });
    make('Key', 'AWS::KMS::Key', {}).addOverride('Condition', 'Never');
    expect([positions(report()), report().unknownValues]).toEqual([['disk (gp3): 10'], []]);
  });
});

describe('a value that only a deployment knows', () => {
  function unknownSize() {
    const { stage, make, report } = shop();
    make('Volume', 'AWS::EC2::Volume', { Size: Token.asNumber(stage.value) });
    return report;
  }
  const SIZE = { path: 'Shop/Volume.Size', reason: 'parameter Stage of Shop has no default', taken: '8' };

  test('is listed with its reason and what is counted instead', () => {
    const report = unknownSize()();
    expect([positions(report), report.unknownValues]).toEqual([['disk (gp3): 8'], [SIZE]]);
    expect(JSON.parse(report.toJson()).unknownValues).toEqual([SIZE]);
    expect(report.toMarkdown()).toContain(
      '## Known only at deployment\n\n- Shop/Volume.Size: parameter Stage of Shop has no default; counted as 8\n',
    );
  });

  test.each([
    ['a number', 'AWS::EC2::Volume', 'Size', '8'],
    ['a text', 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'Type', 'application'],
    ['true or false', 'AWS::RDS::DBInstance', 'MultiAZ', 'true'],
    ['a list', 'AWS::WAFv2::WebACL', 'Rules', 'nothing'],
    ['a reference', 'AWS::EC2::Instance', 'LaunchTemplate', 'nothing'],
  ])('%s', (_, type, property, taken) => {
    const { stage, make, report } = shop();
    make('It', type, { [property]: { Ref: stage.logicalId } });
    expect(report().unknownValues.filter(({ path }) => path.startsWith(`Shop/It.${property}`))[0]).toMatchObject({ taken });
  });

  test('a default is a value, and a property that is absent is what AWS makes of it', () => {
    const { stack, make, report } = shop();
    const size = new CfnParameter(stack, 'Size', { type: 'Number', default: 30 });
    make('Volume', 'AWS::EC2::Volume', { Size: size.valueAsNumber });
    make('Other', 'AWS::EC2::Volume', {});
    expect([positions(report()), report().unknownValues]).toEqual([['disk (gp3): 30', 'disk (gp3): 8'], []]);
  });

  test('a task definition of another app costs what nobody knows', () => {
    const { make, report } = shop();
    make('Api', 'AWS::ECS::Service', {
      TaskDefinition: 'arn:aws:ecs:us-east-1:111122223333:task-definition/api:1',
      LaunchType: 'FARGATE',
    });
    expect([positions(report()), report().unknownValues]).toEqual([
      [],
      [
        {
          path: 'Shop/Api.TaskDefinition',
          reason: 'arn:aws:ecs:us-east-1:111122223333:task-definition/api:1 is not in the app',
          taken: 'nothing',
        },
      ],
    ]);
  });

  test('a parameter with a list of values counts as the most expensive of them', () => {
    const { stack, make, report } = shop();
    const size = new CfnParameter(stack, 'Size', { allowedValues: ['10', '40', '20'] });
    make('Volume', 'AWS::EC2::Volume', { Size: size.valueAsString });
    expect(positions(report())).toEqual(['disk (gp3): 40']);
    expect(report().unknownValues).toEqual([
      { path: 'Shop/Volume', reason: 'it depends on parameter Size of Shop', taken: 'the most expensive' },
    ]);
  });
});

describe('a budget', () => {
  const validation = process.env.CDK_VALIDATION;
  beforeEach(() => delete process.env.CDK_VALIDATION);
  afterEach(() => void (process.env.CDK_VALIDATION = validation));

  function synthesise(size: unknown): () => void {
    const { stack, make } = shop();
    make('Volume', 'AWS::EC2::Volume', { Size: size, AvailabilityZone: 'us-east-1a' });
    CostReport.attach(stack, { budget: MonthlyBudget.usd(10) });
    return () => (stack.node.root as App).synth();
  }

  test('cannot be held where only a deployment knows the cost', () => {
    expect(synthesise({ Ref: 'Stage' })).toThrow('since only a deployment knows Shop/Volume.Size');
  });

  test('is held by the most expensive branch', () => {
    expect(synthesise(ifProd(20, 10))).not.toThrow();
    expect(synthesise(ifProd(2000, 10))).toThrow('above its budget');
  });
});
