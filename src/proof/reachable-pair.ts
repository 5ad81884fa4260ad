/** Who can open TCP connections to whom. */
export interface ReachablePair {
  /** Construct path of the client, or `Internet`, an address range, a prefix list. */
  readonly from: string;

  /** Construct path of the server, or `Internet`, an address range, a prefix list. */
  readonly to: string;

  /**
   * Ports, such as `6379`, `80, 443`, `32768-65535` or `any port`. A port of a container with dynamic host ports is that of the container.
   */
  readonly ports: string;

  /** What lets it through, in the order of the way. */
  readonly path: string[];
}
