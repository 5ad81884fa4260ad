/** A component that can open TCP connections to another. */
export interface ReachablePair {
  /** The construct path of the client, or `Internet`, an address range, or a prefix list. */
  readonly from: string;

  /** The construct path of the server, or `Internet`, an address range, or a prefix list. */
  readonly to: string;

  /**
   * The ports, such as `6379`, `80, 443`, `32768-65535` or `any port`. For a container with dynamic host ports, it is the container port.
   */
  readonly ports: string;

  /** The hops of the connection, in order. */
  readonly path: string[];
}
