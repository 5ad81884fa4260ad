import { INTERNET, NetworkInterface, permittedPorts } from './network-interface';
import { NetworkInterfaces } from './network-interfaces';
import { PortRange } from './port-range';
import { Resolver } from '../intrinsics/resolver';

/** Two of an assembly between whom the security groups of both let connections through. */
export interface PermittedPair {
  readonly from: string;
  readonly to: string;
  readonly ports: readonly PortRange[];
}

/** Who may connect to whom, and on which TCP ports, as far as security groups decide it. `Internet` is everybody outside. */
export function permittedPairs(resolver: Resolver): PermittedPair[] {
  const all: NetworkInterface[] = [INTERNET, ...new NetworkInterfaces(resolver).all];
  return all.flatMap((from) =>
    all
      .map((to) => ({ from: from.key, to: to.key, ports: from === INTERNET && to === INTERNET ? [] : permittedPorts(from, to) }))
      .filter(({ ports }) => ports.length > 0),
  );
}
