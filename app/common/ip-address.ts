/* eslint-disable no-bitwise -- an address is bits */
import { isIPv4, isIPv6 } from 'node:net';

const WORD = 65536;

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
    const words = wordsOfV6(bare);
    const mapped = words.slice(0, 5).every((word) => word === 0) && words[5] === WORD - 1;
    return mapped ? new IpAddress(4, v4Text(words.slice(6))) : new IpAddress(6, v6Text(words), words);
  }

  private constructor(
    public readonly version: 4 | 6,
    /** Canonical text: dotted decimals, or IPv6 in lower case with its longest run of zeros shortened (RFC 5952). */
    public readonly text: string,
    private known?: readonly number[],
  ) {}

  /** The first `bits` bits (at most 48) as a number. */
  public leadingBits(bits: number): number {
    let value = 0;
    for (let at = 0; at < bits; at += 16) {
      const take = Math.min(16, bits - at);
      value = value * (1 << take) + (this.words[at / 16] >> (16 - take));
    }
    return value;
  }

  /** Whether the address lies in the network of the first `bits` bits of `other`. */
  public sharesPrefix(other: IpAddress, bits: number): boolean {
    if (this.version !== other.version) return false;
    for (let at = 0; at < bits; at += 16) {
      const differing = this.words[at / 16] ^ other.words[at / 16];
      if (differing >> Math.max(0, at + 16 - bits) !== 0) return false;
    }
    return true;
  }

  /** The network of the first `bits` bits, as `8.8.8.0/22`. */
  public network(bits: number): string {
    const words = this.words.map((word, index) => {
      const spare = Math.min(16, Math.max(0, 16 * (index + 1) - bits));
      return (word >> spare) << spare;
    });
    return `${this.version === 4 ? v4Text(words) : v6Text(words)}/${bits}`;
  }

  /** 16-bit words from the front: two for IPv4, eight for IPv6. An answer from memory needs the text only. */
  private get words(): readonly number[] {
    return (this.known ??= wordsOfV4(this.text));
  }
}

function wordsOfV4(text: string): number[] {
  const [a, b, c, d] = text.split('.');
  return [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)];
}

function wordsOfV6(text: string): number[] {
  const [head, tail] = text.split('::');
  const front = hexWords(head);
  if (tail === undefined) return front;
  const back = hexWords(tail);
  return [...front, ...Array<number>(8 - front.length - back.length).fill(0), ...back];
}

function hexWords(part: string): number[] {
  if (part === '') return [];
  return part.split(':').flatMap((word) => (word.includes('.') ? wordsOfV4(word) : [parseInt(word, 16)]));
}

function v4Text(words: readonly number[]): string {
  return words.map((word) => `${word >> 8}.${word & 255}`).join('.');
}

function v6Text(words: readonly number[]): string {
  const zeros = longestZeroRun(words);
  const hex = (part: readonly number[]): string => part.map((word) => word.toString(16)).join(':');
  // One lone zero word stays written out: RFC 5952, 4.2.2.
  if (zeros.length < 2) return hex(words);
  return `${hex(words.slice(0, zeros.start))}::${hex(words.slice(zeros.start + zeros.length))}`;
}

function longestZeroRun(words: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < words.length; start++) {
    let length = 0;
    while (words[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}
