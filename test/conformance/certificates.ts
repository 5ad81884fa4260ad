import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** Paths of a test authority's certificate, and of key and certificate that it signed for 127.0.0.1. */
export interface Certificates {
  readonly ca: string;
  readonly key: string;
  readonly cert: string;
}

const KIND = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;

export async function makeCertificates(directory: string): Promise<Certificates> {
  const authority = await generate([{ name: 'commonName', value: 'Test CA' }], {
    ...KIND,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: 'redis' }], {
    ...KIND,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  });
  const save = (name: string, text: string) => {
    const path = join(directory, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  return { ca: save('ca.crt', authority.cert), key: save('server.key', server.private), cert: save('server.crt', server.cert) };
}
