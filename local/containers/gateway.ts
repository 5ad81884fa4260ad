import { randomBytes } from 'node:crypto';
import * as net from 'node:net';
import Docker from 'dockerode';
import { startUntil } from './container-output';
import { firstLine, join, lines } from './helper/sockets.cjs';
import { GATEWAY_PORTS, Vpc } from './vpc';

/** What the gateway serves in the network of the tasks. */
export interface NetworkState {
  readonly addresses: readonly string[];
  /** With `forward`, connections go on to a container; otherwise, to the runner. */
  readonly listeners: readonly { address: string; port: number; forward?: { host: string; port: number } }[];
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** The tasks behind each name and port of Service Connect. */
  readonly endpoints: Readonly<Record<string, readonly { address: string; port: number }[]>>;
  /** What security groups let through, as a script of nft for each namespace by its address; the gateway's own among them. */
  readonly filters: Readonly<Record<string, string>>;
}

export interface GatewayOptions {
  readonly docker: Docker;
  readonly vpc: Vpc;
  /** Where a connection to an address of the runner's leads. */
  readonly answer: (address: string, port: number, from: string) => net.NetConnectOpts | undefined;
}

interface Call {
  readonly call: number;
  readonly address: string;
  readonly port: number;
  readonly from: string;
}

/** The runner's end of the gateway: a container in the tasks' network, and one published port to it. */
export class Gateway {
  private readonly token = randomBytes(16).toString('hex');
  private readonly sockets = new Set<net.Socket>();
  private port = 0;
  private control?: net.Socket;
  private version = 0;
  private readonly applied = new Map<number, () => void>();

  constructor(private readonly options: GatewayOptions) {}

  /** The container's settings; the caller makes it. */
  public get environment(): string {
    const { vpc } = this.options;
    const { tunnel, state } = GATEWAY_PORTS;
    return JSON.stringify({ token: this.token, address: vpc.gateway, port: tunnel, statePort: state });
  }

  /** Starts the container, and takes hold of it. */
  public async start(container: Docker.Container): Promise<void> {
    await startUntil(container, 'ready');
    const { NetworkSettings } = await container.inspect();
    this.port = Number(NetworkSettings.Ports[`${GATEWAY_PORTS.tunnel}/tcp`]?.[0]?.HostPort);
    this.control = await this.open({ op: 'control' });
    this.control.once('close', () => this.applied.forEach((resolve) => resolve()));
    lines(this.control, (line) => this.hear(line as Call | { applied: number }));
  }

  public stop(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Resolves when the gateway serves what it was told. */
  public apply(state: NetworkState): Promise<void> {
    const version = ++this.version;
    return new Promise((resolve) => {
      if (!this.control || this.control.destroyed) return resolve();
      this.applied.set(version, resolve);
      this.control.write(`${JSON.stringify({ ...state, version })}\n`);
    });
  }

  /** A connection to a task, from an address of the network. */
  public async dial(to: string, port: number, from?: string): Promise<net.Socket> {
    const socket = await this.open({ op: 'dial', to, port, from });
    return new Promise((resolve, reject) => {
      socket.once('close', () => reject(new Error('ECONNRESET')));
      firstLine(socket, (answer) => {
        if (answer === 'ok') return resolve(socket);
        socket.destroy();
        return reject(new Error(answer));
      });
    });
  }

  /** Writes a file in the gateway's container; resolves once it is whole. */
  public async write(path: string, content: Buffer): Promise<void> {
    const socket = await this.open({ op: 'write', path });
    socket.end(content);
    await new Promise<void>((resolve, reject) => {
      socket.once('close', () => reject(new Error(`the gateway does not write ${path}`)));
      firstLine(socket, () => resolve());
    });
  }

  private hear(line: Call | { applied: number }): void {
    if ('applied' in line) {
      this.applied.get(line.applied)?.();
      this.applied.delete(line.applied);
      return;
    }
    const to = this.options.answer(line.address, line.port, line.from);
    void this.open({ op: 'take', call: line.call }).then(
      (socket) => {
        if (!to) return void socket.destroy();
        const local = net.connect({ ...to, allowHalfOpen: true } as net.NetConnectOpts);
        this.keep(local);
        join(socket, local);
      },
      () => undefined,
    );
  }

  private open(request: object): Promise<net.Socket> {
    const socket = net.connect({ host: '127.0.0.1', port: this.port, allowHalfOpen: true });
    this.keep(socket);
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        socket.on('error', () => undefined);
        socket.write(`${JSON.stringify({ ...request, token: this.token })}\n`);
        resolve(socket);
      });
    });
  }

  private keep(socket: net.Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
  }
}
