import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import * as lib from 'cdk-ecs-mesh';
import { IDependable } from 'constructs';
import { Root } from './common';
import { Scene } from './scene';
import { call, list, made, number, oneOf, opt, sample, struct, text } from './values';
import { smallApp } from '../small-app';

/** The assembly of an app in which each kind of usage costs something. */
let assembly: string | undefined;

function directory(): string {
  if (assembly !== undefined) return assembly;
  const app = smallApp();
  const stack = new Stack(app, 'Shop', { env: { account: '111111111111', region: 'us-east-1' } });
  const mesh = new lib.ServiceConnectMesh(stack, 'Mesh');
  const web = new lib.MeshService(stack, 'Web', {
    mesh,
    compute: lib.Compute.fargateSpot({ onDemandBase: 1 }),
    containers: [{ image: ContainerImage.fromRegistry('my/web'), ports: [{ name: 'http', containerPort: 8080 }] }],
  });
  const gateway = new lib.DualAlbGateway(stack, 'Gateway', { network: mesh, external: lib.ExternalSide.http() });
  gateway.external.route('Web', { target: web.port('http') });
  web.connectTo(new lib.PostgresDatabase(stack, 'Database', { mesh }));
  assembly = app.synth({ skipValidation: true }).directory;
  return assembly;
}

/** The words of a report, as part of the template. */
const say = ({ stack }: Scene, words: string) => new CfnOutput(stack, 'Words', { value: words });

const amount = (max: number) => opt(number(0, max));

const cost: Root = {
  props: struct('CostReportProps', {
    prices: opt(made(sample('dear', () => lib.PriceTable.usEast1().with({ 'alb/hour': 7 })))),
    usage: opt(
      struct('MonthlyUsage', {
        networkGb: amount(1000),
        loadBalancerUnits: amount(100),
        millionRequests: amount(1000),
        logGb: amount(1000),
        storedGb: amount(1000),
        insightsMetrics: amount(1000),
        spotShare: opt(number(0, 1)),
      }),
    ),
  }),
  build: (s, props: lib.CostReportProps) => say(s, lib.CostReport.fromAssembly(directory(), props).toJson()),
};

const diagram: Root = {
  props: struct('Diagram', {
    title: struct('TopologyDiagramProps', { title: opt(text('Shop', 'Store')) }),
    component: struct('TopologyComponent', {
      id: text('one', 'other'),
      kind: oneOf(...Object.values(lib.ComponentKind)),
      label: text('one', 'other'),
      details: opt(list(text('two tasks', 'three tasks'), 1, 2)),
      publicFacing: opt(oneOf(true)),
    }),
    connection: struct('TopologyConnection', {
      client: text('Client', 'Third'),
      server: text('Server', 'Third'),
      protocol: text('http', 'redis'),
      dnsName: opt(text('a.local', 'b.local')),
      port: opt(number(1, 65535)),
    }),
  }),
  build: (s, props: { title: object; component: lib.TopologyComponent; connection: lib.TopologyConnection }) => {
    const record = lib.TopologyRecord.of(s.stack);
    for (const id of ['Client', 'Server', 'Third']) record.addComponent({ id, kind: lib.ComponentKind.SERVICE, label: id });
    record.addComponent(props.component);
    record.addConnection(props.connection);
    const picture = lib.TopologyDiagram.of(s.stack, props.title);
    return say(s, [picture.toJson(), picture.toMermaid(), picture.toSvg()].join('\n'));
  },
};

const metricNamed = (metricName: string) =>
  sample(metricName, () => new Metric({ namespace: 'Shop', metricName, statistic: 'p90' }));
const ownerNamed = (id: string) => sample(id, (s) => s.once(id, () => s.newService(id)));
const owner = made(ownerNamed('One'), ownerNamed('Two'));

/** A component that a team records, in its alarms and its dashboard. */
const recorded: Root = {
  props: struct('ObservedComponent', {
    owner,
    home: made(
      sample('its mesh', (s) => s.mesh),
      sample('its network', (s) => s.stack),
    ),
    kind: oneOf(lib.ComponentKind.SERVICE, lib.ComponentKind.DATABASE),
    label: text('orders', 'users'),
    metrics: list(
      struct('ObservedMetric', {
        id: text('Unpaid', 'Late'),
        title: text('Unpaid orders', 'Late orders'),
        metric: made(metricNamed('Unpaid'), metricNamed('Late')),
        // Without one, an ID names nothing, and a service has nothing to roll back for.
        alarm: struct('MetricAlarm', {
          threshold: number(1, 100),
          description: text('Orders wait', 'Users wait'),
          comparisonOperator: opt(oneOf(ComparisonOperator.LESS_THAN_THRESHOLD)),
          evaluationPeriods: opt(number(1, 4)),
          datapointsToAlarm: opt(number(1, 2)),
          treatMissingData: opt(oneOf(TreatMissingData.BREACHING)),
          createdAfter: opt(
            made(sample('a resource', (s): IDependable[] => [new lib.ServerlessRedis(s.stack, 'First', { mesh: s.mesh })])),
          ),
          evaluateLowSampleCountPercentile: opt(oneOf('ignore')),
          rollsBack: oneOf(true, false),
        }),
      }),
      1,
      1,
    ),
    service: opt(owner),
  }),
  build: (s, props: lib.ObservedComponent) => {
    const services = ['One', 'Two'].map((id) => ownerNamed(id).make(s) as lib.MeshService);
    lib.MetricRecord.of(s.stack).add(props);
    const alarms = new lib.MeshAlarms(s.stack, 'Alarms', { mesh: s.mesh });
    say(s, services.map((service) => `rolls back on ${alarms.rollbackAlarmNames(service).join()}`).join('\n'));
    return new lib.MeshDashboard(s.stack, 'Dashboard', { mesh: s.mesh });
  },
};

const sharedSide: Root = {
  props: call(
    'GatewaySide.fromParameters',
    (options: lib.ExistingSideOptions) => options,
    struct('ExistingSideOptions', {
      internetFacing: oneOf(true, false),
      protocol: opt(oneOf('HTTP', 'HTTPS')),
      port: opt(number(1, 65535)),
      idleTimeout: opt(made(sample('an hour', () => Duration.hours(1)))),
    }),
  ),
  build: (s, options: lib.ExistingSideOptions) => {
    const side = lib.GatewaySide.fromParameters(s.stack, 'Root', '/platform/public', { ...options, network: s.network });
    const client = s.newService('Client');
    client.connectTo(side.route('Api', { target: s.service.port('http'), hosts: ['api.fuzz.local'] }));
    client.connectTo(s.service.port('http'), { as: 'ALIAS' });
  },
};

const sharedPort: Root = {
  props: struct('SharedPortOptions', { port: number(1, 65535), protocol: opt(oneOf('http2', 'grpc', 'tcp')) }),
  build: (s, options: lib.SharedPortOptions) =>
    s.service.connectTo(lib.ServicePort.fromParameters(s.stack, 'Root', '/platform/users', options)),
};

/** Reports, pictures and records, whose words are read. */
export const REPORT_ROOTS: Record<string, Root> = { cost, diagram, recorded, sharedSide, sharedPort };
