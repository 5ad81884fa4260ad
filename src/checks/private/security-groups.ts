import { Resource, Value } from '../../template/private/app-templates';

/** A range of TCP ports, both ends included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** Returns the security groups of a list; undefined if one of them is not in the app, because its rules are then unknown. */
export function knownGroups(list: Value): Resource[] | undefined {
  const groups = list.items.map((item) => item.resource);
  const known = groups.filter((group): group is Resource => group?.type === 'AWS::EC2::SecurityGroup');
  return known.length > 0 && known.length === groups.length ? known : undefined;
}

/** Returns true if one of the groups admits traffic on the ports; with `clients`, true if it admits one of them. */
export function admits(groups: Resource[], ports: PortRange, clients?: Resource[]): boolean {
  return groups.flatMap(ingressOf).some((rule) => coversPorts(rule, ports) && (!clients || mayAdmit(rule, clients)));
}

/** Returns true if one of the groups admits all IPv4 or all IPv6 addresses. */
export function admitsEverybody(groups: Resource[]): boolean {
  return groups.flatMap(ingressOf).some((rule) => rule.at('CidrIp').text === '0.0.0.0/0' || rule.at('CidrIpv6').text === '::/0');
}

/** Returns true if one of the groups names one of the clients' groups on the ports. Address ranges and unknown sources do not count. */
export function names(groups: Resource[], ports: PortRange, clients: Resource[]): boolean {
  return groups
    .flatMap(ingressOf)
    .some((rule) => coversPorts(rule, ports) && clients.includes(rule.at('SourceSecurityGroupId').resource!));
}

/** Returns true if one of the groups lets its members call one of the servers' groups on the ports. */
export function mayLeave(groups: Resource[], ports: PortRange, servers: Resource[]): boolean {
  return groups.some((group) => {
    const rules = egressOf(group);
    // A group without any rule is open: that is the default of EC2.
    return rules.length === 0 || rules.some((rule) => coversPorts(rule, ports) && mayBeFor(rule, servers));
  });
}

function egressOf(group: Resource): Value[] {
  const separate = group.app.referring(group, 'AWS::EC2::SecurityGroupEgress', 'GroupId').map((rule) => rule.at());
  return [...group.at('SecurityGroupEgress').items, ...separate];
}

function mayBeFor(rule: Value, servers: Resource[]): boolean {
  const target = rule.at('DestinationSecurityGroupId').resource;
  return !target || servers.includes(target);
}

function ingressOf(group: Resource): Value[] {
  const separate = group.app.referring(group, 'AWS::EC2::SecurityGroupIngress', 'GroupId').map((rule) => rule.at());
  return [...group.at('SecurityGroupIngress').items, ...separate];
}

function coversPorts(rule: Value, ports: PortRange): boolean {
  const protocol = rule.at('IpProtocol');
  if (protocol.text === '-1') return true;
  if (protocol.text !== undefined && !['tcp', '6'].includes(protocol.text)) return false;
  const [from, to] = [rule.at('FromPort'), rule.at('ToPort')];
  // A port that is known at deployment only may be the right one.
  return (from.number ?? 0) <= ports.from && (to.number ?? 65535) >= ports.to;
}

function mayAdmit(rule: Value, clients: Resource[]): boolean {
  const source = rule.at('SourceSecurityGroupId');
  return source.isAbsent || !source.resource || clients.includes(source.resource);
}
