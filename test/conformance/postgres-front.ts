import { readFileSync } from 'node:fs';
import { createServer, Server, Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { Certificates } from './certificates';

/** The message with which the server ends every connection that the client trusts. */
export const REFUSAL = 'the client trusts this server';

/** A server that takes PostgreSQL's request for TLS, and answers the first message in it with an error. */
export async function servePostgres({ key, cert }: Certificates): Promise<Server> {
  const secureContext = createSecureContext({ key: readFileSync(key), cert: readFileSync(cert) });
  const secure = (socket: Socket) => {
    const tls = new TLSSocket(socket, { isServer: true, secureContext });
    tls.on('error', () => undefined);
    tls.once('data', () => tls.end(errorResponse(`SFATAL\0C08004\0M${REFUSAL}\0\0`)));
  };
  const server = createServer((socket) =>
    socket.on('error', () => undefined).once('data', () => socket.write('S', () => secure(socket))),
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

function errorResponse(fields: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + Buffer.byteLength(fields));
  return Buffer.concat([Buffer.from('E'), length, Buffer.from(fields)]);
}
