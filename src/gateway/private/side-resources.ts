import { Duration, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ISecurityGroup, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationListener,
  ApplicationListenerCertificate,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  CfnListener,
  CfnLoadBalancer,
  DesyncMitigationMode,
  IpAddressType,
  ListenerAction,
  ListenerCertificate,
  MutualAuthentication,
  XffHeaderProcessingMode,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { admitPeers } from './side-peers';
import { SideSettings } from './side-settings';
import { acknowledge } from '../../core/private/acknowledge';
import { description } from '../../core/private/description';

/** The load balancer, listeners and security group of one side, which are created in the side's own scope. */
export class SideResources {
  public readonly securityGroup: ISecurityGroup;
  public readonly loadBalancer: ApplicationLoadBalancer;
  public readonly listener: ApplicationListener;

  private readonly testListeners = new Map<number, ApplicationListener>();
  private mutualAuthentication?: MutualAuthentication;

  constructor(
    private readonly scope: Construct,
    private readonly settings: SideSettings,
  ) {
    this.securityGroup = settings.securityGroup ?? this.createSecurityGroup();
    admitPeers(this.securityGroup, settings.peers, settings.tls ? [443, 80] : [80]);
    this.loadBalancer = this.createLoadBalancer();
    if (settings.logs) this.loadBalancer.logAccessLogs(settings.logs.bucket, settings.logs.prefix);
    this.listener = this.createListeners();
  }

  /** Returns a test listener that admits no client. It contains only the rules that targets add. */
  public testListener(port: number): ApplicationListener {
    const { tls } = this.settings;
    const known = this.testListeners.get(port);
    if (known) return known;
    const listener = tls ? this.addHttps(`Test${port}`, port, tls) : this.addHttp(`Test${port}`, port);
    this.testListeners.set(port, listener);
    return listener;
  }

  private createSecurityGroup(): SecurityGroup {
    const { vpc, label } = this.settings;
    return new SecurityGroup(this.scope, 'SecurityGroup', {
      vpc,
      description: description(`${label} of`, this.scope.node.scope!.node.path),
      allowAllOutbound: false,
      allowAllIpv6Outbound: false,
    });
  }

  private createLoadBalancer(): ApplicationLoadBalancer {
    const { vpc, subnets, internetFacing, loadBalancerName, removalPolicy, idleTimeout } = this.settings;
    const isProtected = removalPolicy !== RemovalPolicy.DESTROY;
    const loadBalancer = new ApplicationLoadBalancer(this.scope, 'LoadBalancer', {
      vpc,
      vpcSubnets: subnets,
      internetFacing,
      loadBalancerName,
      securityGroup: this.securityGroup,
      ipAddressType: IpAddressType.IPV4,
      deletionProtection: isProtected,
      crossZoneEnabled: true,
      http2Enabled: true,
      idleTimeout,
      clientKeepAlive: Duration.hours(1),
      dropInvalidHeaderFields: true,
      // STRICTEST also refuses harmless requests that real clients send, such as a GET with `Content-Length: 0`.
      desyncMitigationMode: DesyncMitigationMode.DEFENSIVE,
      xffHeaderProcessingMode: XffHeaderProcessingMode.APPEND,
    });
    if (!isProtected) {
      acknowledge(
        loadBalancer,
        '*-ELBDeletionProtectionEnabled',
        'Development mode was asked for with the `removalPolicy` of the gateway.',
      );
    }
    // The L2 renders these only when they are on; a value in the template also undoes a change made by hand.
    const resource = loadBalancer.node.defaultChild as CfnLoadBalancer;
    const rendered = Stack.of(this.scope).resolve(resource.loadBalancerAttributes) as { readonly key: string }[];
    for (const name of [
      'routing.http.preserve_host_header.enabled',
      'routing.http.xff_client_port.enabled',
      'waf.fail_open.enabled',
    ]) {
      if (!rendered.some(({ key }) => key === name)) loadBalancer.setAttribute(name, 'false');
    }
    return loadBalancer;
  }

  /**
   * Creates the listeners. Their IDs contain the port: a change of protocol then updates the listener on port 80 instead of creating a
   * second one, which would be rejected.
   */
  private createListeners(): ApplicationListener {
    const { tls } = this.settings;
    if (!tls) return this.addHttp('Port80', 80);
    this.addHttp('Port80', 80, ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }));
    return this.addHttps('Port443', 443, tls);
  }

  private addHttp(id: string, port: number, defaultAction = nothing()): ApplicationListener {
    const listener = this.loadBalancer.addListener(id, { protocol: ApplicationProtocol.HTTP, port, open: false, defaultAction });
    this.acknowledgeHttp(listener);
    this.addResponseHeaders(listener, false);
    return listener;
  }

  private addHttps(id: string, port: number, tls: NonNullable<SideSettings['tls']>): ApplicationListener {
    this.mutualAuthentication ??= tls.mutualTls._resolve(this.scope);
    const listener = this.loadBalancer.addListener(id, {
      protocol: ApplicationProtocol.HTTPS,
      port,
      open: false,
      certificates: [ListenerCertificate.fromCertificateManager(tls.certificate)],
      sslPolicy: tls.sslPolicy,
      mutualAuthentication: this.mutualAuthentication,
      defaultAction: nothing(),
    });
    // CloudFormation takes one certificate per resource; ids by certificate, so that none is replaced when another comes or goes.
    for (const additional of tls.additional) {
      new ApplicationListenerCertificate(listener, Names.nodeUniqueId(additional.node), { listener, certificates: [additional] });
    }
    this.addResponseHeaders(listener, true);
    return listener;
  }

  /** Adds the listener attributes, for which the L2 construct has no prop. */
  private addResponseHeaders(listener: ApplicationListener, isHttps: boolean): void {
    const resource = listener.node.defaultChild as CfnListener;
    resource.listenerAttributes = this.settings.responseHeaders?._attributes(isHttps);
  }

  private acknowledgeHttp(listener: ApplicationListener): void {
    if (this.settings.tls) {
      acknowledge(
        listener,
        '*-ELBv2ACMCertificateRequired',
        'The listener answers plain HTTP with a redirect to HTTPS and nothing else, so it has no use for a certificate.',
      );
    } else if (!this.settings.internetFacing) {
      acknowledge(
        listener,
        '*-ELBv2ACMCertificateRequired',
        'Names of the private zone are in no public certificate; only declared clients reach the internal side, inside the network.',
      );
      acknowledge(
        listener,
        '*-ALBHttpToHttpsRedirection',
        'The internal side has no HTTPS listener to redirect to; only declared clients reach it, inside the network.',
      );
    }
  }
}

/** Returns the response to requests that match no route. */
function nothing(): ListenerAction {
  return ListenerAction.fixedResponse(404, { contentType: 'text/plain', messageBody: 'Not found' });
}
