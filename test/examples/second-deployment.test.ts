import { loadExample, exampleNames } from '../example-apps';

// Templates have other properties for each type.
/* eslint-disable-next-line @typescript-eslint/no-explicit-any */
type Found = Record<string, any>;

/** The resources of a type in an example, by their logical ids; synthesised once. */
function found(name: string, type: string): [string, Found][] {
  const templates = (synthesised[name] ??= loadExample(name)
    .synth()
    .stacks.map(({ template }) => template));
  return templates.flatMap(({ Resources }) => Object.entries(Resources as Found).filter(([, { Type }]) => Type === type));
}
const synthesised: Record<string, Found[]> = {};

/** Constants that stand for missing data in a list of metrics. */
const constants = (metrics: Found[] = []) =>
  metrics.map(({ Expression = '' }) => String(Expression)).filter((text) => /FILL\([^,]+, *[\d.]+\)/.test(text));

describe.each(exampleNames)('%s', (name) => {
  test('T34: no scaling policy and no alarm of a single minute takes a constant for data that is late', () => {
    const policies = found(name, 'AWS::ApplicationAutoScaling::ScalingPolicy').flatMap(([, { Properties }]) =>
      constants(Properties.TargetTrackingScalingPolicyConfiguration?.CustomizedMetricSpecification?.Metrics),
    );
    const alarms = found(name, 'AWS::CloudWatch::Alarm').filter(
      ([, { Properties: alarm }]) =>
        constants(alarm.Metrics).length > 0 && (alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods) < 2,
    );
    expect([...policies, ...alarms.map(([id]) => id)]).toEqual([]);
  });

  test('DT-37: a process of which there must be one stops before the next one starts', () => {
    const tasks = found(name, 'AWS::ECS::TaskDefinition');
    const single = tasks.filter(([, { Properties }]) => /\b(beat|clock|cron|scheduler)\b/.test(commands(Properties)));
    const families = single.map(([id]) => id);
    const services = found(name, 'AWS::ECS::Service').filter(([, { Properties }]) =>
      families.includes(Properties.TaskDefinition.Ref),
    );
    for (const [, { Properties: service }] of services) {
      expect(service).toMatchObject({
        DesiredCount: 1,
        DeploymentConfiguration: { MinimumHealthyPercent: 0, MaximumPercent: 100 },
        AvailabilityZoneRebalancing: 'DISABLED',
      });
    }
    expect(services).toHaveLength(name === 'care' ? 1 : 0);
  });
});

function commands({ ContainerDefinitions }: Found): string {
  return (ContainerDefinitions as Found[]).map(({ Command, EntryPoint }) => JSON.stringify([EntryPoint, Command])).join();
}

test('T34: the search is not blind', () => {
  expect(constants([{ Expression: 'a / FILL(b, 0)' }, { Expression: 'FILL(b, REPEAT)' }, { Id: 'b' }])).toEqual(['a / FILL(b, 0)']);
});
