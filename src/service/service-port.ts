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
import { ExistingPort } from './private/existing-port';
import { addressOf } from './private/port-address';
import { PortHost, ShiftedRoute } from './private/port-host';
import { hasTwoVersions } from './private/rollout-plans';
import { sharedPortAttributes } from './private/shared-port';
import { alternateTarget, createShiftedRules } from './private/traffic-shift';
import { ServicePortAttributes, SharedPortOptions } from './service-port-attributes';
import { ConnectOptions, EndpointBinding, IEndpoint, IEndpointClient } from '../core/endpoint';
import { PortProtocol } from '../core/port-protocol';
import { validationError } from '../core/private/errors';
import { guard } from '../core/private/guard';
import { sayMissingRules } from '../core/private/immutable-group';
import { variablePrefix } from '../core/private/names';
import { requireSameEnvironment } from '../core/private/same-environment';
import { openPath } from '../core/private/security-path';
import { canHaveProxy, requireProxy } from '../core/private/service-connect-client';
import { publish } from '../core/private/sharing';
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
  /**
   * Uses a port that another app shares with `service.port(name).share(parameterPrefix)`, in the same account, Region and namespace. The
   * security group rules, of the client and of the server, are in the client's stack, so that nothing in the owner's app changes.
   *
   * The client must be deployed after the server: Service Connect proxies do not resolve servers that were created after them.
   *
   * @param scope scope of the endpoint
   * @param id ID of the endpoint in the scope, which is the default prefix of its variables
   * @param parameterPrefix prefix under which the owner shares it, such as `/platform/users`
   * @param options port and protocol, which `Reachability.ofAssemblies` holds against those of the owner
   *
   * @example
   * declare const orders: MeshService;
   * orders.connectTo(ServicePort.fromParameters(this, 'Users', '/platform/users', { port: 8080 })); // USERS_URL=http://users.platform:8080
   */
  public static fromParameters(scope: Construct, id: string, parameterPrefix: string, options: SharedPortOptions): IEndpoint {
    const parts = new Construct(scope, `${id}Shared`);
    return new ExistingPort(scope, id, sharedPortAttributes(parts, parameterPrefix, options), parameterPrefix);
  }

  /**
   * Uses a port of a service of another app by its attributes, in the same Region and namespace.
   *
   * @param scope scope of the endpoint
   * @param id ID of the endpoint in the scope, which is the default prefix of its variables
   * @param attributes alias, port and security group
   */
  public static fromServicePortAttributes(scope: Construct, id: string, attributes: ServicePortAttributes): IEndpoint {
    return new ExistingPort(scope, id, attributes);
  }

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

  /**
   * Shares the port with other apps of the account, Region and namespace: publishes its alias, and creates a parameter in Parameter Store
   * for each value, below a prefix. Clients use it with `ServicePort.fromParameters`; another client changes nothing in this app.
   *
   * @param parameterPrefix prefix of the parameters, such as `/platform/users`, unique in the account and Region
   */
  public share(parameterPrefix: string): void {
    this.requireShareable();
    this.aliases.offer(this.name);
    publish({
      owner: this.host,
      prefix: parameterPrefix,
      values: {
        'dns-name': this.dnsName,
        port: String(this.containerPort),
        protocol: this.protocol,
        'security-group-id': this.host.connections.securityGroups[0].securityGroupId,
      },
    });
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
    } else {
      sayMissingRules(request.loadBalancer, this.host, this.reachedPort());
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
    return addressOf(prefix, { dnsName, port: String(this.containerPort), protocol: this.protocol });
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
        ...withCodes(this.host, healthCheck, this.protocol),
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

  /** Requires an alias in front of one port: clients of another app cannot open a range of ports that only this app knows. */
  private requireShareable(): void {
    if (this.host.serviceConnect.isServer && !this.onSharedHosts()) return;
    throw validationError(this.host, 'PortNotShareable', {
      prop: 'share',
      must: 'be called for a port with a Service Connect alias, of tasks with their own address',
      got: `${this.name} (${this.host.compute.networkMode})`,
      fix: 'use NetworkMode.AWS_VPC with ServiceConnect.onDemand(), or share a gateway side and route it there',
    });
  }

  private requireServiceConnect(client: IEndpointClient): void {
    if (!this.host.serviceConnect.isServer) {
      throw validationError(client, 'NoAlias', {
        prop: 'connectTo',
        must: `name a port that has a Service Connect alias, and ${this.host.node.path} offers none`,
        got: this.name,
        fix: `give that service ${canHaveProxy(this.host) ? '`networking: { serviceConnect: ServiceConnect.onDemand() }` or ' : ''}a \`networking.discovery\`, or connect to a gateway route of it`,
      });
    }
    requireProxy(client, this.dnsName, 'connect to a gateway route, or give the called service a `networking.discovery`');
  }
}

guard({ ServicePort });

function child(parent: Construct, id: string): Construct {
  return (parent.node.tryFindChild(id) as Construct | undefined) ?? new Construct(parent, id);
}

/** The codes of a route without a choice. */
const DEFAULT_CODES = '200-299';

/** Sets the success codes of a gRPC target, which has its own: 0 to 99 mean that it uses gRPC at all. */
function withCodes(host: PortHost, healthCheck: RouteHealthCheck, protocol: PortProtocol): HealthCheck {
  const { healthyHttpCodes, path, interval, timeout } = healthCheck;
  if (protocol === PortProtocol.GRPC && healthyHttpCodes !== DEFAULT_CODES) {
    throw validationError(host, 'RouteHealthCheck', {
      prop: 'healthCheck.healthyHttpCodes',
      must: 'be left out for a gRPC port, whose answers have codes from 0 to 99, all of which count as healthy',
      got: healthyHttpCodes,
      fix: 'leave it out; a `path` such as "/grpc.health.v1.Health/Check" asks the service for its health',
    });
  }
  return { path, interval, timeout, ...(protocol === PortProtocol.GRPC ? { healthyGrpcCodes: '0-99' } : { healthyHttpCodes }) };
}
