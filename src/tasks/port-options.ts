import { PortProtocol } from '../core/port-protocol';

/** A named port of a container. */
export interface PortOptions {
  /** Name, unique in the task: lower-case letters, digits, hyphens and underscores, at most 64. `service.port(name)` finds it. */
  readonly name: string;

  /** Port that the process listens on, 1 to 65535. */
  readonly containerPort: number;

  /**
   * Protocol that the process speaks on the port.
   *
   * @default PortProtocol.HTTP
   */
  readonly protocol?: PortProtocol;

  /**
   * Port on the host, for bridge mode only. Two tasks on one host cannot share it.
   *
   * @default - bridge mode: a free port of each host; otherwise the container port
   */
  readonly hostPort?: number;

  /**
   * Name under which the port is registered in the namespace, unique there.
   *
   * @default - the discovery name of the service, followed by the port's name if the service has several ports
   */
  readonly discoveryName?: string;

  /**
   * DNS name that Service Connect clients use. Set it where a configuration file expects a short name.
   *
   * @default - `<discoveryName>.<namespace>`
   */
  readonly dnsName?: string;
}
