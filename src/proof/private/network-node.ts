import { NetworkLocation } from './network';
import { PortRange } from './port-range';
import { Group } from './security-group';

/** A port of a container and where its host offers it. */
export interface HostPort {
  readonly containerPort: number;
  readonly host: PortRange;
}

/** Something that a load balancer sends connections to. */
export interface Forward {
  readonly to: NetworkNode;
  /** As its security group sees it. */
  readonly ports: PortRange;
  /** As people know it: the port of the container. */
  readonly port: number;
  /** Port of the listener whose connections end there. */
  readonly listener: number;
  /** Rule or listener that decides so. */
  readonly by: string;
}

/** Whoever can open or accept connections. */
export interface NetworkNode {
  /** Path of the resource. */
  readonly path: string;
  /** Path for people. */
  readonly name: string;
  readonly what: string;
  readonly groups: Group[];
  readonly place: NetworkLocation;
  /** Whether its owner can make it open connections: tasks, hosts and functions can, databases and endpoints cannot. */
  readonly opens: boolean;
  /** The only ports it answers on; absent where anything may listen. */
  readonly listens?: number[];
  /** The only connections it opens inside the network: those of a load balancer. */
  readonly forwards?: Forward[];
  /** Whether it also calls somebody outside, as a load balancer does that signs users in. */
  readonly callsOutside?: boolean;
  /** Path of the hosts whose security group and address it shares. */
  readonly hosts?: string;
  /** Its ports on those hosts. */
  readonly hostPorts?: HostPort[];
}
