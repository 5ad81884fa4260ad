import { Context, hourly, LineItem, LineItemsOf, used } from './line-item';
import { Reading } from './reading';
import { shares, weeklyMinutes } from './week';
import { Resource, Value } from '../../template/private/app-templates';

/** The lower and upper bounds of scaling. */
interface Range {
  readonly least: number;
  readonly most: number;
}

/** Reads a property from a resource, or else from its launch template. */
type Read = (...keys: string[]) => Value;

/** Prices Fargate tasks by vCPU and memory. Tasks on hosts cost nothing themselves. */
export const service: LineItemsOf = (resource, context) => {
  const { read, usage } = context;
  const metrics = insightsOf(resource, read) ? usage.insightsMetrics : 0;
  const insights = used('Container Insights metrics', 'metric', 'cloudwatch/metric-month', metrics);
  return [...fargate(resource, tasksOf(resource, read), context), ...insights];
};

/** Prices the hosts of an Auto Scaling group. */
export const group: LineItemsOf = (resource, { read, usage }) => {
  const least = read.number(resource.at('MinSize'), 1);
  const most = read.number(resource.at('MaxSize'), least);
  const mixed = resource.at('MixedInstancesPolicy');
  const specification = mixed.at('LaunchTemplate', 'LaunchTemplateSpecification', 'LaunchTemplateId');
  const own = resource.at('LaunchTemplate', 'LaunchTemplateId');
  const data = dataOf(own.isAbsent ? specification : own, read);
  const [override] = read.list(mixed.at('LaunchTemplate', 'Overrides'));
  const overridden = override?.at('InstanceType');
  const type = read.text(overridden && !overridden.isAbsent ? overridden : data('InstanceType'), 'unknown');
  const onDemandShare = read.number(mixed.at('InstancesDistribution', 'OnDemandPercentageAboveBaseCapacity'), 100) / 100;
  const base = read.number(mixed.at('InstancesDistribution', 'OnDemandBaseCapacity'), 0);
  const onDemand = (count: number) => Math.min(count, base) + Math.max(0, count - base) * onDemandShare;
  const hosts = (item: string, count: (n: number) => number, share?: number): LineItem[] =>
    count(most) > 0 ? [{ ...hourly(item, `ec2/${type}/hour`, count(least), count(most)), share }] : [];
  return [
    ...hosts(`hosts (${type})`, onDemand),
    ...hosts(`Spot hosts (${type})`, (n) => n - onDemand(n), usage.spotShare),
    ...hostExtras(data, read, least, most),
  ];
};

/** Prices a single instance, such as a NAT instance or the host of a store. */
export const instance: LineItemsOf = (resource, { read }) => {
  const data = dataOf(resource.at('LaunchTemplate', 'LaunchTemplateId'), read);
  const merged: Read = (...keys) => (resource.at(keys[0]).isAbsent ? data(...keys) : resource.at(...keys));
  const type = read.text(merged('InstanceType'), 'unknown');
  const publicAddress = read.list(merged('NetworkInterfaces')).some((one) => read.isTrue(one.at('AssociatePublicIpAddress')));
  return [
    hourly(`instance (${type})`, `ec2/${type}/hour`),
    ...(publicAddress ? [hourly('public address', 'public-ipv4/hour')] : []),
    ...hostExtras(merged, read, 1, 1),
  ];
};

function dataOf(launchTemplate: Value, read: Reading): Read {
  const data = read.follow(launchTemplate)?.at('LaunchTemplateData');
  // Without a launch template there is nothing to read: the path below what is absent is absent, too.
  return (...keys) => (data ?? launchTemplate.at('LaunchTemplateData')).at(...keys);
}

function fargate(resource: Resource, range: Range, { read, usage }: Context): LineItem[] {
  const parts = split(resource, range, read).filter(({ provider, most }) => most > 0 && provider.startsWith('FARGATE'));
  const task = parts.length > 0 ? read.follow(resource.at('TaskDefinition')) : undefined;
  if (!task) return [];
  const arm = read.text(task.at('RuntimePlatform', 'CpuArchitecture'), 'X86_64') === 'ARM64' ? '-arm' : '';
  const vcpu = read.number(task.at('Cpu'), 256) / 1024;
  const gb = read.number(task.at('Memory'), 512) / 1024;
  return parts.flatMap(({ provider, least, most }) => {
    const spot = provider === 'FARGATE_SPOT';
    const title = spot ? 'Spot tasks' : 'tasks';
    const share = spot ? usage.spotShare : undefined;
    return [
      { ...hourly(`${title}, vCPU`, `fargate${arm}/vcpu-hour`, least * vcpu, most * vcpu), share },
      { ...hourly(`${title}, memory`, `fargate${arm}/gb-hour`, least * gb, most * gb), share },
    ];
  });
}

