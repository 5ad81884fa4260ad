import { IConstruct } from 'constructs';
import { validationError } from '../../core/private/errors';
import { closest } from '../../core/private/names';
import { ServicePort } from '../service-port';

/** Returns the port of a service that has the name. */
export function requirePort(service: IConstruct, ports: ServicePort[], name: string): ServicePort {
  const port = ports.find((each) => each.name === name);
  if (port) return port;
  const known = ports.map((each) => each.name);
  const meant = closest(name, known);
  throw validationError(service, 'PortUnknown', {
    prop: 'port',
    must: known.length > 0 ? `be a port of this service (${known.join(', ')})` : 'be a port of this service, which has none',
    got: name,
    fix: meant ? `did you mean "${meant}"?` : 'add it to `containers[].ports`',
  });
}
