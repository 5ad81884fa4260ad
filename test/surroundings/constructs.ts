import { Duration, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import * as lib from 'cdk-ecs-mesh';
import { Construct } from 'constructs';
import { ENDPOINTS, Place } from '../endpoints';
import { WEB, newService } from '../helpers';

/** Where a cell of the table is. */
export interface Spot {
  readonly mesh: lib.ServiceConnectMesh;
  /** The network of the mesh, for what makes a mesh or a gateway of its own. */
  readonly network: lib.MeshNetwork;
  /** Where the mesh is, and the servers of endpoints. */
  readonly home: Construct;
  /** Where the construct is, or the client of an endpoint. */
  readonly here: Construct;
}

const containers = [WEB];
const service = ({ mesh, here }: Spot, props: Partial<lib.MeshServiceProps> = {}) => newService(mesh, 'Api', props, here);
const job = { containers: [{ image: WEB.image }] };
const onHosts = (spot: Spot, networkMode: NetworkMode) => {
  const hosts = new lib.Ec2Capacity(spot.here, 'Hosts', { mesh: spot.mesh });
  return service(spot, { compute: lib.Compute.ec2(hosts, { networkMode }) });
};
const certificate = (scope: Construct) =>
  lib.SideCertificate.given(
    Certificate.fromCertificateArn(
      scope,
      'Certificate',
      Stack.of(scope).formatArn({ service: 'acm', resource: 'certificate', resourceName: '0' }),
    ),
  );
const gateway = ({ mesh, here }: Spot, props: Partial<lib.DualAlbGatewayProps> = {}) =>
  new lib.DualAlbGateway(here, 'Gateway', {
    network: mesh,
    external: lib.ExternalSide.https({ certificate: certificate(here) }),
    internal: lib.InternalSide.http({ zone: mesh.privateZone }),
    ...props,
  });
const routed = (spot: Spot, props: Partial<lib.MeshServiceProps> = {}) =>
  gateway(spot).external.route('Api', { target: service(spot, props).port('http') });

/** Every construct of the library, in the choices that read the network. */
const CONSTRUCTS: Record<string, (spot: Spot) => unknown> = {
  ServiceConnectMesh: ({ here, network }) => new lib.ServiceConnectMesh(here, 'Second', { network, privateDomain: 'second.local' }),
  'ServiceConnectMesh, shared': ({ mesh }) => mesh.share('/platform/mesh'),
  'ServiceConnectMesh of parameters': ({ here }) =>
    newService(lib.ServiceConnectMesh.fromParameters(here, 'Shared', '/platform/mesh'), 'Api', {}, here),
  'Ec2Capacity, bridge': (spot) => onHosts(spot, NetworkMode.BRIDGE),
  'Ec2Capacity, host': (spot) => onHosts(spot, NetworkMode.HOST),
  'Ec2Capacity, awsvpc': (spot) => onHosts(spot, NetworkMode.AWS_VPC),
  ManagedInstances: (spot) => {
    const managed = new lib.ManagedInstances(spot.here, 'Managed', { mesh: spot.mesh });
    return service(spot, { compute: lib.Compute.managedInstances(managed) });
  },
  MeshService: (spot) => service(spot, { operations: { enableExecuteCommand: true } }),
  'MeshService with DNS': (spot) => {
    const names = spot.mesh.addDnsNamespace('Names', 'svc.corp.local');
    return service(spot, { networking: { discovery: lib.ServiceDiscovery.privateDns(names) } });
  },
  'MeshService, blue/green': (spot) => routed(spot, { rollout: lib.Rollout.blueGreen() }),
  'MeshService, CodeDeploy': (spot) =>
    routed(spot, {
      rollout: lib.Rollout.codeDeploy(),
      networking: { serviceConnect: lib.ServiceConnect.none() },
    }),
  RedisBackedEcsService: ({ mesh, here }) => new lib.RedisBackedEcsService(here, 'Backed', { mesh, containers }),
  QueueWorkerService: ({ mesh, here }) => new lib.QueueWorkerService(here, 'Worker', { mesh, ...job }),
  ScheduledJob: ({ mesh, here }) =>
    new lib.ScheduledJob(here, 'Job', { mesh, schedule: ScheduleExpression.rate(Duration.hours(1)), ...job }),
  DeploymentJob: (spot) => new lib.DeploymentJob(spot.here, 'Migrate', { mesh: spot.mesh, ...job }).before(service(spot)),
  ElastiCacheRedis: ({ mesh, here }) => new lib.ElastiCacheRedis(here, 'Redis', { mesh }),
  'ElastiCacheRedis, one node': ({ mesh, here }) => new lib.ElastiCacheRedis(here, 'Redis', { mesh, numReplicas: 0 }),
  ServerlessRedis: ({ mesh, here }) => new lib.ServerlessRedis(here, 'Redis', { mesh }),
  Ec2HostRedis: ({ mesh, here }) => new lib.Ec2HostRedis(here, 'Redis', { mesh, recordName: 'redis' }),
  'Ec2HostRedis in a zone': ({ mesh, here }) => new lib.Ec2HostRedis(here, 'Redis', { mesh, availabilityZone: 'eu-west-1b' }),
  ContainerRedis: ({ mesh, here }) => new lib.ContainerRedis(here, 'Redis', { mesh }),
  'ContainerRedis with a file system': ({ mesh, here }) =>
    new lib.ContainerRedis(here, 'Redis', { mesh, persistence: lib.RedisPersistence.appendOnly() }),
  'ContainerRedis behind a load balancer': ({ mesh, here }) =>
    new lib.ContainerRedis(here, 'Redis', { mesh, exposure: lib.RedisExposure.networkLoadBalancer() }),
  ImportedRedis: ({ here }) => new lib.ImportedRedis(here, 'Redis', { host: 'redis.example.com', tls: true }),
  PostgresDatabase: ({ mesh, here }) => new lib.PostgresDatabase(here, 'Database', { mesh }),
  ImportedDatabase: ({ here }) =>
    new lib.ImportedDatabase(here, 'Orders', { engine: lib.DatabaseEngine.MYSQL, host: 'db.example.com', databaseName: 'orders' }),
  ParameterSettings: ({ mesh, here }) => new lib.ParameterSettings(here, 'Settings', { mesh, values: { LOG_LEVEL: 'info' } }),
  FeatureFlags: ({ mesh, here }) => new lib.FeatureFlags(here, 'Flags', { mesh, flags: { bulkImport: false } }),
  DualAlbGateway: (spot) => routed(spot),
  'DualAlbGateway with all kinds of peers': (spot) => {
    const side = gateway(spot).internal;
    const route = side.route('Api', { target: service(spot).port('http'), recordName: 'api' });
    newService(spot.mesh, 'Client', {}, spot.here).connectTo(route);
  },
  'DualAlbGateway in chosen subnets': (spot) => {
    const subnets = { subnetFilters: [], onePerAz: true };
    return gateway(spot, { external: undefined, internal: lib.InternalSide.http({ subnets }) });
  },
  'DualAlbGateway, shared': (spot) => gateway(spot).external.share('/platform/public'),
  'GatewaySide of parameters': (spot) => {
    const options = { network: spot.mesh, internetFacing: true };
    const side = lib.GatewaySide.fromParameters(spot.here, 'Public', '/platform/public', options);
    return side.route('Api', { target: service(spot).port('http'), hosts: ['api.example.com'] });
  },
  'MeshAlarms and MeshDashboard': (spot) => {
    service(spot);
    const alarms = new lib.MeshAlarms(spot.here, 'Alarms', { mesh: spot.mesh });
    return new lib.MeshDashboard(spot.here, 'Dashboard', { mesh: spot.mesh, alarms });
  },
  ImageRepository: ({ here }) => new lib.ImageRepository(here, 'Images'),
  GitHubDeployRole: (spot) => {
    const subjects = [lib.GitHubSubject.branch('main')];
    new lib.GitHubDeployRole(spot.here, 'Deploy', { repository: 'acme/shop', subjects });
  },
  GeolocationReferenceApp: ({ here, network }) => new lib.GeolocationReferenceApp(here, 'Geo', { network }),
};

/** An endpoint with its client. */
function connected(build: (place: Place) => lib.IEndpoint) {
  return ({ mesh, home, here }: Spot) => {
    const endpoint = build({ mesh, scope: new Construct(home, 'Server'), name: 'Server' });
    newService(mesh, 'Client', {}, here).connectTo(endpoint, { as: 'SERVER' });
  };
}

/** The rows of the table: every construct, and every endpoint with a client. */
export const PARTS: Record<string, (spot: Spot) => unknown> = {
  ...CONSTRUCTS,
  ...Object.fromEntries(Object.entries(ENDPOINTS).map(([name, build]) => [`to ${name}`, connected(build)])),
};

export const PART_NAMES = Object.keys(PARTS);
