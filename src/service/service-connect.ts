import { Duration } from 'aws-cdk-lib';
import { guard } from '../core/private/guard';

/** Timeouts of the Service Connect proxy of a server. */
export interface ServiceConnectTimeouts {
  /**
   * The time after which an idle connection is closed; 0 for never. A time shorter than `requestTimeout` ends requests early, and a time
   * that is not above the idle timeout of a gateway causes occasional 502 errors; both add the warning `ProxyIdleTimeout`.
   *
   * @default - 5 minutes for HTTP, HTTP/2 and gRPC, or a minute more than `requestTimeout` or the gateway's `idleTimeout` where that is
   * longer, and 0 where `requestTimeout` is; one hour for TCP, whose clients keep pools
   */
  readonly idleTimeout?: Duration;

  /**
   * The maximum duration of a request; 0 for no limit. It also applies to requests from a load balancer, which pass through the same proxy:
   * a time below the idle timeout of the gateway adds the warning `ProxyRequestTimeout`. HTTP, HTTP/2 and gRPC only.
   *
   * @default Duration.seconds(60)
   */
  readonly requestTimeout?: Duration;
}

/**
 * The Service Connect proxy in the tasks of a service. Plan 256 CPU units and 64 MiB for it.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
 *
 * @example
 * const serviceConnect = ServiceConnect.clientAndServer({ requestTimeout: Duration.minutes(5) });
 */
export class ServiceConnect {
  /**
   * The service can call aliases, and exactly the ports that something in the app connects to have an alias. This is the default in awsvpc
   * mode.
   *
   * Requests from a load balancer to another port do not pass through a proxy. A port has its alias from the deployment of its first client
   * on, before the client; when its last client is removed, the alias is removed in the same deployment, while old tasks of the client
   * might still call it.
   *
   * @param timeouts timeouts of the proxy
   */
  public static onDemand(timeouts: ServiceConnectTimeouts = {}): ServiceConnect {
    return new ServiceConnect('onDemand', true, true, false, timeouts);
  }

  /**
   * The service can call aliases, and each of its named ports has an alias, also for clients outside the app. Requests from load balancers
   * pass through its proxy too.
   *
   * @param timeouts timeouts of the proxy
   */
  public static clientAndServer(timeouts: ServiceConnectTimeouts = {}): ServiceConnect {
    return new ServiceConnect('clientAndServer', true, true, true, timeouts);
  }

  /** The service can call aliases, but has none itself; connecting to a port of it is an error. */
  public static client(): ServiceConnect {
    return new ServiceConnect('client', true, false, false, {});
  }

  /** No proxy: the service is called only through gateway routes, and calls others by DNS name. */
  public static none(): ServiceConnect {
    return new ServiceConnect('none', false, false, false, {});
  }

  private constructor(
    /** The name of the factory method, for messages. @internal */
    public readonly _name: string,
    /** Indicates whether aliases resolve in the service's tasks. */
    public readonly isClient: boolean,
    /** Indicates whether ports of the service can have an alias: all of them, or those that something connects to. */
    public readonly isServer: boolean,
    /** Indicates whether each named port has its alias without being called. @internal */
    public readonly _servesAll: boolean,
    /** @internal */
    public readonly _timeouts: ServiceConnectTimeouts,
  ) {}
}

guard({ ServiceConnect });
