import { Port } from 'aws-cdk-lib/aws-ec2';
import { NetworkMode } from 'aws-cdk-lib/aws-ecs';
import {
  ApplicationListenerRule,
  ApplicationProtocol,
  ApplicationProtocolVersion,
  ApplicationTargetGroup,
  HealthCheck,
  ListenerAction,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct, IConstruct } from 'constructs';
import { AliasedPorts } from './private/aliased-ports';
import { DnsRegistration } from './private/dns-registration';
import { PortHost, ShiftedRoute } from './private/port-host';
import { hasTwoVersions } from './private/rollout-plans';
import { alternateTarget, createShiftedRules } from './private/traffic-shift';
import { ConnectOptions, EndpointBinding, IEndpoint, IEndpointClient } from '../core/endpoint';
import { PortProtocol } from '../core/port-protocol';
import { validationError } from '../core/private/errors';
import { guard } from '../core/private/guard';
import { variablePrefix } from '../core/private/names';
import { requireSameEnvironment } from '../core/private/same-environment';
import { openPath } from '../core/private/security-path';
import { requireProxy } from '../core/private/service-connect-client';
import { IRoutable, RouteAttachment, RouteHealthCheck, RouteRequest } from '../core/routable';
import { NamedPort } from '../tasks/private/named-ports';

/**
 * A named port of a service, which other services connect to and gateways route to. `service.port(name)` returns it.
 *
 * A connected client receives `<PREFIX>_HOST`, `<PREFIX>_PORT` and, unless the port uses plain TCP, `<PREFIX>_URL`.
 *
 * @example
 * declare const web: MeshService;
 * declare const api: MeshService;
 * web.connectTo(api.port('http')); // API_URL=http://api.<namespace>:8080
 */
export class ServicePort implements IEndpoint, IRoutable {
  /** @internal */
  public static _of(host: PortHost, named: NamedPort, aliases: AliasedPorts): ServicePort {
    return new ServicePort(host, named, aliases);
  }

  public readonly routeOwner: IConstruct;

  /** The name of the port. */
  public readonly name: string;

  /** The application protocol. */
  public readonly protocol: PortProtocol;

  /** The port that the process listens on. */
  public readonly containerPort: number;

  /** The name under which the port is registered in the namespace. */
  public readonly discoveryName: string;

  /** The DNS name that Service Connect clients use. */
  public readonly dnsName: string;

  private constructor(
    private readonly host: PortHost,
    private readonly named: NamedPort,
    private readonly aliases: AliasedPorts,
  ) {
    this.routeOwner = host;
    this.name = named.name;
    this.protocol = named.protocol;
    this.containerPort = named.containerPort;
    this.discoveryName = named.discoveryName;
    this.dnsName = named.dnsName;
  }

  public bindEndpoint(client: IEndpointClient, options: ConnectOptions): EndpointBinding {
    requireSameEnvironment(client, this.host);
    const throughServiceConnect = client.usesServiceConnect && this.host.serviceConnect.isServer;
    const dns = throughServiceConnect ? undefined : this.host._dns;
    const prefix = options.as ?? variablePrefix(this.discoveryName);
    if (dns && (dns.srvPort === undefined || dns.srvPort === this.name)) return this.bindDns(dns, prefix);
    this.requireServiceConnect(client);
    return {
      facts: { server: this.host.node.path, protocol: this.protocol, dnsName: this.dnsName, port: this.containerPort },
      environment: this.address(prefix, this.dnsName),
      reaches: [{ server: this.host, port: this.reachedPort() }],
      dependencies: [this.host.service.node.defaultChild ?? this.host.service],
      calledPort: { service: this.host, name: this.name },
    };
  }

  public bindRoute(request: RouteRequest): RouteAttachment {
    if (this.protocol === PortProtocol.TCP) {
      throw validationError(this.host, 'RouteNeedsHttp', {
        prop: 'target',
        must: 'be a port that uses HTTP, because Application Load Balancers support nothing else',
        got: `${this.name} (${this.protocol})`,
        fix: 'reach it through Service Connect with `client.connectTo(...)`',
      });
    }
    this.host._beforeRoute();
    const scope = request.scopeIds.reduce<Construct>((parent, id) => child(parent, id), child(this.host, 'Routes'));
    const targetGroup = this.createTargetGroup(scope, 'TargetGroup', request);
    const shifted = this.shift(scope, request, targetGroup);
    const forward = ListenerAction.forward([targetGroup]);
    const rule =
      shifted?.rule ??
      new ApplicationListenerRule(scope, 'Rule', {
        listener: request.listener,
        priority: request.priority,
        conditions: request.conditions,
        action: request.authentication?.beforeAction(forward) ?? forward,
      });
    targetGroup.addTarget(
      this.host.service.loadBalancerTarget({
        containerName: this.named.containerName,
        containerPort: this.containerPort,
        alternateTarget: shifted && this.host.rollout._plan.strategy ? alternateTarget(this.host, shifted) : undefined,
      }),
    );
    // In awsvpc mode CDK has opened the way with the target; on shared hosts it knows no security group.
    if (this.onSharedHosts()) {
      openPath(request.loadBalancer, this.host, this.reachedPort(), `Load balancer to ${this.discoveryName}`);
    }
    this.host._onRoute(targetGroup, request.listener, shifted);
    this.aliases.onRoute(this.name, request.idleTimeout);
    const isOnListener = shifted?.testRule && !shifted.testListener;
    return {
      targetPath: this.host.node.path,
      targetGroup,
      alternateTargetGroup: shifted?.next,
      testPriorities: isOnListener ? [request.priority - 1] : undefined,
      ready: [rule, this.host.service.node.defaultChild ?? this.host.service],
    };
  }

