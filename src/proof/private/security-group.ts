import { isNobody } from './addresses';
import { AppTemplates } from './app-templates';
import { ANY_PORT, merged, PortRange, portText } from './port-range';
import { ProofResource } from './proof-resource';
import { ipv4RangesOverlap } from '../../core/private/ip-range';
import { isObject, numberOf, textOf } from '../../template/private/json';

const PEERS = {
  egress: ['DestinationSecurityGroupId', 'DestinationPrefixListId'],
  ingress: ['SourceSecurityGroupId', 'SourcePrefixListId'],
};

/** The peer of a rule. */
export interface Peer {
  readonly group?: Group;
  /** The address range, or a text for one that is known only at deployment. */
  readonly cidr?: string;
  readonly prefixList?: string;
}

export interface Rule {
  readonly peer: Peer;
  readonly ports: PortRange;
}

/** A security group with all its TCP rules, wherever in the app they are declared. */
export class Group {
  public readonly egress: Rule[] = [];
  public readonly ingress: Rule[] = [];

  constructor(
    public readonly name: string,
    public readonly isKnown: boolean,
  ) {}
}

/** The security groups of an app. */
export class Groups {
  private readonly inApp = new Map<ProofResource, Group>();
  private readonly unknown = new Map<string, Group>();

  constructor(private readonly app: AppTemplates) {
    const groups = app.all('AWS::EC2::SecurityGroup');
    for (const group of groups) this.inApp.set(group, new Group(group.name, true));
    for (const direction of ['egress', 'ingress'] as const) this.read(groups, direction);
  }

  /** Returns the group that a value of `owner` names. A group that is not in the app has only the rules that the app adds to it. */
  public of(raw: unknown, owner: ProofResource): Group {
    const found = owner.follow(raw);
    if (found && this.inApp.has(found)) return this.known(found);
    const name = textOf(raw) ?? found?.name ?? JSON.stringify(raw);
    // Nobody can tell what it lets out, so that it counts as open, as a group is that nobody closed.
    const group = this.unknown.get(name) ?? outside(name);
    this.unknown.set(name, group);
    return group;
  }

  public known(group: ProofResource): Group {
    return this.inApp.get(group)!;
  }

  private read(groups: ProofResource[], direction: 'egress' | 'ingress'): void {
    const property = direction === 'egress' ? 'SecurityGroupEgress' : 'SecurityGroupIngress';
    const declared = new Set<Group>();
    const add = (group: Group, rule: unknown, owner: ProofResource) => {
      declared.add(group);
      const read = isObject(rule) ? this.rule(rule, direction, owner) : undefined;
      if (read) group[direction].push(read);
    };
    for (const group of groups) for (const rule of group.list(property)) add(this.known(group), rule, group);
    for (const rule of this.app.all(`AWS::EC2::${property}`)) add(this.of(rule.at('GroupId'), rule), rule.at(), rule);
    if (direction === 'ingress') return;
    // EC2 gives a new group a rule that lets everything out; CloudFormation takes it away with the first rule of ours, not before.
    for (const group of this.inApp.values()) if (!declared.has(group)) group.egress.push(...OPEN);
  }

  private rule(raw: Record<string, unknown>, direction: 'egress' | 'ingress', owner: ProofResource): Rule | undefined {
    const ports = portsOf(raw);
    if (!ports) return undefined;
    const [group, prefixList] = PEERS[direction].map((name) => raw[name]);
    if (group !== undefined) return { ports, peer: { group: this.of(group, owner) } };
    if (prefixList !== undefined) return { ports, peer: { prefixList: textOf(prefixList) ?? JSON.stringify(prefixList) } };
    const cidr = textOf(raw.CidrIp) ?? textOf(raw.CidrIpv6) ?? textOf(owner.follow(raw.CidrIp)?.at('CidrBlock'));
    return cidr !== undefined && isNobody(cidr)
      ? undefined
      : { ports, peer: { cidr: cidr ?? 'an address range that only a deployment knows' } };
  }
}

const OPEN: Rule[] = [{ peer: { cidr: '0.0.0.0/0' }, ports: ANY_PORT }];

function outside(name: string): Group {
  const group = new Group(name, false);
  group.egress.push(...OPEN);
  return group;
}

/** Returns the TCP ports of a rule; undefined for other protocols. A port that is known only at deployment can be any port. */
function portsOf(raw: Record<string, unknown>): PortRange | undefined {
  const protocol = textOf(raw.IpProtocol);
  if (protocol === '-1') return ANY_PORT;
  if (protocol !== undefined && !['tcp', '6'].includes(protocol.toLowerCase())) return undefined;
  const [from, to] = [numberOf(raw.FromPort), numberOf(raw.ToPort)];
  return from === undefined || to === undefined || from < 0 ? ANY_PORT : { from, to };
}

/** Returns the ports that rules open to a peer with these groups and address ranges. */
export function portsFor(rules: Rule[], groups: Group[], cidrs: string[]): PortRange[] {
  const meant = ({ peer }: Rule) =>
    (peer.group && groups.includes(peer.group)) ||
    (peer.cidr !== undefined && cidrs.some((cidr) => ipv4RangesOverlap(cidr, peer.cidr!)));
  return merged(rules.filter(meant).map(({ ports }) => ports));
}

/** Formats rules for people: `443 to 0.0.0.0/0, 6379 to Shop/Redis/SecurityGroup`. */
export function rulesText(rules: Rule[], word: 'to' | 'from'): string {
  const texts = rules.map(({ peer, ports }) => `${portText(ports)} ${word} ${peer.group?.name ?? peer.cidr ?? peer.prefixList}`);
  return texts.length === 0 ? 'nothing' : [...new Set(texts)].join(', ');
}

/**
 * The resource that has the security groups. Without any, a load balancer is open, and everything else is in the closed default group of
 * its network.
 */
interface Carrier {
  readonly what: string;
  readonly groups: Group[];
}

export function egressOf({ groups }: Carrier): Rule[] {
  return groups.length === 0 ? OPEN : groups.flatMap(({ egress }) => egress);
}

export function ingressOf({ groups, what }: Carrier): Rule[] {
  if (groups.length > 0) return groups.flatMap(({ ingress }) => ingress);
  return what === 'load balancer' ? OPEN : [];
}
