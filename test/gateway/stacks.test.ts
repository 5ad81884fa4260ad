import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Connections, IVpc, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ContainerImage, NetworkMode } from 'aws-cdk-lib/aws-ecs';
import {
  ApplicationListenerRule,
  ApplicationTargetGroup,
  ListenerAction,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct, IConstruct } from 'constructs';
import { ENV, newCertificate, newHosts, newVpc } from './fixtures';
import { openPath } from '../../src/core/private/security-path';
import { IRoutable, RouteAttachment, RouteRequest } from '../../src/core/routable';
import { TopologyRecord } from '../../src/core/topology-record';
import { DualAlbGateway } from '../../src/gateway/dual-alb-gateway';
import { ExternalSide } from '../../src/gateway/external-side';
import { InternalSide } from '../../src/gateway/internal-side';
import { SideCertificate } from '../../src/gateway/side-certificate';
import { MeshNetwork } from '../../src/mesh/mesh-network';
import { ServiceConnectMesh } from '../../src/mesh/service-connect-mesh';
import { MeshService } from '../../src/service/mesh-service';
import { Compute } from '../../src/tasks/compute';

type Kind = 'awsvpc' | 'bridge';

/** Mesh, gateway, frontend and API, in a stack each or all in one; the frontend calls the API's internal route. */
function arrangeGeo(kind: Kind, layout: 'four stacks' | 'one stack') {
  const app = new App();
  const one = new Stack(app, 'One', { env: ENV });
  const stackFor = (id: string) => (layout === 'one stack' ? one : new Stack(app, id, { env: ENV }));
  const stacks = {
    mesh: stackFor('MeshStack'),
    gateway: stackFor('GatewayStack'),
    api: stackFor('ApiStack'),
    web: stackFor('WebStack'),
  };
  const mesh = new ServiceConnectMesh(stacks.mesh, 'Mesh', { privateDomain: 'nidhin.local' });
  const hosts = kind === 'bridge' ? mesh.addEc2Capacity('Hosts') : undefined;
  const compute = hosts && Compute.ec2(hosts, { networkMode: NetworkMode.BRIDGE });
  const publicZone = HostedZone.fromHostedZoneAttributes(stacks.gateway, 'Zone', { hostedZoneId: 'Z0', zoneName: 'nidhin.com' });
  const gateway = new DualAlbGateway(stacks.gateway, 'Gateway', {
    network: mesh,
    external: ExternalSide.https({ certificate: SideCertificate.given(newCertificate(stacks.gateway)), zone: publicZone }),
    internal: InternalSide.http({ zone: mesh.privateZone }),
  });
  const image = ContainerImage.fromRegistry('public.ecr.aws/docker/library/busybox:1.37');
  const service = (stack: Stack, id: string) =>
    new MeshService(stack, id, { mesh, compute, containers: [{ image, ports: [{ name: 'http', containerPort: 8080 }] }] });
  const api = service(stacks.api, 'Api');
  const web = service(stacks.web, 'Web');
  const apiRoute = gateway.internal.route('Api', { target: api.port('http'), recordName: 'api' });
  gateway.external.route('Web', { target: web.port('http'), recordName: 'frontend' });
  web.connectTo(apiRoute, { as: 'API' });
  return { app, stacks, gateway, apiRoute };
}

/** Ids of the resources of a type, of which a part of the id is enough. */
function idsOf(stack: Stack, type: string): string[] {
  return Object.keys(Template.fromStack(stack).findResources(type));
}

/** Names of the stacks that must be deployed before this one. */
function dependencies(stack: Stack): string[] {
  return stack.dependencies.map((dependency) => dependency.node.id).sort();
}

/** Another library's target on hosts that it shares, with dynamic ports on them. */
class ForeignTarget extends Construct implements IRoutable {
  public readonly routeOwner: IConstruct = this;
  public readonly connections: Connections;

  constructor(
    scope: Construct,
    id: string,
    private readonly vpc: IVpc,
    hosts: SecurityGroup,
  ) {
    super(scope, id);
    this.connections = new Connections({ securityGroups: [hosts] });
  }

  public bindRoute({ scopeIds, listener, loadBalancer, priority, conditions }: RouteRequest): RouteAttachment {
    const scope = new Construct(this, scopeIds.join('-'));
    const { vpc } = this;
    const targetGroup = new ApplicationTargetGroup(scope, 'TargetGroup', { vpc, port: 8080, targetType: TargetType.INSTANCE });
    const action = ListenerAction.forward([targetGroup]);
    const rule = new ApplicationListenerRule(scope, 'Rule', { listener, priority, conditions, action });
    openPath(loadBalancer, this, Port.tcpRange(32768, 65535), 'Load balancer to hosts');
    return { targetPath: this.node.path, targetGroup, ready: [rule] };
  }
}

