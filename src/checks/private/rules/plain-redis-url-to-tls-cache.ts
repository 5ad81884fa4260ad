import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { Resource, Value } from '../../../template/private/app-templates';
import { Rule, verdict } from '../rule';

export const plainRedisUrlToTlsCache: Rule = {
  id: 'PlainRedisUrlToTlsCache',
  trap: 'T23',
  level: NagMessageLevel.ERROR,
  info: 'A container receives a redis:// address for a cache that accepts only TLS.',
  explanation:
    'Serverless caches, and replication groups with encryption in transit, close unencrypted connections, and clients hang. Use rediss://, with a cluster-aware client for a serverless cache.',
  check: (resource) => {
    if (resource.type !== 'AWS::ECS::TaskDefinition') return NagRuleCompliance.NOT_APPLICABLE;
    const variables = resource.at('ContainerDefinitions').items.flatMap((container) => container.at('Environment').items);
    const urls = variables.map((variable) => variable.at('Value')).filter((value) => isUrlOfTlsCache(value));
    if (urls.length === 0) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(urls.some((url) => /^redis:/.test(url.pattern)));
  },
};

function isUrlOfTlsCache(value: Value): boolean {
  return /^rediss?:\/\//.test(value.pattern) && value.references.some(speaksTlsOnly);
}

function speaksTlsOnly(cache: Resource): boolean {
  if (cache.type === 'AWS::ElastiCache::ServerlessCache') return true;
  const mayBePlain = cache.at('TransitEncryptionMode').text === 'preferred';
  return cache.type === 'AWS::ElastiCache::ReplicationGroup' && cache.at('TransitEncryptionEnabled').isTrue && !mayBePlain;
}
