import { IConstruct } from 'constructs';
import { ObservedComponent, ObservedMetric } from './observed-component';

const RECORD = Symbol.for('cdk-ecs-mesh.metricRecord');

/**
 * What can be watched in one app, in order of declaration: services, routes, load balancers, stores, queues, databases, and what you add.
 *
 * MeshAlarms and MeshDashboard are made from this record; order of declaration does not matter to them.
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
   * The record of the app that `scope` belongs to.
   *
   * @param scope any construct of the app
   */
  public static of(scope: IConstruct): MetricRecord {
    const root = scope.node.root as IConstruct & { [RECORD]?: MetricRecord };
    if (!root[RECORD]) Object.defineProperty(root, RECORD, { value: new MetricRecord() });
    return root[RECORD]!;
  }

  private readonly _components: ObservedComponent[] = [];
  private unseen: (() => ObservedComponent)[] = [];
  private readonly followers: ((component: ObservedComponent) => void)[] = [];
  private readonly alarmed = new Set<IConstruct>();
  private readonly replaced = new Map<IConstruct, string>();

  private constructor() {}

  /** The components, in order of declaration; a copy. */
  public get components(): ObservedComponent[] {
    this.lookAt();
    return [...this._components];
  }

  /**
   * Add a component, or more metrics of one.
   *
   * @param component the component
   */
  public add(component: ObservedComponent): void {
    this.lookAt();
    this.keep(component);
  }

  /**
   * Adds a component whose metrics are made when somebody looks at the record: most stacks have neither alarms nor a dashboard, and need
   * not load the metrics of CDK.
   *
   * @internal
   */
  public _observe(component: () => ObservedComponent): void {
    this.unseen.push(component);
    if (this.followers.length > 0) this.lookAt();
  }

  /**
   * Notes that a construct has an alarm of its own on a metric of what is made inside it, whose alarm is left out then.
   *
   * @internal
   */
  public _replaceAlarm(whole: IConstruct, metric: string): void {
    this.replaced.set(whole, metric);
  }

  /**
   * Calls back for each component that is there, and for each that comes.
   *
   * @internal
   */
  public _follow(follower: (component: ObservedComponent) => void): void {
    this.lookAt();
    this.followers.push(follower);
    for (const component of this._components) follower(component);
  }

  /**
   * Notes that somebody makes the alarms of a construct, so that it has them once; false where somebody else does.
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
