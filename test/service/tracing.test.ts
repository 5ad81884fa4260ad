import { ContainerImage, NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { Compute, EcsMeshChecks, MeshServiceProps, OpenTelemetryOptions, Tracing } from 'cdk-ecs-mesh';
import { findings, newMesh, newService, only, resources, templateOf, WEB } from '../helpers';

/** A service with traces, and its containers. */
function traced(options: OpenTelemetryOptions = {}, props: Partial<MeshServiceProps> = {}) {
  const service = newService(newMesh(), 'Api', { operations: { tracing: Tracing.openTelemetry(options) }, ...props });
  const template = templateOf(service);
  const containers = only(template, 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions;
  return { service, template, app: containers[0], collector: containers[containers.length - 1], containers };
}

const variables = ({ Environment }: { Environment: { Name: string; Value: string }[] }) =>
  Object.fromEntries(Environment.map(({ Name, Value }) => [Name, Value]));

test('no collector unless asked for', () => {
  for (const tracing of [undefined, Tracing.none()]) {
    const task = only(templateOf(newService(newMesh(), 'Api', { operations: { tracing } })), 'AWS::ECS::TaskDefinition').Properties;
    expect(task.ContainerDefinitions).toHaveLength(1);
    expect(JSON.stringify(task)).not.toContain('OTEL');
  }
});

describe('with its defaults', () => {
  const { service, template, app, collector } = traced();

  test('a pinned collector that cannot take the task down', () => {
    expect(collector).toMatchObject({
      Name: 'otel-collector',
      Image: 'public.ecr.aws/aws-observability/aws-otel-collector:v0.50.0',
      Command: ['--config=/etc/ecs/ecs-xray.yaml'],
      Essential: false,
      RestartPolicy: { Enabled: true, RestartAttemptPeriod: 60 },
      Memory: 128,
      ReadonlyRootFilesystem: true,
      LinuxParameters: { InitProcessEnabled: true, Capabilities: { Drop: ['ALL'] } },
    });
    expect([collector.PortMappings, collector.Environment, collector.Cpu]).toEqual([undefined, undefined, undefined]);
  });

  test('it starts before the containers, and writes to the log group of the service', () => {
    expect(app.DependsOn).toEqual([{ ContainerName: 'otel-collector', Condition: 'START' }]);
    expect(collector.LogConfiguration.Options).toMatchObject({ 'awslogs-stream-prefix': 'otel-collector', mode: 'non-blocking' });
    expect(collector.LogConfiguration.Options['awslogs-group']).toEqual(app.LogConfiguration.Options['awslogs-group']);
  });

  test('the variables of every OpenTelemetry SDK', () => {
    expect(variables(app)).toEqual({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_RESOURCE_ATTRIBUTES: 'service.namespace=shop-mesh',
      OTEL_SERVICE_NAME: 'api',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.05',
    });
  });

  test('the task role may send traces, and nothing else', () => {
    const policies = Object.values(resources(template, 'AWS::IAM::Policy', 'ApiTaskRole'));
    expect(policies.map(({ Properties }) => Properties.PolicyDocument.Statement)).toEqual([
      [{ Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: '*' }],
    ]);
  });

  test('no finding', () => {
    expect(findings(service)).toEqual([]);
    expect(new EcsMeshChecks().validateScope(service.node.root).violations).toEqual([]);
  });
});

test('with choices', () => {
  const image = ContainerImage.fromRegistry('my/collector:1');
  const { app, collector } = traced({ image, sampleRatio: 1, memoryMiB: 256, collectorConfig: 'receivers: {}' });
  expect(collector).toMatchObject({ Image: 'my/collector:1', Memory: 256 });
  expect([collector.Command, variables(collector)]).toEqual([undefined, { AOT_CONFIG_CONTENT: 'receivers: {}' }]);
  expect(variables(app).OTEL_TRACES_SAMPLER_ARG).toBe('1');
  expect(variables(app).OTEL_METRICS_EXPORTER).toBeUndefined();
});

test('every container sends traces; a variable of its own stays', () => {
  const sidecar = { image: WEB.image, name: 'sidecar', environment: { OTEL_SERVICE_NAME: 'other' } };
  const { containers } = traced({}, { containers: [WEB, sidecar] });
  expect(containers.map((container: { Name: string }) => container.Name)).toEqual(['api', 'sidecar', 'otel-collector']);
  expect(variables(containers[1]).OTEL_SERVICE_NAME).toBe('other');
  expect(variables(containers[1]).OTEL_TRACES_SAMPLER).toBeDefined();
});

test.each([NetworkMode.BRIDGE, NetworkMode.HOST])('refused in %s mode', (networkMode) => {
  const mesh = newMesh();
  const compute = Compute.ec2(mesh.addEc2Capacity('Hosts'), { networkMode });
  expect(() => newService(mesh, 'Api', { compute, operations: { tracing: Tracing.openTelemetry() } })).toThrow(
    `\`operations.tracing\` must be left out in bridge and host mode, in which localhost differs for each container, or is shared by all tasks of a host, got "${networkMode}"; use NetworkMode.AWS_VPC, or run a collector of your own and connect to it [TracingNetwork at Shop/Api]`,
  );
});

test.each<[OpenTelemetryOptions, string]>([
  [{ memoryMiB: 64 }, ''],
  [{ memoryMiB: 256 }, ''],
  [{ sampleRatio: 0 }, ''],
  [
    { memoryMiB: 63 },
    '`operations.tracing.memoryMiB` must be a whole number from 64 to 256, got 63; choose a value in that range [TracingMemory at Shop/Api]',
  ],
  [
    { memoryMiB: 257 },
    '`operations.tracing.memoryMiB` must be a whole number from 64 to 256, got 257; choose a value in that range [TracingMemory at Shop/Api]',
  ],
  [
    { sampleRatio: 1.01 },
    '`operations.tracing.sampleRatio` must be a number from 0 to 1, got 1.01; write 0.05 for five percent [TracingSampleRatio at Shop/Api]',
  ],
  [
    { sampleRatio: -0.01 },
    '`operations.tracing.sampleRatio` must be a number from 0 to 1, got -0.01; write 0.05 for five percent [TracingSampleRatio at Shop/Api]',
  ],
])('limits: %p', (options, message) => {
  if (message) expect(() => traced(options)).toThrow(message);
  else expect(() => traced(options)).not.toThrow();
});
