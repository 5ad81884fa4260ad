import * as net from 'node:net';
import { join } from './helper/sockets.cjs';

/** A port on loopback through which the run's load balancers reach a task. */
export class LocalPort {
  private readonly server: net.Server;
  private readonly open = new Set<net.Socket>();

  /** `dial` is told the address that the caller has on loopback. */
  constructor(dial: (caller: string) => Promise<net.Socket>) {
    this.server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
      this.open.add(client);
      client.once('close', () => this.open.delete(client));
      client.on('error', () => undefined);
      dial(client.remoteAddress ?? '').then(
        (socket) => {
          join(client, socket);
          client.resume();
        },
        () => client.resetAndDestroy(),
      );
    });
  }

  public listen(address: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, address, resolve);
    });
  }

  public close(): void {
    this.server.close();
    for (const socket of this.open) socket.destroy();
  }
}
