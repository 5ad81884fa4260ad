import { Token } from 'aws-cdk-lib';
import { IPeer, ISecurityGroup, Port } from 'aws-cdk-lib/aws-ec2';
import { Construct, IConstruct } from 'constructs';
import { SideName } from './side-choices';
import { acknowledge } from '../../core/private/acknowledge';
import { validationError, warn } from '../../core/private/errors';
import { isImmutable, sayMissingRule } from '../../core/private/immutable-group';
import { weighPrefixList } from '../../core/private/prefix-list-weight';
import { countQuotas } from '../../core/private/quota-count';
import { ComponentKind, TopologyRecord } from '../../core/topology-record';
import { CloudFrontPrefixList } from '../cloud-front-prefix-list';

/** A peer of a security group, identified by the one property that its rule has. */
type Source = ReturnType<IPeer['toIngressRuleConfig']>;

/** Throws for peers that would open an internal side to all addresses, and warns about those that match no client. */
export function validatePeers(gateway: Construct, side: SideName, peers: IPeer[]): void {
  peers.forEach((peer, i) => {
    const prop = `${side}.peers[${i}]`;
    const source = peer.toIngressRuleConfig();
    if (peer instanceof CloudFrontPrefixList) peer._validate(gateway, prop);
    if (side === 'internal' && isAnyone(peer)) {
      throw validationError(gateway, 'InternalSideOpen', {
        prop,
        must: 'not cover all addresses, because the internal side is for known clients',
        got: peer.uniqueId,
        fix: 'name the range of the network, such as `ec2.Peer.ipv4(vpc.vpcCidrBlock)`, or let services connect to a route',
      });
    }
    const reason = unmatched(side, source);
    if (reason) warn(gateway, 'PeerMatchesNobody', `\`${prop}\` (${nameOf(peer)}) admits nobody: ${reason}.`);
  });
}

/** Returns the reason why no client can match a rule; undefined if one can. */
function unmatched(side: SideName, { cidrIpv6, sourceSecurityGroupId }: Source): string | undefined {
  if (cidrIpv6 !== undefined) return 'the load balancer has IPv4 addresses only. Leave it out';
  if (side === 'internal' || sourceSecurityGroupId === undefined) return undefined;
  return 'clients call an internet-facing load balancer at its public addresses, where security groups are not seen. Use the internal side for clients inside the network';
}

/** Opens the ports of a side to its peers. The egress of a peer's security group is opened too. */
export function admitPeers(group: ISecurityGroup, peers: IPeer[], ports: number[]): void {
  for (const port of ports) {
    const isRedirect = port === 80 && ports.length > 1;
    const purpose = isRedirect ? ', sent on to HTTPS' : '';
    // CloudFront calls the port of the routes, and a second rule with its list would exceed the quota of a group.
    for (const peer of isRedirect ? peers.filter((one) => !(one instanceof CloudFrontPrefixList)) : peers) {
      group.connections.allowFrom(peer, Port.tcp(port), `${isAnyone(peer) ? 'Anyone' : 'Peer of the gateway'}${purpose}`);
      if (isImmutable(group)) sayMissingRule(group, `inbound on TCP ${port} from ${nameOf(peer)}`);
    }
  }
  for (const { prefixListId } of cloudFrontOf(peers)) weighPrefixList(group, prefixListId, CloudFrontPrefixList.WEIGHT);
  countQuotas(group);
  if (!admitsAnyone(peers)) return;
  acknowledge(
    group,
    'AwsSolutions-EC23',
    'The external side of a gateway exists to be reached from the internet, on its listener ports only.',
  );
}

/** Returns the peers that are the addresses of CloudFront. */
export function cloudFrontOf(peers: IPeer[]): CloudFrontPrefixList[] {
  return peers.filter((peer) => peer instanceof CloudFrontPrefixList);
}

/** Returns true if the peers include all addresses. */
export function admitsAnyone(peers: IPeer[]): boolean {
  return peers.some(isAnyone);
}

/** Returns true if the peers include addresses outside the network. */
export function admitsOutside(peers: IPeer[]): boolean {
  return peers.some((peer) => peer.toIngressRuleConfig().sourceSecurityGroupId === undefined);
}

/** Records the clients of a side in the topology. */
export function recordPeers(side: IConstruct, peers: IPeer[], entrances: { protocol: string; port: number }[]): void {
  const record = TopologyRecord.of(side);
  peers.forEach((peer, i) => {
    // A distribution is drawn when it uses the side as an origin.
    if (peer instanceof CloudFrontPrefixList) return;
    const client = recordPeer(record, peer, `${side.node.path}/peers[${i}]`);
    for (const entrance of entrances) record.addConnection({ client, server: side.node.path, ...entrance });
  });
}

function recordPeer(record: TopologyRecord, peer: IPeer, unnamed: string): string {
  if (isAnyone(peer)) {
    record.addComponent({ id: 'Internet', kind: ComponentKind.INTERNET, label: 'Users' });
    return 'Internet';
  }
  // A group that belongs to a component of the picture is drawn as that component.
  if (Construct.isConstruct(peer)) return peer.node.path;
  const id = Token.isUnresolved(peer.uniqueId) ? unnamed : peer.uniqueId;
  record.addComponent({ id, kind: ComponentKind.EXTERNAL, label: nameOf(peer) });
  return id;
}

function isAnyone(peer: IPeer): boolean {
  const { cidrIp, cidrIpv6 } = peer.toIngressRuleConfig();
  return [cidrIp, cidrIpv6].some((range) => range !== undefined && !Token.isUnresolved(range) && /\/0$/.test(range));
}

function nameOf(peer: IPeer): string {
  const { sourcePrefixListId, sourceSecurityGroupId } = peer.toIngressRuleConfig();
  if (Construct.isConstruct(peer)) return peer.node.path;
  const id = Token.isUnresolved(peer.uniqueId) ? 'known at deployment' : peer.uniqueId;
  if (sourcePrefixListId !== undefined) return `prefix list ${id}`;
  return sourceSecurityGroupId === undefined ? id : `security group ${id}`;
}
