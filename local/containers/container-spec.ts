import Docker from 'dockerode';
import { ContainerSettings, TmpfsPlan } from '../ecs/container-settings';
import { ContainerPlan, TaskPlan } from '../ecs/task-definition';

export interface SpecInput {
  readonly plan: ContainerPlan;
  readonly task: TaskPlan;
  readonly fargate: boolean;
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** The container that holds the network; undefined for none. */
  readonly network?: string;
  readonly mounts: readonly Docker.MountSettings[];
  readonly podman: boolean;
  /** What the runner itself may have: an engine without CAP_SYS_RESOURCE cannot give more. */
  readonly processLimit?: number;
}

const MIB = 1024 * 1024;
const CPU_UNITS = 1024;
/** In Docker's set, on which ECS builds, and not in Podman's. */
const MISSING_IN_PODMAN = ['AUDIT_WRITE', 'MKNOD', 'NET_RAW'];
/** Podman makes these writable in a container whose root is read-only, which ECS does not. */
const WRITABLE_IN_PODMAN = ['/run', '/tmp', '/var/tmp'];

/** A container of a task definition as the engine's API wants it. */
export function containerSpec(input: SpecInput): Docker.ContainerCreateOptions {
  const { plan, environment, image, labels } = input;
  const { settings } = plan;
  return {
    Image: image,
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    ...(settings.user === undefined ? {} : { User: settings.user }),
    ...(plan.workingDirectory === undefined ? {} : { WorkingDir: plan.workingDirectory }),
    ...(plan.entryPoint === undefined ? {} : { Entrypoint: [...plan.entryPoint] }),
    ...(plan.command === undefined ? {} : { Cmd: [...plan.command] }),
    // The image's own check is not ECS's, which runs the task definition's or none.
    Healthcheck: { Test: ['NONE'] },
    Labels: { ...settings.labels, ...labels },
    HostConfig: hostConfig(input),
  };
}

function hostConfig({ plan, task, fargate, network, mounts, podman, processLimit }: SpecInput): Docker.HostConfig {
  const { settings } = plan;
  const memory = settings.memory ?? task.memory;
  return {
    NetworkMode: network === undefined ? 'none' : `container:${network}`,
    ReadonlyRootfs: settings.readonlyRoot,
    Privileged: settings.privileged,
    ...capabilities(settings, podman),
    Init: settings.init,
    Ulimits: ulimits(settings, podman, processLimit),
    Tmpfs: tmpfs(settings, podman),
    Mounts: [...mounts],
    SecurityOpt: [...settings.securityOptions],
    ...(memory === undefined ? {} : { Memory: memory * MIB }),
    ...(settings.memoryReservation === undefined ? {} : { MemoryReservation: settings.memoryReservation * MIB }),
    ...(settings.sharedMemory === undefined ? {} : { ShmSize: settings.sharedMemory * MIB }),
    // The task's processors are a limit; a container's share of them counts only while others want them.
    ...(task.cpu === undefined ? {} : { NanoCpus: Math.round((task.cpu / CPU_UNITS) * 1e9) }),
    ...(settings.cpu === undefined || (fargate && task.cpu === undefined) ? {} : { CpuShares: Math.max(2, settings.cpu) }),
  };
}

function capabilities({ capabilities: { add, drop } }: ContainerSettings, podman: boolean): Docker.HostConfig {
  const missing = podman && !drop.includes('ALL') ? MISSING_IN_PODMAN.filter((name) => !drop.includes(name)) : [];
  return { CapAdd: [...add, ...missing], CapDrop: [...drop] };
}

function ulimits({ ulimits: limits }: ContainerSettings, podman: boolean, processLimit?: number): Docker.HostConfig['Ulimits'] {
  if (limits.length === 0) return [];
  const given = limits.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard }));
  // With limits of the caller's, Podman forgets those of its configuration, and asks for more processes than a machine may give.
  if (!podman || processLimit === undefined || limits.some(({ name }) => name === 'nproc')) return given;
  return [...given, { Name: 'nproc', Soft: processLimit, Hard: processLimit }];
}

function tmpfs({ tmpfs: mounts, mounts: volumes, readonlyRoot }: ContainerSettings, podman: boolean): Record<string, string> {
  // Podman fills memory with what the image has there, which Docker does not.
  const empty = podman ? ',notmpcopyup' : '';
  const given = Object.fromEntries(mounts.map((mount) => [mount.path, `${tmpfsOptions(mount)}${empty}`]));
  if (!podman || !readonlyRoot) return given;
  const taken = [...mounts, ...volumes].map(({ path }) => path.replace(/\/$/, ''));
  const closed = WRITABLE_IN_PODMAN.filter((path) => !taken.includes(path));
  return { ...given, ...Object.fromEntries(closed.map((path) => [path, `ro,size=4k,mode=0755${empty}`])) };
}

/** Docker's defaults, which ECS leaves as they are: anybody may write, nothing runs. */
function tmpfsOptions({ sizeMiB, options }: TmpfsPlan): string {
  const defaults = [
    ...(options.some((option) => option.startsWith('mode=')) ? [] : ['mode=1777']),
    ...(options.includes('exec') || options.includes('noexec') ? [] : ['noexec']),
  ];
  return [`size=${sizeMiB}m`, ...options, ...defaults].join(',');
}
