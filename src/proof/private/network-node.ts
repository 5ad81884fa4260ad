import { NetworkLocation } from './network';
import { PortRange } from './port-range';
import { Group } from './security-group';

/** A port of a container, and the port under which its host publishes it. */
export interface HostPort {
  readonly containerPort: number;
  readonly host: PortRange;
}

/** A target that a load balancer forwards connections to. */
export interface Forward {
  readonly to: NetworkNode;
  /** The ports, as the security group of the target sees them. */
  readonly ports: PortRange;
  /** The port of the container, as people know it. */
  readonly port: number;
  /** The port of the listener whose connections are forwarded. */
  readonly listener: number;
  /** The rule or listener that forwards. */
  readonly by: string;
}

/** A node of the network that can open or accept connections. */
export interface NetworkNode {
  /** The path of the resource. */
  readonly path: string;
  /** The path for people. */
  readonly name: string;
  readonly what: string;
  readonly groups: Group[];
  readonly place: NetworkLocation;
  /** Indicates whether the owner can make it open connections: true for tasks, hosts and functions, false for databases and endpoints. */
  readonly opens: boolean;
  /** The only ports that it listens on; undefined if it can listen on any. */
  readonly listens?: number[];
  /** The only connections that it opens inside the network: those that a load balancer forwards. */
  readonly forwards?: Forward[];
  /** Indicates whether it also calls peers outside the app, such as a load balancer that signs users in. */
  readonly callsOutside?: boolean;
  /** Indicates whether it is at the edge of AWS, where everyone calls it, outside all networks. */
  readonly atEdge?: boolean;
  /** The path of the hosts whose security group and address it shares. */
  readonly hosts?: string;
  /** Its ports on those hosts. */
  readonly hostPorts?: HostPort[];
}
