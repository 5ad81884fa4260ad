import * as net from 'node:net';
import { NameTarget } from './names-table';

/**
 * A Service Connect alias: one virtual address whose connections go in turn to the tasks behind it, as the Envoy side-car does.
 * Retries, outlier detection and timeouts of the side-car are not emulated.
 */
export class ConnectProxy {
  /** Called after each change of the tasks behind it. */
  public onChange?: () => void;
  private readonly targets: { id: string; address: string; port: number }[] = [];
  private readonly open = new Set<net.Socket>();
  private readonly server: net.Server;
  private turn = 0;

  constructor(
    public readonly name: string,
    public readonly port: number,
    public readonly portName: string,
  ) {
    this.server = net.createServer((client) => this.connect(client));
  }

  public get endpoints(): readonly { readonly address: string; readonly port: number }[] {
    return this.targets;
  }

  public async start(address: string, port: number): Promise<NameTarget> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, address, resolve);
    });
    return port === this.port ? { address } : { address, ports: { [this.port]: port } };
  }

  public add(id: string, address: string, port: number): void {
    this.targets.push({ id, address, port });
    this.onChange?.();
  }

  public remove(id: string): void {
    const at = this.targets.findIndex((target) => target.id === id);
    if (at < 0) return;
    this.targets.splice(at, 1);
    this.onChange?.();
  }

  public stop(): void {
    this.server.close();
    for (const socket of this.open) socket.destroy();
  }

  private connect(client: net.Socket): void {
    const target = this.targets[this.turn++ % Math.max(1, this.targets.length)];
    if (!target) return void client.destroy();
    const upstream = net.connect(target.port, target.address);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ]) {
      this.open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.open.delete(one);
        other.destroy();
      });
    }
    client.pipe(upstream).pipe(client);
  }
}
