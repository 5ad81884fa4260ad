import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { App, SecretValue, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ContainerImage, Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  DatabaseRotation,
  DualAlbGateway,
  Ec2HostRedis,
  ElastiCacheRedis,
  Endpoint,
  ExternalSide,
  GeolocationReferenceApp,
  ImportedRedis,
  PostgresDatabase,
  RouteAuthentication,
  ServerlessRedis,
  SideCertificate,
  TopologyDiagram,
} from 'cdk-ecs-mesh';
import { newMesh, newService } from '../helpers';

/** A secret whose value the user wrote into the template: the one place where the marker may be. */
function marked(scope: Stack, prop: string): Secret {
  const value = SecretValue.unsafePlainText(JSON.stringify({ password: `marker-${prop}`, username: `marker-name-${prop}` }));
  return new Secret(scope, `Marked${prop}`, { secretStringValue: value });
}

const ENDPOINTS = { issuer: '', authorizationEndpoint: '/authorize', tokenEndpoint: '/token', userInfoEndpoint: '/userinfo' };

/** An app with a marked secret in every prop that takes one, and with every store that makes a secret itself. */
function planted(): App {
  const app = new App();
  const stack = new Stack(app, 'Shop', { env: { region: 'eu-west-1' } });
  const mesh = newMesh(stack, { privateDomain: 'shop.internal' });
  const image = ContainerImage.fromRegistry('my/web');
  const secrets = { OWN: ContainerSecret.fromSecretsManager(marked(stack, 'ContainerSecrets'), 'password') };
  const web = newService(mesh, 'Web', { containers: [{ image, ports: [{ name: 'http', containerPort: 8080 }], secrets }] });
  const imported = {
    host: 'redis.example.com',
    tls: true,
    credentials: { secret: marked(stack, 'ImportedRedis'), passwordField: 'password', usernameField: 'username' },
  };
  web.connectTo(new ImportedRedis(stack, 'Imported', imported), { as: 'IMPORTED' });
  web.connectTo(Endpoint.secret(marked(stack, 'EndpointSecret'), { field: 'password' }));
  web.connectTo(new Ec2HostRedis(stack, 'Host', { mesh }), { as: 'HOST' });
  web.connectTo(new ElastiCacheRedis(stack, 'Cache', { mesh }), { as: 'CACHE' });
  web.connectTo(new ServerlessRedis(stack, 'Serverless', { mesh }), { as: 'SERVERLESS' });
  web.connectTo(new PostgresDatabase(stack, 'Managed', { mesh }), { as: 'MANAGED' });
  const rotation = DatabaseRotation.none('It is read once.');
  web.connectTo(new PostgresDatabase(stack, 'Database', { mesh, rotation }));
  const certificate = Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:123456789012:certificate/a');
  const at = Object.fromEntries(Object.entries(ENDPOINTS).map(([name, path]) => [name, `https://idp.example.com${path}`]));
  const authentication = RouteAuthentication.oidc({
    ...(at as typeof ENDPOINTS),
    clientId: 'web',
    clientSecret: marked(stack, 'ClientSecret'),
    clientSecretField: 'password',
  });
  const external = ExternalSide.https({ certificate: SideCertificate.given(certificate) });
  new DualAlbGateway(stack, 'Gateway', { network: mesh, external }).external.route('Web', {
    target: web.port('http'),
    hosts: ['a.example.com'],
    authentication,
  });
  const other = new Stack(app, 'Geo', { env: { region: 'eu-west-1' } });
  new GeolocationReferenceApp(other, 'Geolocation', {
    upstream: { secret: marked(other, 'UpstreamSecret'), secretField: 'password' },
  });
  TopologyDiagram.attach(app);
  return app;
}

const MARKERS = ['ContainerSecrets', 'ImportedRedis', 'EndpointSecret', 'ClientSecret', 'UpstreamSecret'];
const app = planted();
const { directory } = app.synth();
const assembly = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isFile());
const text = (file: string) => readFileSync(join(directory, file), 'utf8');

/** Everything of the assembly that is no asset, as text, without the one property in which the user wrote the value. */
const searched = assembly.map(({ name }) => ({
  name,
  body: text(name).replace(/"SecretString":\s*"(\\.|[^"\\])*"/gi, '"SecretString": "..."'),
}));

test('every marker is planted, so that the search cannot pass by finding nothing', () => {
  const all = assembly.map(({ name }) => text(name)).join('\n');
  for (const prop of MARKERS) expect(all).toContain(`marker-${prop}`);
});

test('no value of a secret is in a template, user data, output, metadata or picture', () => {
  expect(searched.length).toBeGreaterThan(5);
  expect(searched.filter(({ body }) => body.includes('marker-')).map(({ name }) => name)).toEqual([]);
});

/** Properties that take the value itself, which CloudFormation reads from Secrets Manager when it needs it. */
const READ_BY_CLOUDFORMATION = [
  'AuthToken',
  'ClientSecret',
  'MasterUserPassword',
  'MasterUsername',
  'Passwords',
  'UserName',
  'UserId',
];

function resolved(value: unknown, path: string[] = []): string[] {
  if (typeof value === 'string') {
    return value.includes('{{resolve:secretsmanager')
      ? [path.filter((key) => /^[A-Z]/.test(key) && key !== 'Properties').pop()!]
      : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    resolved(inner, key === 'Fn::Join' || /^\d+$/.test(key) ? path : [...path, key]),
  );
}

test('CloudFormation itself reads values only for what cannot take a reference', () => {
  const found = ['Shop', 'Geo'].flatMap((id) => resolved(JSON.parse(text(`${id}.template.json`))));
  expect(found).toEqual(expect.arrayContaining(['AuthToken', 'ClientSecret', 'MasterUserPassword']));
  expect(found.filter((property) => !READ_BY_CLOUDFORMATION.includes(property))).toEqual([]);
});
