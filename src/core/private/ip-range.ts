import { isIPv4, isIPv6 } from 'node:net';

/** An IPv4 range: its first and last address as numbers, and the length of its prefix. */
export interface Ipv4Range {
  readonly first: number;
  readonly last: number;
  readonly bits: number;
}

/** Parses an IPv4 range in CIDR notation; returns undefined for other text. */
export function parseIpv4Range(text: string): Ipv4Range | undefined {
  const [, address, length] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? [];
  const bits = Number(length);
  if (!address || !isIPv4(address) || bits > 32) return undefined;
  const size = 2 ** (32 - bits);
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = number - (number % size);
  return { first, last: first + size - 1, bits };
}

/** Returns true for an IPv4 or IPv6 range in CIDR notation. */
export function isIpRange(text: string): boolean {
  if (parseIpv4Range(text)) return true;
  const [, address, bits] = /^([^/%]+)\/(\d{1,3})$/.exec(text) ?? [];
  return address !== undefined && isIPv6(address) && Number(bits) <= 128;
}

/** Returns true if two ranges share an address. Text that is not an IPv4 range shares none. */
export function ipv4RangesOverlap(left: string, right: string): boolean {
  const [a, b] = [parseIpv4Range(left), parseIpv4Range(right)];
  return a !== undefined && b !== undefined && a.first <= b.last && b.first <= a.last;
}

/** Returns true if `outer` holds all addresses of `inner`. Text that is not an IPv4 range holds none. */
export function ipv4RangeContains(outer: string, inner: string): boolean {
  const [o, i] = [parseIpv4Range(outer), parseIpv4Range(inner)];
  return o !== undefined && i !== undefined && o.first <= i.first && i.last <= o.last;
}

/** Renders a range by its first address. */
export function formatIpv4Range({ first, bits }: Ipv4Range): string {
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${bits}`;
}
