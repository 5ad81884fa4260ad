import { Resource } from '../assembly/stack-template';
import { Addresses } from '../net/addresses';

/** Where the machines that a template names are. The same resource of another assembly is the same machine. */
export class Machines {
  private readonly known = new Map<string, string>();

  constructor(private readonly addresses: Addresses) {}

  /** The address of a machine; a name instead where all machines share one address. */
  public readonly addressOf = (resource: Resource): string => {
    const known = this.known.get(resource.key);
    if (known !== undefined) return known;
    const cache = /^AWS::(ElastiCache|RDS)::/.test(resource.type);
    const address = this.addresses.separate
      ? this.addresses.allocate(cache ? 'cache' : 'host')
      : `${resource.logicalId.toLowerCase()}.machine.local`;
    this.known.set(resource.key, address);
    return address;
  };
}
