import { PacketFilter, Station } from './packet-filter';
import { Exposed } from './site-context';
import { Vpc } from './vpc';
import { NetworkInterfaces } from '../security-groups/network-interfaces';

/** What the security groups of a template let through: a script for the gateway and for the namespace of each task, by its address. */
export function runFilters(
  tasks: readonly Station[],
  exposed: readonly Exposed[],
  interfaces: NetworkInterfaces,
  vpc: Vpc,
): Record<string, string> {
  const served = exposed.flatMap(({ key, address }) =>
    key === undefined ? [] : [{ address: vpc.inside(address), interface: interfaces.of(key), atGateway: true }],
  );
  const aws = exposed.find(({ key }) => key === undefined);
  const filter = new PacketFilter([...served, ...tasks], {
    ...{ subnet: vpc.subnet, gateway: vpc.gateway },
    aws: aws && { address: vpc.inside(aws.address), port: aws.templatePort },
  });
  const own = tasks.filter(({ atGateway }) => !atGateway).map(({ address }) => [address, filter.task(address)]);
  return { ...(Object.fromEntries(own) as Record<string, string>), [vpc.gateway]: filter.gateway() };
}
