import * as http from 'node:http';

interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Service Connect's proxy for a port that speaks HTTP/1.1. 0 is no limit. */
export function proxyHttp(
  pick: () => Endpoint | undefined,
  limits: { readonly idleMs: number; readonly requestMs: number },
): http.Server;
