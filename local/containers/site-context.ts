import Docker from 'dockerode';
import { Gateway } from './gateway';
import { Images } from './images';
import { Labels } from './run-labels';
import { VolumeOptions } from './task-volumes';
import { Vpc } from './vpc';
import { RunContext } from '../ecs/run-context';
import { ClientAlias, ServicePlan } from '../ecs/service-plan';
import { Ports } from '../net/ports';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** What the tasks of one run share in the container engine. */
export interface SiteContext extends Omit<RunContext, 'engine'> {
  readonly docker: Docker;
  readonly podman: boolean;
  readonly images: Images;
  readonly vpc: Vpc;
  readonly gateway: Gateway;
  readonly run: string;
  readonly labels: Labels;
  /** Name of the engine's network. */
  readonly network: string;
  readonly ports: Ports;
  readonly volumes: VolumeOptions;
  readonly processLimit?: number;
  /** Names of Service Connect that a service's tasks know. */
  aliasesOf(service: ServicePlan): readonly ClientAlias[];
  /** The address in the network for a caller on loopback, if it is one of the run's machines. */
  sourceOf(caller: string): string | undefined;
  /** A port of a host that leads to a container of a task. */
  forward(task: string, listener: Endpoint & { readonly forward: { readonly host: string; readonly port: number } }): void;
  /** What a task's port on loopback is in the network. */
  reach(task: string, outside: Endpoint, inside: Endpoint): void;
  forget(task: string): void;
  /** Resolves when the network is as it was said to be. */
  publish(): Promise<void>;
}
