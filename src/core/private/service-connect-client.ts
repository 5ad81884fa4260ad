import { validationError } from './errors';
import { IEndpointClient } from '../endpoint';

/**
 * Rejects a client whose tasks have no Service Connect proxy: only the proxy resolves an alias.
 *
 * @param otherwise what the client can connect to without a proxy, as it reads after "or"
 */
export function requireProxy(client: IEndpointClient, dnsName: string, otherwise: string): void {
  if (client.usesServiceConnect) return;
  throw validationError(client, 'NoProxy', {
    prop: 'networking.serviceConnect',
    must: `make this service a client, or ${dnsName} does not resolve in its tasks`,
    got: 'ServiceConnect.none()',
    fix: `choose \`ServiceConnect.client()\`, or ${otherwise}`,
  });
}
