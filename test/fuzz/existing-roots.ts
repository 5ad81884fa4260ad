import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import { ApplicationListener, ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { HttpNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import * as lib from 'cdk-ecs-mesh';
import { bool, removal, Root, word } from './common';
import { hours } from './service-props';
import { call, duration, list, made, number, oneOf, opt, plain, sample, struct, text } from './values';

const clusterNamed = (name: string) =>
  sample(`a cluster by ARN, ${name}`, (s) =>
    Cluster.fromClusterArn(s.stack, s.nextId(), `arn:aws:ecs:eu-west-1:111111111111:cluster/${name}`),
  );
const cluster = made(clusterNamed('a'), clusterNamed('b'));
const zoneOf = (hostedZoneId: string) =>
  sample(`zone ${hostedZoneId}`, (s) =>
    PrivateHostedZone.fromHostedZoneAttributes(s.stack, s.nextId(), { hostedZoneId, zoneName: 'fuzz.local' }),
  );
const zone = made(zoneOf('Z1'), zoneOf('Z3'));
const strategy = struct('CapacityProviderStrategy', {
  capacityProvider: text('FARGATE', 'FARGATE_SPOT'),
  weight: opt(number(0, 1000)),
});

/** A mesh whose parts exist. */
export const existingMesh: Root = {
  props: struct('ServiceConnectMeshProps', {
    meshName: opt(word()),
    cluster: opt(
      call(
        'MeshCluster.existing',
        lib.MeshCluster.existing,
        cluster,
        struct('ExistingClusterOptions', {
          containerInsights: opt(oneOf(ContainerInsights.DISABLED, ContainerInsights.ENABLED)),
          capacityProviders: opt(
            struct('ExistingCapacityProviders', {
              names: {
                ...list(text('FARGATE', 'FARGATE_SPOT', 'team-a'), 1, 2),
                simplest: () => plain(['FARGATE', 'FARGATE_SPOT']),
              },
              defaultStrategy: opt(list(strategy, 0, 1)),
            }),
          ),
        }),
      ),
    ),
    namespace: opt(
      made(
        sample('a namespace', (s) =>
          HttpNamespace.fromHttpNamespaceAttributes(s.stack, s.nextId(), {
            namespaceName: 'platform',
            namespaceId: 'ns-1',
            namespaceArn: 'arn:aws:servicediscovery:eu-west-1:111111111111:namespace/ns-1',
          }),
        ),
      ),
    ),
    privateZone: opt(zone),
  }),
  build: (s, props: object) => {
    const mesh = new lib.ServiceConnectMesh(s.stack, 'Root', { network: s.network, ...props });
    mesh.addEc2Capacity('Hosts');
    return mesh;
  },
  wire: (s, props: lib.ServiceConnectMeshProps) => {
    const mesh = new lib.ServiceConnectMesh(s.stack, 'Root', { network: s.network, ...props });
    const { options } = (props.cluster ?? {}) as unknown as { readonly options?: lib.ExistingClusterOptions };
    // Hosts are refused on a cluster whose whole list of capacity providers is not given.
    if (options?.capacityProviders) mesh.addEc2Capacity('Hosts');
    const given = { mesh, containers: [{ image: ContainerImage.fromRegistry('my/worker') }] };
    // The backlog of a worker is a metric of Container Insights.
    const isObserved = !props.cluster || options?.containerInsights;
    const worker = new (isObserved ? lib.QueueWorkerService : lib.MeshService)(s.stack, 'Worker', given);
    const recordName = props.privateZone && 'store';
    worker.connectTo(new lib.Ec2HostRedis(s.stack, 'Store', { mesh, recordName }));
  },
};

const ELB = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111';
const loadBalancerNamed = (name: string) =>
  sample(`load balancer ${name}`, (s) =>
    ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(s.stack, s.nextId(), {
      loadBalancerArn: `${ELB}:loadbalancer/app/${name}/1`,
      securityGroupId: 'sg-1',
      loadBalancerDnsName: `${name}.elb.amazonaws.com`,
      loadBalancerCanonicalHostedZoneId: 'Z2',
    }),
  );
const loadBalancer = made(loadBalancerNamed('corp'), loadBalancerNamed('other'));
const listenerOf = (id: number) =>
  sample(`listener ${id}`, (s) =>
    ApplicationListener.fromApplicationListenerAttributes(s.stack, s.nextId(), {
      listenerArn: `${ELB}:listener/app/corp/1/${id}`,
      securityGroup: SecurityGroup.fromSecurityGroupId(s.stack, s.nextId(), 'sg-1', { allowAllOutbound: false }),
    }),
  );
const listener = made(listenerOf(2), listenerOf(3));
const sideOptions = {
  internetFacing: bool,
  protocol: opt(oneOf('HTTP', 'HTTPS')),
  port: opt(number(1, 65535)),
  zone: opt(zone),
  idleTimeout: opt(duration(1, 4000)),
};
struct('ExistingSideOptions', sideOptions);

/** A side on a load balancer of another team. */
export const existingSide: Root = {
  props: struct('GatewaySideAttributes', { ...sideOptions, loadBalancer, listener }),
  build: (s, props: object) => {
    const side = lib.GatewaySide.fromGatewaySideAttributes(s.stack, 'Root', { network: s.network, ...props } as never);
    const route = side.route('Api', { target: s.service.port('http'), hosts: ['api.fuzz.local'] });
    const client = s.newService('Client');
    client.connectTo(route);
    // The proxy of an alias has timeouts that depend on those of the load balancer.
    client.connectTo(s.service.port('http'));
    return side;
  },
  wire: (s, props: object) => {
    const given = { network: s.network, zone: zoneOf('Z9').make(s), ...props };
    const side = lib.GatewaySide.fromGatewaySideAttributes(s.stack, 'Root', given as never);
    const client = s.newService('Client');
    client.connectTo(side.route('Api', { target: s.service.port('http'), recordName: 'api' }));
    // The proxy of an alias has timeouts that depend on those of the load balancer.
    client.connectTo(s.service.port('http'), { as: 'ALIAS' });
  },
};

const sharedMeshOptions = struct('SharedMeshOptions', {
  availabilityZones: opt(number(1, 6)),
  containerInsights: opt(oneOf(ContainerInsights.DISABLED, ContainerInsights.ENABLED)),
  privateDomain: opt(text('fuzz.local')),
  meshName: opt(word()),
  officeHours: opt(hours),
  removalPolicy: opt(removal),
});

/** A mesh that another app shares. */
export const sharedMesh: Root = {
  props: sharedMeshOptions,
  build: (s, props) => {
    const mesh = lib.ServiceConnectMesh.fromParameters(s.stack, 'Root', '/platform/mesh', props as never);
    const image = ContainerImage.fromRegistry('my/web');
    new lib.MeshService(s.stack, 'Api', { mesh, containers: [{ image }] });
    return new lib.ElastiCacheRedis(s.stack, 'Store', { mesh });
  },
};

const portOptions = { port: number(1, 65535), protocol: opt(oneOf('http', 'http2', 'grpc', 'tcp')) };
struct('SharedPortOptions', portOptions);
const groupOf = (id: string) => sample(`group ${id}`, (s) => SecurityGroup.fromSecurityGroupId(s.stack, s.nextId(), id));
const group = made(groupOf('sg-2'), groupOf('sg-3'));

/** A port of a service of another app. */
export const existingPort: Root = {
  props: struct('ServicePortAttributes', {
    ...portOptions,
    dnsName: text('users.platform', 'orders.platform'),
    securityGroup: group,
  }),
  build: (s, props) => s.service.connectTo(lib.ServicePort.fromServicePortAttributes(s.stack, 'Root', props as never)),
};

const databaseOptions = {
  engine: oneOf('postgresql', 'mysql', 'mariadb'),
  databaseName: text('app', 'orders'),
  secret: opt(made(sample('a secret', (s) => Secret.fromSecretNameV2(s.stack, s.nextId(), 'db')))),
};
struct('ImportedDatabaseOptions', databaseOptions);

/** A database that exists. */
export const existingDatabase: Root = {
  props: struct('ImportedDatabaseProps', {
    ...databaseOptions,
    host: text('db.example.com', 'db.example.org'),
    port: opt(number(1, 65535)),
    readerHost: opt(text('readers.example.com')),
    securityGroup: opt(group),
  }),
  build: (s, props) => s.service.connectTo(new lib.ImportedDatabase(s.stack, 'Root', props as never)),
};

/** A database that another app shares. */
export const sharedDatabase: Root = {
  props: struct('SharedDatabaseOptions', { engine: opt(databaseOptions.engine), port: opt(number(1, 65535)) }),
  build: (s, props) => s.service.connectTo(lib.ImportedDatabase.fromParameters(s.stack, 'Root', '/a/db', props as never)),
};

/** A store that another app shares. */
export const sharedRedis: Root = {
  props: struct('SharedRedisOptions', {
    tls: opt(bool),
    port: opt(number(1, 65535)),
    clusterMode: opt(bool),
    authentication: opt(oneOf('none', 'password', 'username-and-password')),
  }),
  build: (s, props) => s.service.connectTo(lib.ImportedRedis.fromParameters(s.stack, 'Root', '/a/redis', props as never)),
};
