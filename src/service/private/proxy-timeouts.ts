import { Duration } from 'aws-cdk-lib';
import { CfnService } from 'aws-cdk-lib/aws-ecs';
import { PortHost } from './port-host';
import { PortProtocol } from '../../core/port-protocol';
import { warn } from '../../core/private/errors';
import { NamedPort } from '../../tasks/private/named-ports';
import { ServiceConnect } from '../service-connect';

/** Seconds that the Service Connect proxy of a port waits; 0 for ever. */
interface ProxyTimeouts {
  readonly idle: number;
  /** Absent for TCP, which has no requests. */
  readonly request?: number;
}

/** Of ECS itself: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TimeoutConfiguration.html. */
const IDLE = { http: 300, tcp: 3600 };
const MOST = 2_147_483_647;

/** An idle connection must outlast what may be sent on it, or the proxy closes it at that moment. */
const HEADROOM = 60;

/** A connection lives longer than a request on it, and longer than load balancers keep theirs. */
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
    `\`serviceConnect.idleTimeout\` is ${idle} s, below the ${request} s of \`requestTimeout\`, so that the proxy ends requests after ${idle} s; raise it, or leave it out`,
  );
}

/** A port behind load balancers, which wait for its proxy. */
export class RoutedProxy {
  private longest = 0;

  public constructor(
    private readonly host: PortHost,
    private readonly port: NamedPort,
    /** Place of the port among the ports of the service. */
    private readonly index: number,
  ) {}

  public onRoute(idleTimeout: Duration | undefined): void {
    if (!this.host.serviceConnect.isServer || !idleTimeout || idleTimeout.isUnresolved()) return;
    const gateway = idleTimeout.toSeconds({ integral: false });
    this.warnOfLimits(gateway);
    if (gateway <= this.longest) return;
    this.longest = gateway;
    const { idle } = proxyTimeouts(this.host.serviceConnect, this.port.protocol, gateway);
    if (idle === proxyTimeouts(this.host.serviceConnect, this.port.protocol).idle) return;
    // The L2 renders the timeouts when the service is made, before it has a route.
    (this.host.service.node.defaultChild as CfnService).addPropertyOverride(
      `ServiceConnectConfiguration.Services.${this.index}.Timeout.IdleTimeoutSeconds`,
      idle,
    );
  }

  private warnOfLimits(gateway: number): void {
    const { idle, request = 0 } = proxyTimeouts(this.host.serviceConnect, this.port.protocol, gateway);
    if (idle !== 0 && idle <= gateway) {
      warn(
        this.host,
        'ProxyIdleTimeout',
        `\`serviceConnect.idleTimeout\` is ${idle} s, not above the ${gateway} s of \`idleTimeout\` of the gateway, which sends requests on connections that the proxy is closing and answers 502; raise it, or leave it out`,
      );
    }
    if (request !== 0 && request < gateway) {
      warn(
        this.host,
        'ProxyRequestTimeout',
        `\`idleTimeout\` of the gateway is ${gateway} s, and the proxy of port ${this.port.name} ends requests after ${request} s; set \`requestTimeout\` of \`serviceConnect\` to as much, 0 for no limit`,
      );
    }
  }
}
