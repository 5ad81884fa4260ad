import { remembered } from './remembered';
import { Resource, Value } from '../../template/private/app-templates';

/** The kind of route by which packets leave a subnet; `unknown` if the routes are not in the app. */
export type WayOut = 'internet-gateway' | 'other' | 'none' | 'unknown';

/** Returns the subnets of a list; undefined if one of them is not in the app. */
export function knownSubnets(list: Value): Resource[] | undefined {
  const subnets = list.items.map((item) => item.resource);
  const known = subnets.filter((subnet): subnet is Resource => subnet?.type === 'AWS::EC2::Subnet');
  return known.length > 0 && known.length === subnets.length ? known : undefined;
}

export const wayOut = remembered((subnet: Resource): WayOut => {
  const { app } = subnet;
  const associations = app.referring(subnet, 'AWS::EC2::SubnetRouteTableAssociation', 'SubnetId');
  const association = associations.find((found) => found.at('SubnetId').resource === subnet);
  const table = association?.at('RouteTableId').resource;
  if (!table) return 'unknown';
  const routes = app
    .referring(table, 'AWS::EC2::Route', 'RouteTableId')
    .filter((route) => route.at('RouteTableId').resource === table);
  if (routes.length === 0) return 'none';
  // A route to another network counts, whatever its destination: that network may have the way out, or the endpoints.
  return routes.some((route) => route.at('GatewayId').resource?.type !== 'AWS::EC2::InternetGateway')
    ? 'other'
    : 'internet-gateway';
});

/** Returns true if the VPC of the subnets has an interface endpoint for a registry. */
export function hasRegistryEndpoint(subnets: Resource[]): boolean {
  const networks = subnets.map((subnet) => subnet.at('VpcId').resource);
  return subnets[0].app
    .all('AWS::EC2::VPCEndpoint')
    .some((endpoint) => networks.includes(endpoint.at('VpcId').resource) && endpoint.at('ServiceName').pattern.includes('.ecr.'));
}
