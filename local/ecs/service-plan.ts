import { ImageSource } from './image';
import { readTaskDefinition, TaskPlan } from './task-definition';
import { Resource, StackTemplate } from '../assembly/stack-template';
import { DeploymentPlan, readDeployment } from '../deploy/deployment-plan';
import { Reader } from '../intrinsics/reader';
import { Resolver } from '../intrinsics/resolver';

export interface TargetBinding {
  readonly targetGroupArn: string;
  readonly container: string;
  readonly port: number;
  /** Where the other version is, for deployments that shift traffic between two target groups. */
  readonly alternate?: AlternateTarget;
}

export interface AlternateTarget {
  readonly targetGroupArn: string;
  readonly productionRule: string;
  readonly testRule?: string;
}

export interface ClientAlias {
  readonly name: string;
  readonly port: number;
  readonly portName: string;
  /** What the proxy of Service Connect does on it: it takes HTTP/1.1 apart, and passes HTTP/2 through. 0 is no limit. */
  readonly http: boolean;
  readonly idleMs: number;
  readonly requestMs: number;
}

export interface ServicePlan {
  readonly key: string;
  /** Short and readable, unique in the run. */
  readonly label: string;
  readonly cluster: string;
  readonly desiredCount: number;
  readonly fargate: boolean;
  readonly task: TaskPlan;
  readonly targets: readonly TargetBinding[];
  readonly aliases: readonly ClientAlias[];
  /** The namespace whose names the tasks know by Service Connect, if it is on. */
  readonly namespace?: string;
  /** Cloud Map services that the tasks register in. */
  readonly registries: readonly string[];
  readonly healthGraceMs: number;
  /** Whether no two of its tasks may be on one container instance. */
  readonly distinctInstance?: boolean;
  readonly deployment: DeploymentPlan;
  /** Keys of the resources that CloudFormation completes before it creates the service. */
  readonly after: readonly string[];
  /** The stack that the service stands in. */
  readonly stack?: StackTemplate;
}

/** Every ECS service of the template, with what a started service needs. */
export function readServices(resolver: Resolver, imageOf: (image: string, path: string) => ImageSource): ServicePlan[] {
  const definitions = readTaskDefinitions(resolver, imageOf);
  const services = resolver.resources('AWS::ECS::Service');
  const labels = shortLabels(services.map((resource) => resource.logicalId));
  return services.map((resource, i) => readService(resolver, resource, definitions, labels[i]));
}

/** Every task definition of the template by its ARN. */
export function readTaskDefinitions(
  resolver: Resolver,
  imageOf: (image: string, path: string) => ImageSource,
): Map<string, TaskPlan> {
  const definitions = new Map<string, TaskPlan>();
  for (const resource of resolver.resources('AWS::ECS::TaskDefinition')) {
    const props = resolver.read(resource);
    const family = props.get('Family').string(resource.logicalId);
    const id = `arn:aws:ecs:${resource.stack.region}:${resource.stack.account}:task-definition/${family}:1`;
    definitions.set(id, readTaskDefinition(props, resource.logicalId, imageOf));
  }
  return definitions;
}

function readService(resolver: Resolver, resource: Resource, definitions: Map<string, TaskPlan>, label: string): ServicePlan {
  const props = resolver.read(resource);
  const definition = props.get('TaskDefinition');
  const task = definitions.get(definition.string());
  if (!task) throw new Error(`${definition.path}: no task definition ${definition.string()} in the assembly`);
  return {
    key: resource.key,
    label,
    cluster: props.get('Cluster').string('default'),
    desiredCount: desiredCount(resolver, resource, props),
    fargate: isFargate(props, resolver),
    task,
    targets: props.get('LoadBalancers').items().map(readTarget),
    ...readConnect(props.get('ServiceConnectConfiguration'), task, () => namespaceOf(props, resolver)),
    registries: props
      .get('ServiceRegistries')
      .items()
      .map((registry) => registry.get('RegistryArn').string()),
    healthGraceMs: props.get('HealthCheckGracePeriodSeconds').number(0) * 1000,
    distinctInstance: props
      .get('PlacementConstraints')
      .items()
      .some((constraint) => constraint.get('Type').string() === 'distinctInstance'),
    deployment: readDeployment(props),
    after: resource.after,
    stack: resource.stack,
  };
}

function readTarget(binding: Reader): TargetBinding {
  const advanced = binding.get('AdvancedConfiguration');
  return {
    targetGroupArn: binding.get('TargetGroupArn').string(),
    container: binding.get('ContainerName').string(),
    port: binding.get('ContainerPort').number(),
    alternate: advanced.get('AlternateTargetGroupArn').exists
      ? {
          targetGroupArn: advanced.get('AlternateTargetGroupArn').string(),
          productionRule: advanced.get('ProductionListenerRule').string(),
          testRule: advanced.get('TestListenerRule').optional(),
        }
      : undefined,
  };
}

