import { ProcessEngineOptions } from './process-options';
import { ProcessSite } from './process-site';
import { Engine, TaskRequest, TaskSite } from '../engine/engine';
import { Work } from '../engine/work';

/** Containers as processes of this machine, on loopback addresses: what runs where neither Docker nor Podman is. */
export class ProcessEngine implements Engine {
  public readonly kind = 'process';
  public readonly description = 'processes of this machine';
  public readonly notEmulated = [
    'users, capabilities, read-only file systems, limits of memory and processors (containers are processes here; `--engine container` has them)',
  ];

  private readonly work = new Work();

  constructor(private readonly options: ProcessEngineOptions) {}

  public async start(): Promise<void> {
    // A process needs nothing but its address.
  }

  public async open(task: TaskRequest): Promise<TaskSite> {
    const site = new ProcessSite(task, this.options);
    await this.work.begin(() => site.bindPorts());
    return {
      ports: site.ports,
      start: (container) => this.work.begin(() => site.start(container)),
      close: () => site.close(),
    };
  }

  public async apply(): Promise<void> {
    // What belongs to a version is in its tasks.
  }

  public close(): void {
    this.work.close();
  }

  public async stop(): Promise<number> {
    this.work.close();
    await this.work.settled();
    const left = this.options.table.size;
    this.options.table.killAll();
    return left;
  }
}
