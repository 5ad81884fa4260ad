import * as os from 'node:os';
import * as path from 'node:path';
import Docker from 'dockerode';

/** An engine that answers, and what must be known of it. */
export interface EngineApi {
  readonly docker: Docker;
  readonly podman: boolean;
  /** For people: `Podman 4.3.1`. */
  readonly description: string;
  /** Where it answers, as a person writes it. */
  readonly place: string;
}

/** A place where no engine answers. */
export interface Silence {
  /** The place, why, and what to do. */
  readonly sentence: string;
  /** Nothing is there, and nobody has said that there is. */
  readonly expected: boolean;
}

export interface Place {
  /** As a person writes it. */
  readonly name: string;
  readonly options: Docker.DockerOptions;
  /** Named by the user. */
  readonly said?: boolean;
}

/** A busy machine takes its time; one whose engine hangs would wait for ever. */
const ANSWER_MS = 15_000;
const REMEDIES: Record<string, (name: string) => string> = {
  ENOENT: (name) => `${name}: nothing is there`,
  ECONNREFUSED: (name) => `${name}: nobody listens; start the engine`,
  EACCES: (name) => `${name}: no rights; join the group that owns it, or run the engine rootless`,
};

/** The first engine that answers, or a silence for each place where none does. */
export async function findEngineApi(places = placesOf(process.env)): Promise<EngineApi | readonly Silence[]> {
  const silences: Silence[] = [];
  for (const place of places) {
    const found = await tryPlace(place);
    if ('docker' in found) return found;
    silences.push(found);
  }
  return silences;
}

/** Where an engine may listen: what the user says, else where Docker and Podman do. */
export function placesOf(env: Readonly<Record<string, string | undefined>>): Place[] {
  const said = env.DOCKER_HOST ?? env.CONTAINER_HOST;
  if (said) return [{ name: said, options: optionsOf(said), said: true }];
  return [
    '/var/run/docker.sock',
    path.join(os.homedir(), '.docker', 'run', 'docker.sock'),
    ...(env.XDG_RUNTIME_DIR ? [path.join(env.XDG_RUNTIME_DIR, 'podman', 'podman.sock')] : []),
    '/run/podman/podman.sock',
  ].map((socketPath) => ({ name: socketPath, options: { socketPath } }));
}

function optionsOf(said: string): Docker.DockerOptions {
  const url = new URL(said);
  if (url.protocol === 'unix:') return { socketPath: url.pathname };
  if (url.protocol === 'tcp:' || url.protocol === 'http:') {
    return { protocol: 'http', host: url.hostname, port: Number(url.port || 2375) };
  }
  throw new Error(
    `DOCKER_HOST must begin with unix:// or tcp://, got ${JSON.stringify(said)}; forward a remote engine's socket to here`,
  );
}

async function tryPlace({ name, options, said = false }: Place): Promise<EngineApi | Silence> {
  const docker = new Docker(options);
  try {
    const answer = (await within(ANSWER_MS, docker.version())) as {
      Version: string;
      Components?: { Name: string; Version: string }[];
    };
    const podman = answer.Components?.find((component) => component.Name === 'Podman Engine');
    const description = podman ? `Podman ${podman.Version}` : `Docker ${answer.Version}`;
    return { docker, podman: podman !== undefined, description, place: name };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { sentence: REMEDIES[code ?? '']?.(name) ?? `${name}: ${message}`, expected: code === 'ENOENT' && !said };
  }
}

function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
