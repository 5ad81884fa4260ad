import { EndpointBinding } from '../../core/endpoint';
import { ComponentKind } from '../../core/topology-record';

/** Returns the part of a binding that is the same for everything in Parameter Store. */
export function callParameterStore(path: string, detail: string): Pick<EndpointBinding, 'facts' | 'components'> {
  return {
    facts: { server: path, protocol: 'https' },
    components: [{ id: path, kind: ComponentKind.AWS_API, label: 'Parameter Store', details: [detail] }],
  };
}
