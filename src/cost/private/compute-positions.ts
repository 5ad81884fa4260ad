import { CostResource, CostTemplate, isTrue, list, number, Properties, record } from './cost-template';
import { Context, hourly, Position, Positions, used } from './position';
import { shares, weeklyMinutes } from './week';

/** Lower and upper end of scaling. */
interface Range {
  readonly least: number;
  readonly most: number;
}

/** Fargate tasks by vCPU and memory; tasks on hosts cost nothing themselves. */
export const service: Positions = (resource, context) => {
  const { template, usage } = context;
  const range = tasksOf(resource, template);
  const task = template.follow(resource.properties.TaskDefinition)?.properties ?? {};
  const insights = used(
    'Container Insights metrics',
    'metric',
    'cloudwatch/metric-month',
    insightsOf(resource, template) ? usage.insightsMetrics : 0,
  );
  return [...fargate(task, range, resource.properties, context), ...insights];
};

/** Hosts of an Auto Scaling group. */
export const group: Positions = ({ properties }, context) => {
  const least = number(properties.MinSize, 1);
  const most = number(properties.MaxSize, least);
  const mixed = record(properties.MixedInstancesPolicy);
  const specification = record(mixed.LaunchTemplate);
  const reference =
    record(properties.LaunchTemplate).LaunchTemplateId ?? record(specification.LaunchTemplateSpecification).LaunchTemplateId;
  const data = record(context.template.follow(reference)?.properties.LaunchTemplateData);
  const type = record(list(specification.Overrides)[0]).InstanceType ?? data.InstanceType;
  const distribution = record(mixed.InstancesDistribution);
  const onDemandShare = number(distribution.OnDemandPercentageAboveBaseCapacity, 100) / 100;
  const base = number(distribution.OnDemandBaseCapacity, 0);
  const onDemand = (count: number) => Math.min(count, base) + Math.max(0, count - base) * onDemandShare;
  const hosts = (item: string, count: (n: number) => number, share?: number): Position[] =>
    count(most) > 0 ? [{ ...hourly(item, `ec2/${type}/hour`, count(least), count(most)), share }] : [];
  return [
    ...hosts(`hosts (${type})`, onDemand),
    ...hosts(`Spot hosts (${type})`, (n) => n - onDemand(n), context.usage.spotShare),
    ...hostExtras(data, least, most),
  ];
};

/** A single instance, such as a NAT instance or the host of a store. */
export const instance: Positions = ({ properties }, { template }) => {
  const reference = record(properties.LaunchTemplate).LaunchTemplateId;
  const data = record(template.follow(reference)?.properties.LaunchTemplateData);
  const merged = { ...data, ...properties };
  const publicAddress = list(merged.NetworkInterfaces).some((one) => isTrue(record(one).AssociatePublicIpAddress));
  return [
    hourly(`instance (${merged.InstanceType})`, `ec2/${merged.InstanceType}/hour`),
    ...(publicAddress ? [hourly('public address', 'public-ipv4/hour')] : []),
    ...hostExtras({ ...merged, Monitoring: isTrue(merged.Monitoring) ? { Enabled: true } : merged.Monitoring }, 1, 1),
  ];
};

function fargate(task: Properties, range: Range, properties: Properties, { usage }: Context): Position[] {
  const arm = record(task.RuntimePlatform).CpuArchitecture === 'ARM64' ? '-arm' : '';
  const vcpu = number(task.Cpu, 256) / 1024;
  const gb = number(task.Memory, 512) / 1024;
  return split(range, properties).flatMap(({ provider, least, most }) => {
    if (most === 0 || !provider.startsWith('FARGATE')) return [];
    const spot = provider === 'FARGATE_SPOT';
    const title = spot ? 'Spot tasks' : 'tasks';
    const share = spot ? usage.spotShare : undefined;
    return [
      { ...hourly(`${title}, vCPU`, `fargate${arm}/vcpu-hour`, least * vcpu, most * vcpu), share },
      { ...hourly(`${title}, memory`, `fargate${arm}/gb-hour`, least * gb, most * gb), share },
    ];
  });
}

