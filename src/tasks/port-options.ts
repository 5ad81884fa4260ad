import { PortProtocol } from '../core/port-protocol';

/** A named port of a container. */
export interface PortOptions {
  /**
   * The name of the port, unique in the task: lowercase letters, digits, hyphens and underscores, at most 64. `service.port(name)` refers
   * to it.
   */
  readonly name: string;

  /** The port that the process listens on, 1 to 65535. */
  readonly containerPort: number;

  /**
   * The application protocol of the port.
   *
   * @default PortProtocol.HTTP
   */
  readonly protocol?: PortProtocol;

  /**
   * The port on the host, for bridge mode only. Two tasks on one host cannot share it.
   *
   * @default - in bridge mode, a free port of each host; otherwise, the container port
   */
  readonly hostPort?: number;

  /**
   * The name under which the port is registered in the namespace, unique there.
   *
   * @default - the discovery name of the service, followed by the port's name if the service has several ports
   */
  readonly discoveryName?: string;

  /**
   * The DNS name that Service Connect clients use. Set it if a configuration file expects a short name.
   *
   * @default - `<discoveryName>.<namespace>`
   */
  readonly dnsName?: string;
}
