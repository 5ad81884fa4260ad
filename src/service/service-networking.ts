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
   * Service Connect proxy in the tasks.
   *
   * @default - `ServiceConnect.onDemand()` where tasks have their own address, `ServiceConnect.none()` in bridge and host mode, and with
   * `Rollout.codeDeploy`
   */
  readonly serviceConnect?: ServiceConnect;

  /**
   * Names of the tasks in DNS, for clients without a Service Connect proxy.
   *
   * @default - none: Service Connect aliases and gateway routes only
   */
  readonly discovery?: ServiceDiscovery;
}