  /** Returns a binding by DNS name, which needs no deployment order: clients find new tasks whenever they resolve it. */
  private bindDns({ dnsName, srvPort }: DnsRegistration, prefix: string): EndpointBinding {
    return {
      facts: { server: this.host.node.path, protocol: this.protocol, dnsName, port: srvPort ? undefined : this.containerPort },
      environment: srvPort ? { [`${prefix}_SRV`]: dnsName } : this.address(prefix, dnsName),
      reaches: [{ server: this.host, port: this.reachedPort() }],
    };
  }

  private address(prefix: string, dnsName: string): Record<string, string> {
    const url = this.protocol === PortProtocol.TCP ? {} : { [`${prefix}_URL`]: `http://${dnsName}:${this.containerPort}` };
    return { [`${prefix}_HOST`]: dnsName, [`${prefix}_PORT`]: String(this.containerPort), ...url };
  }

  /** Creates two target groups and their rules, for deployments that run two versions. */
  private shift(scope: Construct, request: RouteRequest, live: ApplicationTargetGroup): ShiftedRoute | undefined {
    if (!hasTwoVersions(this.host.rollout._plan)) return undefined;
    return createShiftedRules(this.host, scope, request, live, this.createTargetGroup(scope, 'AlternateTargetGroup', request));
  }

  private createTargetGroup(
    scope: Construct,
    id: string,
    { healthCheck, deregistrationDelay }: RouteRequest,
  ): ApplicationTargetGroup {
    const versions: Partial<Record<PortProtocol, ApplicationProtocolVersion>> = {
      [PortProtocol.HTTP2]: ApplicationProtocolVersion.HTTP2,
      [PortProtocol.GRPC]: ApplicationProtocolVersion.GRPC,
    };
    return new ApplicationTargetGroup(scope, id, {
      vpc: this.host.mesh.vpc,
      targetType: this.onSharedHosts() ? TargetType.INSTANCE : TargetType.IP,
      protocol: ApplicationProtocol.HTTP,
      protocolVersion: versions[this.protocol],
      port: this.containerPort,
      deregistrationDelay,
      healthCheck: {
        port: 'traffic-port',
        ...withCodes(healthCheck, this.protocol),
        healthyThresholdCount: healthCheck.healthyThreshold,
        unhealthyThresholdCount: healthCheck.unhealthyThreshold,
      },
    });
  }

  /** Returns the port as the server's security group sees it: dynamic ports of hosts are in the range from which Docker assigns them. */
  private reachedPort(): Port {
    if (this.named.hostPort === 0) return Port.tcpRange(32768, 65535);
    return Port.tcp(this.named.hostPort ?? this.containerPort);
  }

  private onSharedHosts(): boolean {
    return this.host.compute.networkMode !== NetworkMode.AWS_VPC;
  }

  private requireServiceConnect(client: IEndpointClient): void {
    if (!this.host.serviceConnect.isServer) {
      throw validationError(client, 'NoAlias', {
        prop: 'connectTo',
        must: `name a port that has a Service Connect alias, and ${this.host.node.path} offers none`,
        got: this.name,
        fix: 'give that service `networking: { serviceConnect: ServiceConnect.onDemand() }` or a `networking.discovery`, or connect to a gateway route of it',
      });
    }
    requireProxy(client, this.dnsName, 'connect to a gateway route, or give the called service a `networking.discovery`');
  }
}

guard({ ServicePort });

function child(parent: Construct, id: string): Construct {
  return (parent.node.tryFindChild(id) as Construct | undefined) ?? new Construct(parent, id);
}

/** Sets the success codes of a gRPC target, which has its own: 0 to 99 mean that it uses gRPC at all. */
function withCodes(healthCheck: RouteHealthCheck, protocol: PortProtocol): HealthCheck {
  const { healthyHttpCodes, path, interval, timeout } = healthCheck;
  return { path, interval, timeout, ...(protocol === PortProtocol.GRPC ? { healthyGrpcCodes: '0-99' } : { healthyHttpCodes }) };
}