interface Part extends Range {
  readonly provider: string;
}

/** Distributes tasks over capacity providers as ECS does: bases first, then by weight. */
function split(resource: Resource, range: Range, read: Reading): Part[] {
  const strategy = read.list(resource.at('CapacityProviderStrategy')).map((one) => {
    const provider = one.at('CapacityProvider');
    // A provider of the app is one of hosts; the name of another one says whether it is of Fargate.
    const name = provider.resource ? 'hosts' : read.text(provider, 'hosts');
    return { provider: name, base: read.number(one.at('Base'), 0), weight: read.number(one.at('Weight'), 0) };
  });
  const launchType = strategy.length === 0 ? read.text(resource.at('LaunchType'), 'FARGATE') : '';
  if (strategy.length === 0) return [{ provider: launchType === 'EC2' ? 'hosts' : 'FARGATE', ...range }];
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

/** Returns the number of tasks from the scalable target and its schedules, or else the desired count. */
function tasksOf(resource: Resource, read: Reading): Range {
  const [target] = resource.app.referring(resource, 'AWS::ApplicationAutoScaling::ScalableTarget');
  if (!target) {
    const count = read.number(resource.at('DesiredCount'), 1);
    return { least: count, most: count };
  }
  const bounds = { least: read.number(target.at('MinCapacity'), 1), most: read.number(target.at('MaxCapacity'), 1) };
  return overTheWeek(bounds, read.list(target.at('ScheduledActions')), read);
}

/** Returns the mean over a week, for services that scale on a schedule. */
function overTheWeek(bounds: Range, actions: Value[], read: Reading): Range {
  const events = actions.map((action) => {
    const value = {
      least: read.number(action.at('ScalableTargetAction', 'MinCapacity'), bounds.least),
      most: read.number(action.at('ScalableTargetAction', 'MaxCapacity'), bounds.most),
    };
    return { minutes: weeklyMinutes(read.text(action.at('Schedule'), '')), value };
  });
  if (events.length === 0 || events.some(({ minutes }) => minutes === undefined)) return bounds;
  const week = shares(events.flatMap(({ minutes, value }) => minutes!.map((minute) => ({ minute, value }))));
  const mean = (end: keyof Range) => week.reduce((sum, { value, share }) => sum + value[end] * share, 0);
  return { least: mean('least'), most: mean('most') };
}

/**
 * Returns true if Container Insights of a cluster is billed in this app. A cluster that is not in the app might have it enabled, but is
 * billed elsewhere.
 */
function insightsOf(resource: Resource, read: Reading): boolean {
  const settings = resource.at('Cluster').resource?.at('ClusterSettings');
  return (settings ? read.list(settings) : []).some(
    (setting) => setting.at('Name').text === 'containerInsights' && read.text(setting.at('Value'), 'disabled') !== 'disabled',
  );
}

function hostExtras(data: Read, read: Reading, least: number, most: number): LineItem[] {
  // An instance that names no disk gets the one of its image: 8 GB for Amazon Linux 2023.
  const disks = data('BlockDeviceMappings').isAbsent
    ? [8]
    : read.list(data('BlockDeviceMappings')).map((disk) => read.number(disk.at('Ebs', 'VolumeSize'), 8));
  const gb = disks.reduce((sum, size) => sum + size, 0);
  const monitoring = data('Monitoring');
  const count = (item: string, unit: string, priceKey: string, each: number): LineItem => ({
    item,
    unit,
    priceKey,
    quantity: each * least,
    maxQuantity: each * most,
  });
  return [
    ...(gb > 0 ? [count('disks (gp3)', 'GB', 'ebs/gp3-gb-month', gb)] : []),
    // A launch template has an object, an instance a boolean.
    ...(monitoring.isTrue || read.isTrue(monitoring.at('Enabled'))
      ? [count('detailed monitoring', 'instance', 'ec2/detailed-monitoring-month', 1)]
      : []),
  ];
}
