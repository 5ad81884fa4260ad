/**
 * The connections that a node of ElastiCache accepts, `maxclients`, which nobody can change.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
 */
const FEWER: [RegExp, number][] = [
  [/^cache\.(?:t2\.|t3\.micro$|t4g\.micro$)/, 20_000],
  [/^cache\.t3\.(?:small|medium)$/, 46_000],
];

/** The connections that all other nodes and serverless caches accept. */
export const MAX_CONNECTIONS = 65_000;

/** Returns the number of connections that a node of a type accepts. */
export function connectionsOf(nodeType: string): number {
  return FEWER.find(([types]) => types.test(nodeType))?.[1] ?? MAX_CONNECTIONS;
}
