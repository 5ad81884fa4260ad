import {
  AppProtocol,
  ContainerDefinition,
  CpuArchitecture,
  LinuxParameters,
  NetworkMode,
  TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { builtFor, requireBuiltFor } from './image-platform';
import { NamedPort } from './named-ports';
import { requireOwnSecretsOf } from './own-secret';
import { ResolvedContainer, TaskContainer } from './resolved-container';
import { grantKeysOf } from './secret-keys';
import { mountVolumes, tmpfsMounts } from './writable-paths';
import { PortProtocol } from '../../core/port-protocol';
import { validationError, warn } from '../../core/private/errors';
import { isUnknown } from '../../core/private/unknown';

/** Names that suggest a secret. Everyone who can describe the task definition can read its variables. */
const SECRET_NAME = /(PASSWORD|PASSWD|TOKEN|API_?KEY|PRIVATE_?KEY|SECRET)$/i;

/** The task that containers are added to. */
interface ContainerSetting {
  readonly taskDefinition: TaskDefinition;
  readonly logGroup: ILogGroup;
  readonly ports: NamedPort[];
  readonly enableExecuteCommand: boolean;
  readonly cpuArchitecture: CpuArchitecture;
}

/** Adds the containers of a task, and then the order in which they start. */
export function addContainers(scope: Construct, containers: ResolvedContainer[], setting: ContainerSetting): TaskContainer[] {
  const added = containers.map((container) => ({ ...container, definition: addContainer(scope, container, setting) }));
  for (const { definition, dependsOn } of added) {
    definition.addContainerDependencies(
      ...dependsOn.map(({ container, condition }) => ({
        container: added.find(({ name }) => name === container)!.definition,
        condition,
      })),
    );
  }
  return added;
}

/** Adds one container with its hardening, ports and writable paths. */
function addContainer(scope: Construct, options: ResolvedContainer, setting: ContainerSetting): ContainerDefinition {
  const { taskDefinition, logGroup, ports, enableExecuteCommand } = setting;
  const { name, prop } = options;
  warnOfPlainSecrets(scope, name, options.environment);
  const logging = options.logging._driver(scope, `${prop}.logging`, name, logGroup);
  requireOwnSecretsOf(scope, prop, options.image, logging);
  // Constructs keep their children in an object, in which names such as `constructor` are taken.
  const container = taskDefinition.addContainer(name in {} ? `${name}-container` : name, {
    containerName: name,
    image: builtFor(scope, prop, options.image, setting.cpuArchitecture),
    entryPoint: options.entryPoint,
    command: options.command,
    workingDirectory: options.workingDirectory,
    environment: options.environment,
    secrets: options.secrets,
    healthCheck: options.healthCheck,
    user: options.user,
    ulimits: options.ulimits,
    cpu: options.cpu,
    memoryLimitMiB: options.memoryLimitMiB,
    memoryReservationMiB: options.memoryReservationMiB,
    gpuCount: options.gpuCount,
    readonlyRootFilesystem: options.readonlyRootFilesystem,
    essential: options.essential,
    startTimeout: options.startTimeout,
    stopTimeout: options.stopTimeout,
    restartAttemptPeriod: options.restartAttemptPeriod,
    linuxParameters: hardening(scope, options),
    logging,
  });
  grantKeysOf(scope, prop, container, options.secrets);
  refuseDriver(scope, prop, container, taskDefinition);
  requireBuiltFor(scope, options, container, setting.cpuArchitecture);
  container.addPortMappings(
    ...ports.filter((port) => port.containerName === name).map((port) => portMapping(taskDefinition.networkMode, port)),
  );
  const forExec = enableExecuteCommand && options.readonlyRootFilesystem;
  mountVolumes(scope, taskDefinition, { ...options, definition: container }, forExec);
  return container;
}

/** The log drivers of Fargate, which rejects others when the task definition is registered. */
const FARGATE_DRIVERS = ['awslogs', 'splunk', 'awsfirelens'];

function refuseDriver(scope: Construct, prop: string, { logDriverConfig }: ContainerDefinition, task: TaskDefinition): void {
  const driver = logDriverConfig!.logDriver;
  if (!task.isFargateCompatible || FARGATE_DRIVERS.includes(driver)) return;
  throw validationError(scope, 'LogDriverOnFargate', {
    prop: `${prop}.logging`,
    must: `be one of the log drivers of Fargate (${FARGATE_DRIVERS.join(', ')})`,
    got: driver,
    fix: 'use ContainerLogging.nonBlocking(), or run on Compute.ec2',
  });
}

function hardening(scope: Construct, { name, initProcessEnabled, dropCapabilities, writablePaths }: ResolvedContainer) {
  const parameters = new LinuxParameters(scope, `LinuxParameters-${name}`, { initProcessEnabled });
  parameters.addTmpfs(...tmpfsMounts(writablePaths));
  if (dropCapabilities.length > 0) parameters.dropCapabilities(...dropCapabilities);
  return parameters;
}

function portMapping(networkMode: NetworkMode, port: NamedPort) {
  const protocols = {
    [PortProtocol.HTTP]: AppProtocol.http,
    [PortProtocol.HTTP2]: AppProtocol.http2,
    [PortProtocol.GRPC]: AppProtocol.grpc,
    [PortProtocol.TCP]: undefined,
  };
  // ECS knows no port names in host mode, where there is no proxy either.
  const named = networkMode === NetworkMode.HOST ? {} : { name: port.name, appProtocol: protocols[port.protocol] };
  return { containerPort: port.containerPort, hostPort: port.hostPort, ...named };
}

function warnOfPlainSecrets(scope: Construct, container: string, environment: { [name: string]: string }): void {
  for (const [name, value] of Object.entries(environment)) {
    if (SECRET_NAME.test(name) && !isUnknown(value)) {
      warn(
        scope,
        'PlainSecret',
        `\`environment.${name}\` of ${container} looks like a secret in plaintext; pass it in \`secrets\`, by reference`,
      );
    }
  }
}
