import { Change, ModelConnection, TopologyModel, Zone } from './topology-model';
import { ComponentKind } from '../../core/topology-record';

const KIND_WORDS: Record<ComponentKind, string> = {
  [ComponentKind.INTERNET]: 'Internet',
  [ComponentKind.LOAD_BALANCER]: 'Load balancer',
  [ComponentKind.SERVICE]: 'Service',
  [ComponentKind.REDIS]: 'Redis',
  [ComponentKind.DATABASE]: 'Database',
  [ComponentKind.AWS_API]: 'AWS API',
  [ComponentKind.EXTERNAL]: 'External',
};

const ZONE_WORDS: Record<Zone, string> = {
  internet: 'Internet',
  public: 'Public',
  private: 'Private',
  data: 'Data',
  aws: 'AWS',
  outside: 'Outside',
};

/** The kind of a component as people say it. */
export function describeKind(kind: ComponentKind): string {
  return KIND_WORDS[kind];
}

/** What stands before a part that two pictures do not share; in text, because colour alone does not reach everyone. */
export function markOf(change: Change | undefined): string {
  return change === undefined ? '' : change === 'added' ? '+ ' : '− ';
}

/** The heading of a zone. */
export function describeZone(zone: Zone): string {
  return ZONE_WORDS[zone];
}

/** The whole picture in sentences, for readers who do not see it. */
export function describeModel({ components, connections }: TopologyModel): string {
  const label = new Map(components.map((component) => [component.id, component.label]));
  const say = ({ client, server, protocol, dnsName, port, change }: ModelConnection) =>
    [
      change === undefined ? '' : `${change === 'added' ? 'Added' : 'Removed'}: `,
      `${label.get(client)} calls ${label.get(server)} over ${protocol}`,
      dnsName === undefined ? '' : ` as ${dnsName}`,
      port === undefined ? '' : ` on port ${port}`,
      '.',
    ].join('');
  return [`${components.length} components, ${connections.length} connections.`, ...connections.map(say)].join(' ');
}
