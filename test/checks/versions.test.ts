import { judge, Resources, task, UNKNOWN } from './judge';
import { engineMinorPinned } from '../../src/checks/private/rules/engine-minor-pinned';
import { engineVersionEnded } from '../../src/checks/private/rules/engine-version-ended';
import { imageVersionEnded } from '../../src/checks/private/rules/image-version-ended';

const one = (Type: string, Properties: object): Resources => ({ It: { Type, Properties } });
const instance = (Engine: unknown, EngineVersion?: unknown) => one('AWS::RDS::DBInstance', { Engine, EngineVersion });
const cluster = (Engine: string, EngineVersion: string) => one('AWS::RDS::DBCluster', { Engine, EngineVersion });
const nodes = (EngineVersion: string, more: object = {}) => one('AWS::ElastiCache::ReplicationGroup', { EngineVersion, ...more });
const serverless = (Engine: string, MajorEngineVersion: string) =>
  one('AWS::ElastiCache::ServerlessCache', { Engine, MajorEngineVersion });
const lambda = (Runtime?: unknown) => one('AWS::Lambda::Function', { Runtime });

judge(engineVersionEnded, {
  'a major version': ['compliant', instance('postgres', '17')],
  'a minor version that goes on': ['compliant', instance('postgres', '17.7')],
  'a minor version that RDS makes no more': ['wrong', instance('postgres', '17.6')],
  'an older one than the table names': ['wrong', instance('postgres', '17.5')],
  'a major version on Extended Support': ['wrong', instance('postgres', '13')],
  'a minor version of it': ['wrong', instance('postgres', '13.23')],
  'MySQL on Extended Support': ['wrong', instance('mysql', '8.0.46')],
  'a minor version of MySQL': ['wrong', instance('mysql', '8.4.4')],
  'MySQL that goes on until tomorrow': ['compliant', instance('mysql', '8.4.7')],
  MariaDB: ['wrong', instance('mariadb', '10.5.29')],
  'a cluster of Aurora PostgreSQL': ['wrong', cluster('aurora-postgresql', '13.9')],
  'one that goes on': ['compliant', cluster('aurora-postgresql', '16.4')],
  'Aurora MySQL 2': ['wrong', cluster('aurora-mysql', '5.7.mysql_aurora.2.12.5')],
  'Aurora MySQL 3': ['compliant', cluster('aurora-mysql', '8.0.mysql_aurora.3.10.4')],
  'an engine without rows': ['not applicable', instance('sqlserver-se', '15.00')],
  'a version without a row': ['not applicable', instance('postgres', '99')],
  'no version': ['not applicable', instance('postgres')],
  'an unknown version': ['not applicable', instance('postgres', UNKNOWN)],
  'an unknown engine': ['not applicable', instance(UNKNOWN, '13')],
  'Redis 5': ['wrong', nodes('5.0.6', { Engine: 'redis' })],
  'Redis without its name': ['wrong', nodes('4.0.10')],
  'Redis 6 goes on': ['compliant', nodes('6.x')],
  'a cache of one node': ['wrong', one('AWS::ElastiCache::CacheCluster', { Engine: 'redis', EngineVersion: '5.0.6' })],
  Valkey: ['compliant', serverless('valkey', '8')],
  Memcached: ['not applicable', one('AWS::ElastiCache::CacheCluster', { Engine: 'memcached', EngineVersion: '1.6.22' })],
  'a runtime': ['compliant', lambda('nodejs24.x')],
  'a deprecated runtime': ['wrong', lambda('nodejs20.x')],
  'a runtime of the system': ['wrong', lambda('provided.al2')],
  'a runtime without a row': ['not applicable', lambda('provided.al2099')],
  'a function from an image': ['not applicable', lambda()],
});

judge(engineMinorPinned, {
  'a major version of PostgreSQL': ['compliant', instance('postgres', '17')],
  'a minor version of it': ['wrong', instance('postgres', '17.9')],
  'a major version of MySQL': ['compliant', instance('mysql', '8.4')],
  'a minor version of MySQL': ['wrong', instance('mysql', '8.4.9')],
  'a minor version of MariaDB': ['wrong', instance('mariadb', '11.4.12')],
  'a cluster over three zones': ['wrong', cluster('postgres', '17.9')],
  Aurora: ['not applicable', cluster('aurora-postgresql', '17.9')],
  'an unknown version': ['not applicable', instance('postgres', UNKNOWN)],
  'a cache': ['not applicable', nodes('8.1', { Engine: 'valkey' })],
});

const image = (...references: unknown[]) => {
  const { Type, Properties } = task();
  return {
    Task: { Type, Properties: { ...Properties, ContainerDefinitions: references.map((Image) => ({ Name: 'it', Image })) } },
  };
};
const joined = (repository: string) => ({ 'Fn::Join': ['', [UNKNOWN, repository]] });

judge(imageVersionEnded, {
  'an image that goes on': ['compliant', image('node:24-alpine')],
  'the newest minor version': ['compliant', image('redis:7-alpine')],
  'an ended one': ['wrong', image('node:20-alpine')],
  'an ended minor version': ['wrong', image('redis:7.0.15')],
  'one of two': ['wrong', image('node:24', 'nginx:1.29')],
  'in a registry of AWS': ['wrong', image('public.ecr.aws/docker/library/python:3.9-slim')],
  'in a pull-through cache': ['wrong', image(joined('.dkr.ecr.eu-west-1.amazonaws.com/hub/library/nginx:1.27'))],
  'with a digest': ['wrong', image(`nginx:1.27@sha256:${'0'.repeat(64)}`)],
  'Redis Stack': ['wrong', image('redis/redis-stack-server:7.4.0-v3')],
  Valkey: ['compliant', image('valkey/valkey:8.1-alpine')],
  'an old collector': ['wrong', image('public.ecr.aws/aws-observability/aws-otel-collector:v0.43.1')],
  'an image of your own with that name': ['not applicable', image('my/node:20')],
  'a tag that is no version': ['not applicable', image('node:latest', 'nginx:stable', 'redis')],
  'a version without a row': ['not applicable', image('node:99')],
  'only a digest': ['not applicable', image(`node@sha256:${'0'.repeat(64)}`)],
  'an unknown image': ['not applicable', image(UNKNOWN)],
  'no task': ['not applicable', { It: { Type: 'AWS::ECS::Cluster' } }],
});
