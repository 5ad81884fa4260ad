import { App, Stack, StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { IVpc, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { HostedZone, PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { MeshNetwork, MeshService, PortProtocol, Scaling, ServiceConnectMesh } from 'cdk-ecs-mesh';
import { Construct, IConstruct } from 'constructs';
import { IEndpointClient } from '../../src/core/endpoint';
import { markHostGroup } from '../../src/core/private/security-path';
import { IRoutable, RouteAttachment, RouteRequest } from '../../src/core/routable';
import { DualAlbGateway } from '../../src/gateway/dual-alb-gateway';
import { DualAlbGatewayProps } from '../../src/gateway/dual-alb-gateway-props';
import { ExternalHttpOptions, ExternalHttpsOptions, ExternalSide } from '../../src/gateway/external-side';
import { RouteProps } from '../../src/gateway/gateway-route';
import { InternalHttpOptions, InternalSide } from '../../src/gateway/internal-side';
import { SideCertificate } from '../../src/gateway/side-certificate';
import { WEB } from '../helpers';

export const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
export const REGION = 'eu-west-1';
export const ENV = { account: '111111111111', region: REGION };

export function newStack(id = 'S', props: StackProps = { env: ENV }, app = new App()): Stack {
  return new Stack(app, id, props);
}

export function newVpc(scope: Construct): Vpc {
  return new Vpc(scope, 'Vpc', { maxAzs: 2, natGateways: 1 });
}

export function newCertificate(scope: Construct, region = REGION) {
  return Certificate.fromCertificateArn(scope, 'Certificate', `arn:aws:acm:${region}:111111111111:certificate/0`);
}

/** A gateway by the options of its sides, of which the external one has a certificate unless it speaks plain HTTP. */
export interface Given extends Omit<Partial<DualAlbGatewayProps>, 'network' | 'external' | 'internal'> {
  readonly vpc?: IVpc;
  readonly external?: Partial<ExternalHttpsOptions>;
  /** In place of `external`. */
  readonly http?: ExternalHttpOptions;
  readonly internal?: InternalHttpOptions;
}

/** A gateway with both sides in a stack of its own app, with network and certificate, and a target for its routes. */
export function arrange({ vpc: given, external = {}, http, internal, ...props }: Given = {}, stack = newStack()) {
  const vpc = given ?? newVpc(stack);
  const certificate = () => external.certificate ?? SideCertificate.given(newCertificate(stack));
  const gateway = new DualAlbGateway(stack, 'Gateway', {
    network: MeshNetwork.fromVpc(vpc),
    external: http ? ExternalSide.http(http) : ExternalSide.https({ ...external, certificate: certificate() }),
    internal: InternalSide.http(internal),
    ...props,
  });
  return { stack, vpc, gateway, target: new RoutedService(stack, 'Web', { vpc }) };
}

/** Template of a gateway with both sides in use. */
export function render(given: Given = {}, stack = newStack()): Template {
  const { gateway, target } = arrange(given, stack);
  gateway.external.route('Web', { target });
  gateway.internal.route('Api', { target });
  return Template.fromStack(stack);
}

/** Attributes of the load balancer with that scheme. */
export function attributes(template: Template, scheme: string): Record<string, unknown> {
  const [found] = Object.values(template.findResources(LOAD_BALANCER, { Properties: { Scheme: scheme } }));
  const pairs = found.Properties.LoadBalancerAttributes as { Key: string; Value: unknown }[];
  return Object.fromEntries(pairs.map(({ Key: name, Value }) => [name, Value]));
}

/** A gateway with both zones. */
export function arrangeZones(zoneNames = { publicZone: 'example.com', privateZone: 'nidhin.local' }, stack = newStack()) {
  const vpc = newVpc(stack);
  const external = { zone: new HostedZone(stack, 'Public', { zoneName: zoneNames.publicZone }) };
  const internal = { zone: new PrivateHostedZone(stack, 'Private', { vpc, zoneName: zoneNames.privateZone }) };
  return arrange({ vpc, external, internal }, stack);
}

/** Adds one route to the internal side of a gateway with zones. */
export function route(props: Partial<RouteProps>, id = 'Api') {
  const arranged = arrangeZones();
  return { ...arranged, route: arranged.gateway.internal.route(id, { target: arranged.target, ...props }) };
}

/** Adds routes in order; each of its own target. */
export function routes(...all: [string, Partial<RouteProps>][]) {
  const { stack, gateway, vpc } = arrangeZones();
  return all.map(([id, props]) =>
    gateway.internal.route(id, { target: new RoutedService(stack, `${id}Service`, { vpc }), ...props }),
  );
}

/** The end of a message about a route of the internal side. */
export const at = (id = 'Api') => `at S/Gateway/Internal/Routes/${id}]`;

export interface RoutedServiceProps {
  readonly vpc: IVpc;
  readonly protocol?: PortProtocol;
}

/** A service of this library to route to, which remembers what it was asked for. */
export class RoutedService extends MeshService implements IRoutable {
  public readonly routeOwner: IConstruct = this;
  public readonly requests: RouteRequest[] = [];

  constructor(scope: Construct, id: string, { vpc, protocol }: RoutedServiceProps) {
    const containers = [{ ...WEB, ports: [{ ...WEB.ports[0], protocol }] }];
    super(scope, id, { mesh: meshOf(scope, vpc), containers, scaling: Scaling.fixed(1) });
  }

  public bindRoute(request: RouteRequest): RouteAttachment {
    this.requests.push(request);
    return this.port('http').bindRoute(request);
  }

  /** This service in the role of a caller. */
  public asClient(): IEndpointClient {
    return this;
  }
}

/** The mesh of the services in a stack. */
function meshOf(scope: Construct, vpc: IVpc): ServiceConnectMesh {
  const stack = Stack.of(scope);
  const known = stack.node.tryFindChild('Mesh') as ServiceConnectMesh | undefined;
  if (known) return known;
  const [subnets] = [vpc.privateSubnets, vpc.isolatedSubnets, vpc.publicSubnets].filter(({ length }) => length > 0);
  return new ServiceConnectMesh(stack, 'Mesh', {
    network: MeshNetwork.fromVpc(vpc, { taskSubnets: { subnets }, storeSubnets: { subnets } }),
  });
}

/** Security group of container hosts, as the mesh keeps it. */
export function newHosts(scope: Construct, vpc: IVpc): SecurityGroup {
  const hosts = new SecurityGroup(scope, 'Hosts', { vpc, description: 'Hosts', allowAllOutbound: false });
  markHostGroup(hosts);
  return hosts;
}

/** A network whose only subnets are of one kind. */
export function vpcOf(scope: Construct, subnetType: SubnetType, maxAzs = 2): Vpc {
  return new Vpc(scope, 'Vpc', { maxAzs, natGateways: 0, subnetConfiguration: [{ name: 'Only', subnetType }] });
}
