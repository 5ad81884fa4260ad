import { Names, Stack } from 'aws-cdk-lib';
import { Alarm, IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct, IConstruct } from 'constructs';
import { AlarmOverride } from './alarm-override';
import { MeshAlarmsProps } from './mesh-alarms-props';
import { createAlarmTopic } from './private/alarm-topic';
import { IMesh } from '../core/mesh';
import { MetricRecord } from '../core/metric-record';
import { MetricAlarm, ObservedComponent, ObservedMetric } from '../core/observed-component';
import { createAlarm } from '../core/private/alarms';
import { hasContainerInsights } from '../core/private/container-insights';
import { validationError, validateAtSynth, warn } from '../core/private/errors';
import { acceptProps, guard } from '../core/private/guard';
import { closest } from '../core/private/names';
import { IRollbackTarget } from '../core/rollback-target';

/**
 * CloudWatch alarms for all components of a mesh, with thresholds that a deployment does not reach: services, routes, load balancers,
 * stores, queues, databases, and the components that you add to MetricRecord. Components that are declared later have alarms, too.
 *
 * Creates the alarms and, unless you specify `actions`, an SNS topic that is encrypted with its own key and accepts messages over TLS only.
 * Subscribe to it with `topic.addSubscription`. A store whose `addAlarms` was called before keeps its own alarms.
 *
 * If services are in separate stacks, create it in a stack that is deployed last, because its alarms refer to all of them.
 *
 * Cost: 0.10 USD a month for each metric that an alarm reads, of which ten in an account are free, and 1 USD for the key of the topic, in
 * us-east-1 (list prices, November 2026). A service behind one route reads eight.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * const alarms = new MeshAlarms(this, 'Alarms', { mesh });
 * alarms.topic!.addSubscription(new subscriptions.EmailSubscription('on-call@example.com'));
 */
export class MeshAlarms extends Construct {
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.observability.MeshAlarms';

  /** The mesh whose components have alarms. */
  public readonly mesh: IMesh;

  /** The topic that receives the messages; undefined with `actions`. */
  public readonly topic?: Topic;

  private readonly actions: IAlarmAction[];
  private readonly overrides: AlarmOverride[];
  private readonly components = new Construct(this, 'Components');
  private readonly rollingBack = new Map<IConstruct, IRollbackTarget>();
  private readonly owners = new Set<IConstruct>();
  private readonly unused: Set<AlarmOverride>;
  private readonly made: { readonly alarm: Alarm; readonly component: ObservedComponent; readonly name?: string }[] = [];

  constructor(scope: Construct, id: string, props: MeshAlarmsProps) {
    props = acceptProps({ MeshAlarms }, new.target, scope, id, props);
    super(scope, id);
    this.mesh = props.mesh;
    this.overrides = props.overrides ?? [];
    this.unused = new Set(this.overrides);
    this.validate();
    this.warnOfInsights();
    this.topic = props.actions ? undefined : createAlarmTopic(this);
    this.actions = props.actions ?? [new SnsAction(this.topic!)];
    MetricRecord.of(this)._follow((component) => this.watch(component));
    validateAtSynth(this, 'AlarmUnknown', () => this.unusedOverrides());
  }

  /** A copy of the alarms so far, in order of declaration. */
  public get alarms(): Alarm[] {
    return this.made.map(({ alarm }) => alarm);
  }

  /** The names of the alarms that were left out, with the reasons. */
  public get leftOut(): string[] {
    return this.overrides.flatMap(({ _component: component, _metric: metric, _reason: reason }) =>
      reason === undefined ? [] : [`${component.node.id} ${metric}: ${reason}`],
    );
  }

  /**
   * Returns the names of the alarms that detect a faulty version of a service: errors and unhealthy targets of its routes so far. The names
   * are known before anything is created, so a deployment that rolls back on them does not wait for alarms that wait for the service (T25).
   *
   * @param service the service
   */
  public rollbackAlarmNames(service: IConstruct): string[] {
    return this.made.flatMap(({ name, component }) => (name !== undefined && component.service === service ? [name] : []));
  }

  /**
   * Returns the threshold of the alarm on a metric; undefined if there is no alarm.
   *
   * @internal
   */
  public _threshold(owner: IConstruct, id: string, alarm?: MetricAlarm): number | undefined {
    const override = this.overrideOf(owner, id);
    return override ? override._threshold : alarm?.threshold;
  }

  /**
   * Rolls back deployments of a service on the alarms that detect a faulty version: `rollbackAlarmNames`, including those of routes that
   * are added later.
   *
   * @param service the service
   */
  public rollBack(service: IRollbackTarget): void {
    this.rollingBack.set(service, service);
    for (const name of this.rollbackAlarmNames(service)) service.addRollbackAlarm(name);
    validateAtSynth(this, 'NothingToRollBackOn', () => {
      if (this.rollbackAlarmNames(service).length > 0) return [];
      const must = `name a service with a gateway route or a metric that says \`rollsBack\`, and ${service.node.path} has none`;
      return [{ prop: 'rollBack', must, fix: 'add a route, or leave the call out: the circuit breaker rolls back without alarms' }];
    });
  }

