import { App, Size, Stack } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { CfnService, ContainerImage, NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  Compute,
  DualAlbGateway,
  Ec2CapacityProps,
  Ec2PurchaseOption,
  ExternalSide,
  MeshService,
  MeshServiceProps,
  Rollout,
  ServiceConnect,
  ServiceConnectMesh,
  ServiceDiscovery,
} from 'cdk-ecs-mesh';
import { Build, meshIn, NamedChange } from './named-change';
import { WEB } from '../../helpers';

type Choose = (mesh: ServiceConnectMesh) => Partial<MeshServiceProps>;

function newApi(stack: Stack, mesh: ServiceConnectMesh, props: Partial<MeshServiceProps>): MeshService {
  return new MeshService(stack, 'Api', { mesh, containers: [WEB], ...props });
}

/** A service that another one calls by its name. */
const called =
  (choose: Choose): Build =>
  (stack) => {
    const mesh = meshIn(stack);
    const api = newApi(stack, mesh, choose(mesh));
    new MeshService(stack, 'Page', { mesh, containers: [WEB] }).connectTo(api.port('http'));
    return api;
  };

/** A service behind a load balancer. */
const routed =
  (choose: Choose): Build =>
  (stack) => {
    const mesh = meshIn(stack);
    const api = newApi(stack, mesh, { networking: { serviceConnect: ServiceConnect.none() }, ...choose(mesh) });
    const gateway = new DualAlbGateway(stack, 'Gateway', { network: mesh, external: ExternalSide.http() });
    gateway.external.route('Api', { target: api.port('http') });
  };

const onHosts =
  (networkMode: NetworkMode, hosts: Omit<Ec2CapacityProps, 'mesh'> = {}, more: Partial<MeshServiceProps> = {}): Choose =>
  (mesh) => ({ compute: Compute.ec2(mesh.addEc2Capacity('Hosts', hosts), { networkMode }), ...more });

const besideHosts: Choose = (mesh) => {
  mesh.addEc2Capacity('Hosts');
  return {};
};

/** A service with a name in DNS. */
const named =
  (choose: Choose): Build =>
  (stack) => {
    const mesh = meshIn(stack);
    const discovery = ServiceDiscovery.privateDns(mesh.addDnsNamespace('Names', 'svc.shop.local'));
    newApi(stack, mesh, { networking: { serviceConnect: ServiceConnect.none(), discovery }, ...choose(mesh) });
  };

const { AWS_VPC, BRIDGE } = NetworkMode;
const rollout = (one: Rollout): Build => routed(() => ({ rollout: one }));

/** A service as it was rendered until November 2026. */
const scheduled = (build: Build): Build => {
  return (stack) => {
    ((build(stack) as MeshService).service.node.defaultChild as CfnService).schedulingStrategy = 'REPLICA';
  };
};
const OF_THIS_VERSION = called(onHosts(AWS_VPC));

/** A service in one of two stacks, or in none. */
const inStack =
  (id: 'Shop' | 'Other' | 'None'): Build =>
  (stack) => {
    const mesh = meshIn(stack);
    const other = new Stack(stack.node.root as App, 'Other', { env: { account: stack.account, region: stack.region } });
    new Topic(other, 'Topic');
    other.addStackDependency(stack);
    if (id === 'None') return;
    const scope = id === 'Other' ? other : stack;
    const api = newApi(scope, mesh, {});
    new MeshService(scope, 'Page', { mesh, containers: [WEB] }).connectTo(api.port('http'));
  };

