import { Duration } from 'aws-cdk-lib';
import { IPrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import { guard } from '../core/private/guard';

/** Options for names in DNS. */
export interface PrivateDnsOptions {
  /**
   * The time to live of DNS records. Clients call a stopped task for this time, so they should retry.
   *
   * @default Duration.seconds(10)
   */
  readonly ttl?: Duration;

  /**
   * The name of the port in SRV records, for EC2 hosts in bridge or host mode.
   *
   * @default - the first port of the task
   */
  readonly port?: string;
}

/**
 * Specifies whether the tasks of a service are registered in DNS, in addition to Service Connect: for clients without its proxy, such as
 * jobs, functions, hosts, tasks in bridge mode and networks that are connected to the mesh.
 *
 * `connectTo` uses the name if the client has no proxy. DNS distributes load only as often as clients resolve names, keeps no connections
 * alive, and does not shift traffic: in a blue/green deployment, tasks of both versions answer.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * const names = mesh.addDnsNamespace('Names', 'svc.shop.local');
 * const api = new MeshService(this, 'Api', {
 *   mesh,
 *   containers: [{ image: ecs.ContainerImage.fromRegistry('my/api'), ports: [{ name: 'http', containerPort: 8080 }] }],
 *   networking: { discovery: ServiceDiscovery.privateDns(names) }, // api.svc.shop.local
 * });
 */
export class ServiceDiscovery {
  /**
   * A name in a private DNS namespace: `<discoveryName>.<namespace>`, with the addresses of up to eight healthy tasks. In bridge and host
   * mode, ECS supports only SRV records (host and port of each task), which the client must be able to read.
   *
   * The hosted zone of the namespace costs 0.50 USD a month (list price, November 2026).
   *
   * @param namespace the namespace, from `mesh.addDnsNamespace` or your own
   * @param options time to live, and port of SRV records
   */
  public static privateDns(namespace: IPrivateDnsNamespace, options: PrivateDnsOptions = {}): ServiceDiscovery {
    return new ServiceDiscovery(namespace, options);
  }

  private constructor(
    /** The namespace. */
    public readonly namespace: IPrivateDnsNamespace,
    /** @internal */
    public readonly _options: PrivateDnsOptions,
  ) {}
}

guard({ ServiceDiscovery });
