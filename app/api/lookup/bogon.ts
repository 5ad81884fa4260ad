import { parseCIDR } from 'ipaddr.js';
import { IpAddress } from '../../common/ip-address';

/** IANA's special-purpose registries: ranges that are nobody's place on the internet. The first match names the kind. */
const TABLE: Record<string, string[]> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
  'link-local': ['169.254.0.0/16', 'fe80::/10'],
  'carrier-grade-nat': ['100.64.0.0/10'],
  unspecified: ['0.0.0.0/32', '::/128'],
  'this-network': ['0.0.0.0/8'],
  documentation: ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20'],
  benchmarking: ['198.18.0.0/15', '2001:2::/48'],
  'protocol-assignment': ['192.0.0.0/24', '64:ff9b:1::/48', '5f00::/16'],
  multicast: ['224.0.0.0/4', 'ff00::/8'],
  broadcast: ['255.255.255.255/32'],
  reserved: ['240.0.0.0/4', 'fec0::/10', '::/96'],
  'discard-only': ['100::/64'],
};

const NETWORKS = Object.fromEntries(Object.entries(TABLE).map(([kind, ranges]) => [kind, ranges.map((range) => parseCIDR(range))]));

/** The kind of a special-purpose address, or undefined for one that can have a place. */
export function bogonKind(address: IpAddress): string | undefined {
  return address.firstIn(NETWORKS);
}
