import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate, ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { TrustStore } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { HostedZone, PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { arrange, ENV, newCertificate, newStack } from './fixtures';
import { DualAlbGateway } from '../../src/gateway/dual-alb-gateway';
import { ExternalHttpsOptions, ExternalSide } from '../../src/gateway/external-side';
import { InternalSide } from '../../src/gateway/internal-side';
import { MutualTls } from '../../src/gateway/mutual-tls';
import { Shield } from '../../src/gateway/shield';
import { SideCertificate } from '../../src/gateway/side-certificate';
import { MeshNetwork } from '../../src/mesh/mesh-network';

const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const EXTRA = 'AWS::ElasticLoadBalancingV2::ListenerCertificate';
const AT = 'at S/Gateway]';

/** Template of a gateway with a route on its external side. */
function external(options: (stack: Stack) => Partial<ExternalHttpsOptions>, stack = newStack()): Template {
  const { gateway, target } = arrange({ external: options(stack) }, stack);
  gateway.external.route('Web', { target });
  return Template.fromStack(stack);
}

function certificates(scope: Stack, count: number, region = ENV.region): ICertificate[] {
  const arn = (i: number) => `arn:aws:acm:${region}:111111111111:certificate/extra-${i}`;
  return Array.from({ length: count }, (_, i) => Certificate.fromCertificateArn(scope, `Extra${i}`, arn(i)));
}

const zone = (stack: Stack) => HostedZone.fromHostedZoneAttributes(stack, 'Zone', { zoneName: 'example.com', hostedZoneId: 'Z1' });
const named = (stack: Stack, names: string[]) => ({ certificate: SideCertificate.requested({ names, zone: zone(stack) }) });
const given = (stack: Stack, additional: ICertificate[]) => ({
  certificate: SideCertificate.given(newCertificate(stack), { additional }),
});

describe('several certificates', () => {
  test('one resource each, beside the one of the listener', () => {
    const template = external((stack) => given(stack, certificates(stack, 2)));
    template.hasResourceProperties(LISTENER, {
      Certificates: [{ CertificateArn: Match.stringLikeRegexp('certificate/0$') }],
    });
    const arns = Object.values(template.findResources(EXTRA)).map(({ Properties }) => Properties.Certificates);
    expect(arns).toEqual([0, 1].map((i) => [{ CertificateArn: `arn:aws:acm:eu-west-1:111111111111:certificate/extra-${i}` }]));
  });

  test('their ids do not depend on their order', () => {
    const ids = (reverse: boolean) => {
      const template = external((stack) => {
        const all = certificates(stack, 3);
        return given(stack, reverse ? all.reverse() : all);
      });
      return Object.keys(template.findResources(EXTRA)).sort();
    };
    expect(ids(true)).toEqual(ids(false));
  });

  test('26 are refused, 25 are not', () => {
    expect(() => external((stack) => given(stack, certificates(stack, 25)))).not.toThrow();
    expect(() => external((stack) => given(stack, certificates(stack, 26)))).toThrow(
      new Error(
        '`external.certificate.additional` must be at most 25 different certificates, got 26; put several names into one certificate, or add a ' +
          `second gateway [AdditionalCertificates ${AT}`,
      ),
    );
  });

  test('the same one twice', () => {
    const twice = (stack: Stack) => given(stack, [...certificates(stack, 1), stack.node.findChild('Extra0') as never]);
    expect(() => external(twice)).toThrow(
      new Error(
        '`external.certificate.additional` must be at most 25 different certificates, got "S/Extra0"; list it once ' +
          `[AdditionalCertificates ${AT}`,
      ),
    );
  });

  test('one of another region', () => {
    expect(() => external((stack) => given(stack, certificates(stack, 1, 'us-east-1')))).toThrow(
      new Error(
        '`external.certificate.additional[0]` must be issued in eu-west-1, the region of the load balancer, got ' +
          `"arn:aws:acm:us-east-1:111111111111:certificate/extra-0"; request the certificate in eu-west-1 [CertificateRegion ${AT}`,
      ),
    );
  });
});

describe('a certificate of the gateway', () => {
  test('is requested for the names and validated by the zone', () => {
    const template = external((stack) => named(stack, ['www.example.com', 'example.com', '*.shop.example.com']));
    template.hasResourceProperties('AWS::CertificateManager::Certificate', {
      DomainName: 'www.example.com',
      SubjectAlternativeNames: ['example.com', '*.shop.example.com'],
      ValidationMethod: 'DNS',
      DomainValidationOptions: Match.arrayWith([{ DomainName: 'www.example.com', HostedZoneId: 'Z1' }]),
      KeyAlgorithm: 'RSA_2048',
    });
    template.hasResourceProperties(LISTENER, {
      Certificates: [{ CertificateArn: { Ref: Match.stringLikeRegexp('^GatewayCertificate') } }],
    });
  });

  test('can be read, and comes with further ones', () => {
    const stack = newStack();
    const additional = certificates(stack, 1);
    const certificate = SideCertificate.requested({ names: ['example.com'], zone: zone(stack), additional });
    const { gateway } = arrange({ external: { certificate } }, stack);
    expect(gateway.external.certificate).toBe(gateway.node.findChild('Certificate'));
    expect(gateway.internal.certificate).toBeUndefined();
    Template.fromStack(stack).resourceCountIs(EXTRA, 1);
  });

  test.each<[string, string[], string]>([
    ['without names', [], 'hold 1 to 10 names, got []; name the hosts of the routes; a wildcard stands for many'],
    [
      'outside the zone',
      ['example.com', 'badexample.com'],
      'hold names of the zone example.com, got "badexample.com"; request the certificate yourself and pass it as `SideCertificate.given(certificate)`',
    ],
  ])('%s', (_, names, message) => {
    expect(() => external((stack) => named(stack, names))).toThrow(
      new Error(`\`external.certificate.names\` must ${message} [GatewayDomain ${AT}`),
    );
  });

  const label = 'a'.repeat(53);
  test.each<[string, string[], string]>([
    ['with two wildcards', ['*.*.example.com'], '*.*.example.com'],
    ['with a wildcard in the middle', ['a.*.example.com'], 'a.*.example.com'],
    ['with an underscore', ['my_app.example.com'], 'my_app.example.com'],
    ['with a scheme', ['https://www.example.com'], 'https://www.example.com'],
  ])('%s', (_, names, name) => {
    expect(() => external((stack) => named(stack, names))).toThrow(
      `\`external.certificate.names\` must hold names of letters, digits and hyphens, with a wildcard as the first label only, got "${name}"; write it like "*.example.com" [GatewayDomain ${AT}`,
    );
  });

  test('the first of which is too long to be the common name', () => {
    expect(() => external((stack) => named(stack, ['example.com', `${label}.example.com`]))).not.toThrow();
    expect(() => external((stack) => named(stack, [`${label}.example.com`]))).toThrow(
      `\`external.certificate.names\` must start with a name of at most 64 characters, the limit of ACM for the first, got "${label}.example.com"; put a shorter name first, such as a wildcard [GatewayDomain ${AT}`,
    );
  });

  test.each(['external', 'internal'] as const)('of the %s side, in a private zone that no validation finds', (side) => {
    const stack = newStack();
    const vpc = new Vpc(stack, 'Offices');
    const network = MeshNetwork.fromVpc(vpc);
    const own = new PrivateHostedZone(stack, 'Own', { zoneName: 'corp.example.com', vpc });
    const certificate = SideCertificate.requested({ names: ['a.corp.example.com'], zone: own });
    const sides =
      side === 'external' ? { external: ExternalSide.https({ certificate }) } : { internal: InternalSide.https({ certificate }) };
    expect(() => new DualAlbGateway(stack, 'Gateway', { network, ...sides })).toThrow(
      `\`${side}.certificate.zone\` must be a public hosted zone, since ACM looks for the records of its validation on the internet and waits until it finds them, got "S/Own"; ` +
        `use the public zone of the domain, or pass a certificate of AWS Private CA as \`SideCertificate.given(certificate)\` [GatewayDomain ${AT}`,
    );
  });

  test.each([10, 11])('for %d names', (count) => {
    const names = Array.from({ length: count }, (_, i) => `n${i}.example.com`);
    const make = expect(() => external((stack) => named(stack, names)));
    if (count === 10) make.not.toThrow();
    else make.toThrow(/^`external.certificate.names` must hold 1 to 10 names, got/);
  });
});

describe('mutual TLS', () => {
  test('off by default', () => {
    external(() => ({})).allResourcesProperties(LISTENER, { MutualAuthentication: Match.absent() });
  });

  test('verify: a trust store of the bundle, expired certificates refused', () => {
    const template = external((stack) => ({
      mutualTls: MutualTls.verify({
        bucket: Bucket.fromBucketName(stack, 'Ca', 'my-authorities'),
        key: 'partners.pem',
        version: 'v1',
      }),
    }));
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TrustStore', {
      CaCertificatesBundleS3Bucket: 'my-authorities',
      CaCertificatesBundleS3Key: 'partners.pem',
      CaCertificatesBundleS3ObjectVersion: 'v1',
    });
    const verify = { Mode: 'verify', IgnoreClientCertificateExpiry: false, TrustStoreArn: Match.anyValue() };
    template.hasResourceProperties(LISTENER, { Port: 443, MutualAuthentication: Match.objectLike(verify) });
  });

  test('a listener for tests asks the same of its clients, and has the same certificates', () => {
    const stack = newStack();
    const mutualTls = MutualTls.verify({ bucket: new Bucket(stack, 'Ca'), key: 'ca.pem' });
    const { gateway, target } = arrange({ external: { mutualTls, ...given(stack, certificates(stack, 1)) } }, stack);
    gateway.external.route('Web', { target });
    target.requests[0].testListeners.testListener(8443);
    const template = Template.fromStack(stack);
    const modes = Object.values(template.findResources(LISTENER)).map(({ Properties: p }) => [
      p.Port,
      p.MutualAuthentication?.Mode,
    ]);
    expect(modes).toEqual(expect.arrayContaining([[443, 'verify'], [8443, 'verify'], [80, undefined]])); // prettier-ignore
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::TrustStore', 1);
    template.resourceCountIs(EXTRA, 2);
  });

  test('a trust store that exists', () => {
    const arn = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:truststore/mine/0';
    const template = external((stack) => ({
      mutualTls: MutualTls.trustStore(TrustStore.fromTrustStoreArn(stack, 'Store', arn)),
    }));
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::TrustStore', 0);
    template.hasResourceProperties(LISTENER, { MutualAuthentication: Match.objectLike({ Mode: 'verify', TrustStoreArn: arn }) });
  });

  test('passthrough', () => {
    external(() => ({ mutualTls: MutualTls.passthrough() })).hasResourceProperties(LISTENER, {
      MutualAuthentication: { Mode: 'passthrough', TrustStoreArn: Match.absent() },
    });
  });

  test.each(['', '/partners.pem', 'a'.repeat(1025)])('a bundle under %j', (key) => {
    const bundle = (stack: Stack) => ({ mutualTls: MutualTls.verify({ bucket: new Bucket(stack, 'Ca'), key }) });
    expect(() => external(bundle)).toThrow(
      new Error(
        '`external.mutualTls` must name the key of a file in the bucket, 1 to 1024 characters without a slash in front, got ' +
          `"${key}"; write it as in "authorities/partners.pem" [MutualTlsBundle ${AT}`,
      ),
    );
  });

  test('a key of 1024 characters is fine', () => {
    const bundle = (stack: Stack) => ({ mutualTls: MutualTls.verify({ bucket: new Bucket(stack, 'Ca'), key: 'a'.repeat(1024) }) });
    expect(() => external(bundle)).not.toThrow();
  });
});

describe('Shield', () => {
  test('standard by default: nothing in the template', () => {
    external(() => ({})).resourceCountIs('AWS::Shield::Protection', 0);
  });

  test('advanced: the load balancer is protected, and the cost is said', () => {
    const stack = newStack('S', { env: ENV }, new App());
    external(() => ({ shield: Shield.advanced() }), stack).hasResourceProperties('AWS::Shield::Protection', {
      Name: Match.stringLikeRegexp('^S-Gateway-External'),
      ResourceArn: { Ref: Match.stringLikeRegexp('^GatewayExternalLoadBalancer') },
    });
    Annotations.fromStack(stack).hasWarning(
      '/S/Gateway/External/Shield',
      'Shield Advanced costs 3,000 USD a month for the organization, for at least one year, and this deployment fails unless the ' +
        'account has a subscription. Acknowledge the warning if you accept both, or leave `shield` out. [ack: cdk-ecs-mesh:ShieldAdvanced]',
    );
  });
});
