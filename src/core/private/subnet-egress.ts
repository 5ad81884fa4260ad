import { Reference, Stack, Stage, Token, Tokenization } from 'aws-cdk-lib';
import {
  CfnInternetGateway,
  CfnRoute,
  CfnVPC,
  CfnVPCEndpoint,
  CfnVPNGatewayRoutePropagation,
  ISubnet,
  Subnet,
} from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { AWS_SERVICES, AwsServiceName } from './aws-service-access';
import { ConstructState } from './construct-state';
import { IMesh } from '../mesh';

/** The egress of the tasks of a mesh. */
export interface SubnetEgress {
  /**
   * The subnets of the tasks that packets can leave only through endpoints. Subnets that are not in the app are unknown and count as open.
   */
  readonly closed: ISubnet[];
  /** The AWS services for which the app creates endpoints in the network that the closed subnets can use. */
  readonly endpoints: AwsServiceName[];
}

/**
 * The network that the facts were found in.
 */
const foundIn = new ConstructState('subnetEgress', (stage) => {
  const found = new Map<IMesh, SubnetEgress>();
  stage.node.addValidation({
    validate: () => {
      found.clear();
      return [];
    },
  });
  return found;
});

/** Returns the egress at synthesis. */
export function subnetEgress(scope: IConstruct, mesh: IMesh): SubnetEgress {
  const found = foundIn.of(Stage.of(scope) ?? scope.node.root);
  const facts = found.get(mesh) ?? findFacts(mesh);
  found.set(mesh, facts);
  return facts;
}

function findFacts(mesh: IMesh): SubnetEgress {
  const closed = closedAmong(mesh.vpc.selectSubnets(mesh.taskSubnets).subnets);
  return { closed, endpoints: closed.length > 0 ? endpointsFor(mesh, closed) : [] };
}

/** Returns those of several subnets that what has no public address, such as a function, can leave only through endpoints. */
export function closedAmong(subnets: ISubnet[]): ISubnet[] {
  return subnets.filter((subnet) => isClosed(subnet));
}

/** Returns true if the app creates an endpoint for a service in the network of a mesh, whatever its name: code can be told the name. */
export function hasEndpoint(mesh: IMesh, service: RegExp): boolean {
  return endpointsOf(mesh).some((endpoint) => service.test(serviceName(endpoint)));
}

function endpointsOf(mesh: IMesh): CfnVPCEndpoint[] {
  return all(mesh, CfnVPCEndpoint.isCfnVPCEndpoint).filter(({ vpcId }) => same(vpcId, mesh.vpc.vpcId));
}

function endpointsFor(mesh: IMesh, subnets: ISubnet[]): AwsServiceName[] {
  const endpoints = endpointsOf(mesh);
  return (Object.keys(AWS_SERVICES) as AwsServiceName[]).filter((name) =>
    endpoints.some((endpoint) => serviceName(endpoint).endsWith(`.${name}`) && serves(endpoint, subnets)),
  );
}

function isClosed(subnet: ISubnet): boolean {
  if (!Subnet.isVpcSubnet(subnet)) return false;
  const table = subnet.routeTable.routeTableId;
  // Routes are made below their subnet as a rule; the whole app is searched only where that finds no way out.
  if (routesIn(subnet, table).some(leadsOut)) return false;
  if (all(subnet, CfnVPNGatewayRoutePropagation.isCfnVPNGatewayRoutePropagation).length > 0) return false;
  return !routesIn(subnet.node.root, table).some(leadsOut);
}

/**
 * Returns true if a route leads out. Tasks have no public address, so an internet gateway does not count; any other target might lead to a
 * network with egress.
 */
function leadsOut(route: CfnRoute): boolean {
  const { gatewayId } = route;
  return gatewayId === undefined || !(target(gatewayId) instanceof CfnInternetGateway || gatewayId.startsWith('igw-'));
}

function routesIn(scope: IConstruct, table: string): CfnRoute[] {
  return scope.node.findAll().filter((node): node is CfnRoute => CfnRoute.isCfnRoute(node) && same(node.routeTableId, table));
}

/**
 * Returns true if an endpoint serves the subnets. Interface endpoints respond in the whole network under the service's own name, gateway
 * endpoints only through their route tables.
 */
function serves(endpoint: CfnVPCEndpoint, subnets: ISubnet[]): boolean {
  if (endpoint.vpcEndpointType === 'Interface') return endpoint.privateDnsEnabled !== false;
  const tables: unknown = Stack.of(endpoint).resolve(endpoint.routeTableIds);
  const known = Array.isArray(tables) ? tables.map((table) => JSON.stringify(table)) : [];
  return subnets.every((subnet) => known.includes(JSON.stringify(Stack.of(endpoint).resolve(subnet.routeTable.routeTableId))));
}

function serviceName(endpoint: CfnVPCEndpoint): string {
  const resolved: unknown = Stack.of(endpoint).resolve(endpoint.serviceName);
  const join = (resolved as { 'Fn::Join'?: [string, unknown[]] } | undefined)?.['Fn::Join'];
  return join ? join[1].map((part) => (typeof part === 'string' ? part : '*')).join(join[0]) : `${resolved as string}`;
}

function all<T extends IConstruct>(scope: IConstruct, is: (node: IConstruct) => node is T): T[] {
  return scope.node.root.node.findAll().filter(is);
}

/** Returns true if two IDs are known to be those of different VPCs: both are literals, or references to VPCs of the app. */
export function areOtherVpcs(a: unknown, b: unknown): boolean {
  const [one, other] = [target(a), target(b)];
  const isLiteral = (id: unknown) => typeof id === 'string' && !Token.isUnresolved(id);
  return one !== other && ((isLiteral(one) && isLiteral(other)) || (CfnVPC.isCfnVPC(one) && CfnVPC.isCfnVPC(other)));
}

/** Returns true if two properties refer to one resource. Logical IDs are not sufficient: stacks of one app can have equal ones. */
function same(a: unknown, b: unknown): boolean {
  return target(a) === target(b);
}

function target(value: unknown): unknown {
  const token = typeof value === 'string' ? Tokenization.reverse(value, { failConcat: false }) : value;
  return Reference.isReference(token) ? token.target : value;
}
