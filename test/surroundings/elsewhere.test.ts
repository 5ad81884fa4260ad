import { Duration, Fn, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster } from 'aws-cdk-lib/aws-ecs';
import { TrustStore } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { HttpNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import * as lib from 'cdk-ecs-mesh';
import { newService, only, resources, templateOf, WEB } from '../helpers';
import { stackIn } from './networks';
import { ZONES } from './places';
import { smallApp } from '../small-app';

const OWN = { region: 'eu-west-1', account: '111111111111' };
const network = (stack: Stack, id = 'Vpc') =>
  lib.MeshNetwork.fromVpc(
    Vpc.fromVpcAttributes(stack, id, {
      vpcId: 'vpc-1',
      availabilityZones: ['eu-west-1a', 'eu-west-1b'],
      publicSubnetIds: ['subnet-1', 'subnet-2'],
      privateSubnetIds: ['subnet-3', 'subnet-4'],
    }),
  );
const mesh = (stack: Stack, props: lib.ServiceConnectMeshProps) =>
  newService(new lib.ServiceConnectMesh(stack, 'Mesh', { network: network(stack), ...props }), 'Api', {}, stack);
const external = (stack: Stack, side: lib.ExternalSide) =>
  new lib.DualAlbGateway(stack, 'Gateway', { network: network(stack), external: side });
const certificate = (stack: Stack, arn: string) =>
  lib.SideCertificate.given(Certificate.fromCertificateArn(stack, 'Certificate', arn));

type Place = typeof OWN;

/** What is known by an ARN: how the ARN is written, where it is used, the prop, and the parts in which it must agree. */
const USES: [string, (place: Place) => string, (stack: Stack, arn: string) => unknown, string, (keyof Place)[]][] = [
  [
    'a cluster',
    ({ region, account }) => `arn:aws:ecs:${region}:${account}:cluster/corp`,
    (stack, arn) => mesh(stack, { cluster: lib.MeshCluster.existing(Cluster.fromClusterArn(stack, 'Cluster', arn)) }),
    'cluster',
    ['account', 'region'],
  ],
  [
    'a namespace',
    ({ region, account }) => `arn:aws:servicediscovery:${region}:${account}:namespace/ns-1`,
    (stack, namespaceArn) =>
      mesh(stack, {
        namespace: HttpNamespace.fromHttpNamespaceAttributes(stack, 'Names', {
          namespaceArn,
          namespaceName: 'corp',
          namespaceId: 'ns-1',
        }),
      }),
    'namespace',
    ['region'],
  ],
  [
    'a queue of a worker',
    ({ region, account }) => `arn:aws:sqs:${region}:${account}:orders`,
    (stack, arn) =>
      new lib.QueueWorkerService(stack, 'Worker', {
        mesh: new lib.ServiceConnectMesh(stack, 'Mesh', { network: network(stack) }),
        containers: [{ image: WEB.image }],
        queue: { existing: Queue.fromQueueArn(stack, 'Queue', arn), visibilityTimeout: Duration.minutes(4) },
      }),
    'queue.existing',
    ['account', 'region'],
  ],
  [
    'a web ACL',
    ({ region, account }) => `arn:aws:wafv2:${region}:${account}:regional/webacl/corp/1`,
    (stack, arn) => external(stack, lib.ExternalSide.http({ waf: lib.Waf.fromArn(arn) })),
    'external.waf',
    ['account', 'region'],
  ],
  [
    'a certificate',
    ({ region, account }) => `arn:aws:acm:${region}:${account}:certificate/1`,
    (stack, arn) => external(stack, lib.ExternalSide.https({ certificate: certificate(stack, arn) })),
    'external.certificate',
    ['account'],
  ],
  [
    'a trust store',
    ({ region, account }) => `arn:aws:elasticloadbalancing:${region}:${account}:truststore/corp/1`,
    (stack, arn) =>
      external(
        stack,
        lib.ExternalSide.https({
          certificate: certificate(stack, 'arn:aws:acm:eu-west-1:111111111111:certificate/1'),
          mutualTls: lib.MutualTls.trustStore(TrustStore.fromTrustStoreArn(stack, 'Store', arn)),
        }),
      ),
    'external.mutualTls',
    ['region'],
  ],
];
const OTHER: Place = { region: 'us-east-1', account: '222222222222' };
const NAMES = { region: 'Region', account: 'account' };

const stackOf = () => stackIn(smallApp(ZONES), 'Shop');

describe.each(USES)('%s that exists', (_, arnIn, use, prop, parts) => {
  test.each(parts)('in another %s is refused', (part) => {
    const arn = arnIn({ ...OWN, [part]: OTHER[part] });
    expect(() => use(stackOf(), arn)).toThrow(
      `\`${prop}\` must be in the ${NAMES[part]} of the stack (${OWN[part]}), got "${arn}"; use one of this ${NAMES[part]}, or create the stack in ${OTHER[part]} [ArnOfOtherPlace at Shop/`,
    );
  });

  test('in its own place, or in one that is not known, is taken', () => {
    expect(() => use(stackOf(), arnIn(OWN))).not.toThrow();
    expect(() => use(stackOf(), Fn.importValue('arn'))).not.toThrow();
  });
});

test('a cluster that is imported with another VPC has its services in the network of the mesh', () => {
  const stack = stackOf();
  const cluster = Cluster.fromClusterAttributes(stack, 'Cluster', { clusterName: 'corp', vpc: new Vpc(stack, 'Far') });
  mesh(stack, { cluster: lib.MeshCluster.existing(cluster) });
  const { Cluster: name, NetworkConfiguration } = only(templateOf(stack), 'AWS::ECS::Service').Properties;
  expect([name, NetworkConfiguration.AwsvpcConfiguration.Subnets]).toEqual(['corp', ['subnet-3', 'subnet-4']]);
});

test('a cluster of the app with another VPC is refused', () => {
  const stack = stackOf();
  const cluster = new Cluster(stack, 'Cluster', { vpc: new Vpc(stack, 'Far') });
  expect(() => mesh(stack, { cluster: lib.MeshCluster.existing(cluster) })).toThrow(
    '`cluster` must be created with the VPC of `network` (Shop/Vpc), got "Shop/Far"; pass `vpc` of the cluster to `MeshNetwork.fromVpc`, ' +
      'or import the cluster with `Cluster.fromClusterAttributes` and the other VPC [ClusterOfOtherVpc at Shop/Mesh]',
  );
  expect(resources(templateOf(stack), 'AWS::ECS::Service')).toEqual({});
});
