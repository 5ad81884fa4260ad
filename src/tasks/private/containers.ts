import { Duration, Size, Token } from 'aws-cdk-lib';
import {
  AppProtocol,
  AwsLogDriverMode,
  Capability,
  ContainerDefinition,
  LinuxParameters,
  LogDriver,
  LogDrivers,
  NetworkMode,
  TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { PortProtocol } from '../../core/port-protocol';
import { validationError, warn } from '../../core/private/errors';
import { sorted } from '../../core/private/sorted';
import { ContainerOptions } from '../container-options';
import { requireContainerLimits } from './container-limits';
import { NamedPort } from './named-ports';
import { mountVolumes, tmpfsMounts } from './writable-paths';

/** Names that a secret would have. Variables are readable by everyone who may describe the task definition. */
const SECRET_NAME = /(PASSWORD|PASSWD|TOKEN|API_?KEY|PRIVATE_?KEY|SECRET)$/i;

/** Everything that the containers of one task share. */
interface ContainerSetting {
  readonly taskDefinition: TaskDefinition;
  readonly logGroup: ILogGroup;
  readonly ports: NamedPort[];
  readonly containerNames: string[];
  readonly enableExecuteCommand: boolean;
}

/** Non-blocking: a slow log service must not stop the application; 25 MiB ride out a short outage. */
export function logDriver(logGroup: ILogGroup, streamPrefix: string): LogDriver {
  return LogDrivers.awsLogs({ logGroup, streamPrefix, mode: AwsLogDriverMode.NON_BLOCKING, maxBufferSize: Size.mebibytes(25) });
}

/** Names of the containers, in order; the first one is called after the service. */
export function containerNames(scope: Construct, containers: ContainerOptions[], discoveryName: string): string[] {
  if (containers.length === 0) {
    throw validationError(scope, 'NoContainers', {
      prop: 'containers',
      must: 'have one container at least',
      got: [],
      fix: 'describe the image to run',
    });
  }
  const names = containers.map((container, i) => container.name ?? (i === 0 ? discoveryName : undefined));
  names.forEach((name, i) => {
    if (name === undefined || names.indexOf(name) !== i) {
      throw validationError(scope, 'ContainerNameNeeded', {
        prop: `containers[${i}].name`,
        must: 'be given and unique in the task',
        got: name ?? null,
        fix: 'name the container after what it does, such as "worker"',
      });
    }
  });
  requireContainerLimits(scope, containers, names as string[]);
  return names as string[];
}

/** Adds one container with its hardening, ports and writable paths. */
export function addContainer(
  scope: Construct,
  index: number,
  options: ContainerOptions,
  setting: ContainerSetting,
): ContainerDefinition {
  const { taskDefinition, logGroup, ports, enableExecuteCommand } = setting;
  const name = setting.containerNames[index];
  warnOfPlainSecrets(scope, name, options.environment ?? {});
  const readonlyRootFilesystem = options.readonlyRootFilesystem ?? true;
  // Constructs keep their children in an object, in which names such as `constructor` are taken.
  const container = taskDefinition.addContainer(name in {} ? `${name}-container` : name, {
    containerName: name,
    image: options.image,
    command: options.command,
    environment: Object.fromEntries(sorted(options.environment)),
    secrets: Object.fromEntries(sorted(options.secrets)),
    healthCheck: options.healthCheck,
    essential: options.essential ?? true,
    user: options.user,
    gpuCount: options.gpuCount,
    readonlyRootFilesystem,
    stopTimeout: options.stopTimeout ?? Duration.seconds(30),
    linuxParameters: hardening(scope, name, options),
    logging: logDriver(logGroup, name),
  });
  container.addPortMappings(
    ...ports.filter((port) => port.containerName === name).map((port) => portMapping(taskDefinition.networkMode, port)),
  );
  const forExec = enableExecuteCommand && readonlyRootFilesystem;
  mountVolumes(scope, { taskDefinition, container, prop: `containers[${index}]` }, options, forExec);
  return container;
}

function hardening(scope: Construct, name: string, options: ContainerOptions): LinuxParameters {
  const { dropCapabilities = [Capability.ALL], writablePaths } = options;
  const parameters = new LinuxParameters(scope, `LinuxParameters-${name}`, { initProcessEnabled: true });
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
    if (SECRET_NAME.test(name) && !Token.isUnresolved(value)) {
      warn(
        scope,
        'PlainSecret',
        `\`environment.${name}\` of ${container} looks like a secret in plain text; pass it in \`secrets\`, by reference`,
      );
    }
  }
}
