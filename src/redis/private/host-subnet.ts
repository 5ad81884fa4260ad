import { ISubnet } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { IMesh } from '../../core/mesh';
import { validationError } from '../../core/private/errors';
import { FoundSubnets, meshSubnets, requireSubnets, zoneOf } from '../../core/private/subnets';
import { isPending } from '../../core/private/unknown';

/** Selects a subnet. The disk and the host are bound to one zone for life, so the result must be the same in every synthesis. */
export function hostSubnet(scope: IConstruct, mesh: IMesh, zone: string | undefined): ISubnet {
  const found = meshSubnets(scope, mesh.vpc, mesh.taskSubnets, 'task');
  requireSubnets(scope, found, 'since the host and its disk are in one of them');
  if (found.isPending) return found.subnets[0];
  const isYetUnknown = isPending(zone) || (found.areZonesPending && !found.subnets.some((candidate) => zoneOf(candidate) === zone));
  const subnet = subnetIn(scope, found, isYetUnknown ? undefined : zone);
  const withoutWayOut = [...mesh.vpc.isolatedSubnets, ...mesh.vpc.publicSubnets].map(({ subnetId }) => subnetId);
  if (withoutWayOut.includes(subnet.subnetId)) {
    throw validationError(scope, 'RedisHostNeedsWayOut', {
      prop: 'mesh',
      must: 'have private task subnets with a route to the internet: the host installs Docker and pulls its image from there',
      got: subnet.node.path,
      fix: 'give the mesh a NAT gateway or instance, or choose a managed store such as ElastiCacheRedis',
    });
  }
  return subnet;
}

function subnetIn(scope: IConstruct, { subnets, zones }: FoundSubnets, zone: string | undefined): ISubnet {
  const subnet = zone === undefined ? subnets[0] : subnets.find((candidate) => zoneOf(candidate) === zone);
  if (!subnet) {
    throw validationError(scope, 'RedisAvailabilityZone', {
      prop: 'availabilityZone',
      must: `be a zone in which the mesh has task subnets${zones ? '' : ', whose zones are known only at deployment'}`,
      got: zone,
      fix: zones
        ? `choose one of ${zones.join(', ')}`
        : 'leave it out for the first subnet, or import the subnets with the names of their zones',
    });
  }
  if (zoneOf(subnet) !== undefined) return subnet;
  throw validationError(scope, 'RedisAvailabilityZone', {
    prop: 'mesh',
    must: 'have task subnets with their zones: the disk of the host is bound to one',
    got: subnet.node.path,
    fix: 'import the subnet with `Subnet.fromSubnetAttributes` and its `availabilityZone`',
  });
}
