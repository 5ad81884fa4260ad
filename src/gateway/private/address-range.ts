/** Whether the text is an IPv4 or IPv6 range in CIDR notation. */
export function isAddressRange(text: string): boolean {
  if (parse(text)) return true;
  const [, address, bits] = /^([0-9a-f:]{2,39})\/(\d{1,3})$/i.exec(text) ?? [];
  return address !== undefined && address.includes(':') && Number(bits) <= 128;
}

/** Whether the text is an IPv4 range of at least so many bits. */
export function isIpv4Range(text: string, minBits: number): boolean {
  const range = parse(text);
  return range !== undefined && range.bits >= minBits;
}

/** Whether all IPv4 addresses of `inner` are in `outer`; false where it cannot tell. */
export function containsAddresses(outer: string, inner: string): boolean {
  const o = parse(outer);
  const i = parse(inner);
  return o !== undefined && i !== undefined && o.bits <= i.bits && masked(o.address, o.bits) === masked(i.address, o.bits);
}

function masked(address: number, bits: number): number {
  return Math.floor(address / 2 ** (32 - bits));
}

function parse(text: string): { address: number; bits: number } | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text)?.slice(1).map(Number);
  if (!parts || parts.slice(0, 4).some((part) => part > 255) || parts[4] > 32) return undefined;
  return { address: parts.slice(0, 4).reduce((sum, part) => sum * 256 + part, 0), bits: parts[4] };
}
