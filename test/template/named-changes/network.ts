import { RemovalPolicy } from 'aws-cdk-lib';
import { MachineImage } from 'aws-cdk-lib/aws-ec2';
import { CfnLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import {
  DualAlbGateway,
  ExternalSide,
  MeshNetwork,
  MeshService,
  NatStrategy,
  NatInstanceOptions,
  PostgresDatabase,
} from 'cdk-ecs-mesh';
import { Build, meshIn, NamedChange } from './named-change';
import { WEB } from '../../helpers';

const range =
  (task: string): Build =>
  (stack) => {
    const subnets = {
      publicSubnets: ['10.0.1.0/24', '10.0.2.0/24'],
      taskSubnets: [task, '10.0.12.0/24'],
      storeSubnets: ['10.0.21.0/24', '10.0.22.0/24'],
    };
    const network = MeshNetwork.threeTier({ availabilityZones: 2, subnets });
    new MeshService(stack, 'Api', { mesh: meshIn(stack, { network }), containers: [WEB] });
  };
const nat =
  (options: NatInstanceOptions): Build =>
  (stack) =>
    meshIn(stack, { network: MeshNetwork.threeTier({ availabilityZones: 2, nat: NatStrategy.instancePerAz(options) }) });
const image = (id: string) => ({ machineImage: MachineImage.genericLinux({ 'eu-west-1': id }) });
const balancer =
  (scheme: string, name?: string): Build =>
  (stack) => {
    const mesh = meshIn(stack);
    const gateway = new DualAlbGateway(stack, 'Gateway', {
      network: mesh,
      external: ExternalSide.http({ loadBalancerName: name }),
    });
    (gateway.external.loadBalancer.node.defaultChild as CfnLoadBalancer).scheme = scheme;
  };
const mode =
  (removalPolicy: RemovalPolicy): Build =>
  (stack) =>
    new PostgresDatabase(stack, 'Database', { mesh: meshIn(stack, { removalPolicy }) });

export const NETWORKS: NamedChange[] = [
  {
    page: 'docs/network.md',
    says: 'Changing a range later replaces the subnet and everything in it',
    before: range('10.0.11.0/24'),
    after: range('10.0.13.0/24'),
    outcomes: { 'Mesh/Vpc/PrivateSubnet1/Subnet': 'replaced', 'Api/Service/Service': 'updated' },
  },
  {
    page: 'docs/delivery.md',
    says: 'a release would replace the NAT instances of all zones at once',
    before: nat({}),
    after: nat({}),
    outcomes: { 'Mesh/Vpc/PublicSubnet1/NatInstance': 'may be replaced', 'Mesh/Vpc/PublicSubnet2/NatInstance': 'may be replaced' },
  },
  {
    page: 'docs/delivery.md',
    says: 'Pin the image',
    before: nat(image('ami-1')),
    after: nat(image('ami-1')),
    outcomes: {},
  },
  {
    page: 'docs/delivery.md',
    says: 'change it at a time that suits you',
    before: nat(image('ami-1')),
    after: nat(image('ami-2')),
    outcomes: { 'Mesh/Vpc/PublicSubnet1/NatInstance': 'replaced', 'Mesh/Vpc/PublicSubnet2/NatInstance': 'replaced' },
  },
  {
    page: 'docs/gateway.md',
    says: 'An update cannot replace a load balancer with a physical name',
    before: balancer('internet-facing', 'shop'),
    after: balancer('internal', 'shop'),
    outcomes: { 'Gateway/External/LoadBalancer': 'replaced' },
    refusals: ['custom name: Gateway/External/LoadBalancer', 'deletion protection: Gateway/External/LoadBalancer'],
  },
  {
    page: 'docs/upgrades.md',
    says: 'no resource has deletion, termination or scale-in protection',
    before: mode(RemovalPolicy.RETAIN),
    after: mode(RemovalPolicy.DESTROY),
    outcomes: { 'Database/Instance': 'updated' },
  },
];
