import { AttributeType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Function as LambdaFunction, InlineCode, Runtime } from 'aws-cdk-lib/aws-lambda';
import { PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import {
  BucketAccess,
  ContainerRedis,
  DatabaseEngine,
  DatabaseRotation,
  DualAlbGateway,
  Ec2HostRedis,
  ElastiCacheRedis,
  Endpoint,
  ExternalSide,
  FeatureFlags,
  IEndpoint,
  ImportedDatabase,
  ImportedRedis,
  InternalSide,
  MeshServiceProps,
  ParameterRead,
  PostgresDatabase,
  QueueAccess,
  QueueWorkerService,
  RedisExposure,
  ServerlessRedis,
  ServiceConnect,
  ServiceConnectMesh,
  ServiceDiscovery,
  ServicePort,
  ParameterSettings,
  TableAccess,
} from 'cdk-ecs-mesh';
import { Construct } from 'constructs';
import { newService, WEB } from './helpers';

/** Where a row makes its endpoint: a scope, and a name, of its own. */
export interface Place {
  readonly mesh: ServiceConnectMesh;
  readonly scope: Construct;
  readonly name: string;
}

const service = ({ mesh, scope, name }: Place, props: Partial<MeshServiceProps> = {}) => newService(mesh, name, props, scope);
const worker = ({ mesh, scope, name }: Place) => new QueueWorkerService(scope, name, { mesh, containers: [{ image: WEB.image }] });

/** Every kind of endpoint; test/contract holds the list against the classes, and against the ways to them that the package exports. */
export const ENDPOINTS: Record<string, (place: Place) => IEndpoint> = {
  'Redis on a host': ({ mesh, scope }) => new Ec2HostRedis(scope, 'Host', { mesh }),
  'Redis in a container': ({ mesh, scope }) => new ContainerRedis(scope, 'Container', { mesh }),
  'Redis behind a load balancer': ({ mesh, scope }) =>
    new ContainerRedis(scope, 'Balanced', { mesh, exposure: RedisExposure.networkLoadBalancer() }),
  ElastiCache: ({ mesh, scope }) => new ElastiCacheRedis(scope, 'Redis', { mesh }),
  'ElastiCache Serverless': ({ mesh, scope }) => new ServerlessRedis(scope, 'Redis', { mesh }),
  'Redis that exists': ({ scope }) =>
    new ImportedRedis(scope, 'Redis', {
      host: 'redis.example.com',
      tls: true,
      credentials: { secret: new Secret(scope, 'Secret') },
    }),
  'port by alias': (place) => service(place).port('http'),
  'port by an alias that is always there': (place) =>
    service(place, { networking: { serviceConnect: ServiceConnect.clientAndServer() } }).port('http'),
  'port by its name in DNS': (place) => {
    const names = place.mesh.addDnsNamespace('Names', 'svc.shop.local');
    const discovery = ServiceDiscovery.privateDns(names);
    return service(place, { networking: { serviceConnect: ServiceConnect.none(), discovery } }).port('http');
  },
  'internal route': (place) => gatewayOf(place).internal.route('Api', { target: service(place).port('http') }),
  'external route': (place) => gatewayOf(place).external.route('Api', { target: service(place).port('http') }),
  'internal route with a record': (place) => {
    const privateZone = new PrivateHostedZone(place.scope, 'Zone', { vpc: place.mesh.vpc, zoneName: 'routes.local' });
    return gatewayOf(place, privateZone).internal.route('Api', { target: service(place).port('http'), recordName: 'api' });
  },
  database: ({ mesh, scope }) => new PostgresDatabase(scope, 'Database', { mesh }),
  'database with a function that rotates': ({ mesh, scope }) => {
    const code = new InlineCode('exports.handler = async () => {};');
    const settings = { code, handler: 'index.handler', runtime: Runtime.NODEJS_24_X, vpc: mesh.vpc, vpcSubnets: mesh.taskSubnets };
    const rotation = DatabaseRotation.byFunction(new LambdaFunction(scope, 'Rotate', settings));
    return new PostgresDatabase(scope, 'Database', { mesh, rotation });
  },
  'database with one password': ({ mesh, scope }) =>
    new PostgresDatabase(scope, 'Database', { mesh, rotation: DatabaseRotation.none('a test reads it once') }),
  'database that exists': ({ scope }) =>
    new ImportedDatabase(scope, 'Database', {
      engine: DatabaseEngine.MYSQL,
      host: 'db.example.com',
      databaseName: 'orders',
      secret: new Secret(scope, 'Secret'),
      securityGroup: SecurityGroup.fromSecurityGroupId(scope, 'Group', 'sg-1'),
    }),
  'port of another app': ({ scope }) =>
    ServicePort.fromServicePortAttributes(scope, 'Users', {
      dnsName: 'users.shop',
      port: 8080,
      securityGroup: SecurityGroup.fromSecurityGroupId(scope, 'Group', 'sg-1'),
    }),
  'queue of its senders': (place) => worker(place).queueEndpoint,
  'queue of its worker': (place) => Endpoint.queue(worker(place).queue, QueueAccess.CONSUME),
  'queue of others': ({ scope }) =>
    Endpoint.queue(new Queue(scope, 'Mail', { encryptionMasterKey: new Key(scope, 'Key') }), QueueAccess.SEND),
  table: ({ scope }) => Endpoint.table(newTable(scope), { access: TableAccess.READ_WRITE, indexes: ['by-customer'] }),
  topic: ({ scope }) => Endpoint.topic(new Topic(scope, 'News', { masterKey: new Key(scope, 'Key') })),
  bucket: ({ scope }) =>
    Endpoint.bucket(new Bucket(scope, 'Uploads', { encryptionKey: new Key(scope, 'Key') }), { access: BucketAccess.READ_WRITE }),
  'some keys of a bucket': ({ scope }) => Endpoint.bucket(new Bucket(scope, 'Uploads'), { keyPrefix: 'images/' }),
  parameter: ({ scope }) => Endpoint.parameter(new StringParameter(scope, 'Level', { stringValue: 'info' })),
  'parameter at run time': ({ scope }) =>
    Endpoint.parameter(new StringParameter(scope, 'Level', { stringValue: 'info' }), { read: ParameterRead.AT_RUN_TIME }),
  settings: ({ mesh, scope }) => new ParameterSettings(scope, 'Settings', { mesh, values: { LOG_LEVEL: 'info' } }),
  'feature flags': ({ mesh, scope }) => new FeatureFlags(scope, 'Flags', { mesh, flags: { newCheckout: false } }),
  secret: ({ scope }) => Endpoint.secret(new Secret(scope, 'Token', { encryptionKey: new Key(scope, 'Key') })),
  'external host': () => Endpoint.externalHost('smtp.example.com', { port: 587 }),
};

function newTable(scope: Construct): Table {
  return new Table(scope, 'Orders', {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey: new Key(scope, 'Key'),
  });
}

function gatewayOf({ mesh, scope }: Place, privateZone?: PrivateHostedZone): DualAlbGateway {
  return new DualAlbGateway(scope, 'Gateway', {
    network: mesh,
    external: ExternalSide.http(),
    internal: InternalSide.http({ zone: privateZone }),
  });
}