describe('T21: a stack for each party', () => {
  test.each<[Kind, 'four stacks' | 'one stack']>([
    ['awsvpc', 'four stacks'],
    ['awsvpc', 'one stack'],
    ['bridge', 'four stacks'],
    ['bridge', 'one stack'],
  ])('T21: %s services in %s synthesise without a cycle', (kind, layout) => {
    expect(() => arrangeGeo(kind, layout).app.synth()).not.toThrow();
  });

  test.each<Kind>(['awsvpc', 'bridge'])('T21: with %s services the gateway depends on the mesh alone', (kind) => {
    const { app, stacks } = arrangeGeo(kind, 'four stacks');
    app.synth();
    expect(dependencies(stacks.mesh)).toEqual([]);
    expect(dependencies(stacks.gateway)).toEqual(['MeshStack']);
    expect(dependencies(stacks.api)).toEqual(['GatewayStack', 'MeshStack']);
    expect(dependencies(stacks.web)).toEqual(['ApiStack', 'GatewayStack', 'MeshStack']);
  });

  test('T21: target group and rule lie with the service, records with the gateway', () => {
    const { stacks } = arrangeGeo('awsvpc', 'four stacks');
    for (const [stack, count] of [
      [stacks.gateway, 0],
      [stacks.api, 1],
      [stacks.web, 1],
    ] as const) {
      expect(idsOf(stack, 'AWS::ElasticLoadBalancingV2::TargetGroup')).toHaveLength(count);
      expect(idsOf(stack, 'AWS::ElasticLoadBalancingV2::ListenerRule')).toHaveLength(count);
    }
    expect(idsOf(stacks.gateway, 'AWS::Route53::RecordSet')).toHaveLength(2);
    expect(idsOf(stacks.api, 'AWS::Route53::RecordSet')).toEqual([]);
  });

  test('T21: in awsvpc mode both rules of every path lie with the party that asked for it', () => {
    const { stacks } = arrangeGeo('awsvpc', 'four stacks');
    expect(idsOf(stacks.gateway, 'AWS::EC2::SecurityGroupEgress')).toEqual([]);
    expect(idsOf(stacks.gateway, 'AWS::EC2::SecurityGroupIngress')).toEqual([]);
    expect(idsOf(stacks.api, 'AWS::EC2::SecurityGroupIngress')).toHaveLength(1); // internal ALB -> API
    expect(idsOf(stacks.web, 'AWS::EC2::SecurityGroupIngress')).toHaveLength(2); // external ALB -> web -> internal ALB
  });

  test('T21: on shared hosts the paths are opened in the stack of the gateway', () => {
    const { stacks } = arrangeGeo('bridge', 'four stacks');
    const template = Template.fromStack(stacks.gateway);
    const ports = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')).map(
      ({ Properties: { FromPort, ToPort } }) => `${FromPort}-${ToPort}`,
    );
    expect(ports.sort()).toEqual(['32768-65535', '32768-65535', '80-80']); // both ALBs -> hosts, hosts -> internal ALB
    expect(idsOf(stacks.mesh, 'AWS::EC2::SecurityGroupIngress')).toEqual([]);
    expect(idsOf(stacks.api, 'AWS::EC2::SecurityGroupIngress')).toEqual([]);
  });

  test('GEO-9: the frontend finds the API under its private name, and is deployed after it', () => {
    const { stacks } = arrangeGeo('bridge', 'one stack');
    const template = Template.fromStack(stacks.web);
    const definitions = template.findResources('AWS::ECS::TaskDefinition');
    const [web] = Object.entries(definitions).filter(([id]) => id.startsWith('Web'));
    expect(web[1].Properties.ContainerDefinitions[0].Environment).toEqual(
      expect.arrayContaining([
        { Name: 'API_URL', Value: 'http://api.nidhin.local' },
        { Name: 'API_HOST', Value: 'api.nidhin.local' },
        { Name: 'API_PORT', Value: '80' },
      ]),
    );
    const [service] = Object.entries(template.findResources('AWS::ECS::Service')).filter(([id]) => id.startsWith('Web'));
    expect(service[1].DependsOn).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^GatewayInternalRecordsapi/),
        expect.stringMatching(/^ApiRoutesGatewayInternalApiRule/),
        expect.stringMatching(/^ApiService/),
      ]),
    );
  });

  test('GEO: the picture leads from the users to the API', () => {
    const { app, stacks } = arrangeGeo('bridge', 'one stack');
    expect(stacks.mesh.node.id).toBe('One');
    expect(TopologyRecord.of(app).pathBetween('Internet', 'One/Api')).toEqual([
      'Internet',
      'One/Gateway/External',
      'One/Web',
      'One/Gateway/Internal',
      'One/Api',
    ]);
  });

  test('T21: any IRoutable on marked hosts, without the classes of this library', () => {
    const app = new App();
    const [network, edge, apps] = ['Network', 'Edge', 'Apps'].map((id) => new Stack(app, id, { env: ENV }));
    const vpc = newVpc(network);
    const gateway = new DualAlbGateway(edge, 'Gateway', {
      network: MeshNetwork.fromVpc(vpc),
      external: ExternalSide.https({ certificate: SideCertificate.given(newCertificate(edge)) }),
      internal: InternalSide.http(),
    });
    const target = new ForeignTarget(apps, 'Web', vpc, newHosts(network, vpc));
    gateway.external.route('Web', { target });
    gateway.internal.route('Web', { target });
    app.synth();
    expect(dependencies(edge)).toEqual(['Network']);
    expect(dependencies(apps)).toEqual(['Edge', 'Network']);
    expect(idsOf(edge, 'AWS::EC2::SecurityGroupIngress')).toHaveLength(2);
  });
});
