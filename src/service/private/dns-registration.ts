import { Duration } from 'aws-cdk-lib';
import { BaseService, NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { DnsRecordType } from 'aws-cdk-lib/aws-servicediscovery';
import { IConstruct } from 'constructs';
import { validationError, requireInteger } from '../../core/private/errors';
import { NameRegistry } from '../../core/private/name-registry';
import { closest } from '../../core/private/names';
import { inUnit } from '../../core/private/resolved';
import { NamedPort } from '../../tasks/private/named-ports';
import { ServiceDiscovery } from '../service-discovery';

/** The DNS name of a service. */
export interface DnsRegistration {
  readonly dnsName: string;
  /** The one port in SRV records; undefined if the name resolves to addresses, where every port is available. */
  readonly srvPort?: string;
}

/** The registration of a service in DNS. */
interface Registered extends IConstruct {
  readonly discoveryName: string;
  readonly service: BaseService;
}

/** Registers the tasks of a service in a DNS namespace. */
export function registerInDns(owner: Registered, ports: NamedPort[], discovery?: ServiceDiscovery): DnsRegistration | undefined {
  if (!discovery) return undefined;
  const { namespace, _options: options } = discovery;
  const ttl = options.ttl ?? Duration.seconds(10);
  const seconds = inUnit(owner, 'networking.discovery.ttl', () => ttl.toSeconds({ integral: false }));
  requireInteger(owner, 'DnsTtlOutOfRange', 'networking.discovery.ttl', seconds, 0, 86_400);
  const dnsName = `${owner.discoveryName}.${namespace.namespaceName}`;
  NameRegistry.of(namespace).claim({ kind: 'DNS name', name: dnsName, owner, prop: 'networking.discoveryName' });

  const { taskDefinition } = owner.service;
  const hasAddresses = taskDefinition.networkMode === NetworkMode.AWS_VPC;
  const wanted = hasAddresses && options.port === undefined ? undefined : requirePort(owner, ports, options.port);
  const port = hasAddresses ? undefined : wanted;
  owner.service.enableCloudMap({
    cloudMapNamespace: namespace,
    name: owner.discoveryName,
    dnsRecordType: hasAddresses ? DnsRecordType.A : DnsRecordType.SRV,
    dnsTtl: ttl,
    container: port && taskDefinition.findContainer(port.containerName),
    containerPort: port?.containerPort,
  });
  return { dnsName, srvPort: port?.name };
}

function requirePort(owner: IConstruct, ports: NamedPort[], wanted?: string): NamedPort {
  const port = wanted === undefined ? ports[0] : ports.find(({ name }) => name === wanted);
  if (port) return port;
  const known = ports.map(({ name }) => name);
  throw validationError(owner, 'NoDnsPort', {
    prop: 'networking.discovery.port',
    must: `name a port of the service (${known.join(', ') || 'it has none'}), since SRV records carry one`,
    got: wanted,
    fix: wanted && closest(wanted, known) ? `did you mean "${closest(wanted, known)}"?` : 'add it to `containers[].ports`',
  });
}
