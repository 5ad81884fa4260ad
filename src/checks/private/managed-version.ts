import { Resource } from '../../template/private/app-templates';

interface ManagedVersion {
  /** The key in the table of ends of support. */
  readonly product: string;
  /** The version, if the template specifies it. */
  readonly version?: string;
}

/** Returns the version of an engine or a runtime that AWS runs. */
export function managedVersion(resource: Resource): ManagedVersion {
  const text = (property: string) => resource.at(property).text;
  switch (resource.type) {
    case 'AWS::RDS::DBInstance':
    case 'AWS::RDS::DBCluster':
      return { product: `rds/${text('Engine')}`, version: text('EngineVersion') };
    case 'AWS::ElastiCache::CacheCluster':
      return { product: `elasticache/${text('Engine')}`, version: text('EngineVersion') };
    case 'AWS::ElastiCache::ReplicationGroup':
      // The only engine there was when the property came.
      return {
        product: `elasticache/${resource.at('Engine').isAbsent ? 'redis' : text('Engine')}`,
        version: text('EngineVersion'),
      };
    case 'AWS::ElastiCache::ServerlessCache':
      return { product: `elasticache/${text('Engine')}`, version: text('MajorEngineVersion') };
    case 'AWS::Lambda::Function':
      return { product: 'lambda', version: text('Runtime') };
    default:
      return { product: '' };
  }
}
