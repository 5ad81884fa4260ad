/** The values of enums. Written by `npx projen facts:arguments`. */
export const ENUMS: Readonly<Record<string, string | undefined>> = {
  AfterRotation: 'redeploy read-again',
  AppendFsync: 'everysec always no',
  BucketAccess: 'read write read-write',
  ComponentKind: 'internet distribution load-balancer service redis database aws-api external',
  DatabaseEngine: 'postgresql mysql mariadb',
  FrameOptions: 'DENY SAMEORIGIN',
  GeolocationCompute: 'ec2 fargate',
  GeolocationRedis: 'ec2-host elasticache',
  HostScaleIn: 'DRAIN WHEN_EMPTY',
  MaxMemoryPolicy: 'noeviction volatile-lru volatile-lfu volatile-ttl volatile-random allkeys-lru allkeys-lfu allkeys-random',
  ParameterRead: 'at-start at-run-time',
  PortProtocol: 'http http2 grpc tcp',
  QueueAccess: 'send consume',
  RedisAuthentication: 'password none',
  SharedRedisAuthentication: 'none password username-and-password',
  TableAccess: 'read write read-write',
  WafMode: 'block count',
  WafRuleGroup:
    'AWSManagedRulesAdminProtectionRuleSet AWSManagedRulesAnonymousIpList AWSManagedRulesLinuxRuleSet AWSManagedRulesPHPRuleSet AWSManagedRulesUnixRuleSet AWSManagedRulesSQLiRuleSet AWSManagedRulesWindowsRuleSet AWSManagedRulesWordPressRuleSet',
};
