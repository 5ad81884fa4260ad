import * as http from 'node:http';
import * as https from 'node:https';

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface Ask {
  readonly url: string;
  readonly method?: string;
  readonly body?: string;
  /** Where the name of the URL really is. */
  readonly address?: string;
  readonly port?: number;
  /** Trusted certificate; verification is never switched off. */
  readonly ca?: string;
  /** A browser and most programs send a `User-Agent`; undefined sends none. */
  readonly headers?: Record<string, string | undefined>;
  readonly timeoutMs?: number;
}

/** One request on a connection of its own, as a new visitor makes it. */
export function ask({ url, method, body, address, port, ca, headers, timeoutMs = 10_000 }: Ask): Promise<Answer> {
  const target = new URL(url);
  const secure = target.protocol === 'https:';
  const options: https.RequestOptions = {
    host: address ?? target.hostname,
    port: port ?? (target.port === '' ? (secure ? 443 : 80) : Number(target.port)),
    path: `${target.pathname}${target.search}`,
    agent: false,
    method,
    headers: sent({ host: target.host, 'user-agent': 'local-run', ...headers }),
    // TLS has no server name for addresses.
    ...(secure ? { ca, servername: /^[\d.]+$/.test(target.hostname) ? '' : target.hostname } : {}),
  };
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    const deadline = setTimeout(() => request.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    request.once('close', () => clearTimeout(deadline));
    request.once('error', reject);
    request.end(body);
  });
}

function sent(headers: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
