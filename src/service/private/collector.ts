import { Duration, Token } from 'aws-cdk-lib';
import { ContainerDependencyCondition, ContainerImage, NetworkMode, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { acknowledge } from '../../core/private/acknowledge';
import { validationError, requireInteger } from '../../core/private/errors';
import { sorted } from '../../core/private/sorted';
import { ResolvedContainer, resolveContainer } from '../../tasks/private/resolved-container';
import { recordCall } from '../../tasks/private/task-dependencies';
import { TaskOwner } from '../../tasks/private/task-resources';
import { OpenTelemetryOptions } from '../open-telemetry-options';

const NAME = 'otel-collector';
const PROP = 'operations.tracing';

/** The pinned image: a new version of the collector comes with a new version of the library. */
const IMAGE = 'public.ecr.aws/aws-observability/aws-otel-collector:v0.50.0';

/** The task that a collector goes into. */
export interface TracedTask {
  readonly networkMode: NetworkMode;
  readonly memoryMiB: number;
}

/** The containers of a task with a collector among the sidecars, which the app's containers are pointed to. */
export function withCollector(
  owner: TaskOwner,
  containers: ResolvedContainer[],
  task: TracedTask,
  options: OpenTelemetryOptions,
): ResolvedContainer[] {
  const { memoryMiB = 128, sampleRatio = 0.05 } = options;
  validate(owner, containers, task, memoryMiB, sampleRatio);
  const variables = sorted(telemetryVariables(owner, sampleRatio, options.collectorConfig !== undefined));
  const traced = containers.map((container) => {
    if (container.isSidecar) return container;
    const added = variables.filter(([name]) => !(name in container.environment));
    return {
      ...container,
      environment: { ...container.environment, ...Object.fromEntries(added) },
      // Started is enough: a collector in trouble must not keep the service from starting.
      dependsOn: [...container.dependsOn, { container: NAME, condition: ContainerDependencyCondition.START }],
    };
  });
  return [...traced, collector(options, memoryMiB)];
}

/** Allows the collector to send its traces, and records that it does. */
export function permitTraces(
  { taskRole, taskDefinition }: { taskRole: IRole; taskDefinition: TaskDefinition },
  { collectorConfig }: OpenTelemetryOptions,
): void {
  taskRole.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] }),
  );
  acknowledge(
    taskRole,
    'AwsSolutions-IAM5[Resource::*]',
    'xray:PutTraceSegments and xray:PutTelemetryRecords have no resource level; they can add traces, and read none.',
  );
  // Another configuration may send its traces elsewhere.
  if (collectorConfig === undefined || /\bawsxray\b/.test(collectorConfig)) {
    recordCall(taskDefinition, { service: 'xray', purpose: 'the traces of the collector' });
  }
}

function collector({ image, collectorConfig }: OpenTelemetryOptions, memoryLimitMiB: number): ResolvedContainer {
  return resolveContainer(
    {
      image: image ?? ContainerImage.fromRegistry(IMAGE),
      environment: collectorConfig === undefined ? undefined : { AOT_CONFIG_CONTENT: collectorConfig },
      process: { command: collectorConfig === undefined ? ['--config=/etc/ecs/ecs-xray.yaml'] : undefined },
      resources: { memoryLimitMiB },
      lifecycle: { essential: false, restartAttemptPeriod: Duration.seconds(60) },
    },
    { prop: PROP, name: NAME, isSidecar: true },
  );
}

/** Returns the variables that every OpenTelemetry SDK reads. */
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

function validate(
  owner: TaskOwner,
  containers: ResolvedContainer[],
  task: TracedTask,
  memoryMiB: number,
  sampleRatio: number,
): void {
  if (task.networkMode !== NetworkMode.AWS_VPC) {
    throw validationError(owner, 'TracingNetwork', {
      prop: PROP,
      must: 'be left out in bridge and host mode, in which localhost differs for each container, or is shared by all tasks of a host',
      got: task.networkMode,
      fix: 'use NetworkMode.AWS_VPC, or run a collector of your own and connect to it',
    });
  }
  requireInteger(owner, 'TracingMemory', `${PROP}.memoryMiB`, memoryMiB, 64, Math.max(64, Math.floor(task.memoryMiB / 2)));
  if (!Token.isUnresolved(sampleRatio) && !(sampleRatio >= 0 && sampleRatio <= 1)) {
    throw validationError(owner, 'TracingSampleRatio', {
      prop: `${PROP}.sampleRatio`,
      must: 'be a number from 0 to 1',
      got: sampleRatio,
      fix: 'write 0.05 for five percent',
    });
  }
  const taken = containers.find(({ name }) => name === NAME);
  if (!taken) return;
  throw validationError(owner, 'ContainerNameNeeded', {
    prop: `${taken.prop}.name`,
    must: 'be another one than that of the collector of `operations.tracing`',
    got: NAME,
    fix: 'rename it, or leave `operations.tracing` out and keep your own collector',
  });
}
