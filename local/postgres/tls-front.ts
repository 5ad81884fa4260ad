import * as net from 'node:net';
import * as tls from 'node:tls';
import { Certificate } from '../elb/certificate';

/** The message with which a client of PostgreSQL asks for TLS: its length and a code. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** Encrypts in front of a PostgreSQL that was built without TLS: answers the request for it, and passes on what is inside. */
export class TlsFront {
  private readonly sockets = new Set<net.Socket>();
  private readonly server = net.createServer((socket) => this.accept(socket));
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

  private accept(socket: net.Socket): void {
    this.keep(socket).once('data', (first) => {
      if (!first.equals(SSL_REQUEST)) return this.join(socket, first);
      // Whoever writes before the answer has been read would be in the clear, so nothing of it is kept.
      const secure = new tls.TLSSocket(socket, { isServer: true, secureContext: this.secureContext });
      socket.write('S');
      this.join(this.keep(secure));
    });
  }

  private join(client: net.Socket, first?: Buffer): void {
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
