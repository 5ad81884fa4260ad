import { App, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { IVpc, Subnet, SubnetType, Vpc, VpcAttributes } from 'aws-cdk-lib/aws-ec2';
import { ExistingNetworkOptions, MeshNetwork } from 'cdk-ecs-mesh';
import { smallApp } from '../small-app';

const ZONES = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'];
const TYPES = { public: 'Public', private: 'Private', isolated: 'Isolated' } as const;

/** The subnets of a VPC as a look-up finds them: by group, the type and the zones. */
type Groups = Record<string, [type: keyof typeof TYPES, zones: number]>;

const THREE_TIERS: Groups = { Public: ['public', 2], Private: ['private', 2], Isolated: ['isolated', 2] };

/** What the CDK CLI writes to cdk.context.json for a VPC. */
function found(groups: Groups) {
  const subnetGroups = Object.entries(groups).map(([name, [type, zones]], group) => ({
    name,
    type: TYPES[type],
    subnets: ZONES.slice(0, zones).map((availabilityZone, i) => ({
      subnetId: `subnet-${group + 1}${i + 1}`,
      availabilityZone,
      routeTableId: `rtb-${group + 1}${i + 1}`,
      cidr: `10.0.${group * 16 + i}.0/24`,
    })),
  }));
  return { vpcId: 'vpc-1', vpcCidrBlock: '10.0.0.0/16', ownerAccountId: '111111111111', availabilityZones: [], subnetGroups };
}

const lookUp = (stack: Stack) => Vpc.fromLookup(stack, 'Vpc', { vpcName: 'shared' });

/** The key under which the context has the VPC, as the first pass asks for it. */
function contextKey(): string {
  const app = smallApp();
  lookUp(stackIn(app));
  return app.synth().manifest.missing![0].key;
}

/** The stack of a mesh, in an environment that is known, as a look-up demands. */
export function stackIn(app: App, id = 'Home'): Stack {
  return new Stack(app, id, { env: { account: '111111111111', region: 'eu-west-1' } });
}

/** A network of other people: what the context has of it, and how it is imported. */
export interface Network {
  readonly context?: () => Record<string, unknown>;
  readonly vpc: (stack: Stack) => IVpc;
  readonly options?: (stack: Stack) => ExistingNetworkOptions;
}

const lookedUp = (groups: Groups, options?: ExistingNetworkOptions): Network => ({
  context: () => ({ [contextKey()]: found(groups) }),
  vpc: lookUp,
  options: () => options ?? {},
});
const attributes = (lists: (name: string, stack: Stack) => string[]): Network => ({
  vpc: (stack) => {
    const list = (name: string) => lists(name, stack);
    const ids: Partial<VpcAttributes> = {
      publicSubnetIds: list('public'),
      privateSubnetIds: list('private'),
      isolatedSubnetIds: list('isolated'),
    };
    return Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: Fn.importValue('vpc'), availabilityZones: list('zones'), ...ids });
  },
});

const NAMED: Groups = { Edge: ['public', 2], Apps: ['private', 2], Data: ['isolated', 2] };
const BY_NAME: ExistingNetworkOptions = {
  externalLoadBalancerSubnets: { subnetGroupName: 'Edge' },
  internalLoadBalancerSubnets: { subnetGroupName: 'Apps', onePerAz: true },
  taskSubnets: { subnetGroupName: 'Apps' },
  storeSubnets: { subnetGroupName: 'Data' },
};
const ISOLATED: ExistingNetworkOptions = { taskSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } };

/** The columns of the table: every way to a network that exists, in the first pass and in the second. */
export const NETWORKS: Record<string, Network> = {
  'attributes that are known': {
    vpc: (stack) =>
      Vpc.fromVpcAttributes(stack, 'Vpc', {
        vpcId: 'vpc-1',
        availabilityZones: ZONES.slice(0, 2),
        publicSubnetIds: ['subnet-11', 'subnet-12'],
        privateSubnetIds: ['subnet-21', 'subnet-22'],
        isolatedSubnetIds: ['subnet-31', 'subnet-32'],
      }),
  },
  'first pass': { vpc: lookUp },
  'first pass, subnets by name': { vpc: lookUp, options: () => BY_NAME },
  'first pass, isolated tasks': { vpc: lookUp, options: () => ISOLATED },
  'first pass, zones of the stack': {
    vpc: (stack) =>
      Vpc.fromVpcAttributes(stack, 'Vpc', {
        vpcId: 'vpc-1',
        availabilityZones: stack.availabilityZones.slice(0, 2),
        publicSubnetIds: ['subnet-11', 'subnet-12'],
        privateSubnetIds: ['subnet-21', 'subnet-22'],
        isolatedSubnetIds: ['subnet-31', 'subnet-32'],
      }),
  },
  'second pass': lookedUp(THREE_TIERS),
  'second pass, subnets by name': lookedUp(NAMED, BY_NAME),
  'second pass, no isolated subnets': lookedUp({ Public: ['public', 2], Private: ['private', 2] }),
  'second pass, no private subnets': lookedUp({ Public: ['public', 2], Isolated: ['isolated', 2] }),
  'second pass, isolated tasks': lookedUp({ Public: ['public', 2], Isolated: ['isolated', 2] }, ISOLATED),
  'second pass, isolated only': lookedUp({ Isolated: ['isolated', 2] }, ISOLATED),
  'second pass, public only': lookedUp({ Public: ['public', 2] }),
  'second pass, one zone': lookedUp({ Public: ['public', 1], Private: ['private', 1], Isolated: ['isolated', 1] }),
  'second pass, a zone without a store': lookedUp({ Public: ['public', 3], Private: ['private', 3], Isolated: ['isolated', 2] }),
  'second pass, other names': lookedUp(THREE_TIERS, BY_NAME),
  'lists of known length': attributes((name) => Fn.split(',', Fn.importValue(name), 2)),
  'imported lists of known length': attributes((name) => Fn.importListValue(name, 2)),
  'lists of unknown length': attributes((name) => Fn.split(',', Fn.importValue(name))),
  'lists of parameters': attributes((name, stack) => new CfnParameter(stack, name, { type: 'CommaDelimitedList' }).valueAsList),
  'subnets by ID only': {
    vpc: (stack) => Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['eu-west-1a'] }),
    options: (stack) => {
      const subnets = (name: string) => ({
        subnets: [1, 2].map((i) => Subnet.fromSubnetId(stack, `${name}${i}`, `subnet-${name}${i}`)),
      });
      return {
        externalLoadBalancerSubnets: subnets('edge'),
        internalLoadBalancerSubnets: subnets('inside'),
        taskSubnets: subnets('apps'),
        storeSubnets: subnets('data'),
      };
    },
  },
};

/** Imports a network into a stack. */
export function networkIn(stack: Stack, { vpc, options }: Network): MeshNetwork {
  return MeshNetwork.fromVpc(vpc(stack), options?.(stack));
}
