import { createHash } from 'node:crypto';
import Docker from 'dockerode';
import { removeContainer } from './cleaner';
import { startUntil } from './container-output';
import { Labels } from './run-labels';
import { MountPlan } from '../ecs/container-settings';
import { ServicePlan } from '../ecs/service-plan';
import { AccessPoint, VolumePlan } from '../ecs/volumes';

/** Where the helper of a task has the task's volumes. */
const PLACE = '/volumes';
const ROOT_OWNED = { uid: 0, gid: 0, mode: 0o755 };

export interface VolumeOptions {
  readonly docker: Docker;
  readonly run: string;
  readonly labels: Labels;
  readonly accessPoints: ReadonlyMap<string, AccessPoint>;
}

/** A folder that the helper gives its owner, once, before the first container sees it. */
export interface PreparedFolder {
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

interface EngineVolume {
  readonly plan: VolumePlan;
  readonly name: string;
  /** Content and owner come from the image that declares the path. */
  readonly fromImage: boolean;
  readonly folder: PreparedFolder;
}

/**
 * The volumes of a task. An empty one belongs to root with mode 0755 on Fargate, unless an image declares VOLUME on exactly the path where
 * it is mounted: then the image's content and owner count. Engines have rules of their own, which fill or give away a volume where it is
 * mounted first; so the helper mounts it first.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html
 */
export class TaskVolumes {
  public static async create(
    task: { readonly id: string; readonly service: ServicePlan },
    declared: (mount: MountPlan) => boolean,
    options: VolumeOptions,
  ): Promise<TaskVolumes> {
    const { volumes, containers } = task.service.task;
    const mounts = containers.flatMap(({ settings }) => settings.mounts);
    const made = volumes.map((plan): EngineVolume => {
      const point = plan.accessPoint === undefined ? undefined : options.accessPoints.get(plan.accessPoint);
      const kept = plan.fileSystem && `${plan.fileSystem} ${plan.accessPoint ?? ''} ${point?.path ?? plan.rootDirectory}`;
      const suffix = createHash('sha256')
        .update(kept ?? `${task.id} ${plan.name}`)
        .digest('hex')
        .slice(0, 12);
      const fromImage = !kept && mounts.some((mount) => mount.volume === plan.name && declared(mount));
      const folder = {
        path: `${PLACE}/${suffix}`,
        ...ROOT_OWNED,
        ...(point && { uid: point.uid, gid: point.gid, mode: point.mode }),
      };
      return { plan, name: `cdk-ecs-mesh-${options.run}-${suffix}`, fromImage, folder };
    });
    for (const { name } of made) await options.docker.createVolume({ Name: name, Labels: { ...options.labels } });
    return new TaskVolumes(made, options);
  }

  private constructor(
    private readonly volumes: readonly EngineVolume[],
    private readonly options: VolumeOptions,
  ) {}

  public get folders(): PreparedFolder[] {
    return this.prepared.map(({ folder }) => folder);
  }

  public get helperMounts(): Docker.MountSettings[] {
    return this.prepared.map(({ name, folder }) => mountOf(name, folder.path, false, true));
  }

  /** Gives the folders their owners where no network of the task's own does. */
  public async prepare(helper: string): Promise<void> {
    if (this.prepared.length === 0) return;
    const { docker, labels } = this.options;
    const container = await docker.createContainer({
      ...{ Image: helper, Cmd: ['/helper/folders.cjs'], Env: [`FOLDERS=${JSON.stringify(this.folders)}`], Labels: { ...labels } },
      HostConfig: { NetworkMode: 'none', Mounts: this.helperMounts },
    });
    try {
      await startUntil(container, 'ready');
    } finally {
      await removeContainer(container);
    }
  }

  public mountsOf(mounts: readonly MountPlan[]): Docker.MountSettings[] {
    return mounts.flatMap((mount) => {
      const volume = this.volumes.find(({ plan }) => plan.name === mount.volume);
      return volume ? [mountOf(volume.name, mount.path, mount.readOnly, !volume.fromImage)] : [];
    });
  }

  /** What a file system keeps stays until the run ends. */
  public async remove(): Promise<void> {
    for (const { name, plan } of this.volumes) {
      if (plan.fileSystem === undefined) {
        await this.options.docker
          .getVolume(name)
          .remove()
          .catch(() => undefined);
      }
    }
  }

  private get prepared(): EngineVolume[] {
    return this.volumes.filter(({ fromImage }) => !fromImage);
  }
}

export function mountOf(Source: string, Target: string, ReadOnly: boolean, NoCopy: boolean): Docker.MountSettings {
  // The types want a driver and labels, which the volume has already.
  const VolumeOptions = { NoCopy } as Docker.MountSettings['VolumeOptions'];
  return { Type: 'volume', Source, Target, ReadOnly, VolumeOptions };
}
