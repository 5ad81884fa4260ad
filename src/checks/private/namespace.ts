import { EcsService } from './ecs-service';
import { remembered } from './remembered';
import { ingressOf } from './security-groups';
import { ServiceCallers } from './service-callers';
import { namespaceOf, ServiceConnectServer, serversOf } from './service-connect';
import { AppTemplates, Resource } from '../../template/private/app-templates';

/** A Service Connect server and the service that defines it. */
export interface Offer {
  readonly service: EcsService;
  readonly server: ServiceConnectServer;
}

/** Names that end where any other character begins. */
const WORD = /^[A-Za-z0-9.-]+$/;

/** The services of one Service Connect namespace, indexed by what rules look for. */
export class Namespace {
  /** Returns the namespace of a service; undefined without Service Connect, and if it is known only at deployment. */
  public static of(service: EcsService): Namespace | undefined {
    const key = service.serviceConnect && namespaceOf(service);
    return key === undefined ? undefined : namespacesOf(service.resource.app).get(key);
  }

  /** The services that can open connections, by what their security groups let out. */
  public readonly callers: ServiceCallers;

  private readonly owners = new Map<string, Set<EcsService>>();
  private readonly byWord = new Map<string, Offer[]>();
  private readonly unusual: Offer[] = [];
  private readonly admitting = new Map<Resource, Set<EcsService>>();

  constructor(services: EcsService[]) {
    this.callers = new ServiceCallers(services);
    for (const service of services) {
      for (const name of namesOf(service)) add(this.owners, name, service);
      for (const server of serversOf(service)) this.addOffer({ service, server });
      for (const rule of (service.groups ?? []).flatMap(ingressOf)) {
        const source = rule.at('SourceSecurityGroupId').resource;
        if (source) add(this.admitting, source, service);
      }
    }
  }

  /** Returns true if another service has this discovery name or client alias. */
  public isTaken(name: string, service: EcsService): boolean {
    return [...(this.owners.get(name) ?? [])].some((owner) => owner !== service);
  }

  /** Returns the servers of other services whose names can be in the texts. */
  public namedIn(texts: string[], client: EcsService): Offer[] {
    const words = new Set(texts.flatMap((text) => text.split(/[^A-Za-z0-9.-]+/)));
    const offers = new Set([...this.unusual, ...[...words].flatMap((word) => this.byWord.get(word) ?? [])]);
    return [...offers].filter(({ service }) => service !== client);
  }

  /** Returns the services that admit a security group on some port. */
  public admittingAny(groups: Resource[]): Set<EcsService> {
    return new Set(groups.flatMap((group) => [...(this.admitting.get(group) ?? [])]));
  }

  private addOffer(offer: Offer): void {
    for (const { dnsName } of offer.server.aliases) {
      if (dnsName === undefined) continue;
      if (!WORD.test(dnsName)) this.unusual.push(offer);
      else this.byWord.set(dnsName, [...(this.byWord.get(dnsName) ?? []), offer]);
    }
  }
}

/** Returns the discovery names and client aliases of a service. */
export function namesOf(service: EcsService): string[] {
  return serversOf(service).flatMap(({ discoveryName, aliases }) => [
    ...(discoveryName === undefined ? [] : [discoveryName]),
    ...aliases.filter(({ dnsName, port }) => dnsName && port).map(({ dnsName, port }) => `${dnsName}:${port}`),
  ]);
}

const namespacesOf = remembered((app: AppTemplates): Map<Resource | string, Namespace> => {
  const members = new Map<Resource | string, EcsService[]>();
  for (const service of EcsService.all(app)) {
    const key = service.serviceConnect && namespaceOf(service);
    if (key === undefined) continue;
    const found = members.get(key) ?? [];
    found.push(service);
    members.set(key, found);
  }
  return new Map([...members].map(([key, services]) => [key, new Namespace(services)]));
});

function add<K>(sets: Map<K, Set<EcsService>>, key: K, service: EcsService): void {
  const found = sets.get(key) ?? new Set();
  sets.set(key, found.add(service));
}
