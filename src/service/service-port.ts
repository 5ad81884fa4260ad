import { IConstruct } from 'constructs';
import { ConnectOptions, EndpointBinding, IEndpoint, IEndpointClient } from '../core/endpoint';
import { PortProtocol } from '../core/port-protocol';
import { IRoutable, RouteAttachment, RouteRequest } from '../core/routable';

/**
 * A named port of a service, which other services connect to and gateways route to. `service.port(name)` returns it.
 *
 * A connected client receives `<PREFIX>_HOST`, `<PREFIX>_PORT` and, unless the port uses plain TCP, `<PREFIX>_URL`.
 *
 * @example
 * declare const web: MeshService;
 * declare const api: MeshService;
 * web.connectTo(api.port('http')); // API_URL=http://api.<namespace>:8080
 */
export abstract class ServicePort implements IEndpoint, IRoutable {
  public abstract readonly routeOwner: IConstruct;

  /** The name of the port. */
  public abstract readonly name: string;

  /** The application protocol. */
  public abstract readonly protocol: PortProtocol;

  /** The port that the process listens on. */
  public abstract readonly containerPort: number;

  /** The name under which the port is registered in the namespace. */
  public abstract readonly discoveryName: string;

  /** The DNS name that Service Connect clients use. */
  public abstract readonly dnsName: string;

  public abstract bindEndpoint(client: IEndpointClient, options: ConnectOptions): EndpointBinding;

  public abstract bindRoute(request: RouteRequest): RouteAttachment;
}
