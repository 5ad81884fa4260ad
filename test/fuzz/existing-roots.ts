import { Cluster, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import { PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { HttpNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import * as lib from 'cdk-ecs-mesh';
import { Root, word } from './common';
import { call, list, made, number, oneOf, opt, sample, struct, text } from './values';

const cluster = made(
  sample('a cluster by ARN', (s) => Cluster.fromClusterArn(s.stack, s.nextId(), 'arn:aws:ecs:eu-west-1:111111111111:cluster/a')),
);
const strategy = struct('CapacityProviderStrategy', { capacityProvider: text('FARGATE'), weight: opt(number(0, 1000)) });

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
              names: list(text('FARGATE', 'FARGATE_SPOT', 'team-a'), 1, 2),
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
    privateZone: opt(
      made(
        sample('a zone', (s) =>
          PrivateHostedZone.fromHostedZoneAttributes(s.stack, s.nextId(), { hostedZoneId: 'Z1', zoneName: 'fuzz.local' }),
        ),
      ),
    ),
  }),
  build: (s, props: object) => {
    const mesh = new lib.ServiceConnectMesh(s.stack, 'Root', { network: s.network, ...props });
    mesh.addEc2Capacity('Hosts');
    return mesh;
  },
};
