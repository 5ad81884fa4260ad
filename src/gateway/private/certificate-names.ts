import { Stack } from 'aws-cdk-lib';
import { CfnCertificate, ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { IConstruct } from 'constructs';
import { validationError, warn } from '../../core/private/errors';
import { isUnknown } from '../../core/private/unknown';

/** Requires the certificates of a side to contain the name of a record, as far as they are of this app. */
export function requireName(route: IConstruct, certificates: ICertificate[], name: string): void {
  const names = namesAmong(certificates);
  if (!names || isUnknown(name) || names.some((each) => contains(each, name))) return;
  throw validationError(route, 'CertificateName', {
    prop: 'recordName',
    must: `be a name of the certificate of its side (${names.join(', ')}), or clients refuse the connection`,
    got: name,
    fix: `add ${JSON.stringify(name)} to the names of the certificate, or pass another certificate as \`additional\``,
  });
}

/** Warns of hosts that the certificates do not contain: only a proxy that calls the load balancer by another name can reach them. */
export function warnOfHosts(route: IConstruct, certificates: ICertificate[], hosts: string[]): void {
  const names = namesAmong(certificates);
  if (!names) return;
  const missing = hosts.filter((host) => !isUnknown(host) && !/[?*]/.test(host) && !names.some((each) => contains(each, host)));
  if (missing.length === 0) return;
  warn(
    route,
    'CertificateHost',
    `\`hosts\` of ${route.node.path}: ${missing.join(', ')} is in no certificate of the side (${names.join(', ')}), so clients that call the ` +
      'load balancer by that name refuse the connection. Add it to a certificate, or acknowledge this if a proxy calls it by another name.',
  );
}

/** Returns the names of the certificates; undefined if those of one are not known. */
function namesAmong(certificates: ICertificate[]): string[] | undefined {
  const names = certificates.map(namesOf);
  return names.length === 0 || names.includes(undefined) ? undefined : names.flatMap((each) => each!);
}

function namesOf(certificate: ICertificate): string[] | undefined {
  const resource = certificate.node.defaultChild;
  if (!(resource instanceof CfnCertificate)) return undefined;
  const alternatives: unknown = Stack.of(resource).resolve(resource.subjectAlternativeNames ?? []);
  const names = [resource.domainName, ...(Array.isArray(alternatives) ? (alternatives as unknown[]) : [undefined])];
  const known = names.filter((name): name is string => typeof name === 'string' && !isUnknown(name));
  return known.length === names.length ? known.map((name) => name.toLowerCase()) : undefined;
}

/** A wildcard stands for one label. */
function contains(certified: string, name: string): boolean {
  if (!certified.startsWith('*.')) return certified === name;
  return name.endsWith(certified.slice(1)) && !name.slice(0, 1 - certified.length).includes('.');
}