/** `DesiredCount`, else what auto scaling starts from, else ECS's own default of one. */
function desiredCount(resolver: Resolver, service: Resource, props: Reader): number {
  if (props.get('DesiredCount').exists) return props.get('DesiredCount').number();
  const name = props.get('ServiceName').string(service.logicalId);
  const target = resolver
    .resources('AWS::ApplicationAutoScaling::ScalableTarget')
    .map((resource) => resolver.read(resource))
    .find((candidate) => {
      if (candidate.get('ServiceNamespace').string('ecs') !== 'ecs') return false;
      return candidate.get('ResourceId').string().split('/').at(-1) === name;
    });
  return target ? target.get('MinCapacity').number() : 1;
}

/** By its launch type or its strategy, else by the strategy of its cluster. */
function isFargate(props: Reader, resolver: Resolver): boolean {
  if (props.get('LaunchType').exists) return props.get('LaunchType').string() === 'FARGATE';
  const own = props.get('CapacityProviderStrategy').items();
  const strategy = own.length > 0 ? own : defaultStrategy(props.get('Cluster').string('default'), resolver);
  return strategy.some((item) => item.get('CapacityProvider').string().startsWith('FARGATE'));
}

function defaultStrategy(cluster: string, resolver: Resolver): Reader[] {
  const associations = resolver
    .resources('AWS::ECS::ClusterCapacityProviderAssociations')
    .map((resource) => resolver.read(resource))
    .filter((association) => association.get('Cluster').optional() === cluster);
  return [...associations, ...clustersOf(cluster, resolver)].flatMap((one) => one.get('DefaultCapacityProviderStrategy').items());
}

/** The cluster of the template that a service names, by its name or its ARN. */
function clustersOf(cluster: string, resolver: Resolver): Reader[] {
  const name = cluster.split('/').at(-1);
  return resolver
    .resources('AWS::ECS::Cluster')
    .filter((resource) => resolver.evaluate(resource.stack, { Ref: resource.logicalId }, resource.key) === name)
    .map((resource) => resolver.read(resource));
}

/**
 * Defaults of the proxy: idle connections end after 5 minutes, of TCP after an hour, and requests after 15 seconds.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TimeoutConfiguration.html
 */
const PROXY_SECONDS = { http: { idle: 300, request: 15 }, http2: { idle: 300, request: 15 }, tcp: { idle: 3600, request: 0 } };

function readConnect(
  configuration: Reader,
  task: TaskPlan,
  findNamespace: () => string,
): Pick<ServicePlan, 'aliases' | 'namespace'> {
  if (!configuration.exists || !configuration.get('Enabled').boolean(false)) return { aliases: [] };
  const namespace = findNamespace();
  const ports = task.containers.flatMap((container) => container.ports);
  const aliases = configuration
    .get('Services')
    .items()
    .flatMap((service) => {
      const portName = service.get('PortName').string();
      const protocol = ports.find(({ name }) => name === portName)?.protocol ?? 'tcp';
      const timeout = service.get('Timeout');
      const discovery = service.get('DiscoveryName').string(portName);
      return service
        .get('ClientAliases')
        .items()
        .map((alias) => ({
          name: alias.get('DnsName').string(`${discovery}.${namespace}`),
          port: alias.get('Port').number(),
          portName,
          http: protocol === 'http',
          idleMs: timeout.get('IdleTimeoutSeconds').number(PROXY_SECONDS[protocol].idle) * 1000,
          requestMs: timeout.get('PerRequestTimeoutSeconds').number(PROXY_SECONDS[protocol].request) * 1000,
        }));
    });
  return { aliases, namespace };
}

/** The name of the namespace of Service Connect: that of the service, given by name or ARN, or of its cluster. */
function namespaceOf(service: Reader, resolver: Resolver): string {
  const ofCluster = () =>
    clustersOf(service.get('Cluster').string('default'), resolver)[0]?.get('ServiceConnectDefaults').get('Namespace').optional();
  const given = service.get('ServiceConnectConfiguration').get('Namespace').optional() ?? ofCluster() ?? '';
  const id = given.split('/').at(-1)!;
  const own = NAMESPACES.flatMap((type) => resolver.resources(type)).find(({ logicalId }) => logicalId === id);
  return given.startsWith('arn:') && own ? resolver.read(own).get('Name').string() : id;
}

const NAMESPACES = ['HttpNamespace', 'PrivateDnsNamespace', 'PublicDnsNamespace'].map((type) => `AWS::ServiceDiscovery::${type}`);

/** CDK's logical ids repeat the path and end in a hash: drop what all have in common and what nobody reads. */
export function shortLabels(logicalIds: readonly string[]): string[] {
  const plain = logicalIds.map((id) => id.replace(/(Primary|Resource|Service)*[0-9A-F]{8}$/, '').replace(/(Service)+$/, '') || id);
  return plain.map((label, i) => {
    const words = label.match(/[A-Z][a-z0-9]*|[a-z0-9]+/g) ?? [label];
    const short = words.at(-1) ?? label;
    const unique = plain.filter((other) => other.endsWith(short)).length === 1;
    return unique ? short : plain.indexOf(label) === i ? label : logicalIds[i];
  });
}
