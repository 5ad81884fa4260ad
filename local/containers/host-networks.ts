import Docker from 'dockerode';
import { Images } from './images';
import { Labels } from './run-labels';
import { Namespace, startTaskNetwork } from './task-network';
import { Vpc } from './vpc';

export interface HostNetworksOptions {
  readonly docker: Docker;
  readonly images: Images;
  readonly vpc: Vpc;
  readonly run: string;
  readonly network: string;
  readonly labels: Labels;
}

/**
 * The networks of a run's container instances, which tasks in host mode are in. Each is there from its first task to the end of the run,
 * behind the address of the instance, which the gateway has.
 */
export class HostNetworks {
  private readonly addresses = new Map<string, string>();
  private readonly holders = new Map<string, Promise<Docker.Container>>();

  constructor(private readonly options: HostNetworksOptions) {}

  /** @param host the address of an instance on loopback */
  public addressOf(host: string): string {
    const address = this.addresses.get(host) ?? this.options.vpc.behind(host);
    this.addresses.set(host, address);
    return address;
  }

  /** The network must know the address by then. */
  public async of(host: string): Promise<Namespace> {
    const holder = this.holders.get(host) ?? this.start(host);
    this.holders.set(host, holder);
    holder.catch(() => this.holders.delete(host));
    return { holder: await holder, address: this.addressOf(host) };
  }

  private async start(host: string): Promise<Docker.Container> {
    const { docker, images, vpc, run, network, labels } = this.options;
    return startTaskNetwork({
      ...{ docker, network, labels, gateway: vpc.gateway, address: this.addressOf(host), helper: await images.helper() },
      name: `cdk-ecs-mesh-${run}-host-${host.split('.').at(-1)}-net`,
      ...{ aliases: [], served: [], folders: [], mounts: [], sysctls: {}, extraHosts: [] },
    });
  }
}
