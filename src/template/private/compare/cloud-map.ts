import { Resource } from '../app-templates';
import { Change, Refusal } from './change';

const UPDATE_SERVICE = 'https://docs.aws.amazon.com/cloud-map/latest/api/API_UpdateService.html';

/** Cloud Map updates the TTL of the records of a service and deletes records, but adds none: A and SRV records need services of their own. */
export function recordTypes({ id, type, outcome, before, after }: Change): Refusal[] {
  if (type !== 'AWS::ServiceDiscovery::Service' || outcome === 'replaced' || !before || !after) return [];
  const [old, fresh] = [typesOf(before), typesOf(after)];
  const added = fresh.filter((one) => !old.includes(one));
  if (added.length === 0) return [];
  const says = `Cloud Map adds no ${added.join(' and ')} records to a service that has ${old.join(' and ') || 'none'}; remove the registration in a deployment before`;
  return [{ rule: 'record type', id, isCertain: outcome !== 'may be replaced', source: UPDATE_SERVICE, says }];
}

function typesOf(service: Resource): string[] {
  const records = service.at('DnsConfig').at('DnsRecords').items;
  return records.map((record) => record.at('Type').text ?? '?');
}
