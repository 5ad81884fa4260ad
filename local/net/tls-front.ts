import * as net from 'node:net';
import * as tls from 'node:tls';
import { Certificate } from '../elb/certificate';

/** Encrypts in front of a server that was built without TLS, and passes on what is inside. */
export class TlsFront {
  private readonly sockets = new Set<net.Socket>();
  private readonly server = net.createServer((socket) => this.accept(this.keep(socket)));
  private readonly secureContext: tls.SecureContext;

  constructor(
    certificate: Certificate,
    private readonly inner: net.TcpNetConnectOpts,
  ) {
    this.secureContext = tls.createSecureContext(certificate);
  }

  public listen(port: number, host: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
  }

  public close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  /** What a client says first is its part of the handshake, unless its protocol asks for TLS first. */
  protected accept(socket: net.Socket): void {
    this.secure(socket);
  }

  protected secure(socket: net.Socket): void {
    this.join(this.keep(new tls.TLSSocket(socket, { isServer: true, secureContext: this.secureContext })));
  }

  protected join(client: net.Socket, first?: Buffer): void {
    const server = this.keep(net.connect(this.inner));
    if (first) server.write(first);
    client.pipe(server).pipe(client);
    for (const [one, other] of [[client, server] as const, [server, client] as const]) one.once('close', () => other.destroy());
  }

  private keep<T extends net.Socket>(socket: T): T {
    this.sockets.add(socket);
    return socket.on('error', () => socket.destroy()).once('close', () => this.sockets.delete(socket));
  }
}
