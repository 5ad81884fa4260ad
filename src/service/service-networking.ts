import { ServiceConnect } from './service-connect';
import { ServiceDiscovery } from './service-discovery';

/** The names of a service, and the ways in which others call it by them. */
export interface ServiceNetworking {
  /**
   * The name of the service in the mesh, which Service Connect aliases, the log group and the topology diagram use: lowercase letters,
   * digits and hyphens.
   *
   * @default - the construct id in kebab-case
   */
  readonly discoveryName?: string;

  /**
   * The Service Connect proxy of the tasks.
   *
   * @default - `ServiceConnect.onDemand()` if tasks have their own address; `ServiceConnect.none()` in bridge and host mode, and with
   * `Rollout.codeDeploy`
   */
  readonly serviceConnect?: ServiceConnect;

  /**
   * The DNS names of the tasks, for clients without a Service Connect proxy.
   *
   * @default - none; only Service Connect aliases and gateway routes
   */
  readonly discovery?: ServiceDiscovery;
}
