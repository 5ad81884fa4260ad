import { BlockList, isIPv4 } from 'node:net';

/** Whether a text is an IPv4 range in CIDR notation. */
export function isIpv4Range(cidr: string): boolean {
  const [address, bits] = cidr.split('/');
  return isIPv4(address) && Number(bits) <= 32;
}

/** Whether two ranges share an address: then one begins in the other. */
export function overlap(one: string, other: string): boolean {
  return isIpv4Range(one) && isIpv4Range(other) && (holds(one, other) || holds(other, one));
}

function holds(cidr: string, other: string): boolean {
  const [address, bits] = cidr.split('/');
  const list = new BlockList();
  list.addSubnet(address, Number(bits), 'ipv4');
  return list.check(other.split('/')[0], 'ipv4');
}
