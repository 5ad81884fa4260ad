import {
  att,
  behindLoadBalancer,
  from,
  group,
  inGroups,
  judge,
  loadBalancer,
  ref,
  Resources,
  service,
  task,
  UNKNOWN,
  variable,
} from './judge';
import { serviceConnectAliasTaken } from '../../src/checks/private/rules/service-connect-alias-taken';
import { serviceConnectClientBeforeServer } from '../../src/checks/private/rules/service-connect-client-before-server';
import { serviceConnectClientNotAdmitted } from '../../src/checks/private/rules/service-connect-client-not-admitted';
import { serviceConnectIdleTimeoutTooShort } from '../../src/checks/private/rules/service-connect-idle-timeout-too-short';
import { serviceConnectInHostMode } from '../../src/checks/private/rules/service-connect-in-host-mode';
import { serviceConnectNamespaceByName } from '../../src/checks/private/rules/service-connect-namespace-by-name';
import { serviceConnectServerAdmitsNobody } from '../../src/checks/private/rules/service-connect-server-admits-nobody';
import { serviceConnectSilentTimeout } from '../../src/checks/private/rules/service-connect-silent-timeout';
import { serviceConnectWithoutTaskMemory } from '../../src/checks/private/rules/service-connect-without-task-memory';

const NAMESPACE: Resources = { Namespace: { Type: 'AWS::ServiceDiscovery::HttpNamespace', Properties: { Name: 'shop' } } };

const connect = (...services: object[]) => ({
  ServiceConnectConfiguration: { Enabled: true, Namespace: att('Namespace'), Services: services },
});

/** The server `api` offers port 8080 as `api.shop:80`. */
const API = { PortName: 'api', ClientAliases: [{ DnsName: 'api.shop', Port: 80 }] };
const API_TASK = { PortMappings: [{ ContainerPort: 8080, Name: 'api', AppProtocol: 'http' }] };

interface Shop {
  readonly url?: unknown;
  readonly waits?: boolean;
  readonly ingress?: object[];
  readonly client?: object;
  readonly clientGroups?: unknown[];
}

/** `Web` calls `Api`, if it was told of it. */
function shop({ url = 'http://api.shop/', waits = false, ingress = [], client = connect(), clientGroups = ['WebGroup'] }: Shop) {
  return {
    ...NAMESPACE,
    ApiGroup: group(...ingress),
    WebGroup: group(),
    ApiTask: task(API_TASK),
    WebTask: task(url === undefined ? {} : variable('API_URL', url)),
    Api: service({ TaskDefinition: ref('ApiTask'), ...connect(API), ...inGroups('ApiGroup') }),
    Web: service({ TaskDefinition: ref('WebTask'), ...client, ...inGroups(...clientGroups) }, waits ? ['Api'] : []),
  };
}

judge(serviceConnectClientBeforeServer, {
  'told of a server, and waits for it': ['compliant', shop({ waits: true })],
  'told of a server, and does not wait': ['wrong', shop({})],
  'told in a part of a joined address': ['wrong', shop({ url: { 'Fn::Join': ['', ['http://api.shop', '/v1']] } })],
  'told host and port': ['wrong', shop({ url: 'api.shop:80' })],
  'admitted by a server': ['wrong', shop({ url: 'none', ingress: [from('WebGroup', 8080)] })],
  'told of another name': ['not applicable', shop({ url: 'http://rapi.shopping/' })],
  'told at deployment': ['not applicable', shop({ url: UNKNOWN })],
  'in another namespace': [
    'not applicable',
    shop({ client: { ServiceConnectConfiguration: { Enabled: true, Namespace: 'other' } } }),
  ],
  'without Service Connect': ['not applicable', shop({ client: {} })],
});

judge(serviceConnectClientNotAdmitted, {
  'its group is admitted': ['compliant', shop({ ingress: [from('WebGroup', 8080)] })],
  'its network is admitted': ['compliant', shop({ ingress: [from('10.0.0.0/16', 8000, 9000)] })],
  'nobody is admitted': ['wrong', shop({})],
  'another port is open': ['wrong', shop({ ingress: [from('WebGroup', 80)] })],
  'another group is admitted': ['wrong', shop({ ingress: [from('ApiGroup', 8080)] })],
  'only UDP is open': ['wrong', shop({ ingress: [{ ...from('WebGroup', 8080), IpProtocol: 'udp' }] })],
  'the source is known at deployment': ['compliant', shop({ ingress: [{ IpProtocol: '-1', SourceSecurityGroupId: UNKNOWN }] })],
  'its group is not in the app': ['not applicable', shop({ clientGroups: ['WebGroup', UNKNOWN] })],
  'it was told nothing': ['not applicable', shop({ url: 'none' })],
});

