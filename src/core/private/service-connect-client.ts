import { IConstruct } from 'constructs';
import { ConstructState } from './construct-state';
import { validationError } from './errors';
import { IEndpointClient } from '../endpoint';

const withoutProxy = new ConstructState<string>('withoutProxy', () => '');

/**
 * Marks tasks that can have no Service Connect proxy, so that no remedy proposes one.
 *
 * @param reason why not, as it reads after "because"
 */
export function markWithoutProxy(owner: IConstruct, reason: string): void {
  withoutProxy.set(owner, reason);
}

/** Returns true if the tasks can have a Service Connect proxy. */
export function canHaveProxy(owner: IConstruct): boolean {
  return withoutProxy.find(owner) === undefined;
}

/**
 * Rejects a client whose tasks have no Service Connect proxy: only the proxy resolves an alias.
 *
 * @param otherwise what the client can connect to without a proxy, as it reads after "or"
 */
export function requireProxy(client: IEndpointClient, dnsName: string, otherwise: string): void {
  if (client.usesServiceConnect) return;
  const reason = withoutProxy.find(client);
  if (reason !== undefined) {
    throw validationError(client, 'NoProxy', {
      prop: 'connectTo',
      must: `name an endpoint that resolves without a Service Connect proxy, because ${reason}`,
      got: dnsName,
      fix: otherwise,
    });
  }
  throw validationError(client, 'NoProxy', {
    prop: 'networking.serviceConnect',
    must: `make this service a client, or ${dnsName} does not resolve in its tasks`,
    got: 'ServiceConnect.none()',
    fix: `choose \`ServiceConnect.client()\`, or ${otherwise}`,
  });
}
