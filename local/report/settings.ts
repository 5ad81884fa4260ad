import { Reader } from '../intrinsics/reader';
import { Resolver } from '../intrinsics/resolver';

/** A setting that a run reads past, and AWS acts by. */
interface Setting {
  readonly type: string;
  readonly isIn: (props: Reader) => boolean;
  readonly what: string;
}

const [TASK, SERVICE, LISTENER, GROUP] = [
  'AWS::ECS::TaskDefinition',
  'AWS::ECS::Service',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
];

const hasItems = (reader: Reader) => reader.items().length > 0;
const hasContainer = (isIn: (container: Reader) => boolean) => (task: Reader) =>
  task.get('ContainerDefinitions').items().some(isIn);
const isOneOf =
  (name: string, ...values: string[]) =>
  (props: Reader) =>
    values.includes(props.get(name).string(''));
const hasAttribute = (key: string, differs: (value: string) => boolean) => (group: Reader) =>
  group
    .get('TargetGroupAttributes')
    .items()
    .some((item) => item.get('Key').string() === key && differs(item.get('Value').string()));
const connects = (name: string) => (service: Reader) =>
  service
    .get('ServiceConnectConfiguration')
    .get('Services')
    .items()
    .some((each) => each.get(name).exists);

const SETTINGS: readonly Setting[] = [
  {
    type: TASK,
    isIn: hasContainer((container) => hasItems(container.get('EnvironmentFiles'))),
    what: 'environment files of containers (their variables are not there)',
  },
  {
    type: TASK,
    isIn: hasContainer((container) => container.get('RestartPolicy').get('Enabled').boolean(false)),
    what: 'restart policies of containers (a task ends with its essential container)',
  },
  {
    type: TASK,
    isIn: hasContainer((container) =>
      ['Links', 'VolumesFrom', 'DnsServers', 'DnsSearchDomains', 'ResourceRequirements'].some((name) =>
        hasItems(container.get(name)),
      ),
    ),
    what: 'links, volumes of other containers, name servers and GPUs of containers',
  },
  {
    type: TASK,
    isIn: hasContainer((container) => container.get('PortMappings').items().some(isOneOf('Protocol', 'udp'))),
    what: 'ports of UDP',
  },
  {
    type: TASK,
    isIn: (task) =>
      task
        .get('Volumes')
        .items()
        .some((volume) => volume.get('Host').get('SourcePath').exists),
    what: 'folders of hosts as volumes (an empty one of the task instead)',
  },
  {
    type: TASK,
    isIn: (task) =>
      task
        .get('Volumes')
        .items()
        .some((volume) => volume.get('DockerVolumeConfiguration').exists),
    what: 'Docker volumes of hosts (a folder of the task instead)',
  },
  {
    type: TASK,
    isIn: (task) => task.get('PidMode').exists || task.get('IpcMode').exists,
    what: 'processes and memory that containers share (PidMode, IpcMode)',
  },
  { type: SERVICE, isIn: isOneOf('SchedulingStrategy', 'DAEMON'), what: 'the strategy DAEMON (one task, whatever the hosts are)' },
  {
    type: SERVICE,
    isIn: (service) =>
      hasItems(service.get('PlacementStrategies')) || service.get('PlacementConstraints').items().some(isOneOf('Type', 'memberOf')),
    what: 'strategies of placement and attributes of hosts (the host with the fewest tasks of a service gets the next one)',
  },
  {
    type: SERVICE,
    isIn: connects('IngressPortOverride'),
    what: "ports of Service Connect's proxies (they are those of containers)",
  },
  { type: SERVICE, isIn: connects('Tls'), what: 'TLS of Service Connect' },
  { type: SERVICE, isIn: (service) => hasItems(service.get('VolumeConfigurations')), what: 'EBS volumes of tasks' },
  {
    type: LISTENER,
    isIn: (listener) => !['', 'off'].includes(listener.get('MutualAuthentication').get('Mode').string('')),
    what: 'certificates of clients (nobody is asked for one)',
  },
  { type: LISTENER, isIn: isOneOf('Protocol', 'TLS'), what: 'TLS of network load balancers (what comes is passed on as it is)' },
  { type: LISTENER, isIn: isOneOf('Protocol', 'UDP', 'TCP_UDP', 'QUIC', 'TCP_QUIC'), what: 'UDP of network load balancers' },
  { type: GROUP, isIn: isOneOf('ProtocolVersion', 'HTTP2', 'GRPC'), what: 'HTTP/2 and gRPC to targets (HTTP/1.1 instead)' },
  { type: GROUP, isIn: hasAttribute('stickiness.enabled', (value) => value === 'true'), what: 'sticky sessions' },
  { type: GROUP, isIn: hasAttribute('slow_start.duration_seconds', (value) => value !== '0'), what: 'slow start of targets' },
  {
    type: GROUP,
    isIn: hasAttribute('load_balancing.algorithm.type', (value) => value !== 'round_robin'),
    what: 'other algorithms of load balancers than round robin',
  },
  {
    type: GROUP,
    isIn: hasAttribute('preserve_client_ip.enabled', (value) => value === 'true'),
    what: 'addresses of clients behind network load balancers (targets see that of the load balancer)',
  },
];

/** What of a template's settings a run reads past, a sentence each. */
export function settingsLeftOut(resolver: Resolver): string[] {
  return SETTINGS.filter(({ type, isIn }) => resolver.resources(type).some((resource) => isIn(resolver.read(resource)))).map(
    ({ what }) => what,
  );
}
