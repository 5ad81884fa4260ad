import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { InstanceType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { CapacityProviderStrategy, Cluster, ContainerInsights, ICluster } from 'aws-cdk-lib/aws-ecs';
import { HostedZone, PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { HttpNamespace, PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import {
  Compute,
  ExistingClusterOptions,
  HostImage,
  MeshAlarms,
  MeshCluster,
  MeshNetwork,
  QueueWorkerService,
  ServiceConnectMesh,
  ServiceConnectMeshProps,
} from 'cdk-ecs-mesh';
import { newService, newStack, only, resources, templateOf, WEB } from '../helpers';

const SHARED_NAMESPACE = 'arn:aws:servicediscovery:eu-west-1:222222222222:namespace/ns-abcdefgh';
const PROVIDERS = { names: ['FARGATE', 'FARGATE_SPOT', 'team-a'] };

const vpcOf = (stack: Stack) =>
  Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    publicSubnetIds: ['subnet-1', 'subnet-2'],
    privateSubnetIds: ['subnet-3', 'subnet-4'],
  });

/** A mesh in a network and a cluster that another app owns. */
function existing(options: ExistingClusterOptions = {}, props: ServiceConnectMeshProps = {}, from?: (stack: Stack) => ICluster) {
  const stack = newStack();
  const vpc = vpcOf(stack);
  const cluster = from?.(stack) ?? Cluster.fromClusterAttributes(stack, 'Cluster', { clusterName: 'platform', vpc });
  const network = MeshNetwork.fromVpc(vpc);
  const mesh = new ServiceConnectMesh(stack, 'Mesh', { network, cluster: MeshCluster.existing(cluster, options), ...props });
  return { stack, mesh };
}

const namespaceOf = (stack: Stack, arn = SHARED_NAMESPACE) =>
  HttpNamespace.fromHttpNamespaceAttributes(stack, 'Namespace', {
    namespaceName: 'platform',
    namespaceId: 'ns-abcdefgh',
    namespaceArn: arn,
  });

describe('PR-08, NU-1: a mesh whose parts exist', () => {
  test('creates nothing, and its services run in the parts of the owner', () => {
    const { stack, mesh } = existing();
    const whole = new ServiceConnectMesh(stack, 'Whole', {
      network: MeshNetwork.fromVpc(mesh.vpc),
      cluster: MeshCluster.existing(mesh.cluster),
      namespace: namespaceOf(stack),
    });
    expect(whole.node.findAll().filter(({ node }) => node.defaultChild)).toEqual([]);
    newService(whole, 'Api');
    const service = only(templateOf(stack), 'AWS::ECS::Service').Properties;
    expect(service).toMatchObject({ Cluster: 'platform', ServiceConnectConfiguration: { Namespace: SHARED_NAMESPACE } });
  });

  test('without a network, it is in the VPC of the cluster, created or imported', () => {
    const { stack, mesh } = existing();
    const created = new Cluster(stack, 'Created', { vpc: mesh.vpc });
    for (const [id, cluster] of Object.entries({ Own: created, Others: mesh.cluster })) {
      const other = new ServiceConnectMesh(stack, id, { cluster: MeshCluster.existing(cluster) });
      expect(other.vpc).toBe(mesh.vpc);
    }
    const byArn = Cluster.fromClusterArn(stack, 'ByArn', 'arn:aws:ecs:eu-west-1:111111111111:cluster/a');
    expect(new ServiceConnectMesh(stack, 'New', { cluster: MeshCluster.existing(byArn) }).vpc).not.toBe(mesh.vpc);
  });

  test('a namespace of another account is named by its ARN, and aliases end with its name', () => {
    const { stack } = existing();
    const mesh = new ServiceConnectMesh(stack, 'Other', { namespace: namespaceOf(stack) });
    const api = newService(mesh, 'Api');
    newService(mesh, 'Web').connectTo(api.port('http'));
    expect(api.port('http').dnsName).toBe('api.platform');
    expect(mesh.namespaceArn).toBe(SHARED_NAMESPACE);
  });

  test('a DNS namespace serves as well', () => {
    const { stack } = existing();
    const namespace = PrivateDnsNamespace.fromPrivateDnsNamespaceAttributes(stack, 'Dns', {
      namespaceName: 'svc.local',
      namespaceId: 'ns-1',
      namespaceArn: 'arn:dns',
    });
    expect(new ServiceConnectMesh(stack, 'Other', { namespace }).namespaceArn).toBe('arn:dns');
  });

  test('a private zone of the owner takes records', () => {
    const { stack } = existing();
    const attributes = { hostedZoneId: 'Z1', zoneName: 'corp.local' };
    const privateZone = PrivateHostedZone.fromHostedZoneAttributes(stack, 'Zone', attributes);
    expect(new ServiceConnectMesh(stack, 'Other', { privateZone }).privateZone?.zoneName).toBe('corp.local');
  });

  test('a cluster imported by its ARN alone', () => {
    const arn = 'arn:aws:ecs:eu-west-1:111111111111:cluster/platform';
    const { stack, mesh } = existing({}, {}, (scope) => Cluster.fromClusterArn(scope, 'Cluster', arn));
    newService(mesh, 'Api');
    expect(only(templateOf(stack), 'AWS::ECS::Service').Properties.Cluster).toBe('platform');
  });
});

describe('a cluster of the app itself', () => {
  const ofApp = (options: ExistingClusterOptions = {}, insights = ContainerInsights.ENABLED) =>
    existing(
      options,
      {},
      (stack) => new Cluster(stack, 'Own', { vpc: vpcOf(new Stack(stack, 'V')), containerInsightsV2: insights }),
    );

  test('receives the Fargate providers, and hosts join its list', () => {
    const { stack, mesh } = ofApp();
    mesh.addEc2Capacity('Hosts');
    const list = only(templateOf(stack), 'AWS::ECS::ClusterCapacityProviderAssociations').Properties.CapacityProviders;
    expect(list).toEqual(['FARGATE', 'FARGATE_SPOT', { Ref: expect.stringContaining('MeshHostsProvider') }]);
  });

  test('its Container Insights are read', () => {
    const { mesh } = ofApp({}, ContainerInsights.DISABLED);
    expect(() => new QueueWorkerService(mesh, 'Worker', { mesh, containers: [WEB] })).toThrow(/BacklogNeedsInsights/);
    const counted = ofApp().mesh;
    expect(() => new QueueWorkerService(counted, 'Worker', { mesh: counted, containers: [WEB] })).not.toThrow();
  });

  test('statements about it are refused', () => {
    expect(() => ofApp({ containerInsights: ContainerInsights.ENABLED })).toThrow(
      '`cluster.containerInsights` must be left out for a cluster of this app, which has its own settings, got "Shop/Own"; change the cluster itself [ClusterOfApp at Shop/Mesh]',
    );
  });
});

describe('capacity in a cluster of another app', () => {
  test('is refused while the list of its owner is not known', () => {
    expect(() => existing().mesh.addEc2Capacity('Hosts')).toThrow(
      '`mesh` must have a cluster of the app, or one whose capacity providers are all known, because a deployment sets the whole list and removes what is not in it, got "Shop/Cluster"; state the list of the owner with `MeshCluster.existing(cluster, { capacityProviders })`, or use Compute.fargate() [ClusterCapacityUnknown at Shop/Mesh/Hosts]',
    );
  });

  const defaultStrategy: CapacityProviderStrategy[] = [{ capacityProvider: 'team-a', weight: 1 }];
  const { stack, mesh } = existing({ capacityProviders: { ...PROVIDERS, defaultStrategy } });
  const hosts = mesh.addEc2Capacity('Hosts');
  mesh.addEc2Capacity('More', { instanceType: new InstanceType('m7g.large'), image: HostImage.bottlerocket() });
  newService(mesh, 'Api', { compute: Compute.ec2(hosts) });
  const template = templateOf(stack);
  const association = resources(template, 'AWS::ECS::ClusterCapacityProviderAssociations');

  test('joins the whole list, with the default strategy of the owner, in one resource', () => {
    const [{ Properties }] = Object.values(association);
    expect(Object.keys(association)).toHaveLength(1);
    expect(Properties).toEqual({
      Cluster: 'platform',
      CapacityProviders: [...PROVIDERS.names, { Ref: expect.stringMatching(/Hosts/) }, { Ref: expect.stringMatching(/More/) }],
      DefaultCapacityProviderStrategy: [{ CapacityProvider: 'team-a', Weight: 1 }],
    });
  });

  test('T24: leaves the list after the services that use it', () => {
    expect(only(template, 'AWS::ECS::Service').DependsOn).toContain(Object.keys(association)[0]);
  });

  test.each([
    ['MeshHosts', 'ECS_CLUSTER=platform >> /etc/ecs/ecs.config'],
    ['MeshMore', '[settings.ecs]\\ncluster = \\"platform\\"\\nawsvpc-block-imds = true'],
  ])('the hosts of %s join it', (id, command) => {
    expect(JSON.stringify(only(template, 'AWS::EC2::LaunchTemplate', id).Properties)).toContain(command);
  });

  test('Managed Instances belong to their cluster and need no list', () => {
    const other = existing();
    other.mesh.addManagedInstances('Managed');
    const provider = only(templateOf(other.stack), 'AWS::ECS::CapacityProvider').Properties;
    expect(provider.ClusterName).toBe('platform');
    expect(resources(templateOf(other.stack), 'AWS::ECS::ClusterCapacityProviderAssociations')).toEqual({});
  });

  test('a service on a provider that is not in the list is refused', () => {
    const other = existing({ capacityProviders: { names: ['team-a', 'team-b'] } });
    expect(() => newService(other.mesh, 'Api')).toThrow(
      '`compute` must use capacity providers of the cluster Shop/Cluster, which has team-a, team-b, got "FARGATE"; ask its owner to associate the provider, and add it to `capacityProviders.names` of `MeshCluster.existing` [ProviderNotInCluster at Shop/Api]',
    );
  });
});

test.each([
  [
    { names: ['a b'] },
    '`cluster.capacityProviders.names` must be names of 1 to 255 letters, digits, underscores and hyphens, got "a b"; copy them from `aws ecs describe-clusters` [BadProviderName at Shop/Mesh]',
  ],
  [
    { names: ['a'], defaultStrategy: [{ capacityProvider: 'b' }] },
    '`cluster.capacityProviders.defaultStrategy[0].capacityProvider` must be one of `names` (a), got "b"; add it to `names`, which are all providers of the cluster [ProviderNotListed at Shop/Mesh]',
  ],
])('a list that ECS would refuse: %j', (capacityProviders, text) => {
  expect(() => existing({ capacityProviders })).toThrow(text);
});

describe('Container Insights of a cluster of another app', () => {
  const worker = ({ mesh }: { mesh: ServiceConnectMesh }) => new QueueWorkerService(mesh, 'Worker', { mesh, containers: [WEB] });

  test.each([[ContainerInsights.ENABLED], [ContainerInsights.ENHANCED]])('%s is taken from the statement', (containerInsights) => {
    expect(() => worker(existing({ containerInsights }))).not.toThrow();
  });

  test('not known is said to whoever needs it', () => {
    expect(() => worker(existing())).toThrow(
      '`scaling` must be Scaling.fixed(count) while it is not known that the cluster has Container Insights, which counts the running tasks; ask the owner of the cluster, and state it with `MeshCluster.existing(cluster, { containerInsights })` [BacklogNeedsInsights at Shop/Mesh/Worker]',
    );
  });

  test.each([
    ['not known', undefined, 1],
    ['off', ContainerInsights.DISABLED, 0],
    ['on', ContainerInsights.ENABLED, 0],
  ])('alarms warn only if it is %s', (_, containerInsights, count) => {
    const { stack, mesh } = existing({ containerInsights });
    newService(mesh, 'Api');
    const alarms = new MeshAlarms(stack, 'Alarms', { mesh });
    const text =
      'There are no alarms on missing tasks, because it is not known whether Shop/Cluster has Container Insights.*InsightsUnknown';
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp(text))).toHaveLength(count);
    expect(alarms.alarms.some(({ node }) => node.id === 'MissingTasks')).toBe(containerInsights === ContainerInsights.ENABLED);
  });
});

test.each([
  [
    'cluster',
    { containerInsights: ContainerInsights.ENABLED },
    'containerInsights',
    ', or state it with `MeshCluster.existing(cluster, { containerInsights })`',
  ],
  ['namespace', { namespaceName: 'mine' }, 'namespaceName', ''],
  ['privateZone', { privateDomain: 'mine.local' }, 'privateDomain', ''],
] as const)('%s and the setting for a new one exclude each other', (part, setting, prop, more) => {
  const stack = new Stack(new App(), 'Shop');
  const { cluster, ...others } = {
    cluster: MeshCluster.existing(Cluster.fromClusterArn(stack, 'Cluster', 'arn:aws:ecs:eu-west-1:111111111111:cluster/a')),
    namespace: namespaceOf(stack),
    privateZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'a.local' }),
  };
  const parts: ServiceConnectMeshProps = { [part]: part === 'cluster' ? cluster : others[part], ...setting };
  expect(() => new ServiceConnectMesh(stack, 'Mesh', parts)).toThrow(
    `\`${prop}\` must be left out with \`${part}\`, which exists already and has its own, got ${JSON.stringify(Object.values(setting)[0])}; leave out one of the two${more} [MeshPartExists at Shop/Mesh]`,
  );
});
