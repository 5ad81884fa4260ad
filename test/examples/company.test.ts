import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { ImportedRedis, MeshService, Reachability, ServiceConnectMesh, ServicePort, TopologyDiagram } from 'cdk-ecs-mesh';
import { EXAMPLES, loadExample } from '../example-apps';
import { WEB } from '../helpers';
import { expectPicture } from '../topology/expect-picture';

const ZONE = { zoneName: 'example.com', zoneId: 'Z00000000000000DEMO' };
const APPS = ['platform', 'catalog', 'orders'];

/** The assemblies of the three apps, each synthesised alone. */
const assemblies = (settings: Record<string, string> = {}, names = APPS) =>
  names.map((name) => loadExample(`company/${name}`, settings).synth().directory);

const [PLATFORM, CATALOG, ORDERS] = ['CompanyPlatform', 'CompanyCatalog', 'CompanyOrders'];

describe.each([
  ['plain HTTP', {}, 80],
  ['a domain', ZONE, 443],
])('NU-2: three apps of three repositories, with %s', (_, settings: Record<string, string>, port) => {
  const directories = assemblies(settings);
  const reachability = Reachability.ofAssemblies(directories);

  test('users reach the orders, through the load balancer of the platform', () => {
    expect(() => {
      reachability.expectReachable(Reachability.INTERNET, `${PLATFORM}/Gateway/External`, port);
      reachability.expectReachable(`${PLATFORM}/Gateway/External`, `${ORDERS}/Orders`, 8080);
    }).not.toThrow();
  });

  test('orders reach the catalog and the database, and the catalog its cache', () => {
    expect(() => {
      reachability.expectReachable(`${ORDERS}/Orders`, `${CATALOG}/Catalog`, 8080);
      reachability.expectReachable(`${ORDERS}/Orders`, `${PLATFORM}/Database`, 5432);
      reachability.expectReachable(`${CATALOG}/Catalog`, `${PLATFORM}/Cache`, 6379);
    }).not.toThrow();
  });

  test.each([
    [Reachability.INTERNET, `${CATALOG}/Catalog`],
    [`${PLATFORM}/Gateway/External`, `${CATALOG}/Catalog`],
    [`${CATALOG}/Catalog`, `${PLATFORM}/Database`],
    [`${ORDERS}/Orders`, `${PLATFORM}/Cache`],
  ])('%s does not reach %s', (from, to) => {
    expect(() => reachability.expectUnreachable(from, to)).not.toThrow();
  });
});

test('NU-2: apps that were synthesised for different domains do not agree', () => {
  const [platform] = assemblies(ZONE, ['platform']);
  const [catalog, orders] = assemblies({}, ['catalog', 'orders']);
  expect(() => Reachability.ofAssemblies([platform, catalog, orders])).toThrow(
    /CompanyOrders\/PublicShared states "HTTP" for \/company\/public\/protocol, and CompanyPlatform shares "HTTPS"/,
  );
});

describe('NU-2: another client', () => {
  test('reaches what it uses, with the assemblies of the owners as they are', () => {
    const owners = assemblies({}, ['platform', 'catalog']);
    const stack = new Stack(new App(), 'CompanyReports', { env: { region: 'us-east-1' } });
    const mesh = ServiceConnectMesh.fromParameters(stack, 'Mesh', '/company/mesh');
    const reports = new MeshService(stack, 'Reports', { mesh, containers: [WEB] });
    reports.connectTo(ServicePort.fromParameters(stack, 'Catalog', '/company/catalog', { port: 8080 }));
    reports.connectTo(ImportedRedis.fromParameters(stack, 'Cache', '/company/cache'));
    TopologyDiagram.attach(stack);
    const reachability = Reachability.ofAssemblies([...owners, (stack.node.root as App).synth().directory]);
    expect(() => {
      reachability.expectReachable('CompanyReports/Reports', `${CATALOG}/Catalog`, 8080);
      reachability.expectReachable('CompanyReports/Reports', `${PLATFORM}/Cache`, 6379);
    }).not.toThrow();
  });

  test.each(APPS)('%s exports and imports nothing that would tie two deployments together', (name) => {
    const text = JSON.stringify(loadExample(`company/${name}`).synth().stacks[0].template);
    expect(text).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput|"Export"/);
  });
});

test('each client belongs to its own repository: the platform knows none of their names', () => {
  const text = readFileSync(join(EXAMPLES, 'company', 'platform', 'app.ts'), 'utf8');
  expect(text).not.toMatch(/\bcatalog\b/i);
});

test('docs/images/company.svg is what the three apps record', () => {
  const picture = TopologyDiagram.ofAssemblies(assemblies(ZONE), { title: 'Company: three apps' });
  expectPicture('docs/images/company.svg', picture.toSvg());
});
