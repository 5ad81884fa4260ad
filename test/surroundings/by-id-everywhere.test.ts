import { App, Duration, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { EcsDeploymentConfig } from 'aws-cdk-lib/aws-codedeploy';
import { UserPool, UserPoolClient, UserPoolDomain } from 'aws-cdk-lib/aws-cognito';
import { ISecurityGroup, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { DeploymentLifecycleStage } from 'aws-cdk-lib/aws-ecs';
import { TrustStore } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { HostedZone, PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import * as lib from 'cdk-ecs-mesh';
import { CALLS } from '../../src/core/private/arguments/calls';
import { STRUCTS } from '../../src/core/private/arguments/structs';
import { membersOf, propsOf } from '../../src/core/private/arguments/types';
import { newService, oidc, WEB } from '../helpers';
import { stackIn } from './networks';
import { ZONES } from './places';
import { judge } from './verdict';
import { smallApp } from '../small-app';

type Build = (stack: Stack, mesh: lib.ServiceConnectMesh) => unknown;

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111111111111:${resource}`;
const group = (stack: Stack): ISecurityGroup => SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1');
const secret = (stack: Stack) => Secret.fromSecretNameV2(stack, 'Secret', 'token');
const zone = (stack: Stack) => HostedZone.fromHostedZoneId(stack, 'Public', 'Z2');
const privateZone = (stack: Stack) => PrivateHostedZone.fromPrivateHostedZoneId(stack, 'Private', 'Z1');
const certificate = (stack: Stack) => Certificate.fromCertificateArn(stack, 'Certificate', arn('acm', 'certificate/1'));
const given = (stack: Stack) => lib.SideCertificate.given(certificate(stack));
const key = (stack: Stack) => Key.fromKeyArn(stack, 'Key', arn('kms', 'key/1'));
const bucket = (stack: Stack) => Bucket.fromBucketName(stack, 'Bucket', 'logs');
const fn = (stack: Stack) => LambdaFunction.fromFunctionArn(stack, 'Function', arn('lambda', 'function:check'));
const image = WEB.image;

const external = (
  stack: Stack,
  network: lib.IMeshNetwork,
  { certificate: wanted = given(stack), ...options }: Partial<lib.ExternalHttpsOptions> = {},
) => new lib.DualAlbGateway(stack, 'Gateway', { network, external: lib.ExternalSide.https({ certificate: wanted, ...options }) });
const plain = (stack: Stack, network: lib.IMeshNetwork, options: lib.ExternalHttpOptions) =>
  new lib.DualAlbGateway(stack, 'Gateway', { network, external: lib.ExternalSide.http(options) });
const internal = (stack: Stack, network: lib.IMeshNetwork, side: lib.InternalSide) =>
  new lib.DualAlbGateway(stack, 'Gateway', { network, internal: side });
const routed = (
  stack: Stack,
  mesh: lib.ServiceConnectMesh,
  props: Partial<lib.MeshServiceProps>,
  route: Partial<lib.RouteProps> = {},
) =>
  external(stack, mesh).external.route('Api', {
    target: newService(mesh, 'Api', props).port('http'),
    hosts: ['a.example.com'],
    ...route,
  });
const page = (stack: Stack, one: lib.GeolocationPage) => new lib.GeolocationReferenceApp(stack, 'Geo', { page: one });

/** Every place that takes a resource of others, with one of which only an ID, a name or an ARN is known: it works, or the error is named. */
const PLACES: Record<string, Build | [id: string, Build]> = {
  'AccessLogs.bucket(bucket)': (stack, mesh) =>
    new lib.DualAlbGateway(stack, 'Gateway', {
      network: mesh,
      external: lib.ExternalSide.http(),
      accessLogs: lib.AccessLogs.bucket(bucket(stack)),
    }),
  'DatabaseRotation.byFunction(fn)': [
    'RotationFunctionOutsideVpc',
    (stack, mesh) => new lib.PostgresDatabase(stack, 'Database', { mesh, rotation: lib.DatabaseRotation.byFunction(fn(stack)) }),
  ],
  'DeploymentHook.lambda(handler)': (stack, mesh) =>
    routed(stack, mesh, {
      rollout: lib.Rollout.blueGreen({
        hooks: [lib.DeploymentHook.lambda('Check', fn(stack), { stages: [DeploymentLifecycleStage.POST_TEST_TRAFFIC_SHIFT] })],
      }),
    }),
  'GeolocationPage.withCertificate(certificate)': (stack) => page(stack, lib.GeolocationPage.withCertificate(certificate(stack))),
  'GeolocationPageOptions.certificate': [
    'ImportIncomplete',
    (stack) => page(stack, lib.GeolocationPage.inZone(zone(stack), { certificate: certificate(stack) })),
  ],
  'GeolocationUpstream.secret': (stack) =>
    new lib.GeolocationReferenceApp(stack, 'Geo', { upstream: { secret: secret(stack) } } as lib.GeolocationReferenceAppProps),
  'MeshService#redeployAfterRotation(secret)': (stack, mesh) => newService(mesh, 'Api').redeployAfterRotation(secret(stack)),
  'MutualTls.trustStore(trustStore)': (stack, mesh) => {
    const store = TrustStore.fromTrustStoreArn(stack, 'Store', arn('elasticloadbalancing', 'truststore/corp/1'));
    return external(stack, mesh, { mutualTls: lib.MutualTls.trustStore(store) });
  },
  'ServiceDiscovery.privateDns(namespace)': (_, mesh) => {
    const names = PrivateDnsNamespace.fromPrivateDnsNamespaceAttributes(mesh, 'Names', {
      namespaceName: 'svc.corp.local',
      namespaceId: 'ns-1',
      namespaceArn: arn('servicediscovery', 'namespace/ns-1'),
    });
    return newService(mesh, 'Api', { networking: { discovery: lib.ServiceDiscovery.privateDns(names) } });
  },
  'SideCertificate.given(certificate)': (stack, mesh) => external(stack, mesh),
  'GivenCertificateOptions.additional': (stack, mesh) => {
    const more = Certificate.fromCertificateArn(stack, 'More', arn('acm', 'certificate/2'));
    return external(stack, mesh, { certificate: lib.SideCertificate.given(certificate(stack), { additional: [more] }) });
  },
  'RequestedCertificateOptions.additional': [
    'ImportIncomplete',
    (stack, mesh) =>
      external(stack, mesh, {
        certificate: lib.SideCertificate.requested({
          names: ['a.example.com'],
          zone: zone(stack),
          additional: [certificate(stack)],
        }),
      }),
  ],
  'CaBundleOptions.bucket': (stack, mesh) =>
    external(stack, mesh, { mutualTls: lib.MutualTls.verify({ bucket: bucket(stack), key: 'ca.pem' }) }),
  'AppendOnlyOptions.securityGroup': (stack, mesh) =>
    new lib.ContainerRedis(stack, 'Redis', { mesh, persistence: lib.RedisPersistence.appendOnly({ securityGroup: group(stack) }) }),
  'Ec2HostRedisProps.securityGroup': (stack, mesh) => new lib.Ec2HostRedis(stack, 'Redis', { mesh, securityGroup: group(stack) }),
  'ElastiCacheRedisProps.securityGroup': (stack, mesh) =>
    new lib.ElastiCacheRedis(stack, 'Redis', { mesh, securityGroup: group(stack) }),
  'ServerlessRedisProps.securityGroup': (stack, mesh) =>
    new lib.ServerlessRedis(stack, 'Redis', { mesh, securityGroup: group(stack) }),
  'RedisLoadBalancerOptions.securityGroup': (stack, mesh) =>
    new lib.ContainerRedis(stack, 'Redis', {
      mesh,
      exposure: lib.RedisExposure.networkLoadBalancer({ securityGroup: group(stack) }),
    }),
  'PostgresDatabaseProps.securityGroup': (stack, mesh) =>
    new lib.PostgresDatabase(stack, 'Database', { mesh, securityGroup: group(stack) }),
  'ImportedDatabaseProps.securityGroup': (stack, mesh) =>
    newService(mesh, 'Api').connectTo(
      new lib.ImportedDatabase(stack, 'Orders', {
        ...{ engine: lib.DatabaseEngine.MYSQL, databaseName: 'orders', host: 'db.example.com' },
        securityGroup: group(stack),
      }),
    ),
  'ImportedRedisProps.securityGroup': (stack, mesh) =>
    newService(mesh, 'Api').connectTo(
      new lib.ImportedRedis(stack, 'Redis', { host: 'redis.example.com', tls: true, securityGroup: group(stack) }),
    ),
  'ExternalHttpOptions.securityGroup': (stack, mesh) => plain(stack, mesh, { securityGroup: group(stack) }),
  'ExternalHttpOptions.zone': (stack, mesh) => plain(stack, mesh, { zone: zone(stack) }),
  'ExternalHttpsOptions.securityGroup': (stack, mesh) => external(stack, mesh, { securityGroup: group(stack) }),
  'ExternalHttpsOptions.zone': (stack, mesh) => external(stack, mesh, { zone: zone(stack) }),
  'InternalHttpOptions.securityGroup': (stack, mesh) =>
    internal(stack, mesh, lib.InternalSide.http({ securityGroup: group(stack) })),
  'InternalHttpsOptions.securityGroup': (stack, mesh) =>
    internal(stack, mesh, lib.InternalSide.https({ certificate: given(stack), securityGroup: group(stack) })),
  'InternalHttpsOptions.zone': (stack, mesh) =>
    internal(stack, mesh, lib.InternalSide.https({ certificate: given(stack), zone: privateZone(stack) })),
  'ImageRepositoryProps.encryptionKey': (stack) => new lib.ImageRepository(stack, 'Images', { encryptionKey: key(stack) }),
  'WorkerQueueOptions.existing': (stack, mesh) => {
    const existing = Queue.fromQueueArn(stack, 'Queue', arn('sqs', 'orders'));
    return new lib.QueueWorkerService(stack, 'Worker', {
      mesh,
      containers: [{ image }],
      queue: { existing, visibilityTimeout: Duration.minutes(4) },
    });
  },
  'WorkerQueueOptions.encryptionKey': (stack, mesh) =>
    new lib.QueueWorkerService(stack, 'Worker', { mesh, containers: [{ image }], queue: { encryptionKey: key(stack) } }),
  'StrictComplianceOptions.key': (stack) => {
    const strict = stackIn(stack.node.root as App, 'Strict');
    lib.Compliance.strict({ key: key(strict) }).applyTo(strict);
    return new lib.ElastiCacheRedis(strict, 'Redis', { mesh: new lib.ServiceConnectMesh(strict, 'Mesh') });
  },
  'CodeDeployOptions.deploymentConfig': (stack, mesh) => {
    const deploymentConfig = EcsDeploymentConfig.fromEcsDeploymentConfigName(stack, 'Config', 'Corp');
    return routed(stack, mesh, {
      rollout: lib.Rollout.codeDeploy({ deploymentConfig }),
      networking: { serviceConnect: lib.ServiceConnect.none() },
    });
  },
  'CognitoOptions.userPool': (stack, mesh) => {
    const userPool = UserPool.fromUserPoolId(stack, 'Pool', 'eu-west-1_1');
    const userPoolClient = UserPoolClient.fromUserPoolClientId(stack, 'Client', 'abc');
    const userPoolDomain = UserPoolDomain.fromDomainName(stack, 'Domain', 'corp');
    return routed(
      stack,
      mesh,
      {},
      { authentication: lib.RouteAuthentication.cognito({ userPool, userPoolClient, userPoolDomain }) },
    );
  },
  'OidcOptions.clientSecret': (stack, mesh) => routed(stack, mesh, {}, { authentication: oidc({}, stack) }),
};

/** Places of which another test has each import by ID, with its file. */
const ELSEWHERE: Record<string, string> = {
  'by-id-only.test.ts':
    'Endpoint.bucket(bucket) Endpoint.parameter(parameter) Endpoint.queue(queue) Endpoint.secret(secret) Endpoint.table(table) ' +
    'Endpoint.topic(topic) GeolocationPage.inZone(zone) ImportedDatabase.fromDatabaseCluster(cluster) MeshCluster.existing(cluster) ' +
    'WritablePath.fileSystem(accessPoint) ExistingSideOptions.zone ExistingTaskResources.taskRole ExistingTaskResources.executionRole ' +
    'ExistingTaskResources.logGroup ExistingTaskResources.securityGroup GatewaySideAttributes.loadBalancer GatewaySideAttributes.listener ' +
    'GatewaySideAttributes.zone ImportedDatabaseOptions.secret ImportedDatabaseProps.secret ImportedRedisCredentials.secret ' +
    'InternalHttpOptions.zone RequestedCertificateOptions.zone ServiceConnectMeshProps.namespace ServiceConnectMeshProps.privateZone ' +
    'ServicePortAttributes.securityGroup',
  'networks.test.ts': 'MeshNetwork.fromVpc(vpc)',
  'the row of its pool': 'CognitoOptions.userPoolClient CognitoOptions.userPoolDomain',
  'an instance cannot be imported without its address': 'ImportedDatabase.fromDatabaseInstance(instance)',
};

/** Interfaces that are not of resources of others: those of the library, and of the CDK what an app implements or chooses. */
const NO_RESOURCE =
  /^I(Construct|Mesh|MeshNetwork|Endpoint|EndpointClient|Routable|Ec2Capacity|ManagedInstances|ContainerHosts|RollbackTarget|RedisStore|TestListeners|RouteAuthentication|Peer|Dependable|Connectable|Resolvable|AlarmAction|MachineImage|Metric|PolicyValidationContext)$/;
/** Structs between constructs of the library. */
const BRIDGES = /^(EndpointBinding|RouteRequest)\./;

function placesOf(): string[] {
  const calls = Object.entries(CALLS).flatMap(([call, row]) =>
    membersOf(row!).map(({ name, type }) => ({ place: `${call}(${name})`, type: type.name })),
  );
  const props = Object.keys(STRUCTS)
    .filter((struct) => !STRUCTS[struct]!.startsWith('+'))
    .flatMap((struct) => propsOf(struct).props.map(({ name, type }) => ({ place: `${struct}.${name}`, type: type.name })));
  return [...calls, ...props]
    .filter(({ place, type }) => /^I[A-Z][a-z]/.test(type) && !NO_RESOURCE.test(type) && !BRIDGES.test(place))
    .map(({ place }) => place);
}

test('each place of the library that takes a resource of others has a row', () => {
  const elsewhere = Object.values(ELSEWHERE).flatMap((places) => places.split(' '));
  expect([...Object.keys(PLACES), ...elsewhere].sort()).toEqual([...new Set(placesOf())].sort());
});

test.each(Object.entries(PLACES))('%s takes what is known by its ID, or an error of ours says what it needs', (_, row) => {
  const [id, build] = Array.isArray(row) ? row : [undefined, row];
  const { refused, raw, wrong } = judge(() => {
    const app = smallApp(ZONES);
    const stack = stackIn(app);
    build(stack, new lib.ServiceConnectMesh(stack, 'Mesh'));
    return app;
  });
  expect({ refused, raw, wrong }).toEqual({ refused: id, raw: undefined, wrong: [] });
});
