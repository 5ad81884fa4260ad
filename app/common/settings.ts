import { Environment } from './environment';

/** Settings that both services have. */
export interface ServerSettings {
  readonly host: string;
  readonly port: number;
  readonly drainMs: number;
  readonly trustedHops: number;
}

export const DRAIN_DEADLINE_MS = 20_000;

export function readServerSettings(env: Environment): ServerSettings {
  return {
    host: env.text('HOST') ?? '0.0.0.0',
    port: env.integer('PORT', 8080, 0, 65535),
    drainMs: env.integer('DRAIN_SECONDS', 3, 0, 15) * 1000,
    trustedHops: env.integer('TRUST_PROXY_HOPS', 0, 0, 10),
  };
}

/** Headers of every answer that is not a page. */
export const SECURITY_HEADERS: Record<string, string> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'private, no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
};
