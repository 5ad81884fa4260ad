import { ALL_PORTS, PortRange } from './port-range';
import { Direction, Peer, Rule, SecurityGroup } from './security-group';
import { Reader } from '../intrinsics/reader';

/** What a rule's references lead to. */
export interface RuleScope {
  groupOf(id: string): SecurityGroup;
  prefixList(id: string): readonly string[] | undefined;
}

const PROTOCOLS: Record<string, string> = { '-1': 'all', '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' };
const PEERS = {
  ingress: { group: 'SourceSecurityGroupId', list: 'SourcePrefixListId' },
  egress: { group: 'DestinationSecurityGroupId', list: 'DestinationPrefixListId' },
};

export function readRule(props: Reader, direction: Direction, scope: RuleScope): Rule {
  const protocol = props.get('IpProtocol').string().toLowerCase();
  return {
    protocol: PROTOCOLS[protocol] ?? protocol,
    ports: portsOf(props, PROTOCOLS[protocol] ?? protocol),
    peer: readPeer(props, direction, scope),
  };
}

function portsOf(props: Reader, protocol: string): PortRange {
  const [from, to] = ['FromPort', 'ToPort'].map((name) => props.get(name).number(-1));
  if (protocol.startsWith('icmp')) return { from, to };
  return from < 0 || !['tcp', 'udp'].includes(protocol) ? ALL_PORTS : { from, to };
}

function readPeer(props: Reader, direction: Direction, { groupOf, prefixList }: RuleScope): Peer {
  const [group, id] = [props.get(PEERS[direction].group).optional(), props.get(PEERS[direction].list).optional()];
  if (group !== undefined) return { kind: 'group', group: groupOf(group) };
  if (id !== undefined) return { kind: 'prefixList', id, ranges: prefixList(id) };
  const cidr = props.get('CidrIp').optional() ?? props.get('CidrIpv6').optional();
  if (cidr !== undefined) return { kind: 'range', cidr };
  throw new Error(
    `${props.path} names no peer that the local run knows; it reads CidrIp, CidrIpv6, ${Object.values(PEERS[direction]).join(' and ')}`,
  );
}
