import { Dependable, IConstruct, IDependable } from 'constructs';
import { ConstructState } from '../../core/private/construct-state';
import { validationError } from '../../core/private/errors';

interface Place {
  /** Returns true if the place owns the construct. */
  owns: boolean;
  /** Indicates whether the place is called. */
  isCalled: boolean;
  /** Returns true if the place calls the other one. */
  readonly calls: Set<IConstruct>;
}

const places = new ConstructState<Place>('deploymentOrder', () => ({ owns: false, isCalled: false, calls: new Set() }));

/** Marks a construct as the owner of an ECS service, or of a job, for the deployment order. */
export function markService(service: IConstruct): void {
  places.of(service).owns = true;
}

/**
 * Deploys a client after the servers that it calls: Service Connect proxies do not resolve servers that are created after them.
 *
 * @param client the owner of the calling service
 * @param resource the calling `AWS::ECS::Service` itself, not its subtree, which would include unrelated resources
 * @param prop the prop or method that the user called
 */
export function deployAfter(
  client: IConstruct,
  resource: IConstruct,
  dependencies: IDependable[],
  prop: 'connectTo' | 'before' = 'connectTo',
): void {
  for (const dependency of dependencies) {
    for (const server of ownersOf(dependency)) {
      if (server === client) continue;
      refuseCycle(client, server, prop);
      places.of(client).calls.add(server);
      places.of(server).isCalled = true;
    }
    resource.node.addDependency(dependency);
  }
}

function refuseCycle(client: IConstruct, server: IConstruct, prop: string): void {
  // As a rule services connect before anyone calls them, and then nothing has to be searched.
  if (!places.find(client)?.isCalled) return;
  const way = wayFrom(server, client, new Set());
  if (way.length === 0) return;
  throw validationError(client, 'CallCycle', {
    prop,
    must:
      prop === 'before'
        ? 'not close a circle, since a service deploys after the jobs before it, and a job after the services that it calls'
        : 'not close a circle of calls, since each service deploys after those it calls',
    got: [client, ...way].map((service) => service.node.path).join(' -> '),
    fix: 'let one of them call through a queue, or by an address that needs no order (Endpoint.externalHost)',
  });
}

/** Visits each service once: the number of paths through a mesh grows much faster than its services. */
function wayFrom(from: IConstruct, to: IConstruct, seen: Set<IConstruct>): IConstruct[] {
  if (from === to) return [to];
  seen.add(from);
  for (const next of places.of(from).calls) {
    const way = seen.has(next) ? [] : wayFrom(next, to, seen);
    if (way.length > 0) return [from, ...way];
  }
  return [];
}

function ownersOf(dependency: IDependable): IConstruct[] {
  return Dependable.of(dependency).dependencyRoots.flatMap((root) => root.node.scopes.filter((scope) => places.find(scope)?.owns));
}
