import { App, Duration, Stack } from 'aws-cdk-lib';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import {
  DualAlbGateway,
  InternalSide,
  MeshAlarms,
  MeshDashboard,
  MeshService,
  MetricRecord,
  PostgresDatabase,
  QueueWorkerService,
  ScheduledJob,
} from 'cdk-ecs-mesh';
import { newMesh, newService, newStack, WEB } from '../helpers';

type Step = 'deployed' | 'withdrawn' | 'removed';
type Written = { Outputs?: Record<string, { Export?: { Name: string } }>; Resources: object };

/** A routed service and a worker in a stack, which another stack watches. */
function watched(step: Step, kind: 'a routed service' | 'a worker') {
  const app = new App();
  const mesh = newMesh(newStack('Net', app));
  const shop = newStack('Shop', app);
  const { internal } = new DualAlbGateway(shop, 'Gateway', { network: mesh, internal: InternalSide.http() });
  newService(mesh, 'Stays', {}, shop);
  if (step !== 'removed') {
    const service: MeshService =
      kind === 'a worker' ? new QueueWorkerService(shop, 'Goes', { mesh, containers: [WEB] }) : newService(mesh, 'Goes', {}, shop);
    if (kind !== 'a worker') internal.route('Goes', { target: service.port('http') });
    if (step === 'withdrawn') MetricRecord.of(mesh).withdraw(service);
  }
  const watch = newStack('Watch', app);
  const alarms = new MeshAlarms(watch, 'Alarms', { mesh });
  new MeshDashboard(watch, 'Dashboard', { mesh, alarms });
  return exchanged(app, 'Shop', 'Watch');
}

function exchanged(app: App, from: string, to: string) {
  const [exporting, importing] = [from, to].map((id) => app.synth().getStackByName(id).template as Written);
  return {
    exported: Object.values(exporting.Outputs ?? {}).flatMap(({ Export }) => Export?.Name ?? []),
    imported: [...JSON.stringify(importing).matchAll(/"Fn::ImportValue\\?":\\?"([^"\\]+)/g)].map(([, name]) => name),
  };
}

const missing = (wanted: string[], there: string[]) =>
  [...new Set(wanted)].filter((name) => name.startsWith('Shop:') && !there.includes(name));

describe.each(['a routed service', 'a worker'] as const)(
  'DT-52: %s with alarms in another stack is taken away in two deployments',
  (kind) => {
    test('DT-52, NU-12: no export goes while it is imported', () => {
      const [deployed, withdrawn, removed] = (['deployed', 'withdrawn', 'removed'] as const).map((step) => watched(step, kind));
      expect(missing(deployed.imported, removed.exported).length).toBeGreaterThan(0);
      expect(missing(deployed.imported, withdrawn.exported)).toEqual([]);
      expect(missing(withdrawn.imported, removed.exported)).toEqual([]);
    });
  },
);

test('DT-52: after the alarms it is too late', () => {
  const mesh = newMesh();
  const service = newService(mesh, 'Api');
  new MeshAlarms(Stack.of(mesh), 'Alarms', { mesh });
  expect(() => MetricRecord.of(mesh).withdraw(service)).toThrow(
    new Error(
      '`withdraw` must be called before MeshAlarms and MeshDashboard are created, which have read the record; ' +
        'call it after the component, and create them last; in the stack of the component, they need no such call [WithdrawnTooLate at Shop/Api]',
    ),
  );
});

test('DT-52: a job is disconnected like a service', () => {
  const job = (act: (job: ScheduledJob, database: PostgresDatabase) => void) => {
    const app = new App();
    const mesh = newMesh(newStack('Shop', app));
    const database = new PostgresDatabase(Stack.of(mesh), 'Database', { mesh });
    const schedule = ScheduleExpression.rate(Duration.days(1));
    act(new ScheduledJob(newStack('Jobs', app), 'Job', { mesh, containers: [{ image: WEB.image }], schedule }), database);
    return exchanged(app, 'Shop', 'Jobs');
  };
  const before = job((client, database) => client.connectTo(database));
  const between = job((client, database) => client.disconnectFrom(database));
  expect(missing(before.imported, between.exported)).toEqual([]);
  expect(between.imported.length).toBeLessThan(before.imported.length);
});
