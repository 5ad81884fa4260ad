import { networkOctets } from './run-network';

/** Port of the gateway on which the runner comes in, and those on which it serves the tasks. */
export const GATEWAY_PORTS = { tunnel: 9000, state: 9001, control: 51678 };

const CONTAINER_OCTET = 60;
const LOOPBACK = /\b127\.(10|20|30|40|50)\.(\d{1,3})\.(\d{1,3})\b/g;

/**
 * The addresses inside of the tasks' network. What the runner knows as 127.20.x.n is 10.s.20.n there, so that each machine of the
 * template has one address on both sides, and a person can tell which is which.
 */
export class Vpc {
  /** An address of loopback, and what it may be inside: which of these it is, is known once there is a network. */
  public static everywhere(loopback: string): string[] {
    const run = Number(loopback.split('.')[2]);
    return [...new Set([loopback, ...networkOctets(run).map((second) => new Vpc(run, second).inside(loopback))])];
  }

  private containers = 0;
  private readonly aliases = new Map<string, string>();

  constructor(
    /** The run's octet on loopback. */
    private readonly run: number,
    /** The network's octet. */
    private readonly second: number,
  ) {}

  public get subnet(): string {
    return `10.${this.second}.0.0/16`;
  }

  /** Of the gateway: where the resolver of a VPC is, at its base plus two. */
  public get gateway(): string {
    return `10.${this.second}.0.2`;
  }

  public inside(loopback: string): string {
    return this.translate(loopback);
  }

  /** The loopback address that stands for a machine of the network on the runner's side. */
  public outside(address: string): string | undefined {
    const [first, second, kind, host] = address.split('.').map(Number);
    if (first !== 10 || second !== this.second) return undefined;
    return this.aliases.get(address) ?? (kind === 0 ? undefined : `127.${kind}.${this.run}.${host}`);
  }

  /** Another address for a container of a host, which the others know by the host's. */
  public behind(host: string): string {
    const n = ++this.containers;
    const address = `10.${this.second}.${CONTAINER_OCTET + Math.floor(n / 250)}.${(n % 250) + 1}`;
    this.aliases.set(address, host);
    return address;
  }

  /** A text of the template with the run's loopback addresses as they are inside. */
  public translate(text: string): string {
    return text.replace(LOOPBACK, (found, kind: string, run: string, host: string) =>
      Number(run) === this.run ? `10.${this.second}.${kind}.${host}` : found,
    );
  }
}
