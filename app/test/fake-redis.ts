import { AddressInfo, createServer, Server, Socket } from 'node:net';

/** Enough of a Redis server for the store: RESP2 arrays in, simple answers out, and a switch that freezes it like SIGSTOP does. */
export class FakeRedis {
  readonly data = new Map<string, string>();
  readonly commands: string[][] = [];
  /** Accepts and reads, but answers nothing. */
  frozen = false;
  /** Refuses what writes, as a primary does that a failover made a replica. */
  readOnly = false;
  connections = 0;
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();

  async start(port = 0): Promise<number> {
    const server = createServer((socket) => this.serve(socket));
    this.server = server;
    await new Promise<void>((resolve) => {
      server.listen(port, '127.0.0.1', () => resolve());
    });
    return (server.address() as AddressInfo).port;
  }

  /** Gone, like a killed process: connections are cut and the port refuses. */
  async kill(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => (this.server ? this.server.close(resolve) : resolve(undefined)));
    this.server = undefined;
  }

  private serve(socket: Socket): void {
    this.connections++;
    this.sockets.add(socket);
    let pending = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      pending += chunk;
      for (let command = take(pending); command; command = take(pending)) {
        pending = pending.slice(command.length);
        this.commands.push(command.words);
        if (!this.frozen) socket.write(this.answer(command.words), 'latin1');
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
  }

  private answer([name, key, value]: string[]): string {
    if (this.readOnly && ['set', 'incrby', 'expire'].includes(name.toLowerCase())) {
      return "-READONLY You can't write against a read only replica.\r\n";
    }
    switch (name.toLowerCase()) {
      case 'info':
        return bulk('# Server\r\nredis_version:7.0.0\r\nloading:0\r\n');
      case 'get':
        return bulk(this.data.get(key));
      case 'set':
        this.data.set(key, value);
        return '+OK\r\n';
      case 'incrby':
        this.data.set(key, String(Number(this.data.get(key) ?? 0) + Number(value)));
        return `:${this.data.get(key)}\r\n`;
      case 'expire':
        return ':1\r\n';
      case 'ping':
        return '+PONG\r\n';
      case 'hello':
        return "-ERR unknown command 'HELLO'\r\n";
      default:
        return '+OK\r\n';
    }
  }
}

function bulk(value: string | undefined): string {
  return value === undefined ? '$-1\r\n' : `$${value.length}\r\n${value}\r\n`;
}

/** The first whole command of a buffer, if there is one. */
function take(buffer: string): { words: string[]; length: number } | undefined {
  const head = /^\*(\d+)\r\n/.exec(buffer);
  if (!head) return undefined;
  const words: string[] = [];
  let at = head[0].length;
  while (words.length < Number(head[1])) {
    const size = /^\$(\d+)\r\n/.exec(buffer.slice(at));
    if (!size || buffer.length < at + size[0].length + Number(size[1]) + 2) return undefined;
    at += size[0].length;
    words.push(buffer.slice(at, at + Number(size[1])));
    at += Number(size[1]) + 2;
  }
  return { words, length: at };
}
