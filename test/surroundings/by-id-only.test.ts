import { Duration, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Cluster, Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import { AccessPoint } from 'aws-cdk-lib/aws-efs';
import {
  ApplicationListener,
  ApplicationListenerAttributes,
  ApplicationLoadBalancer,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { DatabaseCluster } from 'aws-cdk-lib/aws-rds';
import { HostedZone, PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { HttpNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import * as lib from 'cdk-ecs-mesh';
import { Construct } from 'constructs';
import { newService, WEB } from '../helpers';
import { stackIn } from './networks';
import { ZONES } from './places';
import { judge } from './verdict';
import { smallApp } from '../small-app';

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111111111111:${resource}`;
const group = (stack: Stack) => SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1');
const secret = (stack: Stack) => Secret.fromSecretNameV2(stack, 'Secret', 'token');
const zone = (stack: Stack) => PrivateHostedZone.fromPrivateHostedZoneId(stack, 'Zone', 'Z1');
const database = { engine: lib.DatabaseEngine.MYSQL, databaseName: 'orders' };

type Build = (stack: Stack, mesh: lib.ServiceConnectMesh) => unknown;
const listener = (stack: Stack) =>
  ApplicationListener.fromApplicationListenerAttributes(stack, 'Listener', {
    listenerArn: arn('elasticloadbalancing', 'listener/app/lb/1/2'),
    securityGroup: group(stack),
  });
const loadBalancer = (stack: Stack) =>
  ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'Lb', {
    loadBalancerArn: arn('elasticloadbalancing', 'loadbalancer/app/lb/1'),
    securityGroupId: 'sg-1',
  });

/** A side of which the DNS name is known, too. */
const sideOf = (stack: Stack, network: lib.IMeshNetwork, facts: Partial<lib.GatewaySideAttributes> = {}) =>
  lib.GatewaySide.fromGatewaySideAttributes(stack, 'Side', {
    network,
    loadBalancer: ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'Lb', {
      loadBalancerArn: arn('elasticloadbalancing', 'loadbalancer/app/lb/1'),
      securityGroupId: 'sg-1',
      loadBalancerDnsName: 'lb.example.com',
    }),
    listener: facts.listener ?? listener(stack),
    internetFacing: false,
    ...facts,
  });

/** The parts of a mesh of which only an ID, a name or an ARN is known. */
const MESHES: Record<string, (stack: Stack) => lib.ServiceConnectMeshProps> = {
  'a cluster by its ARN': (stack) => ({
    cluster: lib.MeshCluster.existing(Cluster.fromClusterArn(stack, 'Cluster', arn('ecs', 'cluster/shared'))),
  }),
  'a namespace': (stack) => ({
    namespace: HttpNamespace.fromHttpNamespaceAttributes(stack, 'Names', {
      namespaceName: 'shared',
      namespaceId: 'ns-1',
      namespaceArn: arn('servicediscovery', 'namespace/ns-1'),
    }),
  }),
  'a private zone that nothing needs': (stack) => ({ privateZone: zone(stack) }),
};

/** Endpoints of which only an ID, a name or an ARN is known. */
const ENDPOINTS: Record<string, (stack: Stack) => lib.IEndpoint> = {
  'a bucket by its name': (stack) =>
    lib.Endpoint.bucket(Bucket.fromBucketName(stack, 'Bucket', 'uploads'), { access: lib.BucketAccess.READ_WRITE }),
  'a table by its name': (stack) =>
    lib.Endpoint.table(Table.fromTableName(stack, 'Table', 'carts'), { access: lib.TableAccess.READ_WRITE }),
  'a topic by its ARN': (stack) => lib.Endpoint.topic(Topic.fromTopicArn(stack, 'Topic', arn('sns', 'news'))),
  'a queue by its ARN': (stack) => lib.Endpoint.queue(Queue.fromQueueArn(stack, 'Queue', arn('sqs', 'mail')), lib.QueueAccess.SEND),
  'a secret by its name': (stack) => lib.Endpoint.secret(secret(stack)),
  'a parameter by its name': (stack) => lib.Endpoint.parameter(StringParameter.fromStringParameterName(stack, 'Level', '/level')),
  'a store with a secret by its name': (stack) =>
    new lib.ImportedRedis(stack, 'Redis', { host: 'redis.example.com', tls: true, credentials: { secret: secret(stack) } }),
  'a database with a secret by its name': (stack) =>
    new lib.ImportedDatabase(stack, 'Database', { ...database, host: 'db.example.com', secret: secret(stack) }),
  'a port with a group by its ID': (stack) =>
    lib.ServicePort.fromServicePortAttributes(stack, 'Users', { dnsName: 'users.shop', port: 80, securityGroup: group(stack) }),
};

/** What needs more than that, with the error that says so. */
const REFUSED: Record<string, [id: string, build: Build]> = {
  'a record of a host in a private zone': [
    'ImportIncomplete',
    (stack) =>
      new lib.Ec2HostRedis(stack, 'Host', {
        mesh: new lib.ServiceConnectMesh(stack, 'Second', { privateZone: zone(stack) }),
        recordName: 'redis',
      }),
  ],
  'a domain beside a private zone': [
    'ImportIncomplete',
    (stack) => new lib.ServiceConnectMesh(stack, 'Second', { privateZone: zone(stack) }).addDnsNamespace('Names', 'svc.corp.local'),
  ],
  'a shared mesh with a private zone': [
    'ImportIncomplete',
    (stack) => new lib.ServiceConnectMesh(stack, 'Second', { privateZone: zone(stack) }).share('/platform/mesh'),
  ],
  'a record of a route': [
    'ImportIncomplete',
    (stack, mesh) =>
      new lib.DualAlbGateway(stack, 'Gateway', {
        network: mesh,
        internal: lib.InternalSide.http({ zone: zone(stack) }),
      }).internal.route('Api', { target: newService(mesh, 'Api').port('http'), recordName: 'api' }),
  ],
  'a certificate in a zone': [
    'ImportIncomplete',
    (stack, mesh) => {
      const certificate = lib.SideCertificate.requested({
        names: ['www.example.com'],
        zone: HostedZone.fromHostedZoneId(stack, 'Public', 'Z2'),
      });
      return new lib.DualAlbGateway(stack, 'Gateway', { network: mesh, external: lib.ExternalSide.https({ certificate }) });
    },
  ],
  'a certificate whose ARN is not set': [
    'ImportIncomplete',
    (stack, mesh) => {
      const certificate = lib.SideCertificate.given(Certificate.fromCertificateArn(stack, 'Unset', process.env.NOT_SET!));
      return new lib.DualAlbGateway(stack, 'Gateway', { network: mesh, external: lib.ExternalSide.https({ certificate }) });
    },
  ],
  'an additional certificate whose ARN is not set': [
    'ImportIncomplete',
    (stack, mesh) => {
      const additional = [Certificate.fromCertificateArn(stack, 'Unset', process.env.NOT_SET!)];
      const given = Certificate.fromCertificateArn(stack, 'Given', arn('acm', 'certificate/1'));
      const certificate = lib.SideCertificate.given(given, { additional });
      return new lib.DualAlbGateway(stack, 'Gateway', { network: mesh, internal: lib.InternalSide.https({ certificate }) });
    },
  ],
  'a record in a zone whose name is not set': [
    'ImportIncomplete',
    (stack, mesh) => {
      const unset = { hostedZoneId: 'Z3', zoneName: process.env.NOT_SET! };
      const external = lib.ExternalSide.http({ zone: HostedZone.fromHostedZoneAttributes(stack, 'Unset', unset) });
      const gateway = new lib.DualAlbGateway(stack, 'Gateway', { network: mesh, external });
      return gateway.external.route('Api', { target: newService(mesh, 'Api').port('http'), recordName: 'api' });
    },
  ],
  'a page in a zone': [
    'ImportIncomplete',
    (stack) =>
      new lib.GeolocationReferenceApp(stack, 'Geo', {
        page: lib.GeolocationPage.inZone(HostedZone.fromHostedZoneId(stack, 'Public', 'Z2')),
      }),
  ],
  'a load balancer by its ARN': [
    'SideWithoutDnsName',
    (stack, mesh) =>
      lib.GatewaySide.fromGatewaySideAttributes(stack, 'Side', {
        network: mesh,
        loadBalancer: loadBalancer(stack),
        listener: listener(stack),
        internetFacing: false,
      }),
  ],
  'a listener without a group': [
    'ImportIncomplete',
    (stack, mesh) =>
      sideOf(stack, mesh, {
        listener: ApplicationListener.fromApplicationListenerAttributes(stack, 'Listener', {
          listenerArn: arn('elasticloadbalancing', 'listener/app/lb/1/2'),
        } as ApplicationListenerAttributes),
      }),
  ],
  'a record of a load balancer without its zone': [
    'ImportIncomplete',
    (stack, mesh) => {
      const zoneOfRecords = HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' });
      const side = sideOf(stack, mesh, { zone: zoneOfRecords });
      return side.route('Api', { target: newService(mesh, 'Api').port('http'), recordName: 'api' });
    },
  ],
  'a database cluster by its ID': [
    'ImportIncomplete',
    (stack) => {
      const cluster = DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Cluster', { clusterIdentifier: 'orders' });
      return lib.ImportedDatabase.fromDatabaseCluster(stack, 'Database', cluster, database);
    },
  ],
  'an access point by its ID': [
    'ImportIncomplete',
    (stack, mesh) => {
      const files = lib.WritablePath.fileSystem('/files', AccessPoint.fromAccessPointId(stack, 'Files', 'fsap-1'));
      return newService(mesh, 'Cms', { containers: [{ ...WEB, storage: { writablePaths: [files] } }] });
    },
  ],
};

function verdictOf(build: (stack: Stack) => unknown) {
  const { refused, raw, wrong } = judge(() => {
    const app = smallApp(ZONES);
    build(stackIn(app));
    return app;
  });
  return { refused, raw, wrong };
}
const fine = { refused: undefined, raw: undefined, wrong: [] };

test.each(Object.entries(MESHES))('a mesh with %s', (_, props) => {
  expect(verdictOf((stack) => newService(new lib.ServiceConnectMesh(stack, 'Mesh', props(stack)), 'Api'))).toEqual(fine);
});

test.each(Object.entries(ENDPOINTS))('a client of %s', (_, endpoint) => {
  const build = (stack: Stack) =>
    newService(new lib.ServiceConnectMesh(stack, 'Mesh'), 'Api').connectTo(endpoint(stack), { as: 'SERVER' });
  expect(verdictOf(build)).toEqual(fine);
});

test('a service with roles by name, and a log group and a security group by ID', () => {
  const build = (stack: Stack) => {
    const [taskRole, executionRole] = ['task', 'execution'].map((name) => Role.fromRoleName(stack, name, name));
    const logGroup = LogGroup.fromLogGroupArn(stack, 'Logs', arn('logs', 'log-group:/apps/api:*'));
    const existing = { taskRole, executionRole, logGroup, securityGroup: group(stack) };
    return newService(new lib.ServiceConnectMesh(stack, 'Mesh'), 'Api', { existing });
  };
  expect(verdictOf(build)).toEqual(fine);
});

test.each(Object.entries(REFUSED))('%s needs more: an error of ours', (_, [id, build]) => {
  expect(verdictOf((stack) => build(stack, new lib.ServiceConnectMesh(stack, 'Mesh')))).toEqual({ ...fine, refused: id });
});

describe.each(['a service', 'a sidecar', 'a worker', 'a schedule', 'a deployment job'])(
  '%s with a value of another account',
  (kind) => {
    test.each<[string, (far: Stack) => EcsSecret, RegExp]>([
      [
        'a secret',
        (far) => EcsSecret.fromSecretsManager(new Secret(far, 'Value', { secretName: 'token' })),
        /must be a secret of .*Secret\.fromSecretAttributes\(\{ secretCompleteArn, encryptionKey \}\)`, and let its policy/,
      ],
      [
        'a parameter',
        (far) => EcsSecret.fromSsmParameter(new StringParameter(far, 'Value', { parameterName: '/token', stringValue: 'x' })),
        /must be a parameter of .*; create the parameter in the account of the service, or keep the value in a secret with an `encryptionKey`/,
      ],
    ])('%s', (_, value, message) => {
      const build = (stack: Stack) => {
        const far = new Stack(stack.node.root, 'Far', { env: { account: '222222222222', region: 'eu-west-1' } });
        return taskOf(kind, stack, { TOKEN: value(far) });
      };
      expect(verdictOf(build)).toEqual({ ...fine, refused: 'SecretOfOtherAccount' });
      expect(() => build(new Stack(smallApp(), 'Shop', { env: { account: '111111111111', region: 'eu-west-1' } }))).toThrow(
        message,
      );
    });
  },
);

/** A task of each kind, with secrets. */
function taskOf(kind: string, stack: Stack, secrets: { [name: string]: EcsSecret }): Construct {
  const mesh = new lib.ServiceConnectMesh(stack, 'Mesh');
  const [plain, own] = [[WEB], [{ image: WEB.image, name: 'own', secrets }]];
  if (kind === 'a sidecar') return newService(mesh, 'Api', { containers: plain, sidecars: own });
  if (kind === 'a worker') return new lib.QueueWorkerService(stack, 'Api', { mesh, containers: own });
  const schedule = ScheduleExpression.rate(Duration.hours(1));
  if (kind === 'a schedule') return new lib.ScheduledJob(stack, 'Api', { mesh, containers: own, schedule });
  if (kind === 'a deployment job') return new lib.DeploymentJob(stack, 'Api', { mesh, containers: own });
  return newService(mesh, 'Api', { containers: own });
}
