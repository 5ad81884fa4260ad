import { ProcessEngineOptions } from './process-options';
import { ProcessSite } from './process-site';
import { Engine, TaskRequest, TaskSite } from '../engine/engine';

/** Containers as processes of this machine, on loopback addresses: what runs where neither Docker nor Podman is. */
export class ProcessEngine implements Engine {
  public readonly kind = 'process';
  public readonly description = 'processes of this machine';
  public readonly notEmulated = [
    'users, capabilities, read-only file systems, limits of memory and processors (containers are processes here; `--engine container` has them)',
  ];

  constructor(private readonly options: ProcessEngineOptions) {}

  public async start(): Promise<void> {
    // A process needs nothing but its address.
  }

  public async open(task: TaskRequest): Promise<TaskSite> {
    const site = new ProcessSite(task, this.options);
    await site.bindPorts();
    return site;
  }

  public async stop(): Promise<number> {
    const left = this.options.table.size;
    this.options.table.killAll();
    return left;
  }
}
