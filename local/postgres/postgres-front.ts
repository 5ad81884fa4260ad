import * as net from 'node:net';
import { Certificate } from '../elb/certificate';
import { TlsFront } from '../net/tls-front';

/** Codes of the messages that may come before a client names itself, in the second four bytes. */
const CANCEL = 80877102;
const ENCRYPT = { tls: 80877103, gss: 80877104 };

/** PostgreSQL's clients ask whether the server speaks TLS, and go on with it or without. */
export class PostgresFront extends TlsFront {
  constructor(
    certificate: Certificate,
    inner: net.TcpNetConnectOpts,
    /** Whether who goes on without it is sent away, as `rds.force_ssl` has it. */
    private readonly forced: boolean,
  ) {
    super(certificate, inner);
  }

  protected accept(socket: net.Socket): void {
    socket.once('data', (first) => {
      const code = first.length < 8 ? 0 : first.readInt32BE(4);
      if (code === ENCRYPT.gss) {
        socket.write('N');
        return this.accept(socket);
      }
      if (code !== ENCRYPT.tls) {
        if (this.forced && code !== CANCEL) return void socket.end(refusal(first, socket.remoteAddress));
        return this.join(socket, first);
      }
      // Whoever writes before the answer has been read would be in the clear, so nothing of it is kept.
      if (first.length > 8) return void socket.destroy();
      this.secure(socket);
      return void socket.write('S');
    });
  }
}

/** What the server says to clients that its host-based authentication has no line for. */
function refusal(startup: Buffer, host = ''): Buffer {
  const words = startup.subarray(8).toString('utf8').split('\0');
  const given = (name: string) => words[words.indexOf(name) + 1] ?? '';
  const text = `no pg_hba.conf entry for host "${host}", user "${given('user')}", database "${given('database')}", no encryption`;
  const fields = Buffer.from(`SFATAL\0VFATAL\0C28000\0M${text}\0\0`);
  const head = Buffer.from([0x45, 0, 0, 0, 0]);
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}
