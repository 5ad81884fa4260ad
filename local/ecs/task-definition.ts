import { ContainerSettings, positive, readSettings } from './container-settings';
import { ImageSource } from './image';
import { readVolumes, VolumePlan } from './volumes';
import { Reader } from '../intrinsics/reader';

export type NetworkMode = 'awsvpc' | 'bridge' | 'host' | 'none';
export type DependencyCondition = 'START' | 'HEALTHY' | 'COMPLETE' | 'SUCCESS';

export interface PortMapping {
  readonly name?: string;
  readonly containerPort: number;
  /** 0 asks for a random port of the host. */
  readonly hostPort: number;
  /** What Service Connect's proxy speaks on it. */
  readonly protocol: 'tcp' | 'http' | 'http2';
}

export interface HealthCheckPlan {
  readonly command: readonly string[];
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly startPeriodMs: number;
}

export interface ContainerPlan {
  readonly name: string;
  readonly image: ImageSource;
  readonly essential: boolean;
  readonly environment: Readonly<Record<string, string>>;
  /** Secret references, resolved when a task starts. */
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string; readonly path: string }[];
  readonly ports: readonly PortMapping[];
  readonly healthCheck?: HealthCheckPlan;
  readonly stopTimeoutMs: number;
  /** How long others that depend on it wait; without it, they wait for ever. */
  readonly startTimeoutMs?: number;
  readonly entryPoint?: readonly string[];
  readonly command?: readonly string[];
  readonly workingDirectory?: string;
  /** EFS file system that is mounted in the container: what is written there outlives the task. */
  readonly fileSystem?: string;
  /** Paths in memory and on volumes of the task, which it may write to while its root file system is read-only. */
  readonly writablePaths: readonly string[];
  readonly dependsOn: readonly { readonly container: string; readonly condition: DependencyCondition }[];
  readonly settings: ContainerSettings;
}

export interface TaskPlan {
  readonly family: string;
  readonly networkMode: NetworkMode;
  readonly containers: readonly ContainerPlan[];
  readonly volumes: readonly VolumePlan[];
  /** CPU units and MiB of the whole task. */
  readonly cpu?: number;
  readonly memory?: number;
}

/** Read an `AWS::ECS::TaskDefinition`. */
export function readTaskDefinition(
  props: Reader,
  logicalId: string,
  imageOf: (image: string, path: string) => ImageSource,
): TaskPlan {
  const networkMode = props.get('NetworkMode').string('bridge') as NetworkMode;
  const volumes = readVolumes(props);
  const fileSystems = new Map(volumes.flatMap(({ name, fileSystem }) => (fileSystem ? [[name, fileSystem] as const] : [])));
  return {
    family: props.get('Family').string(logicalId),
    networkMode,
    containers: props
      .get('ContainerDefinitions')
      .items()
      .map((container) => readContainer(container, networkMode, fileSystems, imageOf)),
    volumes,
    cpu: positive(props.get('Cpu')),
    memory: positive(props.get('Memory')),
  };
}

/** gRPC is HTTP/2. */
const PROXY_PROTOCOLS: Record<string, PortMapping['protocol']> = { http: 'http', http2: 'http2', grpc: 'http2' };

function readContainer(
  container: Reader,
  networkMode: NetworkMode,
  fileSystems: ReadonlyMap<string, string>,
  imageOf: (image: string, path: string) => ImageSource,
): ContainerPlan {
  const image = container.get('Image');
  const pairs = (key: string, value: string) =>
    container
      .get(key)
      .items()
      .map((item) => ({ name: item.get('Name').string(), value: item.get(value) }));
  return {
    name: container.get('Name').string(),
    image: imageOf(image.string(), image.path),
    essential: container.get('Essential').boolean(true),
    environment: Object.fromEntries(pairs('Environment', 'Value').map(({ name, value }) => [name, value.string()])),
    secrets: pairs('Secrets', 'ValueFrom').map(({ name, value }) => ({ name, valueFrom: value.string(), path: value.path })),
    ports: container
      .get('PortMappings')
      .items()
      .map((mapping) => {
        const containerPort = mapping.get('ContainerPort').number();
        return {
          name: mapping.get('Name').optional(),
          containerPort,
          hostPort: networkMode === 'bridge' ? mapping.get('HostPort').number(0) : containerPort,
          protocol: PROXY_PROTOCOLS[mapping.get('AppProtocol').string('')] ?? 'tcp',
        };
      }),
    healthCheck: readHealthCheck(container.get('HealthCheck')),
    stopTimeoutMs: container.get('StopTimeout').number(30) * 1000,
    startTimeoutMs: container.get('StartTimeout').exists ? container.get('StartTimeout').number() * 1000 : undefined,
    entryPoint: strings(container.get('EntryPoint')),
    command: strings(container.get('Command')),
    workingDirectory: container.get('WorkingDirectory').optional(),
    fileSystem: container
      .get('MountPoints')
      .items()
      .map((mount) => fileSystems.get(mount.get('SourceVolume').string()))
      .find((id) => id !== undefined),
    writablePaths: [
      ...container.get('LinuxParameters').get('Tmpfs').items(),
      ...container
        .get('MountPoints')
        .items()
        .filter((mount) => !mount.get('ReadOnly').boolean(false) && !fileSystems.has(mount.get('SourceVolume').string())),
    ].map((mount) => mount.get('ContainerPath').string()),
    dependsOn: container
      .get('DependsOn')
      .items()
      .map((item) => ({
        container: item.get('ContainerName').string(),
        condition: item.get('Condition').string() as DependencyCondition,
      })),
    settings: readSettings(container),
  };
}

function readHealthCheck(check: Reader): HealthCheckPlan | undefined {
  if (!check.exists) return undefined;
  const [kind, ...rest] = strings(check.get('Command')) ?? [];
  if (kind === 'NONE') return undefined;
  return {
    command: kind === 'CMD-SHELL' ? ['/bin/sh', '-c', rest.join(' ')] : kind === 'CMD' ? rest : [kind, ...rest],
    intervalMs: check.get('Interval').number(30) * 1000,
    timeoutMs: check.get('Timeout').number(5) * 1000,
    retries: check.get('Retries').number(3),
    startPeriodMs: check.get('StartPeriod').number(0) * 1000,
  };
}

function strings(list: Reader): string[] | undefined {
  return list.exists ? list.items().map((item) => item.string()) : undefined;
}
