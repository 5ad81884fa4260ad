import { Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import { CfnSecurityGroup, CfnSecurityGroupIngress, IConnectable } from 'aws-cdk-lib/aws-ec2';
import { CfnReplicationGroup, CfnServerlessCache } from 'aws-cdk-lib/aws-elasticache';
import { CfnDBCluster, CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { IConstruct } from 'constructs';
import { ResolvedContainer } from './resolved-container';
import { IEndpointClient } from '../../core/endpoint';
import { validateAtSynth, warn } from '../../core/private/errors';
import { targetOf } from '../../core/private/tally';

/**
 * Warns at synthesis of tasks that have the address of a database or cache of the app in a variable of their own, and no rule that lets them
 * reach it. A job would fail the deployment after its timeout; but the address can also be for another program, such as a page that shows it.
 */
export function warnWithoutConnection(
  client: IEndpointClient,
  containers: Pick<ResolvedContainer, 'prop' | 'environment'>[],
): void {
  validateAtSynth(client, 'NotConnected', () => {
    for (const { prop, environment } of containers) {
      for (const [name, value] of Object.entries(environment)) {
        const closed = serversIn(value).filter((server) => !isOpen(client, server));
        for (const { node } of closed) warnOf(client, `${prop}.environment.${name}`, node.path);
      }
    }
    return [];
  });
}

function warnOf(client: IEndpointClient, prop: string, server: string): void {
  warn(
    client,
    'NotConnected',
    `\`${prop}\` of ${client.node.path} has the address of ${server}, and no security group rule opens that to these tasks: they start, and ` +
      'fail after the timeout of their client. Connect them with `connectTo(...)`, which injects the address as well; for a rule of your own, use ' +
      '`connections.allowTo(...)`; or acknowledge this if the tasks hand the address to another program.',
  );
}

type Server = IConstruct & IConnectable;

/** The databases and caches of the app whose address is in a text. */
function serversIn(text: string): Server[] {
  const references = Tokenization.reverseString(text).tokens.filter((token) => Reference.isReference(token));
  const found = references.flatMap(({ target, displayName }) =>
    isStore(target) && /end_?point/i.test(displayName) ? target.node.scopes.reverse().filter(isServer).slice(0, 1) : [],
  );
  return [...new Set(found)];
}

function isStore(node: IConstruct): boolean {
  return [CfnDBInstance, CfnDBCluster, CfnReplicationGroup, CfnServerlessCache].some((kind) => node instanceof kind);
}

function isServer(node: IConstruct): node is Server {
  return ((node as Partial<Server>).connections?.securityGroups.length ?? 0) > 0;
}

function isOpen(client: IConnectable, server: Server): boolean {
  const own = groupsOf(client);
  const all = groupsOf(server);
  const groups = server.connections.securityGroups;
  if (all.some((group) => own.includes(group))) return true;
  // A range in the group itself can be that of the tasks.
  const ranges = groups.map(({ node }) => node.defaultChild).filter((group) => CfnSecurityGroup.isCfnSecurityGroup(group));
  if (groups.length > ranges.length || ranges.some(hasRanges)) return true;
  const rules = server.node.root.node.findAll().filter((node) => CfnSecurityGroupIngress.isCfnSecurityGroupIngress(node));
  return rules.some(
    (rule) =>
      rule.groupId !== undefined &&
      mayBe(rule, rule.groupId, all) &&
      (rule.sourceSecurityGroupId === undefined || mayBe(rule, rule.sourceSecurityGroupId, own)),
  );
}

/** The security groups of the app, and the IDs of others. */
function groupsOf({ connections }: IConnectable): unknown[] {
  return connections.securityGroups.map(({ node, securityGroupId }) => node.defaultChild ?? securityGroupId);
}

/** Returns true if an ID is that of one of the groups, or if that cannot be known: it comes from a parameter or an export. */
function mayBe(rule: CfnSecurityGroupIngress, id: string, groups: unknown[]): boolean {
  const group = targetOf(rule, id);
  return group === undefined
    ? Token.isUnresolved(id) || groups.includes(id)
    : !CfnSecurityGroup.isCfnSecurityGroup(group) || groups.includes(group);
}

function hasRanges(group: CfnSecurityGroup): boolean {
  const rules: unknown = Stack.of(group).resolve(group.securityGroupIngress);
  return Array.isArray(rules) && rules.length > 0;
}
