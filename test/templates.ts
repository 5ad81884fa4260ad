/**
 * A template as it is compared between versions of the code and of the CDK: without hashes of assets, which say that code changed, without
 * metadata, and without a key of dashboards (JSON in a text) that versions of the CDK write at different places.
 */
export function comparable(template: object): object {
  const parsed = JSON.parse(
    JSON.stringify(template)
      .replace(/\b[0-9a-f]{64}\b/g, '<hash>')
      .replace(/\\"visible\\":false,|,\\"visible\\":false/g, ''),
  ) as { Resources?: Record<string, { Metadata?: object }> };
  for (const resource of Object.values(parsed.Resources ?? {})) delete resource.Metadata;
  return parsed;
}