/** A group that lets only these connections out, on port 8080. */
const closed = (...peers: object[]) => ({
  Type: 'AWS::EC2::SecurityGroup',
  Properties: {
    SecurityGroupEgress: [
      { IpProtocol: 'icmp', FromPort: 252, ToPort: 86, CidrIp: '255.255.255.255/32' },
      ...peers.map((peer) => ({ IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080, ...peer })),
    ],
  },
});

judge(serviceConnectServerAdmitsNobody, {
  'admits a group': ['compliant', shop({ ingress: [from('WebGroup', 8080)] })],
  'admits by a rule of its own': [
    'compliant',
    {
      ...shop({}),
      Rule: {
        Type: 'AWS::EC2::SecurityGroupIngress',
        Properties: { GroupId: att('ApiGroup', 'GroupId'), ...from('WebGroup', 8080) },
      },
    },
  ],
  'admits nobody': ['wrong', shop({ url: 'none' })],
  'is alone in its namespace': ['not applicable', shop({ client: {} })],
  'nobody may open connections': ['not applicable', { ...shop({ url: 'none' }), WebGroup: closed() }],
  'connections to others are open': [
    'not applicable',
    { ...shop({ url: 'none' }), WebGroup: closed({ DestinationSecurityGroupId: att('WebGroup', 'GroupId') }) },
  ],
  'connections to everybody are open': ['wrong', { ...shop({ url: 'none' }), WebGroup: closed({ CidrIp: '0.0.0.0/0' }) }],
});

const byName = (Namespace: unknown, dependsOn: string[] = []): Resources => ({
  ...NAMESPACE,
  Task: task(),
  Web: service({ ServiceConnectConfiguration: { Enabled: true, Namespace } }, dependsOn),
});

judge(serviceConnectNamespaceByName, {
  'an ARN': ['compliant', byName('arn:aws:servicediscovery:eu-west-1:111111111111:namespace/ns-0')],
  'a name, and waits for it': ['compliant', byName('shop', ['Namespace'])],
  'a name': ['wrong', byName('shop')],
  'a name from elsewhere': ['wrong', byName('other', ['Namespace'])],
  'a reference': ['not applicable', byName(att('Namespace'))],
  'that of the cluster': ['not applicable', byName(undefined)],
});

const two = (other: object): Resources => ({
  ...NAMESPACE,
  ApiTask: task(API_TASK),
  Api: service({ TaskDefinition: ref('ApiTask'), ...connect(API) }),
  Other: service({ TaskDefinition: ref('ApiTask'), ...other }),
});

judge(serviceConnectAliasTaken, {
  'two names': ['compliant', two(connect({ PortName: 'b', ClientAliases: [{ DnsName: 'b.shop', Port: 80 }] }))],
  'one alias on two ports': ['compliant', two(connect({ PortName: 'b', ClientAliases: [{ DnsName: 'api.shop', Port: 81 }] }))],
  'one alias twice': ['wrong', two(connect({ PortName: 'b', ClientAliases: [{ DnsName: 'api.shop', Port: 80 }] }))],
  'one discovery name twice': ['wrong', two(connect({ PortName: 'b', DiscoveryName: 'api' }))],
  'the default alias of the other': [
    'wrong',
    two(connect({ PortName: 'b', DiscoveryName: 'b', ClientAliases: [{ DnsName: 'b.shop', Port: 80 }, { Port: 80 }] }, API)),
  ],
  'no server': ['not applicable', { Task: task(), Web: service() }],
});

const routed = (timeout: object, mapping: object = {}, port = 8080): Resources => ({
  ...NAMESPACE,
  Targets: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup' },
  Task: task({ PortMappings: [{ ...API_TASK.PortMappings[0], ...mapping }] }),
  Api: service({ ...connect({ ...API, ...timeout }), ...behindLoadBalancer(port) }),
});

