import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Plan } from './plan';
import { cpuMicros, residentMiB } from './process-usage';
import { Turn } from './turns';
import { parseWrk, wrkCommand, WrkLoad, WrkResult } from './wrk';
import { Ports } from '../../local/net/ports';
import { Child } from '../../local/process/child';
import { onPath } from '../../local/process/on-path';
import { ProcessTable } from '../../local/process/process-table';

const HOST = '127.0.0.1';
/** A load that nobody ended. */
const MOST_SECONDS = 300;
const BESIDES = ['/usr/sbin', '/usr/local/sbin'];

export interface Service {
  readonly name: string;
  readonly origin: string;
  readonly port: number;
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

/** Starts servers on the servers' processor and load on the other; nothing that it started outlives it. */
export class Workshop {
  public readonly directory: string;
  public readonly ports = new Ports();
  private readonly table: ProcessTable;
  private readonly services: Service[] = [];
  private count = 0;
  /** Where the next load of a server goes on in its list, so that it asks for what was asked for longest ago. */
  private readonly positions = new Map<string, number>();

  constructor(
    public readonly root: string,
    public readonly plan: Plan,
    /** Puts a command on the processors of the load; empty where that cannot be. */
    private readonly loadPrefix: readonly string[],
    public readonly say: (line: string) => void,
  ) {
    this.directory = join(root, '.cache', 'bench', 'app-run');
    mkdirSync(this.directory, { recursive: true });
    this.table = new ProcessTable(join(root, 'local'));
  }

  public bundle(service: 'api' | 'frontend'): string {
    return join(this.root, 'assets', 'geolocation', service);
  }

  /** One of the servers in this folder. */
  public own(name: string): string {
    return join(this.root, '.cache', 'bench', 'app', `${name}.js`);
  }

  private get script(): string {
    return join(this.root, 'bench', 'app', 'load.lua');
  }

  public tool(name: string): string {
    const found = onPath(name, BESIDES);
    if (!found) throw new Error(`${name} is not installed`);
    return found;
  }

  /** `ready` is the path to ask until it answers; undefined for what does not speak HTTP. */
  public async serve(
    name: string,
    command: (port: number) => readonly string[],
    options: { env?: Record<string, string>; ready?: string; besideLoad?: boolean } = {},
  ): Promise<Service> {
    const port = await this.ports.dynamic(HOST);
    const words = [...(options.besideLoad ? this.loadPrefix : []), ...command(port)];
    const env = { PATH: process.env.PATH ?? '', HOST, PORT: `${port}`, TASK_ID: name.replace(/\W+/g, '-'), ...options.env };
    const child = this.child(words, name, env);
    const service = { name, port, origin: `http://${HOST}:${port}`, pid: child.pid, stop: () => child.stop(5000) };
    this.services.push(service);
    await this.answers(service, child, options.ready);
    return service;
  }

  public node(
    name: string,
    script: string,
    options: { env?: Record<string, string>; ready?: string; flags?: string[] } = {},
  ): Promise<Service> {
    return this.serve(name, () => [process.execPath, ...(options.flags ?? []), script], options);
  }

  /** Runs a load generator to its end; its output, or an error with it. */
  public async load(command: readonly string[], timeoutSeconds: number, prefix = this.loadPrefix): Promise<string> {
    const name = `${command[0]}-${++this.count}`;
    const child = this.child([...prefix, this.tool(command[0]), ...command.slice(1)], name, {
      PATH: process.env.PATH ?? '',
      LC_ALL: 'C',
    });
    const timer = setTimeout(() => child.signal('SIGKILL'), timeoutSeconds * 1000);
    const result = await child.exited;
    clearTimeout(timer);
    const output = readFileSync(this.log(name), 'utf8');
    if (result !== 0) throw new Error(`${command[0]} ended with ${result}: ${output.trim().slice(-300)}`);
    return output;
  }

  /** Load for as long as `during` takes, and a second before and after. */
  public async wrkDuring(load: Omit<WrkLoad, 'seconds'>, during: () => Promise<void>): Promise<WrkResult> {
    const [tool, ...words] = wrkCommand({ ...load, seconds: MOST_SECONDS }, this.script);
    const name = `${tool}-${++this.count}`;
    const child = this.child([...this.loadPrefix, this.tool(tool), ...words], name, { PATH: process.env.PATH ?? '', LC_ALL: 'C' });
    const pause = () => new Promise((resolve) => setTimeout(resolve, 1000));
    await pause();
    await during().finally(async () => {
      await pause();
      child.signal('SIGINT'); // on which wrk says what it has seen so far
      await child.exited;
    });
    return parseWrk(readFileSync(this.log(name), 'utf8'));
  }

  public async wrk(load: WrkLoad): Promise<WrkResult> {
    const from = this.positions.get(load.origin) ?? 0;
    const result = parseWrk(await this.load(wrkCommand({ ...load, from }, this.script), load.seconds + 30));
    this.positions.set(load.origin, (from + result.requests + load.connections) % load.paths.count);
    return result;
  }

  /** What the load costs each of some processes, in microseconds a request. */
  public async wrkWithCost(load: WrkLoad, parts: Readonly<Record<string, readonly (number | undefined)[]>>): Promise<Turn> {
    const names = Object.keys(parts);
    const used = () => names.map((part) => parts[part].map(cpuMicros).reduce((sum, micros) => sum + micros, 0));
    const before = used();
    const result = await this.wrk(load);
    const after = used();
    return { ...result, micros: Object.fromEntries(names.map((part, i) => [part, (after[i] - before[i]) / result.requests])) };
  }

  public resident({ pid }: Service): number {
    return residentMiB(pid);
  }

  public async close(): Promise<void> {
    await Promise.all(this.services.map((service) => service.stop()));
    this.table.killAll();
  }

  private child(command: readonly string[], name: string, env: Record<string, string>): Child {
    return new Child({ command, cwd: this.directory, env, log: this.log(name, true), table: this.table });
  }

  private log(name: string, isNew = false): string {
    const file = join(this.directory, `${name.replace(/\W+/g, '-')}.log`);
    if (isNew) rmSync(file, { force: true });
    return file;
  }

  private async answers(service: Service, child: Child, path: string | undefined): Promise<void> {
    for (const until = Date.now() + 30_000; path !== undefined;) {
      try {
        const { status } = await fetch(service.origin + path, { headers: { connection: 'close' } });
        if (status < 500) return;
      } catch {
        // not yet
      }
      if (child.ended || Date.now() > until) {
        throw new Error(`${service.name} does not start: ${readFileSync(this.log(service.name), 'utf8').slice(-500)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
