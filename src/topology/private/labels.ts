import { Change, ModelConnection, TopologyModel, Zone } from './topology-model';
import { ComponentKind } from '../../core/topology-record';

const KIND_WORDS: Record<ComponentKind, string> = {
  [ComponentKind.INTERNET]: 'Internet',
  [ComponentKind.DISTRIBUTION]: 'CloudFront distribution',
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

/** Returns the display name of a kind. */
export function describeKind(kind: ComponentKind): string {
  return KIND_WORDS[kind];
}

/** Returns the sign in front of a part that is in only one of two pictures. It is text, because not every reader sees the colors. */
export function markOf(change: Change | undefined): string {
  return change === undefined ? '' : change === 'added' ? '+ ' : '− ';
}

/** Returns the heading of a zone. */
export function describeZone(zone: Zone): string {
  return ZONE_WORDS[zone];
}

/** Describes the whole picture in sentences, for readers who cannot see it. */
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
