import { Duration, Lazy } from 'aws-cdk-lib';
import { CfnService } from 'aws-cdk-lib/aws-ecs';
import { PortHost } from './port-host';
import { proxyTimeouts, warnOfLimits, warnOfShortIdleTimeout } from './proxy-timeouts';
import { PortProtocol } from '../../core/port-protocol';
import { onCall } from '../../tasks/private/called-ports';
import { NamedPort, claimAliases } from '../../tasks/private/named-ports';

/**
 * The ports of a service, and whether they have an alias, which is known at synthesis: a connection, in this stack or another one, can be
 * added last.
 */
export class AliasedPorts {
  private readonly ports: AliasedPort[];

  constructor(host: PortHost, named: NamedPort[]) {
    this.ports = named.map((port) => new AliasedPort(host, port));
    const { serviceConnect: choice } = host;
    if (!choice.isServer) return;
    if (choice._servesAll) for (const port of this.ports) port.offer();
    onCall(host, (name) => this.offer(name));
    const resource = host.service.node.defaultChild as CfnService;
    const client = resource.serviceConnectConfiguration;
    resource.serviceConnectConfiguration = Lazy.uncachedAny({
      produce: (context) => ({ ...(context.resolve(client) as object), services: this.render() }),
    });
  }

  /** Indicates whether any port can be called by alias. */
  public get areCalled(): boolean {
    return this.ports.some((port) => port.isOffered);
  }

  public onRoute(name: string, idleTimeout: Duration | undefined): void {
    this.ports.find((port) => port.name === name)!.onRoute(idleTimeout);
  }

  /** Publishes the alias of a port; returns false if there is no such port. */
  public offer(name: string): boolean {
    const port = this.ports.find((each) => each.name === name);
    port?.offer();
    return port !== undefined;
  }

  private render(): CfnService.ServiceConnectServiceProperty[] | undefined {
    const offered = this.ports.filter((port) => port.isOffered);
    return offered.length > 0 ? offered.map((port) => port.render()) : undefined;
  }
}

/** A port, the proxy in front of it if it has an alias, and the load balancers that depend on that proxy. */
class AliasedPort {
  public isOffered = false;
  private readonly gateways: number[] = [];

  constructor(
    private readonly host: PortHost,
    private readonly port: NamedPort,
  ) {}

  public get name(): string {
    return this.port.name;
  }

  /** Registers the alias; from then on, all requests to the port pass through the proxy. */
  public offer(): void {
    if (this.isOffered) return;
    claimAliases(this.host, this.host.mesh, [this.port]);
    this.isOffered = true;
    warnOfShortIdleTimeout(this.host, this.port);
    for (const gateway of this.gateways) warnOfLimits(this.host, this.port, gateway);
  }

  public onRoute(idleTimeout: Duration | undefined): void {
    if (!idleTimeout || idleTimeout.isUnresolved()) return;
    const gateway = idleTimeout.toSeconds({ integral: false });
    this.gateways.push(gateway);
    if (this.isOffered) warnOfLimits(this.host, this.port, gateway);
  }

  public render(): CfnService.ServiceConnectServiceProperty {
    const { name, discoveryName, dnsName, containerPort, protocol } = this.port;
    const { idle, request } = proxyTimeouts(this.host.serviceConnect, protocol, Math.max(0, ...this.gateways));
    return {
      portName: name,
      discoveryName,
      clientAliases: [{ dnsName, port: containerPort, testTrafficRules: this.testRules() }],
      timeout: { idleTimeoutSeconds: idle, perRequestTimeoutSeconds: request },
    };
  }

  /** The rules by which requests with the rollout's header reach the new version. */
  private testRules(): CfnService.ServiceConnectTestTrafficRulesProperty | undefined {
    const header = this.host.rollout._plan.testTraffic?._header;
    if (!header || this.port.protocol === PortProtocol.TCP) return undefined;
    return { header: { name: header.name, value: { exact: header.value } } };
  }
}
