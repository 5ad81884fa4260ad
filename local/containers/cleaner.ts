import Docker from 'dockerode';
import { isLeftOver, Labels, ROLE_LABEL, RUN_LABEL } from './run-labels';

/** What the engine says where something is gone already, or is being removed by somebody else. */
const GONE = [304, 404, 409];
/** What Podman says instead of removing or stopping a container in the moment in which it ends by itself. */
const ENDING = /container state improper/;
const [TRIES, TRY_MS] = [50, 100];

/** Removes what the runs of killed runners left in the engine; returns their names. */
export async function removeLeftOvers(docker: Docker): Promise<string[]> {
  const found = await everything(docker, RUN_LABEL);
  const runs = new Set(found.filter(({ labels }) => isLeftOver(labels)).map(({ labels }) => labels[RUN_LABEL]));
  for (const run of runs) await removeRun(docker, run);
  return [...runs];
}

/** Removes all of a run: containers, those that hold a network last, then networks and volumes. Returns how many containers still ran. */
export async function removeRun(docker: Docker, run: string): Promise<number> {
  const filters = { label: [`${RUN_LABEL}=${run}`] };
  const containers = await docker.listContainers({ all: true, filters });
  const holds = ({ Labels: labels }: Docker.ContainerInfo) => labels[ROLE_LABEL] !== undefined;
  for (const group of [containers.filter((each) => !holds(each)), containers.filter(holds)]) {
    await Promise.all(group.map(({ Id }) => removeContainer(docker.getContainer(Id))));
  }
  for (const { Id } of await docker.listNetworks({ filters })) await gone(docker.getNetwork(Id).remove());
  const { Volumes } = await docker.listVolumes({ filters });
  for (const { Name } of Volumes ?? []) await gone(docker.getVolume(Name).remove());
  return containers.filter((each) => each.State === 'running' && !holds(each)).length;
}

/** What of a run is still in the engine. */
export async function remainsOf(docker: Docker, run: string): Promise<string[]> {
  return (await everything(docker, `${RUN_LABEL}=${run}`)).map(({ name }) => name);
}

/** Containers, networks and volumes that have a label. */
export async function everything(docker: Docker, label: string): Promise<{ name: string; labels: Labels }[]> {
  const filters = { label: [label] };
  const containers = await docker.listContainers({ all: true, filters });
  const networks = await docker.listNetworks({ filters });
  const { Volumes } = await docker.listVolumes({ filters });
  return [
    ...containers.map(({ Names, Labels: labels }) => ({ name: `container ${Names[0]}`, labels })),
    ...networks.map(({ Name, Labels: labels }) => ({ name: `network ${Name}`, labels: labels ?? {} })),
    ...(Volumes ?? []).map(({ Name, Labels: labels }) => ({ name: `volume ${Name}`, labels: labels ?? {} })),
  ];
}

export async function gone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    const { statusCode = 0 } = error as { statusCode?: number };
    if (!GONE.includes(statusCode)) throw error;
  }
}

/** Removes a container with its anonymous volumes, whether it runs, ends just now, or is gone. */
export async function removeContainer(container: Pick<Docker.Container, 'remove'>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await gone(container.remove({ force: true, v: true }));
    } catch (error) {
      if (tries === TRIES || !isEnding(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, TRY_MS));
    }
  }
}

export function isEnding(error: unknown): boolean {
  return ENDING.test((error as Error).message);
}
