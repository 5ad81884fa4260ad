import { CapacityProviderStrategy, ICluster } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { providersOf } from '../../core/private/cluster-capacity';
import { validationError, requireInteger } from '../../core/private/errors';
import { isUnknown } from '../../core/private/unknown';
import { CapacityShare } from '../capacity-share';

/** Renders a capacity provider strategy for the service. */
export function renderStrategy(shares: CapacityShare[]): CapacityProviderStrategy[] {
  return shares.map(({ _provider, base, weight }) => ({
    capacityProvider: _provider,
    ...(base === undefined ? {} : { base }),
    weight,
  }));
}

/** Rejects capacity that a cluster does not have, if the list of its capacity providers is known. Managed Instances are in no list. */
export function requireProviders(scope: IConstruct, cluster: ICluster, shares: CapacityShare[]): void {
  const known = providersOf(cluster);
  if (known?.some(isUnknown)) return;
  const missing = shares.find(({ _provider, _kind }) => _kind !== 'Managed Instances' && known?.includes(_provider) === false);
  if (!missing) return;
  throw validationError(scope, 'ProviderNotInCluster', {
    prop: 'compute',
    must: `use capacity providers of the cluster ${cluster.node.path}, which has ${known!.join(', ') || 'none'}`,
    got: missing._provider,
    fix: 'ask its owner to associate the provider, and add it to `capacityProviders.names` of `MeshCluster.existing`',
  });
}

/**
 * Rejects strategies that ECS would reject when the service is created.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html
 */
export function requireStrategy(scope: IConstruct, shares: CapacityShare[]): void {
  if (shares.length < 1 || shares.length > 20) {
    throw validationError(scope, 'MixSizeOutOfRange', {
      prop: 'compute.mix',
      must: 'have 1 to 20 shares',
      got: shares.length,
      fix: 'list the capacities that the service may run on',
    });
  }
  requireOneKind(scope, shares);
  shares.forEach((share, i) => {
    requireInteger(scope, 'ShareOutOfRange', `compute.mix[${i}].base`, share.base, 0, 100_000);
    requireInteger(scope, 'ShareOutOfRange', `compute.mix[${i}].weight`, share.weight, 0, 1000);
    requireFirst(scope, shares, i);
  });
  requireOneBase(scope, shares);
  if (shares.some(({ weight }) => weight > 0)) return;
  throw validationError(scope, 'MixWithoutWeight', {
    prop: 'compute.mix',
    must: 'have a share with a weight above 0, because no task beyond the base could start otherwise',
    got: shares.map(({ weight }) => weight),
    fix: 'give a share a weight of 1 or more',
  });
}

function requireOneKind(scope: IConstruct, shares: CapacityShare[]): void {
  const kinds = [...new Set(shares.map(({ _kind }) => _kind))];
  if (kinds.length === 1) return;
  throw validationError(scope, 'MixOfKinds', {
    prop: 'compute.mix',
    must: 'be all Fargate, all EC2 or all Managed Instances, because one ECS service cannot mix them',
    got: kinds,
    fix: 'use two services behind one gateway, or On-Demand and Spot capacity of one kind',
  });
}

function requireFirst(scope: IConstruct, shares: CapacityShare[], index: number): void {
  const same = shares.findIndex(
    ({ _provider, _hosts }) => _provider === shares[index]._provider && _hosts === shares[index]._hosts,
  );
  if (same === index) return;
  throw validationError(scope, 'ShareTwice', {
    prop: `compute.mix[${index}]`,
    must: `be another capacity than compute.mix[${same}]`,
    got: shares[index]._hosts?.node.path ?? shares[index]._provider,
    fix: 'put base and weight into one share',
  });
}

function requireOneBase(scope: IConstruct, shares: CapacityShare[]): void {
  const bases = shares.filter(({ base }) => base !== undefined && base > 0);
  if (bases.length <= 1) return;
  throw validationError(scope, 'MixWithTwoBases', {
    prop: 'compute.mix',
    must: 'have a base on one share only',
    got: shares.map(({ base }) => base ?? 0),
    fix: 'keep the base on the capacity that must not be reclaimed, and use weights for the rest',
  });
}
