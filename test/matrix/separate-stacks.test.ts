import { App, Stage } from 'aws-cdk-lib';
import { Compliance, CostReport, Reachability } from 'cdk-ecs-mesh';
import { platform } from '../platform';

const REGION = 'us-east-1';

/** Without the stacks in which things are. */
const plain = (path: string) => path.replace(/\b(One|\w+Stack)\//g, '');

const costs = (app: App) =>
  CostReport.fromAssembly(app.synth().directory)
    .lines.map(({ path, item, quantity, maxQuantity }) => `${plain(path)} ${item} ${quantity} ${maxQuantity}`)
    .sort();

const pairs = (app: App) =>
  Reachability.of(app)
    .pairs()
    .map(({ from, to, ports }) => `${plain(from)} -> ${plain(to)} ${ports}`)
    .sort();

/** `stack: the stacks that come first`. */
function order(app: App): string[] {
  const stacks = app.synth().stacks;
  const before = (id: string) =>
    stacks
      .find((stack) => stack.id === id)!
      .dependencies.map((other) => other.id.replace(/Stack$/, ''))
      .filter((other) => !other.endsWith('.assets'))
      .sort();
  return stacks.map(({ id }) => `${id.replace(/Stack$/, '')}: ${before(id).join(' ')}`).sort();
}

describe('T21: a stack for everything', () => {
  test('T21: each comes after what it needs, and the alarms after all that they watch', () => {
    expect(order(platform({ region: REGION }))).toEqual([
      'Alarms: Api Database Gateway Job Mesh Redis Worker',
      'Api: ApiImages Database Flags Gateway Mesh Redis Settings Worker',
      'ApiImages: ',
      'Dashboard: Alarms Api Database Gateway Job Mesh Redis Worker',
      'Database: Mesh',
      'Flags: ',
      'Gateway: Mesh',
      'Job: Gateway JobImages Mesh Worker',
      'JobImages: ',
      'Mesh: ',
      'Redis: Mesh',
      'Settings: ',
      'Worker: Database Flags Gateway Mesh Settings WorkerImages',
      'WorkerImages: ',
    ]);
  });

  test.each([['no region'], ['cn-north-1'], ['us-gov-west-1'], ['eu-west-1']])('T21: synthesises for %s', (region) => {
    expect(() => platform({ region: region === 'no region' ? undefined : region }).synth()).not.toThrow();
  });

  test('T21: synthesises where an auditor looks', () => {
    expect(() => platform({ region: REGION, compliance: Compliance.strict() }).synth()).not.toThrow();
  });

  test('lets the same parties reach each other as one stack', () => {
    const apart = pairs(platform({ region: REGION }));
    expect(apart).toContain('Api/Service -> Database/Instance 5432');
    expect(apart).toEqual(pairs(platform({ region: REGION, inOneStack: true })));
  });

  test('costs the same as one stack, but for a function in each stack with clients of the rotated database', () => {
    const apart = costs(platform({ region: REGION }));
    expect(apart).toContain('Api/Service/Service Container Insights metrics 10 10');
    const together = costs(platform({ region: REGION, inOneStack: true }));
    const redeployments = together.filter((line) => /^(Alarms\/Components\/)?Redeployment\//.test(line));
    expect(redeployments.length).toBeGreaterThan(0);
    expect(apart).toEqual([...together, ...redeployments].sort());
  });
});

test('two stages of one app stand beside each other', () => {
  const app = new App();
  for (const id of ['Dev', 'Prod']) platform({ scope: new Stage(app, id), region: REGION, inOneStack: id === 'Dev' });
  expect(app.synth().nestedAssemblies.map(({ nestedAssembly }) => nestedAssembly.stacks.length)).toEqual([1, 14]);
});

describe('construct ids', () => {
  /** Longest name that AWS takes, where the library or the CDK writes one. */
  const LONGEST: Record<string, number> = {
    'AWS::ApplicationAutoScaling::ScalingPolicy PolicyName': 256,
    'AWS::CloudWatch::Alarm AlarmName': 255,
    'AWS::ECS::TaskDefinition Family': 255,
    'AWS::ElasticLoadBalancingV2::LoadBalancer Name': 32,
    'AWS::ElasticLoadBalancingV2::TargetGroup Name': 32,
    'AWS::IAM::ManagedPolicy ManagedPolicyName': 128,
    'AWS::IAM::Policy PolicyName': 128,
    'AWS::IAM::Role RoleName': 64,
    'AWS::Logs::LogGroup LogGroupName': 512,
    'AWS::SSM::Parameter Name': 1011,
    'AWS::Scheduler::Schedule Name': 64,
    'AWS::SNS::Topic TopicName': 256,
    'AWS::WAFv2::WebACL Name': 128,
  };

  /** Every literal name in the app, with what it belongs to. */
  function names(app: App): [string, string][] {
    type Resources = Record<string, { readonly Type: string; readonly Properties?: Record<string, unknown> }>;
    const all = app.synth().stacks.flatMap(({ template }) => Object.values((template as { Resources: Resources }).Resources));
    return all.flatMap(({ Type, Properties = {} }) =>
      Object.entries(Properties).flatMap(([key, value]): [string, string][] =>
        typeof value === 'string' && `${Type} ${key}` in LONGEST ? [[`${Type} ${key}`, value]] : [],
      ),
    );
  }

  test.each([
    ['that are very long', (id: string) => `${id}${'LongName'.repeat(22)}`],
    ['with unusual characters', (id: string) => `${id} \u00e4_b.c:#@(1)`],
  ])('%s make names that AWS takes', (_, rename) => {
    const found = names(platform({ region: REGION, inOneStack: true, rename }));
    expect(new Set(found.map(([kind]) => kind)).size).toBeGreaterThanOrEqual(7);
    expect(found.filter(([kind, name]) => name.length > LONGEST[kind] || !/^[\w.@/+=,:-]+$/.test(name))).toEqual([]);
  });
});
