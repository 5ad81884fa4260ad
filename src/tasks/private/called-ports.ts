import { IConstruct } from 'constructs';
import { CalledPort } from '../../core/endpoint';
import { ConstructState } from '../../core/private/construct-state';
import { validationError } from '../../core/private/errors';

const calls = new ConstructState<(port: string) => boolean>('callOfPort', () => () => false);

/**
 * Registers a callback for each port that a client calls by its alias; clients can be in any stack of the app.
 *
 * @param called registers the alias of the port; returns false if there is no such port
 */
export function onCall(service: IConstruct, called: (port: string) => boolean): void {
  calls.set(service, called);
}

/** Notifies a service that a client calls one of its ports by alias. */
export function callPort(client: IConstruct, { service, name }: CalledPort): void {
  if (calls.find(service)?.(name)) return;
  throw validationError(client, 'CalledPortUnknown', {
    prop: 'calledPort',
    must: 'name a port of a MeshService that can be called by alias',
    got: `${service.node.path}:${name}`,
    fix: 'leave `calledPort` out where the address resolves without a proxy, or return what `service.port(name).bindEndpoint(...)` gives',
  });
}
