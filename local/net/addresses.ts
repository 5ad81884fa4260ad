import * as net from 'node:net';

export type AddressKind = 'loadBalancer' | 'task' | 'host' | 'cache' | 'control';

const SECOND_OCTET: Record<AddressKind, number> = { loadBalancer: 10, task: 20, host: 30, cache: 40, control: 50 };
const MACHINE = new RegExp(`^(::ffff:)?127\\.(${Object.values(SECOND_OCTET).join('|')})\\.`);
const LOCK_PORT = 59999;
const SHARED = '127.0.0.1';

/**
 * Every network interface of the architecture gets its own loopback address, so that ports stay as the template says. Where the system
 * has only 127.0.0.1 (macOS), everything shares that and ports differ instead.
 */
export class Addresses {
  /** Claim a third octet nobody else uses, by holding a listener on it: two runs on one machine then never meet. */
  public static async claim(): Promise<Addresses> {
    for (let run = 0; run < 250; run++) {
      const held = await hold(`127.${SECOND_OCTET.control}.${run}.254`);
      if (held === 'unavailable') break;
      if (held !== 'taken') return new Addresses(run, held);
    }
    return new Addresses(undefined);
  }

  private readonly next = new Map<AddressKind, number>();

  private constructor(
    /** Undefined where only 127.0.0.1 can be bound. */
    public readonly run: number | undefined,
    private readonly lock?: net.Server,
  ) {}

  /** True where each component has an address of its own. */
  public get separate(): boolean {
    return this.run !== undefined;
  }

  public allocate(kind: AddressKind): string {
    if (this.run === undefined) return SHARED;
    const host = (this.next.get(kind) ?? 0) + 1;
    if (host > 250) throw new Error(`more than 250 ${kind} addresses in one run`);
    this.next.set(kind, host);
    return `127.${SECOND_OCTET[kind]}.${this.run}.${host}`;
  }

  public release(): void {
    this.lock?.close();
  }
}

/** Whether a caller is a part of a run, rather than somebody who visits it. */
export function isMachine(address: string | undefined): boolean {
  return address !== undefined && MACHINE.test(address);
}

async function hold(address: string): Promise<net.Server | 'taken' | 'unavailable'> {
  const server = net.createServer((socket) => socket.destroy());
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE' ? 'taken' : 'unavailable'));
    server.listen({ host: address, port: LOCK_PORT, exclusive: true }, () => resolve(server.unref()));
  });
}
