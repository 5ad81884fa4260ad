import { Reader } from '../intrinsics/reader';
import { Resolver } from '../intrinsics/resolver';

/** A name that the template gives to something. */
export interface NameRecord {
  readonly name: string;
  /** Addresses, or names that have addresses. */
  readonly values: readonly string[];
}

export interface DiscoveryService {
  readonly id: string;
  readonly name: string;
  /** Whether ECS tells it of the health of tasks: by `HealthCheckCustomConfig`. */
  readonly checked: boolean;
}

/** Route 53 records of type A, AAAA and CNAME, and aliases. Others say nothing about where a connection goes. */
export function readRecords(resolver: Resolver): NameRecord[] {
  return resolver
    .resources('AWS::Route53::RecordSet')
    .map((resource) => resolver.read(resource))
    .filter((record) => ['A', 'AAAA', 'CNAME'].includes(record.get('Type').string()))
    .map((record) => ({ name: plain(record.get('Name').string()), values: valuesOf(record) }));
}

/** Cloud Map services in a private DNS namespace, by their id. */
export function readDiscoveryServices(resolver: Resolver): DiscoveryService[] {
  const namespaces = new Map(
    resolver
      .resources('AWS::ServiceDiscovery::PrivateDnsNamespace')
      .map((resource) => [resource.logicalId, resolver.read(resource).get('Name').string()]),
  );
  return resolver.resources('AWS::ServiceDiscovery::Service').flatMap((resource) => {
    const props = resolver.read(resource);
    const id = (props.get('NamespaceId').optional() ?? props.get('DnsConfig').get('NamespaceId').optional())?.split('/').at(-1);
    const domain = namespaces.get(id ?? '');
    const arn = resolver.evaluate(resource.stack, { 'Fn::GetAtt': [resource.logicalId, 'Arn'] }, resource.key) as string;
    const checked = props.get('HealthCheckCustomConfig').exists;
    return domain ? [{ id: arn, name: `${props.get('Name').string(resource.logicalId)}.${domain}`, checked }] : [];
  });
}

function valuesOf(record: Reader): string[] {
  const alias = record.get('AliasTarget');
  if (alias.exists) return [plain(alias.get('DNSName').string())];
  return record
    .get('ResourceRecords')
    .items()
    .map((value) => plain(value.string()));
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^dualstack\./, '');
}
