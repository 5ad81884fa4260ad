import { remembered } from './remembered';
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

/** Returns the egress rules of a security group, in all stacks of the app. */
export const egressOf = remembered((group: Resource): Value[] => [
  ...group.at('SecurityGroupEgress').items,
  ...group.app.referring(group, 'AWS::EC2::SecurityGroupEgress', 'GroupId').map((rule) => rule.at()),
]);

/** Returns the ingress rules of a security group, in all stacks of the app. */
export const ingressOf = remembered((group: Resource): Value[] => [
  ...group.at('SecurityGroupIngress').items,
  ...group.app.referring(group, 'AWS::EC2::SecurityGroupIngress', 'GroupId').map((rule) => rule.at()),
]);

/** Returns the TCP ports of a rule; undefined for another protocol. */
export function portsOf(rule: Value): PortRange | undefined {
  const protocol = rule.at('IpProtocol');
  if (protocol.text === '-1') return { from: -Infinity, to: Infinity };
  if (protocol.text !== undefined && !['tcp', '6'].includes(protocol.text)) return undefined;
  // A port that is known at deployment only may be the right one.
  return { from: rule.at('FromPort').number ?? 0, to: rule.at('ToPort').number ?? 65535 };
}

function coversPorts(rule: Value, ports: PortRange): boolean {
  const covered = portsOf(rule);
  return covered !== undefined && covered.from <= ports.from && covered.to >= ports.to;
}

function mayAdmit(rule: Value, clients: Resource[]): boolean {
  const source = rule.at('SourceSecurityGroupId');
  return source.isAbsent || !source.resource || clients.includes(source.resource);
}
