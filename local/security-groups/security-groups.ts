import { ALL_PORTS } from './port-range';
import { readRule, RuleScope } from './read-rule';
import { Direction, Rule, SecurityGroup } from './security-group';
import { Resource, StackTemplate } from '../assembly/stack-template';
import { Resolver } from '../intrinsics/resolver';

/** The end of the id of a network's default group. */
const DEFAULT = '-default';

/** The security groups that the templates of an assembly have or name. */
export class SecurityGroups {
  private readonly declared: { readonly resource: Resource; readonly group: SecurityGroup }[];
  private readonly others = new Map<string, SecurityGroup>();

  constructor(private readonly resolver: Resolver) {
    this.declared = resolver
      .resources('AWS::EC2::SecurityGroup')
      .map((resource) => ({ resource, group: new SecurityGroup(resource.logicalId, true, resource.key) }));
    this.read('ingress', 'SecurityGroupIngress');
    this.read('egress', 'SecurityGroupEgress');
  }

  /** Groups that the assembly names and does not have. */
  public get foreign(): string[] {
    return [...this.others.values()].filter(({ known }) => !known).map(({ id }) => id);
  }

  /** The group of an id as a resource of a stack names it; ids are unique only within a stack. */
  public of(id: string, stack: StackTemplate): SecurityGroup {
    const found = this.declared.filter(({ group }) => group.id === id);
    const own = found.find(({ resource }) => resource.stack === stack) ?? found[0];
    return own?.group ?? this.other(id);
  }

  /** What a group of another version of the template is in this one, if it has it. */
  public now({ key }: SecurityGroup): SecurityGroup | undefined {
    return this.declared.find(({ group }) => group.key === key)?.group ?? this.others.get(key);
  }

  /** The default group of a network. EC2 lets its members reach each other and everything else, unless the template closes it. */
  public defaultOf(vpc: string): SecurityGroup {
    return this.other(`${vpc}${DEFAULT}`);
  }

  private other(id: string): SecurityGroup {
    const known = this.others.get(id);
    if (known) return known;
    const group = new SecurityGroup(id, id.endsWith(DEFAULT));
    this.others.set(id, group);
    if (this.isClosed(id)) return group;
    if (group.known) group.ingress.push({ protocol: 'all', ports: ALL_PORTS, peer: { kind: 'group', group } });
    return group.open('egress');
  }

  /** CDK's custom resource takes the rules of a default group away. */
  private isClosed(id: string): boolean {
    return this.resolver
      .resources('Custom::VpcRestrictDefaultSG')
      .some((resource) => this.resolver.read(resource).get('DefaultSecurityGroupId').string() === id);
  }

  private read(direction: Direction, property: string): void {
    const declaring = new Set<SecurityGroup>();
    const add = (group: SecurityGroup, rule: Rule) => {
      declaring.add(group);
      group[direction].push(rule);
    };
    for (const { resource, group } of this.declared) {
      const rules = this.resolver.read(resource).get(property).items();
      for (const rule of rules) add(group, readRule(rule, direction, this.scopeOf(resource)));
    }
    for (const resource of this.resolver.resources(`AWS::EC2::${property}`)) {
      const rule = this.resolver.read(resource);
      add(this.of(rule.get('GroupId').string(), resource.stack), readRule(rule, direction, this.scopeOf(resource)));
    }
    // EC2 gives a new group a rule that lets everything out, which goes with the first rule of the template.
    if (direction === 'ingress') return;
    for (const { group } of this.declared) if (!declaring.has(group)) group.open('egress');
  }

  private scopeOf({ stack }: Resource): RuleScope {
    return { groupOf: (id) => this.of(id, stack), prefixList: (id) => this.prefixList(id) };
  }

  private prefixList(id: string): string[] | undefined {
    const list = this.resolver.resources('AWS::EC2::PrefixList').find(({ logicalId }) => logicalId === id);
    return (
      list &&
      this.resolver
        .read(list)
        .get('Entries')
        .items()
        .map((entry) => entry.get('Cidr').string())
    );
  }
}
