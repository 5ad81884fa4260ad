import { Resource } from '../app-templates';
import { Change, idOf, Refusal } from './change';

const IN_USE = 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PutClusterCapacityProviders.html';
const ASSOCIATIONS = 'AWS::ECS::ClusterCapacityProviderAssociations';

/**
 * Finds capacity that leaves its cluster while services run on it. CloudFormation updates the list of the cluster before the services that
 * wait for it, and deletes services last, so that the list loses the capacity first.
 */
export function capacityInUse(changes: readonly Change[]): Refusal[] {
  const byId = new Map(changes.map((change) => [change.id, change]));
  const services = changes.filter(({ type, before }) => type === 'AWS::ECS::Service' && before);
  return changes
    .filter(({ type, before, after }) => type === ASSOCIATIONS && before && after)
    .flatMap((list) => {
      const kept = new Set(providersIn(list.after!, 'CapacityProviders').filter((one) => !isReplaced(byId.get(one))));
      const gone = providersIn(list.before!, 'CapacityProviders').filter((one) => !kept.has(one));
      return gone.flatMap((provider) => {
        const [first] = services
          .filter(({ before }) => clusterOf(before!) === clusterOf(list.before!) && uses(before!, list.before!, provider))
          .map((service) => ({ service, isCertain: leavesTooLate(service, list) && !isOpen(byId.get(provider)) }))
          .sort((a, b) => Number(b.isCertain) - Number(a.isCertain));
        if (!first) return [];
        const says = `it leaves the cluster while ${first.service.path} runs on it; move or remove the service in a deployment before`;
        return [{ rule: 'capacity provider in use', id: provider, isCertain: first.isCertain, source: IN_USE, says }];
      });
    });
}

const isReplaced = (change: Change | undefined) => change?.outcome === 'replaced' || isOpen(change);
const isOpen = (change: Change | undefined) => change?.outcome === 'may be replaced';

/** A removed service is deleted after all updates; a service that moves has to wait for the list to be too late. */
function leavesTooLate({ after }: Change, list: Change): boolean {
  return after === undefined || after.waitsFor(list.after!);
}

function uses(service: Resource, list: Resource, provider: string): boolean {
  const own = strategyOf(service, 'CapacityProviderStrategy');
  if (own.length > 0) return own.includes(provider);
  return service.at('LaunchType').isAbsent && strategyOf(list, 'DefaultCapacityProviderStrategy').includes(provider);
}

function strategyOf(resource: Resource, property: string): string[] {
  return resource.at(property).items.map((item) => nameOf(item.at('CapacityProvider')));
}

function providersIn(list: Resource, property: string): string[] {
  return list.at(property).items.map(nameOf);
}

function nameOf(value: ReturnType<Resource['at']>): string {
  const [target] = value.references;
  return target ? idOf(target) : value.pattern;
}

function clusterOf(resource: Resource): string {
  return nameOf(resource.at('Cluster'));
}