judge(serviceConnectSilentTimeout, {
  'a timeout': ['compliant', routed({ Timeout: { PerRequestTimeoutSeconds: 60 } })],
  'no timeout on purpose': ['compliant', routed({ Timeout: { PerRequestTimeoutSeconds: 0 } })],
  'none said': ['wrong', routed({})],
  'only the idle one': ['wrong', routed({ Timeout: { IdleTimeoutSeconds: 60 } })],
  'TCP has none': ['not applicable', routed({}, { AppProtocol: undefined })],
  'another port is routed': ['not applicable', routed({}, {}, 9090)],
});

/** The server `api` behind a load balancer of this idle timeout. */
const waiting = (timeout: object, idle?: unknown, mapping: object = {}, properties: object = {}): Resources => ({
  ...routed({ Timeout: timeout }, mapping),
  ...loadBalancer({
    LoadBalancerAttributes: idle === undefined ? undefined : [{ Key: 'idle_timeout.timeout_seconds', Value: idle }],
    ...properties,
  }),
});

describe('T31: a proxy that gives up before its callers', () => {
  judge(serviceConnectIdleTimeoutTooShort, {
    'nothing said: 300 s, 15 s and 60 s': ['compliant', waiting({})],
    'as long as a request': ['compliant', waiting({ IdleTimeoutSeconds: 300, PerRequestTimeoutSeconds: 300 })],
    'below a request': ['wrong', waiting({ IdleTimeoutSeconds: 299, PerRequestTimeoutSeconds: 300 })],
    'below a request, by default': ['wrong', waiting({ PerRequestTimeoutSeconds: 301 })],
    'below the request timeout of ECS': ['wrong', routed({ Timeout: { IdleTimeoutSeconds: 14 } })],
    'no limit of requests': ['compliant', waiting({ IdleTimeoutSeconds: 300, PerRequestTimeoutSeconds: 0 })],
    'never idle': ['compliant', waiting({ IdleTimeoutSeconds: 0, PerRequestTimeoutSeconds: 600 }, '4000')],
    'above the load balancer': ['compliant', waiting({ IdleTimeoutSeconds: 61 })],
    'as long as the load balancer': ['wrong', waiting({ IdleTimeoutSeconds: 60 })],
    'below the load balancer, by default': ['wrong', waiting({}, '300')],
    'a load balancer of another port': [
      'compliant',
      { ...waiting({ IdleTimeoutSeconds: 60 }), Api: routed({ Timeout: { IdleTimeoutSeconds: 60 } }, {}, 9090).Api },
    ],
    'a Network Load Balancer': ['compliant', waiting({ IdleTimeoutSeconds: 60 }, undefined, {}, { Type: 'network' })],
    'a load balancer known at deployment': ['compliant', waiting({ IdleTimeoutSeconds: 60 }, UNKNOWN)],
    'TCP has no requests': ['compliant', routed({ Timeout: { IdleTimeoutSeconds: 1 } }, { AppProtocol: undefined })],
    'known at deployment': ['not applicable', waiting({ IdleTimeoutSeconds: UNKNOWN })],
    'no server': ['not applicable', { Task: task(), Web: service() }],
  });
});

const inMode = (properties: object, configuration: object = connect()): Resources => ({
  ...NAMESPACE,
  Task: task({}, properties),
  Web: service(configuration),
});

judge(serviceConnectInHostMode, {
  bridge: ['compliant', inMode({ NetworkMode: 'bridge' })],
  'nothing said, which is bridge': ['compliant', inMode({ NetworkMode: undefined })],
  host: ['wrong', inMode({ NetworkMode: 'host' })],
  'known at deployment': ['not applicable', inMode({ NetworkMode: UNKNOWN })],
  'no Service Connect': ['not applicable', inMode({ NetworkMode: 'host' }, {})],
});

judge(serviceConnectWithoutTaskMemory, {
  'task memory': ['compliant', inMode({ Memory: '512' })],
  'known at deployment': ['compliant', inMode({ Memory: UNKNOWN })],
  'memory of containers only': ['wrong', inMode({})],
  'no Service Connect': ['not applicable', inMode({}, {})],
});
