/** First and last address of an IPv4 range as numbers; nothing for other texts. */
function bounds(cidr: string): [number, number] | undefined {
  const found = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr);
  if (!found) return undefined;
  const [a, b, c, d, bits] = found.slice(1).map(Number);
  const size = 2 ** (32 - bits);
  const start = Math.floor((((a * 256 + b) * 256 + c) * 256 + d) / size) * size;
  return [start, start + size - 1];
}

/** Whether two ranges share an address; a text that is no IPv4 range shares none. */
export function overlap(left: string, right: string): boolean {
  const [a, b] = [bounds(left), bounds(right)];
  return !!a && !!b && a[0] <= b[1] && b[0] <= a[1];
}

/** Whether a range is the whole internet. */
export function isEverybody(cidr: string): boolean {
  return cidr === '0.0.0.0/0' || cidr === '::/0';
}

/** CDK's way of saying that a group lets nothing out: an address that nobody has. */
export function isNobody(cidr: string): boolean {
  return cidr === '255.255.255.255/32' || cidr === '::1/128';
}
