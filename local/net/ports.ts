import * as net from 'node:net';

/** The ports Linux and ECS give out for `hostPort: 0`. */
const EPHEMERAL = { first: 32768, last: 60999 };

/** What keeps a process from listening there: undefined when nothing does, else the system's error code. */
export async function bindError(address: string, port: number): Promise<string | undefined> {
  const server = net.createServer();
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'UNKNOWN'));
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** Hands out free ports and never the same one twice, since the process that gets one needs a moment to bind it. */
export class Ports {
  private readonly taken = new Set<string>();

  /** The wanted port if possible; privileged ports move up by 8000, others to the next free one. */
  public async near(address: string, wanted: number): Promise<number> {
    const unprivileged = wanted < 1024 ? wanted + 8000 : wanted;
    const candidates = [wanted, ...Array.from({ length: 200 }, (_unused, i) => unprivileged + i)];
    for (const port of candidates) {
      if (await this.take(address, port)) return port;
    }
    throw new Error(`no free port near ${wanted} on ${address}`);
  }

  /** A random port, as ECS gives one to a bridge-mode container. */
  public async dynamic(address: string): Promise<number> {
    for (let attempt = 0; attempt < 100; attempt++) {
      const port = EPHEMERAL.first + Math.floor(Math.random() * (EPHEMERAL.last - EPHEMERAL.first + 1));
      if (await this.take(address, port)) return port;
    }
    throw new Error(`no free port between ${EPHEMERAL.first} and ${EPHEMERAL.last} on ${address}`);
  }

  public release(address: string, port: number): void {
    this.taken.delete(`${address}:${port}`);
  }

  private async take(address: string, port: number): Promise<boolean> {
    const key = `${address}:${port}`;
    if (this.taken.has(key)) return false;
    this.taken.add(key);
    if ((await bindError(address, port)) === undefined) return true;
    this.taken.delete(key);
    return false;
  }
}
