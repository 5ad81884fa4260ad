import { EcsService } from './ecs-service';
import { remembered } from './remembered';
import { Resource, Value } from '../../template/private/app-templates';

/** One endpoint that a service offers in its namespace. */
export interface ServiceConnectServer {
  readonly discoveryName?: string;
  readonly aliases: { readonly dnsName?: string; readonly port?: number }[];
  /** Port that the proxy listens on; absent if it is a random one of the host. */
  readonly proxyPort?: number;
  readonly mapping?: Value;
  readonly configuration: Value;
}

/** Returns a key that is equal for services of one namespace; undefined if it is known only at deployment. */
export const namespaceOf = remembered((service: EcsService): Resource | string | undefined => {
  const own = service.serviceConnect?.at('Namespace');
  const namespace = own && !own.isAbsent ? own : service.resource.at('Cluster').resource?.at('ServiceConnectDefaults', 'Namespace');
  if (!namespace || namespace.text === undefined) return namespace?.resource;
  return namespaceNamed(service.resource, namespace.text) ?? namespace.text;
});

/** Returns the namespace in the app with this name. */
export function namespaceNamed({ app }: Resource, name: string): Resource | undefined {
  const kinds = ['HttpNamespace', 'PrivateDnsNamespace', 'PublicDnsNamespace'];
  return kinds.flatMap((kind) => app.all(`AWS::ServiceDiscovery::${kind}`)).find((namespace) => namespace.at('Name').text === name);
}

/** Returns the Service Connect servers that a service defines. */
export const serversOf = remembered((service: EcsService): ServiceConnectServer[] =>
  (service.serviceConnect?.at('Services').items ?? []).map((configuration) => {
    const portName = configuration.at('PortName').text;
    const discovery = configuration.at('DiscoveryName');
    const discoveryName = discovery.isAbsent ? portName : discovery.text;
    const mapping = service.portMappings.find((found) => portName !== undefined && found.at('Name').text === portName);
    const containerPort = service.networkMode === 'awsvpc' ? mapping?.at('ContainerPort').number : undefined;
    const override = configuration.at('IngressPortOverride');
    return {
      discoveryName,
      aliases: configuration.at('ClientAliases').items.map((alias) => ({
        dnsName: alias.at('DnsName').isAbsent ? defaultName(service, discoveryName) : alias.at('DnsName').text,
        port: alias.at('Port').number,
      })),
      proxyPort: override.isAbsent ? containerPort : override.number,
      mapping,
      configuration,
    };
  }),
);

function defaultName(service: EcsService, discoveryName?: string): string | undefined {
  const namespace = namespaceOf(service);
  const name = typeof namespace === 'string' ? namespace : namespace?.at('Name').text;
  return name && discoveryName && `${discoveryName}.${name}`;
}
