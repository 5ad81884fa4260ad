import { Reader } from '../intrinsics/reader';

export interface UlimitPlan {
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

export interface TmpfsPlan {
  readonly path: string;
  readonly sizeMiB: number;
  readonly options: readonly string[];
}

export interface MountPlan {
  readonly volume: string;
  readonly path: string;
  readonly readOnly: boolean;
}

/** What a container definition says about how its container is confined: only an engine with containers can do it. */
export interface ContainerSettings {
  readonly user?: string;
  readonly readonlyRoot: boolean;
  readonly privileged: boolean;
  readonly capabilities: { readonly add: readonly string[]; readonly drop: readonly string[] };
  readonly init: boolean;
  readonly ulimits: readonly UlimitPlan[];
  readonly systemControls: Readonly<Record<string, string>>;
  readonly tmpfs: readonly TmpfsPlan[];
  readonly mounts: readonly MountPlan[];
  readonly labels: Readonly<Record<string, string>>;
  /** MiB: the hard limit, at which the kernel ends the container, and what is kept for it. */
  readonly memory?: number;
  readonly memoryReservation?: number;
  /** CPU units: 1024 are one processor. */
  readonly cpu?: number;
  readonly sharedMemory?: number;
  readonly securityOptions: readonly string[];
  readonly extraHosts: readonly string[];
}

export function readSettings(container: Reader): ContainerSettings {
  const linux = container.get('LinuxParameters');
  const words = (reader: Reader) => reader.items().map((item) => item.string());
  return {
    user: container.get('User').optional(),
    readonlyRoot: container.get('ReadonlyRootFilesystem').boolean(false),
    privileged: container.get('Privileged').boolean(false),
    capabilities: { add: words(linux.get('Capabilities').get('Add')), drop: words(linux.get('Capabilities').get('Drop')) },
    init: linux.get('InitProcessEnabled').boolean(false),
    ulimits: container
      .get('Ulimits')
      .items()
      .map((limit) => ({
        name: limit.get('Name').string(),
        soft: limit.get('SoftLimit').number(),
        hard: limit.get('HardLimit').number(),
      })),
    systemControls: Object.fromEntries(
      container
        .get('SystemControls')
        .items()
        .map((control) => [control.get('Namespace').string(), control.get('Value').string()]),
    ),
    tmpfs: linux
      .get('Tmpfs')
      .items()
      .map((mount) => ({
        path: mount.get('ContainerPath').string(),
        sizeMiB: mount.get('Size').number(),
        options: words(mount.get('MountOptions')),
      })),
    mounts: container
      .get('MountPoints')
      .items()
      .map((mount) => ({
        volume: mount.get('SourceVolume').string(),
        path: mount.get('ContainerPath').string(),
        readOnly: mount.get('ReadOnly').boolean(false),
      })),
    labels: Object.fromEntries(
      container
        .get('DockerLabels')
        .entries()
        .map(([name, value]) => [name, value.string()]),
    ),
    memory: positive(container.get('Memory')),
    memoryReservation: positive(container.get('MemoryReservation')),
    cpu: positive(container.get('Cpu')),
    sharedMemory: positive(linux.get('SharedMemorySize')),
    securityOptions: words(container.get('DockerSecurityOptions')),
    extraHosts: container
      .get('ExtraHosts')
      .items()
      .map((host) => `${host.get('Hostname').string()}:${host.get('IpAddress').string()}`),
  };
}

export function positive(reader: Reader): number | undefined {
  const value = reader.number(0);
  return value > 0 ? value : undefined;
}
