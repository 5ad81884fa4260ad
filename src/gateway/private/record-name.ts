import { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { IConstruct } from 'constructs';
import { validationError } from '../../core/private/errors';
import { zoneNameOf } from '../../core/private/of-import';
import { isUnknown } from '../../core/private/unknown';

/** A DNS name in a zone. */
export interface QualifiedName {
  /** The full name, without the trailing dot. It can contain a token if the name of the zone does. */
  readonly fqdn: string;
  /** The construct ID of the record, without tokens. */
  readonly id: string;
}

/** Completes a relative name, and rejects a name outside the zone. */
export function qualify(scope: IConstruct, recordName: string, zone: IHostedZone | undefined, zoneProp: string): QualifiedName {
  if (!zone) {
    throw validationError(scope, 'RecordWithoutZone', {
      prop: 'recordName',
      must: 'have a hosted zone',
      got: recordName,
      fix: `set \`${zoneProp}\` of the gateway, or create the record elsewhere and list its name in \`hosts\``,
    });
  }
  const given = zoneNameOf(scope, zoneProp, zone);
  const zoneName = isUnknown(given) ? given : given.toLowerCase().replace(/\.$/, '');
  if (recordName === given) return { fqdn: zoneName, id: 'Apex' };
  requireLabels(scope, recordName);

  const absolute = recordName.endsWith('.');
  const name = recordName.toLowerCase().replace(/\.$/, '');
  if (!absolute && name !== zoneName && !name.includes('.')) return { fqdn: `${name}.${zoneName}`, id: name };
  if (name === zoneName) return { fqdn: name, id: 'Apex' };
  if (isUnknown(zoneName)) return { fqdn: name, id: name };
  if (!name.endsWith(`.${zoneName}`)) {
    throw validationError(scope, 'RecordOutsideZone', {
      prop: 'recordName',
      must: `end with ${zoneName}, the name of \`${zoneProp}\`, once it has a dot`,
      got: recordName,
      fix: `write ${JSON.stringify(name.split('.')[0])} for ${name.split('.')[0]}.${zoneName}, or set \`${zoneProp}\` to the zone of that name`,
    });
  }
  return { fqdn: name, id: name.slice(0, -zoneName.length - 1) };
}

function requireLabels(scope: IConstruct, recordName: string): void {
  const labels = recordName.replace(/\.$/, '').split('.');
  if (!isUnknown(recordName) && labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(label))) return;
  throw validationError(scope, 'RecordName', {
    prop: 'recordName',
    must: 'be a DNS name known at synthesis: labels of 1 to 63 letters, digits and inner hyphens, joined by dots',
    got: recordName,
    fix: 'give a name such as "api", or the name of the zone for the zone itself',
  });
}
