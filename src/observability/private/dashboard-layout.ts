import {
  AlarmStatusWidget,
  Column,
  GraphWidget,
  IAlarm,
  IWidget,
  Row,
  TextWidget,
  TextWidgetBackground,
} from 'aws-cdk-lib/aws-cloudwatch';
import { ObservedComponent, ObservedMetric } from '../../core/observed-component';
import { ComponentKind } from '../../core/topology-record';

/** The number of columns of a CloudWatch dashboard. */
const COLUMNS = 24;

/** The width of a graph: four in a row. */
const GRAPH = { width: 6, height: 6 };

/** The sections, in the order in which a request passes through them. */
const SECTIONS: [ComponentKind, string][] = [
  [ComponentKind.LOAD_BALANCER, 'Front door'],
  [ComponentKind.SERVICE, 'Services'],
  [ComponentKind.REDIS, 'Redis'],
  [ComponentKind.AWS_API, 'Queues and schedules'],
  [ComponentKind.DATABASE, 'Databases'],
];

/** The content of a dashboard. */
export interface DashboardContent {
  readonly title: string;
  readonly components: ObservedComponent[];
  readonly alarms: IAlarm[];
  /** The threshold of the alarm on a metric; undefined if there is no alarm. */
  readonly threshold: (component: ObservedComponent, metric: ObservedMetric) => number | undefined;
  /** The alarms that were left out, with their reasons. */
  readonly leftOut: string[];
}

/** Places the widgets from top to bottom. */
export function layOut(content: DashboardContent): Column {
  const known = SECTIONS.map(([kind]) => kind);
  const sections = SECTIONS.flatMap(([kind, title]) => section(title, content, (component) => component.kind === kind));
  const others = section('Others', content, ({ kind }) => !known.includes(kind));
  return new Column(heading(`# ${content.title}`), ...alarmWidgets(content), ...sections, ...others);
}

/** The maximum number of alarms that PutDashboard accepts in one widget. */
const MOST_ALARMS = 100;

/** The maximum height of a widget. */
const MOST_ROWS = 1000;

function alarmWidgets({ alarms, leftOut }: DashboardContent): IWidget[] {
  const pieces = Array.from({ length: Math.ceil(alarms.length / MOST_ALARMS) }, (_, i) =>
    alarms.slice(i * MOST_ALARMS, (i + 1) * MOST_ALARMS),
  );
  const status = pieces.map((piece, i) => {
    const title = pieces.length === 1 ? 'Alarms' : `Alarms, ${i + 1} of ${pieces.length}`;
    return new AlarmStatusWidget({ title, alarms: piece, width: COLUMNS, height: 2 + Math.ceil(piece.length / 4) });
  });
  const text = ['**Without alarm, on purpose**', ...leftOut.map((line) => `- ${line}`)].join('\n');
  const reasons = leftOut.length > 0 ? [textWidget(text, Math.min(MOST_ROWS, 2 + Math.ceil(leftOut.length / 2)))] : [];
  return [...status, ...reasons];
}

function section(title: string, content: DashboardContent, belongs: (component: ObservedComponent) => boolean): IWidget[] {
  const components = content.components.filter(belongs);
  if (components.length === 0) return [];
  const sorted = [...components].sort((a, b) => (a.owner.node.path < b.owner.node.path ? -1 : 1));
  return [heading(`## ${title}`), ...sorted.map((component) => new Row(...graphs(component, content)))];
}

/** Creates a graph for each title. Metrics with the same title share a graph. */
function graphs(component: ObservedComponent, content: DashboardContent): IWidget[] {
  const titles = [...new Set(component.metrics.map(({ title }) => title))];
  return titles.map((title) => {
    const metrics = component.metrics.filter((metric) => metric.title === title);
    const limits = new Set(metrics.map((metric) => content.threshold(component, metric)).filter((limit) => limit !== undefined));
    return new GraphWidget({
      title: `${component.label}: ${title}`,
      left: metrics.map(({ metric }) => metric),
      leftYAxis: { min: 0, showUnits: false },
      leftAnnotations: [...limits].map((value) => ({ value, label: 'alarm' })),
      ...GRAPH,
    });
  });
}

function heading(markdown: string): IWidget {
  return textWidget(markdown, 1);
}

/** Creates a text widget. The background is set explicitly, because versions of the CDK differ in its default. */
function textWidget(markdown: string, height: number): TextWidget {
  return new TextWidget({ markdown, width: COLUMNS, height, background: TextWidgetBackground.TRANSPARENT });
}
