/**
 * How requests reach a new version before anyone else's do.
 *
 * Without it a new version is tried by your hooks and by its health checks only. Whatever reaches it runs on production data.
 *
 * @example
 * const rollout = Rollout.blueGreen({ testTraffic: TestTraffic.header('X-Version', 'next') });
 */
export class TestTraffic {
  /**
   * Requests that carry a header go to the new version, on the addresses that everybody uses.
   *
   * Each gateway route gets a second rule with the header as a further condition, one place before its own; so the route's priority must be
   * 2 or more, and its `hosts` and `paths` together at most 4 values. The aliases in Service Connect follow the same header, except those of
   * plain TCP. On an external side anybody who knows the header reaches the new version: it is a switch, not a secret.
   *
   * @param name name of the header, 1 to 40 characters, such as `X-Version`
   * @param value the exact value, 1 to 128 characters, without `*` and `?`
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-blue-green.html
   */
  public static header(name: string, value: string): TestTraffic {
    return new TestTraffic({ name, value });
  }

  /**
   * Requests to another port of the load balancer go to the new version, by the same hosts and paths.
   *
   * The gateway opens a listener of the same protocol and certificate there, to nobody: let testers in with
   * `gateway.external.connections.allowFrom(tester, ec2.Port.tcp(8443))`. Services that name the same port share it. Service Connect knows no
   * such port; there the header `x-amzn-ecs-blue-green-test` reaches the new version, as AWS has it.
   *
   * @param port port of the listener, 1 to 65535, other than 80 and 443
   */
  public static port(port: number): TestTraffic {
    return new TestTraffic(undefined, port);
  }

  private constructor(
    /** @internal */
    public readonly _header?: { readonly name: string; readonly value: string },
    /** @internal */
    public readonly _port?: number,
  ) {}
}
