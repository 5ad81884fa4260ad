import { Json } from '../assembly/json';
import { settingsLeftOut } from '../report/settings';
import { resolverOf } from './fixture/resolver-of';

const [TASK, SERVICE, LISTENER, GROUP] = [
  'AWS::ECS::TaskDefinition',
  'AWS::ECS::Service',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
];
const container = (properties: Record<string, Json>) => ({ ContainerDefinitions: [{ Name: 'a', Image: 'x', ...properties }] });
const connect = (properties: Record<string, Json>) => ({
  ServiceConnectConfiguration: { Enabled: true, Services: [{ PortName: 'http', ...properties }] },
});
const attribute = (Key: string, Value: string) => ({ TargetGroupAttributes: [{ Key, Value }] });
const leftOut = (Type: string, Properties: Record<string, Json>) => settingsLeftOut(resolverOf({ Thing: { Type, Properties } }));

test.each<[string, Record<string, Json>, RegExp]>([
  [TASK, container({ EnvironmentFiles: [{ Type: 's3', Value: 'arn:aws:s3:::b/x.env' }] }), /^environment files/],
  [TASK, container({ RestartPolicy: { Enabled: true } }), /^restart policies/],
  [TASK, container({ Links: ['b'] }), /^links,/],
  [TASK, container({ DnsServers: ['1.1.1.1'] }), /^links,/],
  [TASK, container({ PortMappings: [{ ContainerPort: 53, Protocol: 'udp' }] }), /^ports of UDP/],
  [TASK, { Volumes: [{ Name: 'v', Host: { SourcePath: '/var/run' } }] }, /^folders of hosts/],
  [TASK, { Volumes: [{ Name: 'v', DockerVolumeConfiguration: { Scope: 'shared' } }] }, /^Docker volumes/],
  [TASK, { PidMode: 'task' }, /^processes and memory/],
  [SERVICE, { SchedulingStrategy: 'DAEMON' }, /^the strategy DAEMON/],
  [SERVICE, { PlacementStrategies: [{ Type: 'binpack', Field: 'memory' }] }, /^strategies of placement/],
  [SERVICE, { PlacementConstraints: [{ Type: 'memberOf', Expression: 'x' }] }, /^strategies of placement/],
  [SERVICE, connect({ IngressPortOverride: 9000 }), /^ports of Service Connect/],
  [SERVICE, connect({ Tls: { IssuerCertificateAuthority: {} } }), /^TLS of Service Connect/],
  [SERVICE, { VolumeConfigurations: [{ Name: 'v' }] }, /^EBS volumes of tasks/],
  [LISTENER, { Protocol: 'HTTPS', MutualAuthentication: { Mode: 'verify' } }, /^certificates of clients/],
  [LISTENER, { Protocol: 'TLS' }, /^TLS of network load balancers/],
  [LISTENER, { Protocol: 'UDP' }, /^UDP of network load balancers/],
  [GROUP, { ProtocolVersion: 'GRPC' }, /^HTTP\/2 and gRPC to targets/],
  [GROUP, attribute('stickiness.enabled', 'true'), /^sticky sessions/],
  [GROUP, attribute('slow_start.duration_seconds', '60'), /^slow start/],
  [GROUP, attribute('load_balancing.algorithm.type', 'least_outstanding_requests'), /^other algorithms/],
  [GROUP, attribute('preserve_client_ip.enabled', 'true'), /^addresses of clients/],
])('%s with %j is told of', (type, properties, sentence) => {
  expect(leftOut(type, properties)).toEqual([expect.stringMatching(sentence)]);
});

test.each<[string, Record<string, Json>]>([
  [TASK, { ...container({ PortMappings: [{ ContainerPort: 80, Protocol: 'tcp' }], Links: [] }), Volumes: [{ Name: 'v' }] }],
  [SERVICE, { ...connect({}), SchedulingStrategy: 'REPLICA', PlacementConstraints: [{ Type: 'distinctInstance' }] }],
  [LISTENER, { Protocol: 'HTTPS', MutualAuthentication: { Mode: 'off' } }],
  [GROUP, { ...attribute('stickiness.enabled', 'false'), ProtocolVersion: 'HTTP1' }],
  [GROUP, attribute('slow_start.duration_seconds', '0')],
])('%s with %j has nothing left out', (type, properties) => {
  expect(leftOut(type, properties)).toEqual([]);
});
