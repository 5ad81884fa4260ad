import { Lazy, Stack } from 'aws-cdk-lib';
import { CfnClusterCapacityProviderAssociations, CapacityProviderStrategy, Cluster, ICluster } from 'aws-cdk-lib/aws-ecs';
import { Construct, IConstruct, IDependable } from 'constructs';
import { ConstructState } from './construct-state';
import { validationError } from './errors';
import { claimInAccount } from './name-registry';

/** The capacity providers of a cluster that another app owns. */
export interface OwnersList {
  readonly names: string[];
  readonly defaultStrategy: CapacityProviderStrategy[];
}

interface Capacity extends OwnersList {
  /** The names of providers that this app adds. */
  readonly added: string[];
  /** The resource with the whole list, once this app adds to it. */
  association?: IConstruct;
}

const capacities = new ConstructState<Capacity | undefined>('clusterCapacity', () => undefined);

/** Records the list of the owner of a cluster. */
export function stateOwnersList(cluster: ICluster, list: OwnersList): void {
  capacities.set(cluster, { ...list, added: [] });
}

/** Returns the names of all capacity providers of an existing cluster; undefined if they are not known. */
export function providersOf(cluster: ICluster): string[] | undefined {
  const capacity = capacities.find(cluster);
  return capacity && [...capacity.names, ...capacity.added];
}

/**
 * Adds a capacity provider to the list of a cluster that the app did not create. CloudFormation sets the whole list, so that the owner's
 * must be known, and all providers that are added are in one resource.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PutClusterCapacityProviders.html
 */
export function addToOwnersList(owner: Construct, cluster: ICluster, provider: string): void {
  const capacity = capacities.find(cluster);
  if (!capacity) {
    throw validationError(owner, 'ClusterCapacityUnknown', {
      prop: 'mesh',
      must: 'have a cluster of the app, or one whose capacity providers are all known, because a deployment sets the whole list and removes what is not in it',
      got: cluster.node.path,
      fix: 'state the list of the owner with `MeshCluster.existing(cluster, { capacityProviders })`, or use Compute.fargate()',
    });
  }
  capacity.added.push(provider);
  capacity.association ??= createAssociation(owner, cluster, capacity);
}

/** Returns the resources that a service of the cluster depends on: providers leave the cluster after the services that use them. */
export function clusterDependencies(cluster: ICluster): IDependable[] {
  const association = capacities.find(cluster)?.association;
  return [cluster, ...(association ? [association] : [])];
}

/** Indicates whether the app creates the cluster, and thereby its list of capacity providers. */
export function isOfApp(cluster: ICluster): cluster is Cluster {
  return Cluster.isCluster(cluster);
}

/**
 * Rejects hosts in another stack than a cluster of the app: the cluster lists its capacity providers, so that its stack would need that of
 * the hosts, which needs the cluster.
 */
export function requireStackOfCluster(hosts: Construct, cluster: ICluster): void {
  if (!isOfApp(cluster) || Stack.of(hosts) === Stack.of(cluster)) return;
  throw validationError(hosts, 'CapacityInOtherStack', {
    prop: 'mesh',
    must: 'have its cluster in the stack of the hosts, since the cluster lists its capacity providers',
    got: `${cluster.node.path} in ${Stack.of(cluster).node.path}`,
    fix: 'create the hosts in the stack of the cluster, such as with `mesh.addEc2Capacity(...)`',
  });
}

function createAssociation(scope: Construct, cluster: ICluster, { names, added, defaultStrategy }: Capacity): IConstruct {
  const { clusterName } = cluster;
  claimInAccount({ kind: 'list of capacity providers of a cluster', name: clusterName, owner: scope, prop: 'cluster' });
  return new CfnClusterCapacityProviderAssociations(scope, 'CapacityProviders', {
    cluster: clusterName,
    capacityProviders: Lazy.list({ produce: () => [...names, ...added] }),
    defaultCapacityProviderStrategy: defaultStrategy,
  });
}
