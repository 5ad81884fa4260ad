import { Duration, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { DualAlbGateway, ExternalSide, InternalSide, PortProtocol, Scaling, SideCertificate } from 'cdk-ecs-mesh';
import { newMesh, newService, only, templateOf } from '../helpers';

const IMAGE = ContainerImage.fromRegistry('my/web');

describe('routes', () => {
  /** The health check of a route to a port that speaks `protocol`. */
  function healthCheck(protocol: PortProtocol) {
    const mesh = newMesh();
    const service = newService(mesh, 'Api', {
      containers: [{ image: IMAGE, ports: [{ name: 'main', containerPort: 9000, protocol }] }],
    });
    const certificate = Certificate.fromCertificateArn(mesh, 'Certificate', 'arn:aws:acm:eu-west-1:111111111111:certificate/c');
    const external = ExternalSide.https({ certificate: SideCertificate.given(certificate) });
    new DualAlbGateway(Stack.of(mesh), 'Gateway', { network: mesh, external }).external.route('Api', {
      target: service.port('main'),
    });
    const { Matcher, ProtocolVersion } = only(templateOf(service), 'AWS::ElasticLoadBalancingV2::TargetGroup').Properties;
    return [ProtocolVersion, Matcher];
  }

  test.each<[PortProtocol, unknown[]]>([
    [PortProtocol.HTTP, [undefined, { HttpCode: '200-299' }]],
    [PortProtocol.HTTP2, ['HTTP2', { HttpCode: '200-299' }]],
    [PortProtocol.GRPC, ['GRPC', { GrpcCode: '0-99' }]],
  ])('%s: version and good codes of the target group', (protocol, expected) => expect(healthCheck(protocol)).toEqual(expected));

  test('plain TCP is refused', () => {
    expect(() => healthCheck(PortProtocol.TCP)).toThrow(
      '`target` must be a port that uses HTTP, because Application Load Balancers support nothing else, got "main (tcp)"; reach it through Service Connect with `client.connectTo(...)` [RouteNeedsHttp at Shop/Api]',
    );
  });

  test('scaling on requests counts at the first route', () => {
    const mesh = newMesh();
    const [scaleOutCooldown, scaleInCooldown] = [Duration.seconds(30), Duration.seconds(90)];
    const targets = { requestsPerTarget: 500, scaleOutCooldown, scaleInCooldown };
    const service = newService(mesh, 'Api', { scaling: Scaling.between(2, 4, targets) });
    const certificate = Certificate.fromCertificateArn(mesh, 'Certificate', 'arn:aws:acm:eu-west-1:111111111111:certificate/c');
    const external = ExternalSide.https({ certificate: SideCertificate.given(certificate) });
    new DualAlbGateway(Stack.of(mesh), 'Gateway', { network: mesh, external }).external.route('Api', {
      target: service.port('http'),
    });
    const policy = only(templateOf(service), 'AWS::ApplicationAutoScaling::ScalingPolicy').Properties
      .TargetTrackingScalingPolicyConfiguration;
    expect(policy).toMatchObject({
      TargetValue: 500,
      ScaleOutCooldown: 30,
      ScaleInCooldown: 90,
      PredefinedMetricSpecification: { PredefinedMetricType: 'ALBRequestCountPerTarget' },
    });
  });
});

describe('T38: target groups of a service, from routes on both sides', () => {
  const routed = (count: number) => {
    const mesh = newMesh();
    const target = newService(mesh, 'Api').port('http');
    const props = { network: mesh, external: ExternalSide.http(), internal: InternalSide.http() };
    const { external, internal } = new DualAlbGateway(Stack.of(mesh), 'Gateway', props);
    for (let i = 1; i <= count; i++) (i % 2 ? external : internal).route(`R${i}`, { target, paths: [`/${i}`] });
    return only(templateOf(mesh), 'AWS::ECS::Service', 'Api').Properties.LoadBalancers;
  };

  test('T38: five', () => expect(routed(5)).toHaveLength(5));

  test('T38: not six', () =>
    expect(() => routed(6)).toThrow(
      new Error(
        '`route` must be one of at most 5 to a service, each of which has a target group ' +
          '(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html), got 6; ' +
          'combine routes into one with several `hosts` or `paths`, or split the service [RoutesPerService at Shop/Api]',
      ),
    ));
});
