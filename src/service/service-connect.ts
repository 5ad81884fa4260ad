import { Duration } from 'aws-cdk-lib';

/** Timeouts of the Service Connect proxy of a server. */
export interface ServiceConnectTimeouts {
  /**
   * Time after which an idle connection is closed; 0 for never. A shorter time than `requestTimeout` ends requests early, and a time that is
   * not above the idle timeout of a gateway makes it answer 502 now and then; both have the warning `ProxyIdleTimeout`.
   *
   * @default - 5 minutes for HTTP, HTTP/2 and gRPC, or a minute more than `requestTimeout` or the gateway's `idleTimeout` where that is
   * longer, and 0 where `requestTimeout` is; one hour for TCP, whose clients keep pools
   */
  readonly idleTimeout?: Duration;

  /**
   * Time that a request may take in all; 0 for no limit. Also holds for requests that come through a load balancer, since they
   * pass the same proxy: a time below the idle timeout of the gateway has the warning `ProxyRequestTimeout`. HTTP, HTTP/2 and gRPC only.
   *
   * @default Duration.seconds(60)
   */
  readonly requestTimeout?: Duration;
}

/**
 * The Service Connect proxy in the tasks of a service. Add 256 CPU units and 64 MiB for it.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
 *
 * @example
 * const serviceConnect = ServiceConnect.clientAndServer({ requestTimeout: Duration.minutes(5) });
 */
export class ServiceConnect {
  /**
   * The service calls by alias, and exactly the ports that something in the app connects to can be called by alias. The default in awsvpc mode.
   *
   * Requests from a load balancer to another port pass no proxy. A port that gains its first client gets its alias in the same deployment,
   * before the client; one that loses its last client loses it in the same deployment as the client, whose old tasks may still call.
   *
   * @param timeouts how long the proxy waits
   */
  public static onDemand(timeouts: ServiceConnectTimeouts = {}): ServiceConnect {
    return new ServiceConnect('onDemand', true, true, false, timeouts);
  }

  /**
   * The service calls by alias, and each of its named ports can be called by alias, also by what is not in the app. Requests from load
   * balancers pass its proxy too.
   *
   * @param timeouts how long the proxy waits
   */
  public static clientAndServer(timeouts: ServiceConnectTimeouts = {}): ServiceConnect {
    return new ServiceConnect('clientAndServer', true, true, true, timeouts);
  }

  /** The service calls by alias; nothing can call it by alias, and connecting to a port of it is an error. */
  public static client(): ServiceConnect {
    return new ServiceConnect('client', true, false, false, {});
  }

  /** No proxy: the service is called through gateway routes only, and calls by DNS name. */
  public static none(): ServiceConnect {
    return new ServiceConnect('none', false, false, false, {});
  }

  private constructor(
    /** Name of the factory, for messages. @internal */
    public readonly _name: string,
    /** Whether aliases resolve in the service's tasks. */
    public readonly isClient: boolean,
    /** Whether ports of the service can be called by alias: all of them, or those that something connects to. */
    public readonly isServer: boolean,
    /** Whether each named port has its alias without being called. @internal */
    public readonly _servesAll: boolean,
    /** @internal */
    public readonly _timeouts: ServiceConnectTimeouts,
  ) {}
}
