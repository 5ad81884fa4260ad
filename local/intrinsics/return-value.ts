import { Reader } from './reader';
import { ReturnValue } from '../../src/template/private/return-values';
import { Json } from '../assembly/json';
import { Resource } from '../assembly/stack-template';

/** The facts that only the running system knows: the loopback addresses it handed out. */
export interface LiveFacts {
  /** Returns the address of the machine behind a resource: an instance, a network interface, a cache node. */
  addressOf(resource: Resource): string;
}

const PLACEHOLDER = /\{(\w+)(?:\|(\w+))?\}/g;

const CHANGES: Record<string, (text: string) => string> = {
  lower: (text) => text.toLowerCase(),
  dashed: (text) => text.replaceAll('.', '-'),
};

/** Returns the result of `Ref` or `Fn::GetAtt` in this run: the property that determines it, or a value of the documented format. */
export function returnValue(value: ReturnValue, resource: Resource, props: Reader, facts: LiveFacts): Json {
  const { property, otherwise, shape } = value;
  if (property !== undefined && props.get(property).exists) return props.get(property).value!;
  if (otherwise !== undefined) return otherwise;
  if (shape === undefined) return props.get(`${property}`).string();
  return shape.replace(PLACEHOLDER, (_whole, name: string, change?: string) => {
    if (change === 'generated') return props.get(name).string(`${resource.logicalId}-generated000`);
    const text = partOf(name, resource, props, facts);
    return change === undefined ? text : CHANGES[change](text);
  });
}

function partOf(name: string, resource: Resource, props: Reader, facts: LiveFacts): string {
  switch (name) {
    case 'id':
      return resource.logicalId;
    case 'region':
      return resource.stack.region;
    case 'account':
      return resource.stack.account;
    case 'stack':
      return resource.stack.name;
    case 'address':
      return facts.addressOf(resource);
    default:
      return props.get(name).string(resource.logicalId);
  }
}
