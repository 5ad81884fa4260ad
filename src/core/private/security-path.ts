import { IConnectable, ISecurityGroup, Port } from 'aws-cdk-lib/aws-ec2';
import { ConstructState } from './construct-state';
import { sayMissingRules } from './immutable-group';

const isHostGroup = new ConstructState('hostSecurityGroup', () => false);

/** Marks the security group of container hosts, which belongs to the capacity and is shared by every task in bridge or host mode. */
export function markHostGroup(group: ISecurityGroup): void {
  isHostGroup.set(group, true);
}

/**
 * Opens client -> server on `port`: egress on the one side, ingress on the other.
 *
 * Both rules are declared in the stack of the party further downstream, so that a mesh, its stores, gateways and services can each
 * be in a stack of their own: normally that is the client. Hosts belong to the mesh, on which everything else depends, so a client
 * on shared hosts leaves the rules to the server, and equal rules of two tasks on one host fall together instead of clashing.
 */
export function openPath(client: IConnectable, server: IConnectable, port: Port, description: string): void {
  if (sameGroup(client, server)) {
    client.connections.allowInternally(port, description);
    sayMissingRules(client, server, port);
    return;
  }
  const hasGroup = server.connections.securityGroups.length > 0;
  if (onHosts(client) && hasGroup && !onHosts(server)) {
    server.connections.allowFrom(client, port, description);
  } else {
    client.connections.allowTo(server, port, description);
  }
  sayMissingRules(client, server, port);
}

function sameGroup(a: IConnectable, b: IConnectable): boolean {
  return a.connections.securityGroups.some((group) => b.connections.securityGroups.includes(group));
}

function onHosts(party: IConnectable): boolean {
  return party.connections.securityGroups.some((group) => isHostGroup.find(group));
}
