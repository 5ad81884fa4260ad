import { Duration, Names } from 'aws-cdk-lib';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Peer, Port, SecurityGroup, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationListener,
  ApplicationListenerCertificate,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  CfnListener,
  DesyncMitigationMode,
  IpAddressType,
  ListenerAction,
  ListenerCertificate,
  MutualAuthentication,
  XffHeaderProcessingMode,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { SideSettings } from './side-settings';
import { selectSubnets } from './side-subnets';
import { acknowledge, acknowledgeInPacks } from '../../core/private/acknowledge';
import { description } from '../../core/private/description';

/** Load balancer, listeners and security group of one side, made in the side's own scope. */
export class SideResources {
  public readonly securityGroup: SecurityGroup;
  public readonly loadBalancer: ApplicationLoadBalancer;
  public readonly listener: ApplicationListener;

  private readonly testListeners = new Map<number, ApplicationListener>();
  private mutualAuthentication?: MutualAuthentication;

  public constructor(
    private readonly scope: Construct,
    private readonly settings: SideSettings,
  ) {
    const subnets = selectSubnets(scope, settings.vpc, settings.internetFacing);
    this.securityGroup = this.createSecurityGroup();
    this.loadBalancer = this.createLoadBalancer(subnets);
    if (settings.logs) this.loadBalancer.logAccessLogs(settings.logs.bucket, settings.logs.prefix);
    this.listener = this.createListeners();
  }

  /** A listener for tests, which nobody may reach yet; with nothing behind it but the rules that targets add. */
  public testListener(port: number): ApplicationListener {
    const { certificate } = this.settings;
    const known = this.testListeners.get(port);
    if (known) return known;
    const listener = certificate ? this.addHttps(`Test${port}`, port, certificate) : this.addHttp(`Test${port}`, port);
    this.testListeners.set(port, listener);
    return listener;
  }

  private createSecurityGroup(): SecurityGroup {
    const { vpc, label, internetFacing, certificate } = this.settings;
    const group = new SecurityGroup(this.scope, 'SecurityGroup', {
      vpc,
      description: description(`${label} of`, this.scope.node.scope!.node.path),
      allowAllOutbound: false,
      allowAllIpv6Outbound: false,
    });
    if (!internetFacing) return group;
    for (const port of certificate ? [443, 80] : [80]) {
      group.addIngressRule(Peer.anyIpv4(), Port.tcp(port), port === 80 && certificate ? 'Anyone, sent on to HTTPS' : 'Anyone');
    }
    acknowledge(
      group,
      'AwsSolutions-EC23',
      'The external side of a gateway exists to be reached from the internet, on its listener ports only.',
    );
    return group;
  }

  private createLoadBalancer(vpcSubnets: SubnetSelection): ApplicationLoadBalancer {
    const { vpc, internetFacing, loadBalancerName, isProtected, idleTimeout } = this.settings;
    const loadBalancer = new ApplicationLoadBalancer(this.scope, 'LoadBalancer', {
      vpc,
      vpcSubnets,
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
      acknowledgeInPacks(
        loadBalancer,
        'ELBDeletionProtectionEnabled',
        'Development mode was asked for with the `removalPolicy` of the gateway.',
      );
    }
    // The L2 renders these only when they are on; a value in the template also undoes a change made by hand.
    for (const name of [
      'routing.http.preserve_host_header.enabled',
      'routing.http.xff_client_port.enabled',
      'waf.fail_open.enabled',
    ]) {
      loadBalancer.setAttribute(name, 'false');
    }
    return loadBalancer;
  }

  /** Ids by port: a change of protocol then updates the listener on port 80 instead of making a second one, which would be refused. */
  private createListeners(): ApplicationListener {
    const { certificate } = this.settings;
    if (!certificate) return this.addHttp('Port80', 80);
    this.addHttp('Port80', 80, ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }));
    return this.addHttps('Port443', 443, certificate);
  }

  private addHttp(id: string, port: number, defaultAction = nothing()): ApplicationListener {
    const listener = this.loadBalancer.addListener(id, { protocol: ApplicationProtocol.HTTP, port, open: false, defaultAction });
    this.acknowledgeHttp(listener);
    this.addResponseHeaders(listener, false);
    return listener;
  }

  private addHttps(id: string, port: number, certificate: ICertificate): ApplicationListener {
    this.mutualAuthentication ??= this.settings.mutualTls?._resolve(this.scope);
    const listener = this.loadBalancer.addListener(id, {
      protocol: ApplicationProtocol.HTTPS,
      port,
      open: false,
      certificates: [ListenerCertificate.fromCertificateManager(certificate)],
      sslPolicy: this.settings.sslPolicy,
      mutualAuthentication: this.mutualAuthentication,
      defaultAction: nothing(),
    });
    // CloudFormation takes one certificate per resource; ids by certificate, so that none is replaced when another comes or goes.
    for (const additional of this.settings.additionalCertificates ?? []) {
      new ApplicationListenerCertificate(listener, Names.nodeUniqueId(additional.node), { listener, certificates: [additional] });
    }
    this.addResponseHeaders(listener, true);
    return listener;
  }

  /** The L2 has no prop for attributes of a listener. */
  private addResponseHeaders(listener: ApplicationListener, isHttps: boolean): void {
    const resource = listener.node.defaultChild as CfnListener;
    resource.listenerAttributes = this.settings.responseHeaders?._attributes(isHttps);
  }

  private acknowledgeHttp(listener: ApplicationListener): void {
    if (this.settings.certificate) {
      acknowledgeInPacks(
        listener,
        'ELBv2ACMCertificateRequired',
        'The listener answers plain HTTP with a redirect to HTTPS and nothing else, so it has no use for a certificate.',
      );
    } else if (!this.settings.internetFacing) {
      acknowledgeInPacks(
        listener,
        'ELBv2ACMCertificateRequired',
        'Names of the private zone are in no public certificate; only declared clients reach the internal side, inside the network.',
      );
      acknowledgeInPacks(
        listener,
        'ALBHttpToHttpsRedirection',
        'The internal side has no HTTPS listener to redirect to; only declared clients reach it, inside the network.',
      );
    }
  }
}

/** For requests that no route takes. */
function nothing(): ListenerAction {
  return ListenerAction.fixedResponse(404, { contentType: 'text/plain', messageBody: 'Not found' });
}
