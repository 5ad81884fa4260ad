import { PortProtocol } from '../../core/port-protocol';

/** The address of a port, as its clients use it. */
export interface PortAddress {
  readonly dnsName: string;
  readonly port: string;
  readonly protocol: PortProtocol;
}

/** Returns the variables with the address of a port. Plain TCP has no URL. */
export function addressOf(prefix: string, { dnsName, port, protocol }: PortAddress): Record<string, string> {
  const url = protocol === PortProtocol.TCP ? {} : { [`${prefix}_URL`]: `http://${dnsName}:${port}` };
  return { [`${prefix}_HOST`]: dnsName, [`${prefix}_PORT`]: port, ...url };
}
