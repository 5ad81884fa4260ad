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
import { validationError, validateAtSynth } from '../core/private/errors';
import { closest } from '../core/private/names';
import { IRollbackTarget } from '../core/rollback-target';

/**
 * CloudWatch alarms for everything in a mesh, with thresholds that a deployment does not reach: services, routes, load balancers, stores,
 * queues, databases, and what you add to MetricRecord. What is declared later gets its alarms, too.
 *
 * Creates the alarms and, unless `actions` are given, an SNS topic encrypted with a key of its own that takes messages over TLS only; nobody
 * gets them before `topic.addSubscription`. A store whose `addAlarms` was called before keeps those.
 *
 * Where services are in stacks of their own, put it into a stack that comes last: its alarms refer to all of them.
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
  /** Mesh whose components have the alarms. */
  public readonly mesh: IMesh;

  /** Topic that is told; absent with `actions`. */
  public readonly topic?: Topic;

  private readonly actions: IAlarmAction[];
  private readonly overrides: AlarmOverride[];
  private readonly components = new Construct(this, 'Components');
  private readonly rollingBack = new Map<IConstruct, IRollbackTarget>();
  private readonly owners = new Set<IConstruct>();
  private readonly unused: Set<AlarmOverride>;
  private readonly made: { readonly alarm: Alarm; readonly component: ObservedComponent; readonly name?: string }[] = [];

  public constructor(scope: Construct, id: string, props: MeshAlarmsProps) {
    super(scope, id);
    this.mesh = props.mesh;
    this.overrides = props.overrides ?? [];
    this.unused = new Set(this.overrides);
    this.validate();
    this.topic = props.actions ? undefined : createAlarmTopic(this);
    this.actions = props.actions ?? [new SnsAction(this.topic!)];
    MetricRecord.of(this)._follow((component) => this.watch(component));
    validateAtSynth(this, 'AlarmUnknown', () => this.unusedOverrides());
  }

  /** The alarms so far, in order of declaration; a copy. */
  public get alarms(): Alarm[] {
    return this.made.map(({ alarm }) => alarm);
  }

  /** Names of what was left out, each with its reason. */
  public get leftOut(): string[] {
    return this.overrides.flatMap(({ component, metric, reason }) =>
      reason === undefined ? [] : [`${component.node.id} ${metric}: ${reason}`],
    );
  }

  /**
   * Names of the alarms that tell a bad version of a service: errors and unhealthy targets of its routes so far. They are known before
   * anything is created, so a deployment that rolls back on them does not wait for alarms that wait for the service (T25).
   *
   * @param service the service
   */
  public rollbackAlarmNames(service: IConstruct): string[] {
    return this.made.flatMap(({ name, component }) => (name !== undefined && component.service === service ? [name] : []));
  }

  /**
   * Where the alarm of a metric begins; undefined where there is none.
   *
   * @internal
   */
  public _threshold(owner: IConstruct, id: string, alarm?: MetricAlarm): number | undefined {
    const override = this.overrideOf(owner, id);
    return override ? override.thresholdValue : alarm?.threshold;
  }

  /**
   * Let deployments of a service roll back on the alarms that tell a bad version: `rollbackAlarmNames`, also those of routes to come.
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
    return this.overrides.find(({ component, metric }) => component === owner && metric === id);
  }

  /** Alarms refer to what they watch, and everything in the mesh refers to the mesh. */
  private requireLaterStack({ owner }: ObservedComponent): void {
    const own = Stack.of(this);
    if (Stack.of(this.mesh) !== own) return;
    for (let stack: Stack | undefined = Stack.of(owner); stack; stack = stack.nestedStackParent) if (stack === own) return;
    throw validationError(this, 'AlarmsBeforeServices', {
      prop: 'scope',
      must: `be a stack that comes after ${owner.node.path}, whose metrics it reads, and it holds the mesh that everything needs first`,
      got: own.node.path,
      fix: 'make MeshAlarms and MeshDashboard in a stack of their own, the last one',
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
    this.overrides.forEach(({ reason, metric }, i) => {
      if (reason === undefined || reason.trim() !== '') return;
      throw validationError(this, 'AlarmReasonMissing', {
        prop: `overrides[${i}].reason`,
        must: `say why nobody needs to know of ${metric}`,
        got: reason,
        fix: 'write the reason for those who look for the alarm',
      });
    });
  }

  private unusedOverrides() {
    return [...this.unused].map(({ component, metric }) => {
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
        fix: meant ? `did you mean "${meant}"?` : 'docs/observability.md lists components and metrics',
      };
    });
  }
}

/** One scope for each part of the path, so that ids say whose alarm it is and never clash. */
function idsOf(owner: IConstruct): string[] {
  return owner.node.path.split('/');
}

function child(parent: Construct, id: string): Construct {
  return (parent.node.tryFindChild(id) as Construct | undefined) ?? new Construct(parent, id);
}

/** A name made of the stack's name and the path: known now, and nobody else's. */
function physicalName({ owner }: ObservedComponent, id: string): string {
  return `${Names.uniqueResourceName(owner, { separator: '-', maxLength: 200 })}-${id}`;
}
