/** Returns the first and last address of an IPv4 range as numbers; undefined for other text. */
function bounds(cidr: string): [number, number] | undefined {
  const found = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr);
  if (!found) return undefined;
  const [a, b, c, d, bits] = found.slice(1).map(Number);
  const size = 2 ** (32 - bits);
  const start = Math.floor((((a * 256 + b) * 256 + c) * 256 + d) / size) * size;
  return [start, start + size - 1];
}

/** Returns true if two ranges share an address. Text that is not an IPv4 range shares none. */
export function overlap(left: string, right: string): boolean {
  const [a, b] = [bounds(left), bounds(right)];
  return !!a && !!b && a[0] <= b[1] && b[0] <= a[1];
}

/** Returns true if a range covers the whole internet. */
export function isEverybody(cidr: string): boolean {
  return cidr === '0.0.0.0/0' || cidr === '::/0';
}

/** Returns true for the address that CDK uses for a group without egress, which nobody has. */
export function isNobody(cidr: string): boolean {
  return cidr === '255.255.255.255/32' || cidr === '::1/128';
}
