import { ReachablePair } from 'cdk-ecs-mesh';

/** A way that no connection records, and why it is there all the same. */
interface Flow {
  readonly why: string;
  readonly from: RegExp;
  readonly to: RegExp;
  readonly ports: string;
}

const CALLERS = /\/(Service|ASG|Hosts|Host\d|Schedule|Run)$/;
const GEO = 'GeolocationDemo/Geolocation';

export const FLOWS: Flow[] = [
  { why: 'image registries, logs, secrets and other APIs of AWS', from: CALLERS, to: /^Internet$/, ports: '443' },
  { why: 'S3, past the NAT gateways; image layers come from there', from: CALLERS, to: /\/Vpc\/S3$/, ports: '443' },
  { why: 'the public page, which everybody may call', from: CALLERS, to: /\/Gateway\/External\/LoadBalancer$/, ports: '443' },
  ...[CALLERS, /\/NatInstance$/].map((from) => ({
    why: 'a NAT instance takes whatever goes out, and calls itself like everybody in the network',
    from,
    to: /\/NatInstance$/,
    ports: from === CALLERS ? '443' : 'any port',
  })),
  { why: 'a NAT instance sends on what the network sends out', from: /\/NatInstance$/, to: /^Internet$/, ports: 'any port' },
  { why: 'the same to S3, if not past it', from: /\/NatInstance$/, to: /\/Vpc\/S3$/, ports: '80, 443' },
  { why: 'the same to the public page', from: /\/NatInstance$/, to: /\/Gateway\/External\/LoadBalancer$/, ports: '80' },
  { why: 'data of a container store', from: /\/Redis\/Server\/Service$/, to: /\/Redis\/FileSystem$/, ports: '2049' },
  // Tasks in bridge mode and their hosts are one party to the network: docs/decisions/0002-security-group-rules.md
  ...shared('Frontend/Service', 'Redis/Host1', '6379'),
  ...shared('Mesh/Hosts/Hosts', 'Redis/Host1', '6379'),
  ...shared('Api/Service', 'Gateway/Internal/LoadBalancer', '80'),
  ...shared('Mesh/Hosts/Hosts', 'Gateway/Internal/LoadBalancer', '80'),
  ...shared('Api/Service', 'Frontend/Service', '8080'),
  ...shared('Frontend/Service', 'Api/Service', '8080'),
];

function shared(from: string, to: string, ports: string): Flow[] {
  return [{ why: 'shares hosts with the one that may', from: exactly(from), to: exactly(to), ports }];
}

function exactly(path: string): RegExp {
  return new RegExp(`^${GEO}/${path}$`);
}

/** Positions in `FLOWS` that allow the pair. */
export function flowsOf({ from, to, ports }: ReachablePair): number[] {
  return FLOWS.flatMap((flow, index) => (flow.from.test(from) && flow.to.test(to) && flow.ports === ports ? [index] : []));
}
