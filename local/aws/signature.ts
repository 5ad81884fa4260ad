import { createHash, createHmac } from 'node:crypto';

/** The credentials of every container of a run, which the server knows as those of the account. */
export const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

export interface SignedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly content: string;
  readonly service: string;
  readonly region: string;
}

/**
 * The headers of a request with Signature Version 4
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). Paths and queries here need no encoding.
 */
export function signed(
  { method, url, headers, content, service, region }: SignedRequest,
  now = new Date(),
): Record<string, string> {
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const payload = sha256(content);
  const all: Record<string, string> = { ...headers, host: url.host, 'x-amz-date': time, 'x-amz-content-sha256': payload };
  const names = Object.keys(all).sort();
  const query = [...url.searchParams]
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join('&');
  const canonical = [method, url.pathname, query, ...names.map((name) => `${name}:${all[name]}`), '', names.join(';'), payload];
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical.join('\n'))].join('\n');
  const key = [...scope.split('/')].reduce<string | Buffer>(
    (secret, part) => hmac(secret, part),
    `AWS4${CREDENTIALS.secretAccessKey}`,
  );
  const signature = hmac(key, text).toString('hex');
  const credential = `Credential=${CREDENTIALS.accessKeyId}/${scope}`;
  return { ...all, authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}` };
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}
