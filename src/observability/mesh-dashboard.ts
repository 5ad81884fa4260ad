import { Lazy, Stack } from 'aws-cdk-lib';
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { MeshAlarms } from './mesh-alarms';
import { layOut } from './private/dashboard-layout';
import { IMesh } from '../core/mesh';
import { MetricRecord } from '../core/metric-record';
import { validationError, validateAtSynth, Violation } from '../core/private/errors';
import { acceptProps } from '../core/private/guard';
import { claimInAccount } from '../core/private/name-registry';
import { QUOTAS } from '../core/private/quotas';
import { isUnknown } from '../core/private/unknown';

/** Properties for the dashboard of a mesh. */
export interface MeshDashboardProps {
  /** The mesh whose components are shown. */
  readonly mesh: IMesh;

  /**
   * The alarms whose state is shown at the top, with their thresholds and reasons.
   *
   * @default - graphs only
   */
  readonly alarms?: MeshAlarms;

  /**
   * The name of the dashboard: 1 to 255 letters, digits, hyphens and underscores, unique in the account across all Regions.
   *
   * @default - the name of the mesh and the Region
   */
  readonly dashboardName?: string;
}

/**
 * A dashboard for a mesh: the alarms, the load balancers, each service, the stores, queues and databases, and the components that you add
 * to MetricRecord. Graphs have a line at the threshold of their alarm. Components are sorted by path, and those that are declared later are
 * included.
 *
 * Limits: 500 widgets, about 100 services; 500 metrics in a graph, 2,500 on the dashboard. Like MeshAlarms, create it in the last
 * stack if services are in separate stacks.
 *
 * Cost: 3 USD a month (list price, November 2026); the first three of an account with up to 50 metrics each are free.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * const alarms = new MeshAlarms(this, 'Alarms', { mesh });
 * new MeshDashboard(this, 'Dashboard', { mesh, alarms });
 */
export class MeshDashboard extends Construct {
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.observability.MeshDashboard';

  /** The dashboard. */
  public readonly dashboard: CfnDashboard;

  private readonly dashboardName: string;

  constructor(scope: Construct, id: string, props: MeshDashboardProps) {
    props = acceptProps({ MeshDashboard }, new.target, scope, id, props);
    super(scope, id);
    // Dashboards are seen from every region, so the name of a mesh that is in two of them would be taken.
    this.dashboardName = props.dashboardName ?? `${props.mesh.meshName.replace(/[^A-Za-z0-9_-]/g, '-')}-${Stack.of(this).region}`;
    this.validate();
    claimInAccount({ kind: 'dashboard', name: this.dashboardName, owner: this, prop: 'dashboardName' }, 'account');
    this.dashboard = new CfnDashboard(this, 'Resource', {
      dashboardName: this.dashboardName,
      dashboardBody: Lazy.string({ produce: () => Stack.of(this).toJsonString({ start: '-PT12H', widgets: this.widgets(props) }) }),
    });
    validateAtSynth(this, 'DashboardTooLarge', () => tooMuchOf(this.widgets(props)));
  }

  private widgets({ mesh, alarms }: MeshDashboardProps): Widget[] {
    const components = MetricRecord.of(this).components.filter(({ home }) => home === mesh || home === mesh.vpc);
    const column = layOut({
      title: mesh.meshName,
      components,
      alarms: alarms?.alarms ?? [],
      leftOut: alarms?.leftOut ?? [],
      threshold: ({ owner }, { id, alarm }) => alarms && alarms._threshold(owner, id, alarm),
    });
    column.position(0, 0);
    return column.toJson() as Widget[];
  }

  private validate(): void {
    if (isUnknown(this.dashboardName) || /^[A-Za-z0-9_-]{1,255}$/.test(this.dashboardName)) return;
    throw validationError(this, 'DashboardName', {
      prop: 'dashboardName',
      must: 'be 1 to 255 letters, digits, hyphens and underscores',
      got: this.dashboardName,
      fix: 'write it like "shop"',
    });
  }
}

/** A widget as CloudWatch reads it. */
interface Widget {
  readonly properties?: { readonly title?: string; readonly metrics?: unknown[] };
}

/** Returns the quotas of CloudWatch that the widgets of a dashboard exceed. */
function tooMuchOf(widgets: Widget[]): Violation[] {
  const { widgetsOfDashboard, metricsOfWidget, metricsOfDashboard } = QUOTAS;
  const metrics = widgets.map(({ properties }) => properties?.metrics?.length ?? 0);
  const most = Math.max(...metrics);
  const { title } = widgets[metrics.indexOf(most)].properties ?? {};
  const counts = [
    { quota: widgetsOfDashboard, got: widgets.length },
    { quota: metricsOfWidget, got: most, where: `; the graph ${JSON.stringify(title)} has more` },
    { quota: metricsOfDashboard, got: metrics.reduce((sum, each) => sum + each, 0) },
  ];
  return counts
    .filter(({ quota, got }) => got > quota.limit)
    .map(({ quota: { limit, of, source }, got, where = '' }) => ({
      prop: 'mesh',
      must: `have at most ${limit} ${of} (${source})${where}`,
      got,
      fix: 'watch the services in two meshes, or make dashboards of your own from `MetricRecord.of(mesh).components`',
    }));
}
