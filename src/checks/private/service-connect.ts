import { EcsService } from './ecs-service';
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
export function namespaceOf(service: EcsService): Resource | string | undefined {
  const own = service.serviceConnect?.at('Namespace');
  const namespace = own && !own.isAbsent ? own : service.resource.at('Cluster').resource?.at('ServiceConnectDefaults', 'Namespace');
  if (!namespace || namespace.text === undefined) return namespace?.resource;
  return namespaceNamed(service.resource, namespace.text) ?? namespace.text;
}

/** Returns the namespace in the app with this name. */
export function namespaceNamed({ app }: Resource, name: string): Resource | undefined {
  const kinds = ['HttpNamespace', 'PrivateDnsNamespace', 'PublicDnsNamespace'];
  return kinds.flatMap((kind) => app.all(`AWS::ServiceDiscovery::${kind}`)).find((namespace) => namespace.at('Name').text === name);
}

/** Returns the other services of the same namespace. */
export function neighboursOf(service: EcsService): EcsService[] {
  const namespace = namespaceOf(service);
  if (!service.serviceConnect || namespace === undefined) return [];
  return EcsService.all(service.resource).filter(
    (other) => other.resource !== service.resource && other.serviceConnect && namespaceOf(other) === namespace,
  );
}

/** Returns the Service Connect servers that a service defines. */
export function serversOf(service: EcsService): ServiceConnectServer[] {
  return (service.serviceConnect?.at('Services').items ?? []).map((configuration) => {
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
  });
}

/** Returns true if a container of `client` receives the address of the server in a variable or on its command line. */
export function isToldOf(client: EcsService, server: ServiceConnectServer): boolean {
  return server.aliases.some(({ dnsName, port }) => {
    if (dnsName === undefined) return false;
    const name = dnsName.replace(/[^A-Za-z0-9]/g, '\\$&');
    const asAddress = new RegExp(`(?:(?://|@)${name}|(?:^|[\\s=,;])${name}:${port ?? '\\d+'})(?![A-Za-z0-9.-])`);
    const isHost = (key: string, text: string) =>
      text === dnsName && (dnsName.includes('.') || /HOST|ADDR|SERVER|ENDPOINT|URL/i.test(key));
    return client.containers.some(
      (container) =>
        container.at('Environment').items.some((variable) => {
          const text = variable.at('Value').pattern;
          return asAddress.test(text) || isHost(variable.at('Name').text ?? '', text);
        }) || [...container.at('Command').literals, ...container.at('EntryPoint').literals].some((text) => asAddress.test(text)),
    );
  });
}

function defaultName(service: EcsService, discoveryName?: string): string | undefined {
  const namespace = namespaceOf(service);
  const name = typeof namespace === 'string' ? namespace : namespace?.at('Name').text;
  return name && discoveryName && `${discoveryName}.${name}`;
}
