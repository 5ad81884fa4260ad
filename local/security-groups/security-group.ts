import { ALL_PORTS, PortRange } from './port-range';

export type Direction = 'ingress' | 'egress';

/** Whom a rule lets in or out. */
export type Peer =
  | { readonly kind: 'group'; readonly group: SecurityGroup }
  /** An IPv4 or IPv6 range in CIDR notation. */
  | { readonly kind: 'range'; readonly cidr: string }
  /** `ranges` is undefined for a list that the template does not have, such as those of AWS. */
  | { readonly kind: 'prefixList'; readonly id: string; readonly ranges?: readonly string[] };

export interface Rule {
  /** `all`, a name, or a number of IANA. */
  readonly protocol: string;
  /** Of TCP and UDP; for ICMP, the type and the code, where -1 is any. */
  readonly ports: PortRange;
  readonly peer: Peer;
}

/** A security group with all rules of the assembly, in it or beside it. */
export class SecurityGroup {
  public readonly ingress: Rule[] = [];
  public readonly egress: Rule[] = [];

  constructor(
    public readonly id: string,
    /** False for a group that is only named: what its owner lets through is not known. */
    public readonly known = true,
    /** Tells groups of several stacks apart. */
    public readonly key = id,
  ) {}

  /** Adds what EC2 gives a group that nobody closed. */
  public open(...directions: Direction[]): this {
    for (const direction of directions) this[direction].push(...EVERYBODY);
    return this;
  }
}

const EVERYBODY = ['0.0.0.0/0', '::/0'].map((cidr): Rule => ({ protocol: 'all', ports: ALL_PORTS, peer: { kind: 'range', cidr } }));

/** What has no security groups and needs none, such as a network load balancer. */
export const UNGUARDED = new SecurityGroup('none').open('ingress', 'egress');
