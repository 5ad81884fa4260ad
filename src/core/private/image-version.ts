/** Images whose tags are versions of what is in them, with their row in the table of ends of support. */
const OFFICIAL: readonly (readonly [repository: RegExp, product: string])[] = [
  [/^(?:(?:[^/]+\/)*library\/)?(node|python|nginx|redis|postgres|mysql|mariadb)$/, 'image/$1'],
  [/^(?:[^/]+\/)*nginx\/nginx$/, 'image/nginx'],
  [/^(?:[^/]+\/)*valkey\/valkey$/, 'image/valkey'],
  [/^(?:[^/]+\/)*redis\/redis-stack(?:-server)?$/, 'image/redis-stack'],
  [/^(?:[^/]+\/)*(?:aws-observability|amazon)\/aws-otel-collector$/, 'image/aws-otel-collector'],
];

/**
 * Returns the product and version that a reference to an official image names; undefined for other images, and for tags that are not a
 * version.
 */
export function imageVersion(reference: string): { readonly product: string; readonly version: string } | undefined {
  const [, repository, tag] = /^(.+?):([^:/@]+)(?:@.+)?$/.exec(reference) ?? [];
  const version = /^v?(\d+(?:\.\d+)*)/.exec(tag ?? '')?.[1];
  const official = OFFICIAL.find(([pattern]) => pattern.test(repository ?? ''));
  if (!official || version === undefined) return undefined;
  return { product: repository.replace(...official), version };
}
