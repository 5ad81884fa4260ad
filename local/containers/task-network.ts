import Docker from 'dockerode';
import { removeContainer } from './cleaner';
import { startUntil } from './container-output';
import { Labels, ROLE_LABEL } from './run-labels';
import { PreparedFolder } from './task-volumes';
import { GATEWAY_PORTS } from './vpc';
import { ClientAlias } from '../ecs/service-plan';
import { ContainerPlan } from '../ecs/task-definition';

/** What the proxy of a server does on a port of a container. 0 is no limit. */
export interface ServedPort {
  readonly port: number;
  readonly http: boolean;
  readonly idleMs: number;
  readonly requestMs: number;
}

/** Containers that share an address and a localhost: those of a task, one alone in bridge mode, or all of a machine in host mode. */
export interface Namespace {
  readonly holder: Docker.Container;
  readonly address: string;
}

export interface NetworkOptions {
  readonly docker: Docker;
  readonly helper: string;
  readonly network: string;
  readonly name: string;
  readonly address: string;
  readonly gateway: string;
  readonly labels: Labels;
  /** Names of Service Connect that this task knows. */
  readonly aliases: readonly ClientAlias[];
  /** Ports of its containers in front of which the proxy of Service Connect stands. */
  readonly served: readonly ServedPort[];
  readonly folders: readonly PreparedFolder[];
  readonly mounts: readonly Docker.MountSettings[];
  readonly sysctls: Readonly<Record<string, string>>;
  readonly extraHosts: readonly string[];
}

/** The ports of containers that a service serves by a name, with the timeouts of the template. */
export function servedPorts(plans: readonly ContainerPlan[], aliases: readonly ClientAlias[]): ServedPort[] {
  return plans.flatMap(({ ports }) =>
    ports.flatMap(({ name, containerPort }) => {
      const alias = aliases.find(({ portName }) => portName === name);
      return alias ? [{ port: containerPort, http: alias.http, idleMs: alias.idleMs, requestMs: alias.requestMs }] : [];
    }),
  );
}

/**
 * Starts the container that holds a task's network, which the task's own containers join: one address, one localhost, one /etc/hosts.
 * Service Connect writes an IPv4 and an IPv6 address for each name there.
 */
export async function startTaskNetwork(options: NetworkOptions): Promise<Docker.Container> {
  const { docker, helper, network, name, address, gateway, labels, mounts, sysctls } = options;
  const aliases = options.aliases.map((alias, i) => ({
    ...{ name: alias.name, port: alias.port, http: alias.http, idleMs: alias.idleMs, requestMs: alias.requestMs },
    ...{ ipv4: `127.255.0.${i + 1}`, ipv6: `2600:f0f0::${(i + 1).toString(16)}` },
  }));
  const sidecar = {
    gateway,
    statePort: GATEWAY_PORTS.state,
    controlPort: GATEWAY_PORTS.control,
    aliases,
    served: options.served,
    folders: options.folders,
  };
  const container = await docker.createContainer({
    name,
    Image: helper,
    Cmd: ['/helper/sidecar.cjs'],
    Env: [`SIDECAR=${JSON.stringify(sidecar)}`],
    Labels: { ...labels, [ROLE_LABEL]: 'task' },
    HostConfig: {
      NetworkMode: network,
      Dns: [gateway],
      ExtraHosts: [
        ...options.extraHosts,
        ...aliases.flatMap((alias) => [`${alias.name}:${alias.ipv4}`, `${alias.name}:${alias.ipv6}`]),
      ],
      CapAdd: ['NET_ADMIN'],
      Mounts: [...mounts],
      Sysctls: { ...sysctls, 'net.ipv6.conf.lo.disable_ipv6': '0' },
    },
    NetworkingConfig: { EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: address } } } },
  });
  try {
    await startUntil(container, 'ready');
  } catch (error) {
    await removeContainer(container).catch(() => undefined);
    throw error;
  }
  return container;
}
