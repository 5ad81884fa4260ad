import { IConstruct } from 'constructs';
import { ConnectOptions, EndpointBinding, IEndpoint, IEndpointClient } from '../core/endpoint';
import { PortProtocol } from '../core/port-protocol';
import { IRoutable, RouteAttachment, RouteRequest } from '../core/routable';

/**
 * A named port of a service: what other services connect to, and what gateways route to. Made by `service.port(name)`.
 *
 * A connected client gets `<PREFIX>_HOST`, `<PREFIX>_PORT` and, unless the port speaks plain TCP, `<PREFIX>_URL`.
 *
 * @example
 * declare const web: MeshService;
 * declare const api: MeshService;
 * web.connectTo(api.port('http')); // API_URL=http://api.<namespace>:8080
 */
export abstract class ServicePort implements IEndpoint, IRoutable {
  public abstract readonly routeOwner: IConstruct;

  /** Name of the port. */
  public abstract readonly name: string;

  /** What it speaks. */
  public abstract readonly protocol: PortProtocol;

  /** Port that the process listens on. */
  public abstract readonly containerPort: number;

  /** Name under which the port is registered in the namespace. */
  public abstract readonly discoveryName: string;

  /** DNS name that Service Connect clients use. */
  public abstract readonly dnsName: string;

  public abstract bindEndpoint(client: IEndpointClient, options: ConnectOptions): EndpointBinding;

  public abstract bindRoute(request: RouteRequest): RouteAttachment;
}
