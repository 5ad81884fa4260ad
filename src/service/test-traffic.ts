import { guard } from '../core/private/guard';

/**
 * Specifies how test traffic reaches a new version before production traffic does.
 *
 * Without it, only your hooks and health checks test a new version. All requests to it use production data.
 *
 * @example
 * const rollout = Rollout.blueGreen({ testTraffic: TestTraffic.header('X-Version', 'next') });
 */
export class TestTraffic {
  /**
   * Requests with a header go to the new version, on the production addresses.
   *
   * Each gateway route has a second rule with the header as an additional condition, with the priority before its own, so the route's
   * priority must be 2 or more, and its `hosts` and `paths` together can have at most 4 values. The Service Connect aliases use the same
   * header, except those of plain TCP. On an external side, anyone who knows the header reaches the new version: it is not a secret.
   *
   * @param name name of the header, 1 to 40 characters, such as `X-Version`
   * @param value the exact value, 1 to 128 characters, without `*` and `?`
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-blue-green.html
   */
  public static header(name: string, value: string): TestTraffic {
    return new TestTraffic({ name, value });
  }

  /**
   * Requests to another port of the load balancer go to the new version, with the same hosts and paths.
   *
   * The gateway creates a listener with the same protocol and certificate, which admits no client by default: admit testers with
   * `gateway.external.connections.allowFrom(tester, ec2.Port.tcp(8443))`. Services that name the same port share it. Service Connect has no
   * such port; there, the header `x-amzn-ecs-blue-green-test` reaches the new version, which is the ECS default.
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

guard({ TestTraffic });