export const COMPUTE: NamedChange[] = [
  {
    page: 'docs/compute.md',
    says: 'A records would become SRV records, which [Cloud Map rejects]',
    before: named(besideHosts),
    after: named(onHosts(BRIDGE)),
    outcomes: { 'Api/Service/Service': 'updated' },
    refusals: ['record type: Api/Service/CloudmapService'],
  },
  {
    page: 'docs/compute.md',
    says: 'another capacity, base or weight; same network mode',
    before: called(besideHosts),
    after: OF_THIS_VERSION,
    outcomes: { 'Api/Service/Service': 'updated' },
  },
  {
    page: 'docs/compute.md',
    says: 'the service changes in place, and its target group is another one (`TargetType`)',
    before: routed(onHosts(AWS_VPC)),
    after: routed(onHosts(BRIDGE)),
    outcomes: {
      'Api/Service/Service': 'updated',
      'Api/Routes/Gateway/External/Api/TargetGroup': 'replaced',
      'Api/Routes/Gateway/External/Api/Rule': 'updated',
    },
  },
  {
    page: 'docs/compute.md',
    says: 'Another type, image, disk or purchase option of the same group needs only one deployment',
    before: OF_THIS_VERSION,
    after: called(onHosts(AWS_VPC, { instanceType: new InstanceType('m7i.large'), diskSize: Size.gibibytes(60) })),
    outcomes: { 'Mesh/Hosts/Hosts/ASG': 'updated' },
  },
  {
    page: 'docs/compute.md',
    says: 'Another type, image, disk or purchase option of the same group needs only one deployment',
    before: OF_THIS_VERSION,
    after: called(onHosts(AWS_VPC, { purchase: Ec2PurchaseOption.spot() })),
    outcomes: { 'Mesh/Hosts/Hosts/ASG': 'updated' },
  },
  {
    page: 'docs/rollouts.md',
    says: "in place. The route's group stays the first one; the update deploys as blue/green",
    before: rollout(Rollout.rolling()),
    after: rollout(Rollout.blueGreen()),
    outcomes: {
      'Api/Service/Service': 'updated',
      'Api/Routes/Gateway/External/Api/Rule': 'updated',
      'Api/Routes/Gateway/External/Api/AlternateTargetGroup': 'created',
    },
  },
  {
    page: 'docs/rollouts.md',
    says: 'in place; the rule does not change',
    before: rollout(Rollout.blueGreen()),
    after: rollout(Rollout.canary()),
    outcomes: { 'Api/Service/Service': 'updated' },
  },
  {
    page: 'docs/rollouts.md',
    says: 'the rule changes: only while the first group is live',
    before: rollout(Rollout.blueGreen()),
    after: rollout(Rollout.rolling()),
    outcomes: {
      'Api/Service/Service': 'updated',
      'Api/Routes/Gateway/External/Api/AlternateTargetGroup': 'removed',
      'Api/Routes/Gateway/External/Api/Rule': 'updated',
    },
  },
  {
    page: 'docs/rollouts.md',
    says: "CloudFormation's schema replaces the service",
    before: rollout(Rollout.codeDeploy()),
    after: rollout(Rollout.blueGreen()),
    outcomes: { 'Api/Service/Service': 'replaced' },
  },
  {
    page: 'docs/upgrades.md',
    says: 'deployed before would be replaced, which fails while its Service Connect name is in use',
    before: scheduled(OF_THIS_VERSION),
    after: OF_THIS_VERSION,
    outcomes: { 'Api/Service/Service': 'replaced' },
    refusals: ['Service Connect name in use: Api/Service/Service'],
  },
  {
    page: 'docs/upgrades.md',
    says: 'Keep the property for such a service',
    before: scheduled(OF_THIS_VERSION),
    after: scheduled(OF_THIS_VERSION),
    outcomes: {},
  },
  {
    page: 'docs/what-breaks-when.md',
    says: 'new tasks start and become healthy, then old ones drain',
    before: called(() => ({})),
    after: called(() => ({ containers: [{ ...WEB, image: ContainerImage.fromRegistry('my/web:2') }] })),
    outcomes: { 'Api/Service/Service': 'updated' },
  },
  {
    page: 'docs/scale.md',
    says: 'Moving it to an earlier stack creates it again, while the old one still uses its name and log group',
    before: inStack('Other'),
    after: inStack('Shop'),
    outcomes: {
      'Other/Api/Service/Service': 'removed',
      'Other/Page/Service/Service': 'removed',
      'Api/Service/Service': 'created',
      'Page/Service/Service': 'created',
    },
    refusals: [
      'name in use, perhaps: Api/Logs',
      'name in use, perhaps: Page/Logs',
      'Service Connect name in use: Api/Service/Service',
      'export in use',
    ],
  },
  {
    page: 'docs/scale.md',
    says: 'delete it in one deployment, and add it in the next',
    before: inStack('None'),
    after: inStack('Shop'),
    outcomes: { 'Api/Service/Service': 'created', 'Page/Service/Service': 'created' },
  },
];

/** Capacity that goes with its last service, in one deployment, and in the two that the page describes. */
export const CAPACITY_THAT_GOES: NamedChange[] = [
  {
    page: 'docs/compute.md',
    says: 'hosts of which this service was the last, removed beside it',
    before: OF_THIS_VERSION,
    after: called(() => ({})),
    outcomes: { 'Mesh/Hosts/Hosts/ASG': 'removed', 'Mesh/Hosts/Provider/Provider': 'removed', 'Api/Service/Service': 'updated' },
    refusals: ['capacity provider in use: Mesh/Hosts/Provider/Provider'],
  },
  {
    page: 'docs/compute.md',
    says: 'first the service moves',
    before: OF_THIS_VERSION,
    after: called(besideHosts),
    outcomes: { 'Api/Service/Service': 'updated' },
  },
  {
    page: 'docs/compute.md',
    says: 'the next deployment deletes the hosts',
    before: called(besideHosts),
    after: called(() => ({})),
    outcomes: { 'Mesh/Hosts/Hosts/ASG': 'removed', 'Mesh/Hosts/Provider/Provider': 'removed' },
  },
];
