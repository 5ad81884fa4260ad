import { Match, Template } from 'aws-cdk-lib/assertions';
import { Peer } from 'aws-cdk-lib/aws-ec2';
import { HostedZone, PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { DualAlbGateway, ExternalSide, InternalSide, MeshNetwork, Reachability, SideCertificate } from 'cdk-ecs-mesh';
import { newStack, newVpc, RoutedService } from './fixtures';

const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';

describe('HTTPS on the internal side', () => {
  const arrangeSecure = (stack = newStack()) => {
    const vpc = newVpc(stack);
    const zone = new PrivateHostedZone(stack, 'Zone', { vpc, zoneName: 'internal.example.com' });
    const publicZone = HostedZone.fromHostedZoneAttributes(stack, 'Public', { zoneName: 'example.com', hostedZoneId: 'Z1' });
    const names = ['*.internal.example.com'];
    const gateway = new DualAlbGateway(stack, 'Gateway', {
      network: MeshNetwork.fromVpc(vpc),
      external: ExternalSide.https({ certificate: SideCertificate.requested({ names: ['example.com'], zone: publicZone }) }),
      internal: InternalSide.https({
        certificate: SideCertificate.requested({ names, zone: publicZone }),
        zone,
        peers: [Peer.ipv4('10.99.0.0/16')],
      }),
    });
    return {
      stack,
      gateway,
      target: new RoutedService(stack, 'Web', { vpc }),
      client: new RoutedService(stack, 'Client', { vpc }),
    };
  };

  test('a listener with the certificate of the side, and the redirect to it', () => {
    const { stack, gateway } = arrangeSecure();
    const template = Template.fromStack(stack);
    const LoadBalancerArn = { Ref: 'GatewayInternalLoadBalancer0CAA257F' };
    template.hasResourceProperties(LISTENER, {
      LoadBalancerArn,
      Port: 443,
      Protocol: 'HTTPS',
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09',
      Certificates: [{ CertificateArn: { Ref: Match.stringLikeRegexp('^GatewayInternalCertificate') } }],
      ListenerAttributes: Match.absent(),
    });
    template.hasResourceProperties(LISTENER, {
      LoadBalancerArn,
      Port: 80,
      DefaultActions: [Match.objectLike({ Type: 'redirect' })],
    });
    template.resourceCountIs('AWS::CertificateManager::Certificate', 2);
    expect(gateway.internal.certificate).not.toBe(gateway.external.certificate);
  });

  test('services connect on 443, peers on both ports, and nobody else', () => {
    const { stack, gateway, target, client } = arrangeSecure();
    client.connectTo(gateway.internal.route('Api', { target, recordName: 'api' }), { as: 'API' });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: Match.arrayWith([
        Match.objectLike({
          Environment: Match.arrayWith([
            { Name: 'API_PORT', Value: '443' },
            { Name: 'API_URL', Value: 'https://api.internal.example.com' },
          ]),
        }),
      ]),
    });
    const into = Reachability.of(stack)
      .pairs()
      .filter(({ to }) => to.startsWith('S/Gateway/Internal'))
      .map(({ from, ports }) => `${from} :${ports}`);
    expect(into).toEqual(['10.99.0.0/16 :80, 443', 'S/Client/Service :443']);
  });
});
