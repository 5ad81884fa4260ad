import { PortHost } from './port-host';
import { PortProtocol } from '../../core/port-protocol';
import { warn } from '../../core/private/errors';
import { NamedPort } from '../../tasks/private/named-ports';
import { ServiceConnect } from '../service-connect';

/** The timeouts of a port's Service Connect proxy in seconds; 0 for no limit. */
interface ProxyTimeouts {
  readonly idle: number;
  /** The request timeout; undefined for TCP, which has no requests. */
  readonly request?: number;
}

/** The ECS defaults: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TimeoutConfiguration.html. */
const IDLE = { http: 300, tcp: 3600 };
const MOST = 2_147_483_647;

/** The margin by which an idle connection must outlast the requests on it, so that the proxy does not close it at that moment. */
const HEADROOM = 60;

/** Returns timeouts with which a connection outlasts the requests on it, and the connections of load balancers. */
export function proxyTimeouts({ _timeouts: chosen }: ServiceConnect, protocol: PortProtocol, gateway = 0): ProxyTimeouts {
  if (protocol === PortProtocol.TCP) return { idle: chosen.idleTimeout?.toSeconds() ?? IDLE.tcp };
  const request = chosen.requestTimeout?.toSeconds() ?? 60;
  const shortest = request === 0 ? 0 : Math.max(IDLE.http, request + HEADROOM, gateway + HEADROOM);
  return { idle: chosen.idleTimeout?.toSeconds() ?? Math.min(shortest, MOST), request };
}

export function warnOfShortIdleTimeout(host: PortHost, { protocol }: NamedPort): void {
  const { idle, request = 0 } = proxyTimeouts(host.serviceConnect, protocol);
  if (idle === 0 || idle >= request) return;
  warn(
    host,
    'ProxyIdleTimeout',
    `\`networking.serviceConnect.idleTimeout\` is ${idle} s, below the ${request} s of \`requestTimeout\`, so the proxy ends requests after ${idle} s; raise it, or leave it out`,
  );
}

/** Warns if the proxy of a port does not match the idle timeout of a gateway with a route to it. */
export function warnOfLimits(host: PortHost, port: NamedPort, gateway: number): void {
  const { idle, request = 0 } = proxyTimeouts(host.serviceConnect, port.protocol, gateway);
  if (idle !== 0 && idle <= gateway) {
    warn(
      host,
      'ProxyIdleTimeout',
      `\`networking.serviceConnect.idleTimeout\` is ${idle} s, not above the ${gateway} s of \`idleTimeout\` of the gateway, which sends requests on connections that the proxy is closing and answers 502; raise it, or leave it out`,
    );
  }
  if (request !== 0 && request < gateway) {
    warn(
      host,
      'ProxyRequestTimeout',
      `\`idleTimeout\` of the gateway is ${gateway} s, and the proxy of port ${port.name} ends requests after ${request} s; set \`requestTimeout\` of \`networking.serviceConnect\` to as much, 0 for no limit`,
    );
  }
}
