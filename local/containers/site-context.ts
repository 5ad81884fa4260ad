import Docker from 'dockerode';
import { Gateway } from './gateway';
import { HostNetworks } from './host-networks';
import { Images } from './images';
import { Station } from './packet-filter';
import { Labels } from './run-labels';
import { VolumeOptions } from './task-volumes';
import { Vpc } from './vpc';
import { RunContext } from '../ecs/run-context';
import { ClientAlias, ServicePlan } from '../ecs/service-plan';
import { TaskRequest } from '../engine/engine';
import { Ports } from '../net/ports';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Something that the runner itself runs, on loopback, and that tasks reach by its address in the network and the template's port. */
export interface Exposed extends Endpoint {
  /** The resource of the template, whose security groups it has; what has none stands in for the services of AWS. */
  readonly key?: string;
  readonly templatePort: number;
  /** A load balancer tells its targets who calls; a store takes calls from this machine's own address alone. */
  readonly seesCaller?: boolean;
}

/** What the tasks of one run share in the container engine. */
export interface SiteContext extends Omit<RunContext, 'engine'> {
  readonly docker: Docker;
  readonly podman: boolean;
  readonly images: Images;
  readonly vpc: Vpc;
  readonly gateway: Gateway;
  readonly hosts: HostNetworks;
  readonly run: string;
  readonly labels: Labels;
  /** Name of the engine's network. */
  readonly network: string;
  readonly ports: Ports;
  readonly volumes: VolumeOptions;
  /** What every container of the run has. */
  readonly sharedMounts: readonly Docker.MountSettings[];
  readonly processLimit?: number;
  /** Names of Service Connect that a service's tasks know. */
  aliasesOf(service: ServicePlan): readonly ClientAlias[];
  /** The address in the network for a caller on loopback, if it is one of the run's machines. */
  sourceOf(caller: string): string | undefined;
  /** A port of a host that leads to a container of a task; an error if it is another task's. */
  forward(task: TaskRequest, listener: Endpoint & { readonly forward: { readonly host: string; readonly port: number } }): void;
  /** What a task's port on loopback is in the network. */
  reach(task: string, outside: Endpoint, inside: Endpoint): void;
  /** An address that a task has in the network, for the security groups of its service. */
  attach(task: TaskRequest, station: Omit<Station, 'interface'>): void;
  forget(task: string): void;
  /** Resolves when the network is as it was said to be. */
  publish(): Promise<void>;
}
