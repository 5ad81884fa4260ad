import { IConstruct } from 'constructs';
import { ConstructState } from './construct-state';

const props = new ConstructState('prop of the discovery name', (): string | undefined => undefined);

/** Notes in which prop a construct takes the name of the service that is its child. */
export function namesChildBy(owner: IConstruct, prop: string): void {
  props.set(owner, prop);
}

/** Returns the prop in which the name of a service was specified. */
export function namePropOf(service: IConstruct): string {
  const { scope } = service.node;
  return (scope && props.find(scope)) ?? 'networking.discoveryName';
}
