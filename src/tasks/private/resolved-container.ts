import { Duration } from 'aws-cdk-lib';
import { Capability, ContainerDefinition, ContainerImage, HealthCheck, Secret, Ulimit } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { validationError } from '../../core/private/errors';
import { sorted } from '../../core/private/sorted';
import { ContainerDependency, ContainerLifecycle } from '../container-lifecycle';
import { ContainerLogging } from '../container-logging';
import { ContainerOptions } from '../container-options';
import { ContainerProcess } from '../container-process';
import { ContainerResources } from '../container-resources';
import { ContainerStorage } from '../container-storage';
import { PortOptions } from '../port-options';
import { WritablePath } from '../writable-path';

/** A container with every default applied. */
export interface ResolvedContainer extends ContainerProcess, ContainerStorage, ContainerResources, ContainerLifecycle {
  /** The user's words for it, such as `sidecars[0]`. */
  readonly prop: string;
  readonly name: string;
  /** Indicates whether it is a sidecar, which receives the variables and secrets of a connection only if it is named. */
  readonly isSidecar: boolean;
  readonly image: ContainerImage;
  readonly ports: PortOptions[];
  readonly environment: { [name: string]: string };
  readonly secrets: { [name: string]: Secret };
  readonly healthCheck?: HealthCheck;
  readonly logging: ContainerLogging;
  readonly initProcessEnabled: boolean;
  readonly ulimits: Ulimit[];
  readonly dropCapabilities: Capability[];
  readonly writablePaths: WritablePath[];
  readonly readonlyRootFilesystem: boolean;
  readonly essential: boolean;
  readonly dependsOn: ContainerDependency[];
  readonly stopTimeout: Duration;
}

/** A container that is in its task definition. */
export interface TaskContainer extends ResolvedContainer {
  readonly definition: ContainerDefinition;
}

/** Returns the definitions of the app's containers, or of the sidecars. */
export function definitionsOf(containers: TaskContainer[], { sidecars }: { sidecars: boolean }): ContainerDefinition[] {
  return containers.filter(({ isSidecar }) => isSidecar === sidecars).map(({ definition }) => definition);
}

/** The containers of a task, as a user describes them. */
export interface ContainerLists {
  readonly containers: ContainerOptions[];
  readonly sidecars?: ContainerOptions[];
}

/** Returns one list of all containers of a task, sidecars last. The first container is named after its service or job. */
export function resolveContainers(
  scope: IConstruct,
  { containers, sidecars = [] }: ContainerLists,
  discoveryName: string,
): ResolvedContainer[] {
  if (containers.length === 0) {
    throw validationError(scope, 'NoContainers', {
      prop: 'containers',
      must: 'have at least one container',
      got: [],
      fix: 'specify a container with an image',
    });
  }
  const names = [
    ...containers.map(({ name }, i) => name ?? (i === 0 ? discoveryName : undefined)),
    ...sidecars.map(({ name }) => name),
  ];
  return [...containers, ...sidecars].map((options, i) => {
    const isSidecar = i >= containers.length;
    const prop = isSidecar ? `sidecars[${i - containers.length}]` : `containers[${i}]`;
    return resolveContainer(options, { prop, isSidecar, name: requireOwnName(scope, prop, names, i) });
  });
}

export function resolveContainer(
  options: ContainerOptions,
  identity: Pick<ResolvedContainer, 'prop' | 'name' | 'isSidecar'>,
): ResolvedContainer {
  const { process = {}, storage = {}, resources = {}, lifecycle = {} } = options;
  return {
    ...process,
    ...resources,
    ...lifecycle,
    ...identity,
    image: options.image,
    ports: options.ports ?? [],
    environment: Object.fromEntries(sorted(options.environment)),
    secrets: Object.fromEntries(sorted(options.secrets)),
    healthCheck: options.healthCheck,
    logging: options.logging ?? ContainerLogging.nonBlocking(),
    initProcessEnabled: process.initProcessEnabled ?? true,
    ulimits: process.ulimits ?? [],
    dropCapabilities: process.dropCapabilities ?? [Capability.ALL],
    writablePaths: storage.writablePaths ?? [],
    readonlyRootFilesystem: storage.readonlyRootFilesystem ?? true,
    essential: lifecycle.essential ?? true,
    dependsOn: lifecycle.dependsOn ?? [],
    stopTimeout: lifecycle.stopTimeout ?? Duration.seconds(30),
  };
}

function requireOwnName(scope: IConstruct, prop: string, names: (string | undefined)[], index: number): string {
  const name = names[index];
  if (name !== undefined && names.indexOf(name) === index) return name;
  throw validationError(scope, 'ContainerNameNeeded', {
    prop: `${prop}.name`,
    must: 'be given and unique in the task',
    got: name ?? null,
    fix: 'name the container after its purpose, such as "worker"',
  });
}
