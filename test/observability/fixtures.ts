import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import {
  ContainerRedis,
  DualAlbGateway,
  Ec2HostRedis,
  ElastiCacheRedis,
  ExternalSide,
  GatewayRoute,
  InternalSide,
  MeshService,
  MeshServiceProps,
  PostgresDatabase,
  QueueWorkerService,
  ScheduledJob,
  ServerlessRedis,
  ServiceConnectMesh,
  SideCertificate,
} from 'cdk-ecs-mesh';
import { newMesh, newService, newStack, resources, WEB } from '../helpers';

/** A mesh with a service behind a route. */
export function newShop(stack = newStack(), props: Partial<MeshServiceProps> = {}) {
  const mesh = newMesh(stack);
  const api = newService(mesh, 'Api', props);
  return { stack, mesh, api, route: routeTo(mesh, api) };
}

/** A route on the internal side of a new gateway. */
export function routeTo(mesh: ServiceConnectMesh, service: MeshService, scope = Stack.of(mesh)): GatewayRoute {
  const gateway = new DualAlbGateway(scope, 'Gateway', { network: mesh, internal: InternalSide.http() });
  return gateway.internal.route(service.node.id, { target: service.port('http') });
}

/** One of everything that can be watched. */
export function newMall() {
  const stack = newStack('Mall', new App());
  const mesh = newMesh(stack);
  const containers = [{ image: WEB.image }];
  const api = newService(mesh, 'Api');
  const certificate = Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:111122223333:certificate/abc');
  const external = ExternalSide.https({ certificate: SideCertificate.given(certificate) });
  const gateway = new DualAlbGateway(stack, 'Gateway', { network: mesh, external });
  gateway.external.route('Api', { target: api.port('http') });
  new ElastiCacheRedis(stack, 'Cache', { mesh });
  new ServerlessRedis(stack, 'Sessions', { mesh });
  new Ec2HostRedis(stack, 'Host', { mesh });
  new ContainerRedis(stack, 'Small', { mesh });
  new PostgresDatabase(stack, 'Database', { mesh });
  new QueueWorkerService(stack, 'Worker', { mesh, containers });
  new ScheduledJob(stack, 'Report', { mesh, containers, schedule: ScheduleExpression.rate(Duration.hours(1)) });
  return { stack, mesh, api };
}

/** Every alarm as `id: metric statistic > threshold, periods, missing`, by its place below the component. */
export function alarmLines(template: Template, of: string): string[] {
  return Object.entries(resources(template, 'AWS::CloudWatch::Alarm', of)).map(([id, { Properties: p }]) => {
    const metric = p.MetricName
      ? `${p.Namespace}/${p.MetricName} ${p.Statistic ?? p.ExtendedStatistic}`
      : (p.Metrics.find((m: { Expression?: string }) => m.Expression)?.Expression ?? p.Metrics[0].MetricStat.Metric.MetricName);
    const sign = p.ComparisonOperator.startsWith('Less') ? '<=' : '>=';
    const periods = `${p.DatapointsToAlarm ?? p.EvaluationPeriods} of ${p.EvaluationPeriods}`;
    return `${id.slice(of.length).replace(/[0-9A-F]{8}$/, '')}: ${metric} ${sign} ${p.Threshold}, ${periods}, ${p.TreatMissingData}`;
  });
}
