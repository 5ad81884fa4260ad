import { Annotations, Stack } from 'aws-cdk-lib';
import { ISubnet, IVpc, Subnet, SubnetSelection, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerInsights, ExecuteCommandLogging, ICluster } from 'aws-cdk-lib/aws-ecs';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { IPrivateHostedZone, PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { HttpNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import { Construct, IConstruct } from 'constructs';
import { IMesh } from '../../core/mesh';
import { hasContainerInsights } from '../../core/private/container-insights';
import { requireInteger, validationError } from '../../core/private/errors';
import { zoneNameOf } from '../../core/private/of-import';
import { requireResolved } from '../../core/private/resolved';
import { publish, SharedParameters } from '../../core/private/sharing';
import { findSubnets, zoneOf } from '../../core/private/subnets';
import { MeshCluster } from '../mesh-cluster';
import { ExistingNetwork, MeshNetwork } from '../mesh-network';
import { SharedMeshOptions } from '../shared-mesh-options';

/** The purposes of subnets, by the parameter that lists them. */
const SUBNETS = {
  'external-load-balancer-subnet-ids': 'externalLoadBalancerSubnets',
  'internal-load-balancer-subnet-ids': 'internalLoadBalancerSubnets',
  'task-subnet-ids': 'taskSubnets',
  'store-subnet-ids': 'storeSubnets',
} as const;

/** The value of a parameter for what the owner does not have: a parameter cannot be empty. */
const NONE = 'none';

/** Publishes what another app needs to run services in the mesh. */
export function shareMesh(mesh: IMesh & Construct, namespaceId: string, prefix: string): void {
  const { cluster, privateZone } = mesh;
  const logGroup = cluster.executeCommandConfiguration?.logConfiguration?.cloudWatchLogGroup;
  const zones = zonesOf(mesh);
  const subnets = Object.entries(SUBNETS).map(([name, purpose]) => [name, idsIn(zones, subnetsOf(mesh, mesh[purpose]))]);
  publish({
    owner: mesh,
    prefix,
    values: {
      'vpc-id': mesh.vpc.vpcId,
      'availability-zones': zones,
      ...Object.fromEntries(subnets),
      'cluster-name': cluster.clusterName,
      'container-insights': insightsOf(mesh),
      'exec-log-group-name': logGroup?.logGroupRef.logGroupName ?? NONE,
      'exec-key-arn': cluster.executeCommandConfiguration?.kmsKey?.keyArn ?? noKey(mesh),
      'namespace-name': mesh.namespaceName,
      'namespace-id': namespaceId,
      'namespace-arn': mesh.namespaceArn,
      'private-zone-id': privateZone?.hostedZoneId,
      'private-domain': privateZone && zoneNameOf(mesh, 'privateZone', privateZone),
    },
  });
}

/** Returns the ARN of no key: it stands in the policies of consumers, where it allows nothing and only an ARN is accepted. */
function noKey(mesh: IConstruct): string {
  return Stack.of(mesh).formatArn({ service: 'kms', resource: 'key', resourceName: NONE });
}

function insightsOf(mesh: IMesh): string | undefined {
  if (!hasContainerInsights(mesh)) return mesh.containerInsights;
  return mesh.containerInsights ?? ContainerInsights.ENABLED;
}

/** Returns the zones of the tasks, in the order in which all subnets are listed. */
function zonesOf(mesh: IMesh): string[] {
  return subnetsOf(mesh, mesh.taskSubnets).map((subnet) => {
    const zone = zoneOf(subnet);
    if (zone !== undefined) return zone;
    throw validationError(mesh, 'SharedZonesUnknown', {
      prop: 'network.taskSubnets',
      must: 'have their Availability Zones, which other apps read from a parameter',
      got: subnet.node.path,
      fix: 'import the subnets with `Subnet.fromSubnetAttributes` and their `availabilityZone`',
    });
  });
}

/** Returns one subnet in each zone for a purpose; none if the network has no such subnets. */
function subnetsOf({ vpc }: IMesh, selection: SubnetSelection): ISubnet[] {
  try {
    return findSubnets(vpc, { ...selection, onePerAz: true }, (reason) => new Error(reason)).subnets;
  } catch {
    return [];
  }
}

/** Returns the IDs in the order of the zones, which is the order in which a consumer takes them. */
function idsIn(zones: string[], subnets: ISubnet[]): string[] {
  const ordered = zones.flatMap((zone) => subnets.find((subnet) => zoneOf(subnet) === zone) ?? []);
  const ids = (ordered.length === subnets.length ? ordered : subnets).map(({ subnetId }) => subnetId);
  return ids.length > 0 ? ids : [NONE];
}

/** Returns the props of a mesh in the shared parts of an owner. */
export function sharedMeshProps(scope: Construct, prefix: string, options: SharedMeshOptions) {
  const { availabilityZones = 2, containerInsights = ContainerInsights.ENABLED, privateDomain, ...own } = options;
  requireResolved(scope, 'availabilityZones', availabilityZones);
  requireInteger(scope, 'AvailabilityZonesOutOfRange', 'availabilityZones', availabilityZones, 1, 6);
  const parameters = new SharedParameters(scope, prefix);
  parameters.expect('container-insights', containerInsights);
  parameters.expect('availability-zones', availabilityZones);
  const network = sharedNetwork(scope, parameters, availabilityZones);
  const cluster = sharedCluster(scope, parameters, network.vpc);
  const namespace = HttpNamespace.fromHttpNamespaceAttributes(scope, 'Namespace', {
    namespaceName: parameters.text('namespace-name'),
    namespaceId: parameters.text('namespace-id'),
    namespaceArn: parameters.text('namespace-arn'),
  });
  const privateZone = privateDomain === undefined ? undefined : sharedZone(scope, parameters, privateDomain);
  return { ...own, network, cluster: MeshCluster.existing(cluster, { containerInsights }), namespace, privateZone };
}

function sharedNetwork(scope: Construct, parameters: SharedParameters, zones: number): ExistingNetwork {
  const ids = (purpose: keyof typeof SUBNETS) => parameters.list(purpose, zones);
  const availabilityZones = parameters.list('availability-zones', zones);
  const vpc = Vpc.fromVpcAttributes(scope, 'Vpc', {
    vpcId: parameters.text('vpc-id'),
    availabilityZones,
    publicSubnetIds: ids('external-load-balancer-subnet-ids'),
    privateSubnetIds: ids('task-subnet-ids'),
    isolatedSubnetIds: ids('store-subnet-ids'),
  });
  const internal = ids('internal-load-balancer-subnet-ids').map((subnetId, i) =>
    Subnet.fromSubnetAttributes(scope, `Internal${i + 1}`, { subnetId, availabilityZone: availabilityZones[i] }),
  );
  // The route tables belong to the owner, and nothing here reads them.
  Annotations.of(scope).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId');
  return MeshNetwork.fromVpc(vpc, { internalLoadBalancerSubnets: { subnets: internal } });
}

function sharedCluster(scope: Construct, parameters: SharedParameters, vpc: IVpc): ICluster {
  const logGroupName = parameters.text('exec-log-group-name');
  return Cluster.fromClusterAttributes(scope, 'Cluster', {
    clusterName: parameters.text('cluster-name'),
    vpc,
    executeCommandConfiguration: {
      // The sessions of a cluster with a key are encrypted with it, which the task decrypts.
      kmsKey: Key.fromKeyArn(scope, 'ExecKey', parameters.text('exec-key-arn')),
      logging: ExecuteCommandLogging.OVERRIDE,
      logConfiguration: { cloudWatchLogGroup: LogGroup.fromLogGroupName(scope, 'ExecLogs', logGroupName) },
    },
  });
}

function sharedZone(scope: Construct, parameters: SharedParameters, zoneName: string): IPrivateHostedZone {
  parameters.expect('private-domain', zoneName);
  const hostedZoneId = parameters.text('private-zone-id');
  return PrivateHostedZone.fromHostedZoneAttributes(scope, 'PrivateZone', { hostedZoneId, zoneName });
}
