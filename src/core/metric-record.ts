import { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { IConstruct } from 'constructs';
import { ObservedComponent, ObservedMetric } from './observed-component';
import { ConstructState } from './private/construct-state';
import { validationError } from './private/errors';
import { guard } from './private/guard';
import { keepExports } from './private/kept-exports';
import { requireResolved } from './private/resolved';

/**
 * A record of everything in an app that has metrics, in order of declaration: services, routes, load balancers, stores, queues, databases,
 * and the components that you add.
 *
 * MeshAlarms and MeshDashboard read this record. They also cover components that are declared after them.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * declare const orders: MeshService;
 * MetricRecord.of(mesh).add({
 *   owner: orders,
 *   home: mesh,
 *   kind: ComponentKind.SERVICE,
 *   label: 'orders',
 *   metrics: [
 *     {
 *       id: 'Unpaid',
 *       title: 'Unpaid orders',
 *       metric: new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Unpaid', statistic: 'Maximum', period: Duration.minutes(1) }),
 *       alarm: { threshold: 100, description: 'Orders wait for their payment' },
 *     },
 *   ],
 * });
 */
export class MetricRecord {
  /**
   * Returns the record of the app that contains `scope`.
   *
   * @param scope any construct of the app
   */
  public static of(scope: IConstruct): MetricRecord {
    return MetricRecord.state.of(scope.node.root);
  }

  private static readonly state = new ConstructState('metrics', () => new MetricRecord());

  private _components: ObservedComponent[] = [];
  private unseen: (() => ObservedComponent)[] = [];
  private readonly followers: ((component: ObservedComponent) => void)[] = [];
  private readonly alarmed = new Set<IConstruct>();
  private readonly replaced = new Map<IConstruct, string>();

  private constructor() {}

  /** A copy of the components, in order of declaration. */
  public get components(): ObservedComponent[] {
    this.lookAt();
    return [...this._components];
  }

  /**
   * Adds a component, or more metrics for an existing one.
   *
   * @param component the component
   */
  public add(component: ObservedComponent): void {
    this.lookAt();
    this.keep(component);
  }

  /**
   * Takes a component out of the record, with its routes and queues, before its construct is removed: the first of two deployments in an app
   * whose alarms or dashboard are in another stack. The exports that the stack of the component had for them are kept, because
   * CloudFormation does not remove an export that is still imported. In the next deployment, remove the construct and this call.
   *
   * @param owner construct of the component, such as a service; MeshAlarms and MeshDashboard must be created after this call
   */
  public withdraw(owner: IConstruct): void {
    if (this.followers.length > 0) {
      throw validationError(owner, 'WithdrawnTooLate', {
        prop: 'withdraw',
        must: 'be called before MeshAlarms and MeshDashboard are created, which have read the record',
        fix: 'call it after the component, and create them last; in the stack of the component, they need no such call',
      });
    }
    this.lookAt();
    const isGone = (one: ObservedComponent) => one.service === owner || one.owner.node.scopes.includes(owner);
    for (const component of this._components.filter(isGone)) {
      // An alarm or a dashboard anywhere else imports what these refer to.
      keepExports(
        owner.node.root,
        component.metrics.map(({ metric }) => referencesIn(metric)),
      );
    }
    this._components = this._components.filter((component) => !isGone(component));
  }

  /**
   * Adds a component whose metrics are created when the record is read: most stacks have neither alarms nor a dashboard and need not load
   * the metrics of CDK.
   *
   * @internal
   */
  public _observe(component: () => ObservedComponent): void {
    this.unseen.push(component);
    if (this.followers.length > 0) this.lookAt();
  }

  /**
   * Marks a metric as covered by an alarm that the construct creates itself, so that no second alarm is created.
   *
   * @internal
   */
  public _replaceAlarm(whole: IConstruct, metric: string): void {
    this.replaced.set(whole, metric);
  }

  /**
   * Calls `follower` for each existing component and for each one that is added later.
   *
   * @internal
   */
  public _follow(follower: (component: ObservedComponent) => void): void {
    this.lookAt();
    this.followers.push(follower);
    for (const component of this._components) follower(component);
  }

  /**
   * Claims the alarms of a construct, so that they are created once; returns false if they are already claimed.
   *
   * @internal
   */
  public _claimAlarms(owner: IConstruct): boolean {
    const isFree = !this.alarmed.has(owner);
    this.alarmed.add(owner);
    return isFree;
  }

  private lookAt(): void {
    const components = this.unseen;
    this.unseen = [];
    for (const component of components) this.keep(component());
  }

  private keep(component: ObservedComponent): void {
    component.metrics.forEach(({ id }, i) => requireResolved(component.owner, `metrics[${i}].id`, id));
    const metrics = component.metrics.map((metric) =>
      this.isReplaced(component, metric) ? { ...metric, alarm: undefined } : metric,
    );
    const known = { ...component, metrics };
    this._components.push(known);
    for (const follower of this.followers) follower(known);
  }

  private isReplaced({ owner }: ObservedComponent, { id }: ObservedMetric): boolean {
    return owner.node.scopes.some((scope) => scope !== owner && this.replaced.get(scope) === id);
  }
}

/** Returns what a metric refers to, in the metrics of an expression as well. */
function referencesIn(metric: IMetric): unknown[] {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  const inner = Object.values(mathExpression?.usingMetrics ?? {}).flatMap(referencesIn);
  return [...(metricStat?.dimensions ?? []).map(({ value }) => value), ...inner];
}

guard({ MetricRecord });
