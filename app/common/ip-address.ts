import { isIPv4, isIPv6 } from 'node:net';
import * as ipaddr from 'ipaddr.js';

type Parsed = ipaddr.IPv4 | ipaddr.IPv6;

/** An address in its one canonical spelling, so that a cache key or a table lookup cannot be fooled by another one. */
export class IpAddress {
  /**
   * Reads an address the way it may arrive in a URL or a header: an IPv6 zone is dropped, and an IPv4 address written as IPv6
   * (`::ffff:8.8.8.8`) becomes the IPv4 address. Anything else that is not exactly one address gives undefined.
   */
  public static parse(text: string): IpAddress | undefined {
    if (isIPv4(text)) return new IpAddress(4, text); // isIPv4 takes no other spelling than the canonical one
    const bare = text.split('%', 1)[0];
    if (!isIPv6(bare)) return undefined;
    const parsed = ipaddr.process(inHex(bare));
    return new IpAddress(parsed.kind() === 'ipv4' ? 4 : 6, parsed.toString(), parsed);
  }

  private constructor(
    public readonly version: 4 | 6,
    /** Canonical text: dotted decimals, or IPv6 in lower case with its longest run of zeros shortened (RFC 5952). */
    public readonly text: string,
    private known?: Parsed,
  ) {}

  /** The first `bits` bits (at most 48) as a number. */
  public leadingBits(bits: number): number {
    const first = this.bytes.slice(0, Math.ceil(bits / 8)).reduce((value, byte) => value * 256 + byte, 0);
    return Math.floor(first / 2 ** (Math.ceil(bits / 8) * 8 - bits));
  }

  /** Whether the address lies in the network of the first `bits` bits of `other`. */
  public sharesPrefix(other: IpAddress, bits: number): boolean {
    return this.version === other.version && this.parsed.match(other.parsed, bits);
  }

  /** The network of the first `bits` bits, as `8.8.8.0/22`. */
  public network(bits: number): string {
    const bytes = this.bytes.map((byte, at) => {
      const unit = 2 ** Math.min(8, Math.max(0, 8 * (at + 1) - bits));
      return byte - (byte % unit);
    });
    return `${ipaddr.fromByteArray(bytes).toString()}/${bits}`;
  }

  /** The name of the first of some networks that the address lies in. */
  public firstIn(networks: Record<string, [Parsed, number][]>): string | undefined {
    return ipaddr.subnetMatch(this.parsed, networks, '') || undefined;
  }

  /** An answer from memory needs the text only. */
  private get parsed(): Parsed {
    return (this.known ??= ipaddr.parse(this.text));
  }

  private get bytes(): number[] {
    return this.parsed.toByteArray();
  }
}

/** `::8.8.8.8` is an address of its own, which ipaddr.js takes for `::ffff:8.8.8.8`. */
function inHex(text: string): string {
  return text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a: string, b: string, c: string, d: string) =>
    [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((word) => word.toString(16)).join(':'),
  );
}
