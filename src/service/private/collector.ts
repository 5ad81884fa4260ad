import { Duration, Token } from 'aws-cdk-lib';
import {
  Capability,
  ContainerDefinition,
  ContainerDependencyCondition,
  ContainerImage,
  LinuxParameters,
  NetworkMode,
  TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { acknowledge } from '../../core/private/acknowledge';
import { validationError, requireInteger } from '../../core/private/errors';
import { sorted } from '../../core/private/sorted';
import { ContainerOptions } from '../../tasks/container-options';
import { logDriver } from '../../tasks/private/containers';
import { recordCall } from '../../tasks/private/task-dependencies';
import { TaskOwner } from '../../tasks/private/task-resources';
import { OpenTelemetryOptions } from '../open-telemetry-options';

const NAME = 'otel-collector';

/** Pinned: a new collector comes with a new version of the library, not by itself. */
const IMAGE = 'public.ecr.aws/aws-observability/aws-otel-collector:v0.50.0';

/** What a collector needs of the service that it goes with. */
export interface CollectorHost {
  readonly owner: TaskOwner;
  readonly taskDefinition: TaskDefinition;
  readonly taskRole: IRole;
  readonly logGroup: ILogGroup;
  /** The containers that send traces, and the options that they were made from. */
  readonly containers: ContainerDefinition[];
  readonly options: ContainerOptions[];
  readonly taskMemoryMiB: number;
}

/** Adds the collector and points the containers to it. */
export function addCollector(host: CollectorHost, options: OpenTelemetryOptions): void {
  const { memoryMiB = 128, sampleRatio = 0.05 } = options;
  validate(host, memoryMiB, sampleRatio);
  const collector = createCollector(host, options, memoryMiB);
  const variables = telemetryVariables(host.owner, sampleRatio, options.collectorConfig !== undefined);
  host.containers.forEach((container, i) => {
    const own = host.options[i].environment ?? {};
    for (const [name, value] of sorted(variables)) if (!(name in own)) container.addEnvironment(name, value);
    // Started is enough: a collector in trouble must not keep the service from starting.
    container.addContainerDependencies({ container: collector, condition: ContainerDependencyCondition.START });
  });
  allowTraces(host.taskRole);
  // Another configuration may send its traces elsewhere.
  if (options.collectorConfig === undefined || /\bawsxray\b/.test(options.collectorConfig)) {
    recordCall(host.taskDefinition, { service: 'xray', purpose: 'the traces of the collector' });
  }
}

function createCollector(host: CollectorHost, { image, collectorConfig }: OpenTelemetryOptions, memoryMiB: number) {
  const linuxParameters = new LinuxParameters(host.owner, `LinuxParameters-${NAME}`, { initProcessEnabled: true });
  linuxParameters.dropCapabilities(Capability.ALL);
  return host.taskDefinition.addContainer(NAME, {
    containerName: NAME,
    image: image ?? ContainerImage.fromRegistry(IMAGE),
    command: collectorConfig === undefined ? ['--config=/etc/ecs/ecs-xray.yaml'] : undefined,
    environment: collectorConfig === undefined ? undefined : { AOT_CONFIG_CONTENT: collectorConfig },
    memoryLimitMiB: memoryMiB,
    essential: false,
    // Nothing else brings back a container that is not essential.
    enableRestartPolicy: true,
    restartAttemptPeriod: Duration.seconds(60),
    readonlyRootFilesystem: true,
    stopTimeout: Duration.seconds(30),
    linuxParameters,
    logging: logDriver(host.logGroup, NAME),
  });
}

/** The variables that every OpenTelemetry SDK reads. */
function telemetryVariables({ discoveryName, mesh }: TaskOwner, sampleRatio: number, hasOwnConfig: boolean) {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_RESOURCE_ATTRIBUTES: `service.namespace=${mesh.meshName}`,
    OTEL_SERVICE_NAME: discoveryName,
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: String(sampleRatio),
    // SDKs would send these as well, and the collector has nowhere to put them.
    ...(hasOwnConfig ? {} : { OTEL_LOGS_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' }),
  };
}

function allowTraces(taskRole: IRole): void {
  taskRole.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] }),
  );
  acknowledge(
    taskRole,
    'AwsSolutions-IAM5[Resource::*]',
    'xray:PutTraceSegments and xray:PutTelemetryRecords have no resource level; they can add traces, and read none.',
  );
}

function validate({ owner, taskDefinition, taskMemoryMiB }: CollectorHost, memoryMiB: number, sampleRatio: number): void {
  if (taskDefinition.networkMode !== NetworkMode.AWS_VPC) {
    throw validationError(owner, 'TracingNetwork', {
      prop: 'tracing',
      must: 'be left out in bridge and host mode, where localhost is another for each container, or the same for all tasks of a host',
      got: taskDefinition.networkMode,
      fix: 'use NetworkMode.AWS_VPC, or run a collector of your own and connect to it',
    });
  }
  requireInteger(owner, 'TracingMemory', 'tracing.memoryMiB', memoryMiB, 64, Math.max(64, Math.floor(taskMemoryMiB / 2)));
  if (!Token.isUnresolved(sampleRatio) && !(sampleRatio >= 0 && sampleRatio <= 1)) {
    throw validationError(owner, 'TracingSampleRatio', {
      prop: 'tracing.sampleRatio',
      must: 'be a share from 0 to 1',
      got: sampleRatio,
      fix: 'write 0.05 for five percent',
    });
  }
}