/** Tasks by capacity provider, as ECS spreads them: bases first, then by weight. */
function split(
  range: Range,
  properties: Properties,
): { readonly provider: string; readonly least: number; readonly most: number }[] {
  const strategy = list(properties.CapacityProviderStrategy).map((raw) => {
    const { CapacityProvider: provider, Base, Weight } = record(raw);
    return { provider: typeof provider === 'string' ? provider : 'hosts', base: number(Base, 0), weight: number(Weight, 0) };
  });
  if (strategy.length === 0) return [{ provider: properties.LaunchType === 'EC2' ? 'hosts' : 'FARGATE', ...range }];
  const bases = strategy.reduce((sum, { base }) => sum + base, 0);
  const weights = strategy.reduce((sum, { weight }) => sum + weight, 0);
  const of = (count: number, base: number, weight: number): number => {
    const first = bases === 0 ? 0 : (Math.min(count, bases) * base) / bases;
    return first + (weights === 0 ? 0 : (Math.max(0, count - bases) * weight) / weights);
  };
  return strategy.map(({ provider, base, weight }) => ({
    provider,
    least: of(range.least, base, weight),
    most: of(range.most, base, weight),
  }));
}

/** From the scalable target if there is one, with its schedule; else the desired count. */
function tasksOf(resource: CostResource, template: CostTemplate): Range {
  const count = number(resource.properties.DesiredCount, 1);
  const target = template.mentioning('AWS::ApplicationAutoScaling::ScalableTarget', resource)[0];
  if (!target) return { least: count, most: count };
  const bounds = { least: number(target.properties.MinCapacity, 1), most: number(target.properties.MaxCapacity, 1) };
  return overTheWeek(bounds, list(target.properties.ScheduledActions));
}

/** The mean over a week, for services that are scheduled. */
function overTheWeek(bounds: Range, actions: unknown[]): Range {
  const events = actions.map((raw) => {
    const { Schedule, ScalableTargetAction } = record(raw);
    const { MinCapacity, MaxCapacity } = record(ScalableTargetAction);
    const value = { least: number(MinCapacity, bounds.least), most: number(MaxCapacity, bounds.most) };
    return { minutes: weeklyMinutes(Schedule), value };
  });
  if (events.length === 0 || events.some(({ minutes }) => minutes === undefined)) return bounds;
  const week = shares(events.flatMap(({ minutes, value }) => minutes!.map((minute) => ({ minute, value }))));
  const mean = (end: keyof Range) => week.reduce((sum, { value, share }) => sum + value[end] * share, 0);
  return { least: mean('least'), most: mean('most') };
}

function insightsOf(resource: CostResource, template: CostTemplate): boolean {
  const cluster = template.follow(resource.properties.Cluster);
  const settings = list(cluster?.properties.ClusterSettings).map(record);
  return settings.some(({ Name, Value }) => Name === 'containerInsights' && Value !== 'disabled');
}

function hostExtras(data: Properties, least: number, most: number): Position[] {
  // An instance that names no disk gets the one of its image: 8 GB for Amazon Linux 2023.
  const disks = list(data.BlockDeviceMappings ?? [{}]).map((raw) => number(record(record(raw).Ebs).VolumeSize, 8));
  const gb = disks.reduce((sum, size) => sum + size, 0);
  const count = (item: string, unit: string, priceKey: string, each: number): Position => ({
    item,
    unit,
    priceKey,
    quantity: each * least,
    quantityAtMost: each * most,
  });
  return [
    ...(gb > 0 ? [count('disks (gp3)', 'GB', 'ebs/gp3-gb-month', gb)] : []),
    ...(isTrue(record(data.Monitoring).Enabled)
      ? [count('detailed monitoring', 'instance', 'ec2/detailed-monitoring-month', 1)]
      : []),
  ];
}
