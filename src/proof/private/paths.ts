import { closed, groupNames, NetworkPath } from './external-peer';
import { Network } from './network';
import { NetworkNode } from './network-node';
import { common, merged, PortRange, portText, single } from './port-range';
import { egressOf, ingressOf, portsFor, rulesText } from './security-group';

/** Finds the path from one component to another inside the network: routes, then the security groups on both sides, then the listener. */
export function pathBetween(from: NetworkNode, to: NetworkNode, network: Network): NetworkPath {
  if (!from.opens) return closed(`${from.name} opens no connections`);
  if (to.atEdge) return closed(`edge: ${from.name} calls ${to.name} through the internet`);
  if (!network.isOne(from.place, to.place)) return closed(`route: ${from.name} and ${to.name} are in two networks`);
  if (from.forwards) return forwarded(from, to, network);
  if (from.hosts && from.hosts === to.hosts && from !== to) return onOneHost(from, to);
  const { ports, path, blocked } = admitted(from, to, network);
  if (blocked) return closed(blocked);
  const heard = to.listens ? common(ports, to.listens.map(single)) : to.hostPorts ? onHostPorts(to, ports) : ports;
  if (heard.length > 0) return { ports: heard, path };
  return closed(`listener: ${to.name} does not answer on ${texts(ports)}`);
}

function forwarded(from: NetworkNode, to: NetworkNode, network: Network): NetworkPath {
  const targets = from.forwards!.filter((forward) => forward.to === to);
  if (targets.length === 0) return closed(`listener: no listener and no rule of ${from.name} sends anything to ${to.name}`);
  const { ports, path, blocked } = admitted(from, to, network);
  const open = targets.filter((target) => common(ports, [target.ports]).length > 0);
  if (open.length === 0) {
    return closed(blocked ?? `ports: ${from.name} may use ${texts(ports)}, and the target is on ${portText(targets[0].ports)}`);
  }
  return { ports: merged(open.map(({ port }) => single(port))), path: [...new Set(open.map(({ by }) => by)), ...path] };
}

/** Returns the path between containers on one host, which Docker connects without any security group. */
function onOneHost(from: NetworkNode, to: NetworkNode): NetworkPath {
  const ports = to.hostPorts?.map(({ containerPort }) => single(containerPort)) ?? [];
  // The hosts themselves and their tasks are one machine.
  if (ports.length === 0 || !from.hostPorts) return closed(`${from.name} and ${to.name} are one machine`);
  return { ports: merged(ports), path: ['the same host, where no security group stands between'] };
}

function onHostPorts(to: NetworkNode, ports: PortRange[]): PortRange[] {
  const heard = to.hostPorts!.filter(({ host }) => common(ports, [host]).length > 0);
  return merged(heard.map(({ containerPort, host }) => (host.from === host.to ? host : single(containerPort))));
}

function admitted(from: NetworkNode, to: NetworkNode, network: Network): NetworkPath {
  const out = portsFor(egressOf(from), to.groups, network.cidrs(to.place));
  if (out.length === 0) {
    return closed(`egress: ${groupNames(from)} lets out ${rulesText(egressOf(from), 'to')}, and nothing to ${groupNames(to)}`);
  }
  const into = portsFor(ingressOf(to), from.groups, network.cidrs(from.place));
  if (into.length === 0) {
    return closed(`ingress: ${groupNames(to)} admits ${rulesText(ingressOf(to), 'from')}, and nothing from ${groupNames(from)}`);
  }
  const ports = common(out, into);
  if (ports.length === 0) {
    return closed(`ports: ${groupNames(from)} lets out ${texts(out)}, and ${groupNames(to)} admits ${texts(into)}`);
  }
  return { ports, path: [`egress ${texts(ports)} of ${groupNames(from)}`, `ingress ${texts(ports)} of ${groupNames(to)}`] };
}

function texts(ports: PortRange[]): string {
  return ports.map(portText).join(', ');
}
