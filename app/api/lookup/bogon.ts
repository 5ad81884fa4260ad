import { IpAddress } from '../../common/ip-address';

interface Network {
  readonly address: IpAddress;
  readonly bits: number;
  readonly kind: string;
}

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

const NETWORKS: Network[] = Object.entries(TABLE).flatMap(([kind, cidrs]) => cidrs.map((cidr) => network(cidr, kind)));

/** For each version and first byte the networks that such an address could be in: hardly ever any, and every lookup asks. */
const BY_FIRST_BYTE = {
  4: Array.from({ length: 256 }, (_, byte) => candidates(4, byte)),
  6: Array.from({ length: 256 }, (_, byte) => candidates(6, byte)),
};

/** The kind of a special-purpose address, or undefined for one that can have a place. */
export function bogonKind(address: IpAddress): string | undefined {
  const networks = BY_FIRST_BYTE[address.version][address.leadingBits(8)];
  return networks.find((candidate) => address.sharesPrefix(candidate.address, candidate.bits))?.kind;
}

function candidates(version: 4 | 6, byte: number): Network[] {
  return NETWORKS.filter(({ address, bits }) => {
    const shared = Math.min(bits, 8);
    return address.version === version && address.leadingBits(shared) === Math.floor(byte / 2 ** (8 - shared));
  });
}

function network(cidr: string, kind: string): Network {
  const [text, bits] = cidr.split('/');
  const address = IpAddress.parse(text);
  if (!address) throw new Error(`${cidr} is not a network`);
  return { address, bits: Number(bits), kind };
}
