import { ContainerPlan } from './task-definition';

/** A container port and where it is really bound. */
export interface BoundPort {
  readonly container: string;
  readonly containerPort: number;
  readonly address: string;
  readonly port: number;
}

export interface EnvironmentInput {
  readonly container: ContainerPlan;
  readonly secretOf: (valueFrom: string, path: string) => string;
  /** Values the user set for this run; they replace variables of the template. */
  readonly overrides: Readonly<Record<string, string>>;
  readonly region: string;
  readonly fargate: boolean;
  readonly metadataUrl: string;
  readonly secretsUrl: string;
}

export interface ProcessEnvironmentInput extends EnvironmentInput {
  /** Ports of all containers that share this container's network, its own first. */
  readonly network: readonly BoundPort[];
  readonly address: string;
  readonly namesFile: string;
  readonly preload: string;
  readonly pythonPath: string;
}

/** What a container gets beside its image's environment: the template's, its secrets, and what replaces AWS around it. */
export function containerEnvironment(input: EnvironmentInput): Record<string, string> {
  const { container } = input;
  return {
    // A container has those of the template where the template has them.
    AWS_REGION: input.region,
    AWS_DEFAULT_REGION: input.region,
    ...container.environment,
    ...Object.fromEntries(container.secrets.map(({ name, valueFrom, path }) => [name, input.secretOf(valueFrom, path)])),
    ...input.overrides,
    AWS_EXECUTION_ENV: input.fargate ? 'AWS_ECS_FARGATE' : 'AWS_ECS_EC2',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: input.secretsUrl,
    ECS_CONTAINER_METADATA_URI_V4: input.metadataUrl,
  };
}

/** The environment of a container that is a process here: the image's too, and what makes names, ports and addresses those of the task. */
export function processEnvironment(input: ProcessEnvironmentInput): Record<string, string> {
  const { container, network, address } = input;
  const image = container.image.kind === 'asset' ? container.image.spec.environment : {};
  const env: Record<string, string> = {
    // The machine's own search path stands in for the image's: programs come from this machine.
    HOME: process.env.HOME ?? '/',
    LANG: 'C.UTF-8',
    ...image,
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    ...containerEnvironment(input),
    MESH_NAMES: input.namesFile,
    MESH_SELF: JSON.stringify(
      Object.fromEntries(network.map((bound) => [bound.containerPort, { address: bound.address, port: bound.port }])),
    ),
    MESH_BIND: address,
  };
  env.NODE_OPTIONS = [container.environment.NODE_OPTIONS, `--require ${JSON.stringify(input.preload)}`].filter(Boolean).join(' ');
  env.PYTHONPATH = [container.environment.PYTHONPATH ?? image.PYTHONPATH, input.pythonPath].filter(Boolean).join(':');
  if (env.HOST === undefined || env.HOST === '0.0.0.0' || env.HOST === '::') env.HOST = address;
  const [own] = network.filter((bound) => bound.container === container.name);
  if (own && (env.PORT === undefined || env.PORT === String(own.containerPort))) env.PORT = String(own.port);
  return env;
}
