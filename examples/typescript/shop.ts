import { App, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Peer, Port } from 'aws-cdk-lib/aws-ec2';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import {
  DualAlbGateway,
  ExternalSide,
  GeolocationReferenceApp,
  IEndpoint,
  RedisBackedEcsService,
  ServiceConnectMesh,
  SideCertificate,
} from 'cdk-ecs-mesh';

/** What examples/python, examples/java and examples/go say: their templates are compared with the one from here. */
const ldap: IEndpoint = {
  bindEndpoint: (_client, { as: prefix = 'LDAP' }) => ({
    facts: { server: 'ldap.example.com', protocol: 'ldaps', dnsName: 'ldap.example.com', port: 636 },
    environment: { [`${prefix}_HOST`]: 'ldap.example.com', [`${prefix}_URL`]: 'ldaps://ldap.example.com:636' },
    reaches: [{ server: Peer.ipv4('192.0.2.0/24'), port: Port.tcp(636) }],
  }),
};
const certificateArn = 'arn:aws:acm:us-east-1:111111111111:certificate/00000000-0000-0000-0000-000000000000';

const app = new App();
const env = { region: 'us-east-1' };
const shop = new Stack(app, 'Shop', { env });
const certificate = Certificate.fromCertificateArn(shop, 'Certificate', certificateArn);
const mesh = new ServiceConnectMesh(shop, 'Mesh');
const api = new RedisBackedEcsService(shop, 'Api', {
  mesh,
  containers: [{ image: ContainerImage.fromAsset('api'), ports: [{ name: 'http', containerPort: 8080 }] }],
});
api.connectTo(ldap);
const external = ExternalSide.https({ certificate: SideCertificate.given(certificate) });
const gateway = new DualAlbGateway(shop, 'Gateway', { network: mesh, external });
gateway.external.route('Api', { target: api.port('http') });
new GeolocationReferenceApp(new Stack(app, 'Geolocation', { env }), 'Geo');
try {
  api.port('htpp');
} catch (error) {
  console.error((error as Error).message);
}
app.synth();
