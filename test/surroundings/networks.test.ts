import { ServiceConnectMesh } from 'cdk-ecs-mesh';
import { PARTS } from './constructs';
import { NETWORKS, networkIn, stackIn } from './networks';
import { ALL, runTable } from './table';
import { judge } from './verdict';
import { smallApp } from '../small-app';

const ON_A_HOST = ['Ec2HostRedis', 'Ec2HostRedis in a zone', 'GeolocationReferenceApp', 'to Redis on a host'];
const WITH_A_FILE_SYSTEM = 'ContainerRedis with a file system';
const BOTH_SIDES = [
  'MeshService, blue/green',
  'MeshService, CodeDeploy',
  'DualAlbGateway',
  'DualAlbGateway with all kinds of peers',
  'DualAlbGateway, shared',
  'to internal route',
  'to external route',
  'to internal route with a record',
];
const DATABASES = ['PostgresDatabase', 'to database', 'to database with a function that rotates', 'to database with one password'];
const TWO_ZONES = ['RedisBackedEcsService', 'ElastiCacheRedis', 'ServerlessRedis', 'to ElastiCache', 'to ElastiCache Serverless'];
const ONE_BY_ONE = { SubnetsKnownAtSynthesis: [...ON_A_HOST, WITH_A_FILE_SYSTEM] };
const ZONE_NOT_KNOWN = { RedisAvailabilityZone: ['Ec2HostRedis in a zone'] };

describe('PR-03, PR-04: every construct and endpoint in networks that exist', () => {
  const cell = (column: string, part: string) =>
    judge(() => {
      const network = NETWORKS[column];
      const app = smallApp(network.context?.());
      const home = stackIn(app);
      const existing = networkIn(home, network);
      const mesh = new ServiceConnectMesh(home, 'Mesh', { network: existing, privateDomain: 'corp.local' });
      PARTS[part]({ mesh, network: existing, home, here: home });
      return app;
    }, column.startsWith('first pass'));

  runTable(Object.keys(NETWORKS), cell, {
    refused: {
      'second pass, no private subnets': { NoPrivateSubnets: [ALL] },
      'second pass, public only': { NoPrivateSubnets: [ALL] },
      'second pass, other names': { NoSuchSubnets: [ALL] },
      'second pass, isolated tasks': { RedisHostNeedsWayOut: ON_A_HOST },
      'second pass, isolated only': { RedisHostNeedsWayOut: ON_A_HOST, GatewaySubnets: BOTH_SIDES },
      'second pass, one zone': {
        DatabaseNeedsTwoZones: DATABASES,
        RedisNeedsTwoZones: TWO_ZONES,
        RedisAvailabilityZone: ['Ec2HostRedis in a zone'],
        GatewaySubnets: [...BOTH_SIDES, 'DualAlbGateway in chosen subnets', 'GeolocationReferenceApp'],
      },
      'lists of known length': ZONE_NOT_KNOWN,
      'imported lists of known length': ZONE_NOT_KNOWN,
      'lists of unknown length': ONE_BY_ONE,
      'lists of parameters': ONE_BY_ONE,
      'subnets by ID only': {
        RedisAvailabilityZone: ON_A_HOST,
        SharedZonesUnknown: ['ServiceConnectMesh, shared'],
        GatewaySubnets: ['DualAlbGateway in chosen subnets'],
      },
    },
    different: {
      'second pass, one zone': { [WITH_A_FILE_SYSTEM]: { 'AWS::EFS::MountTarget': -1 } },
      'second pass, a zone without a store': { [WITH_A_FILE_SYSTEM]: { 'AWS::EFS::MountTarget': 1 } },
    },
  });
});