  private watch(component: ObservedComponent): void {
    const { home, owner, metrics } = component;
    if (home !== this.mesh && home !== this.mesh.vpc) return;
    if (!this.owners.has(owner) && !MetricRecord.of(this)._claimAlarms(owner)) return;
    this.owners.add(owner);
    for (const metric of metrics) this.alarm(component, metric);
  }

  private alarm(component: ObservedComponent, { id, metric, alarm }: ObservedMetric): void {
    const choices = this.choose(component, id, alarm);
    if (!choices) return;
    this.requireLaterStack(component);
    const name = choices.rollsBack ? physicalName(component, id) : undefined;
    const scope = idsOf(component.owner).reduce(child, this.components);
    if (name !== undefined && component.service) this.rollingBack.get(component.service)?.addRollbackAlarm(name);
    this.made.push({ component, name, alarm: createAlarm(scope, id, metric, choices, this.actions, name) });
  }

  private choose({ owner, label }: ObservedComponent, id: string, alarm?: MetricAlarm): MetricAlarm | undefined {
    const override = this.overrideOf(owner, id);
    if (override) this.unused.delete(override);
    const threshold = this._threshold(owner, id, alarm);
    return threshold === undefined ? undefined : { description: `${label}: ${id}`, ...alarm, threshold };
  }

  private overrideOf(owner: IConstruct, id: string): AlarmOverride | undefined {
    return this.overrides.find(({ _component: component, _metric: metric }) => component === owner && metric === id);
  }

  /** Requires a stack that is deployed after the mesh: alarms refer to what they monitor, and everything in the mesh refers to the mesh. */
  private requireLaterStack({ owner }: ObservedComponent): void {
    const own = Stack.of(this);
    if (Stack.of(this.mesh) !== own) return;
    for (let stack: Stack | undefined = Stack.of(owner); stack; stack = stack.nestedStackParent) if (stack === own) return;
    throw validationError(this, 'AlarmsBeforeServices', {
      prop: 'scope',
      must: `be a stack that comes after ${owner.node.path}, whose metrics it reads, and it holds the mesh that everything needs first`,
      got: own.node.path,
      fix: 'create MeshAlarms and MeshDashboard in a separate stack, the last one',
    });
  }

  private validate(): void {
    if (!MetricRecord.of(this)._claimAlarms(this.mesh)) {
      throw validationError(this, 'MeshAlarmsTwice', {
        prop: 'mesh',
        must: `have one MeshAlarms, and ${this.mesh.node.path} has one already`,
        fix: 'give both their actions and overrides in one',
      });
    }
    this.owners.add(this.mesh);
    this.overrides.forEach(({ _reason: reason, _metric: metric }, i) => {
      if (reason === undefined || reason.trim() !== '') return;
      throw validationError(this, 'AlarmReasonMissing', {
        prop: `overrides[${i}].reason`,
        must: `say why nobody needs to know of ${metric}`,
        got: reason,
        fix: 'specify the reason for those who look for the alarm',
      });
    });
  }

  private warnOfInsights(): void {
    if (hasContainerInsights(this.mesh) !== undefined) return;
    warn(
      this,
      'InsightsUnknown',
      `There are no alarms on missing tasks, because it is not known whether ${this.mesh.cluster.node.path} has Container Insights, whose metrics they read. State it with \`MeshCluster.existing(cluster, { containerInsights })\`.`,
    );
  }

  private unusedOverrides() {
    return [...this.unused].map(({ _component: component, _metric: metric }) => {
      const known = MetricRecord.of(this).components.filter(({ owner }) => this.owners.has(owner) && owner === component);
      const ids = known.flatMap(({ metrics }) => metrics.map(({ id }) => id));
      const meant = closest(metric, ids);
      return {
        prop: 'overrides',
        must:
          ids.length > 0
            ? `name a metric of ${component.node.path} (${ids.join(', ')})`
            : 'name a component of this mesh with metrics',
        got: `${component.node.path} ${metric}`,
        fix: meant
          ? `did you mean "${meant}"?`
          : 'https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/observability.md lists components and metrics',
      };
    });
  }
}

guard({ MeshAlarms });

/** Returns one construct ID for each part of the path, so that IDs identify the component of an alarm and never clash. */
function idsOf(owner: IConstruct): string[] {
  return owner.node.path.split('/');
}

function child(parent: Construct, id: string): Construct {
  return (parent.node.tryFindChild(id) as Construct | undefined) ?? new Construct(parent, id);
}

/** Returns a name from the stack's name and the path, which is known at synthesis and unique. */
function physicalName({ owner }: ObservedComponent, id: string): string {
  return `${Names.uniqueResourceName(owner, { separator: '-', maxLength: 200 })}-${id}`;
}
