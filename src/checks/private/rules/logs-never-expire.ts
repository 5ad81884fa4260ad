import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { Resource, Value } from '../../../template/private/app-templates';
import { Rule, verdict } from '../rule';

export const logsNeverExpire: Rule = {
  id: 'LogsNeverExpire',
  trap: 'T16',
  level: NagMessageLevel.WARN,
  info: 'The logs of a container never expire.',
  explanation:
    'LogDrivers.awsLogs creates a log group that never expires and is retained when its stack is deleted, and so does awslogs-create-group. Pass logRetention, or a log group with retention.',
  check: (resource) => {
    const drivers = logConfigurations(resource).filter((log) => log.at('LogDriver').text === 'awslogs');
    const known = drivers.filter((log) => groupOf(log) || isMadeByDriver(log));
    if (known.length === 0) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(known.some((log) => (groupOf(log) ? groupOf(log)!.at('RetentionInDays').isAbsent : true)));
  },
};

function logConfigurations(resource: Resource): Value[] {
  if (resource.type === 'AWS::ECS::Service') return [resource.at('ServiceConnectConfiguration', 'LogConfiguration')];
  if (resource.type !== 'AWS::ECS::TaskDefinition') return [];
  return resource.at('ContainerDefinitions').items.map((container) => container.at('LogConfiguration'));
}

function groupOf(log: Value): Resource | undefined {
  return log.at('Options', 'awslogs-group').resource;
}

function isMadeByDriver(log: Value): boolean {
  return log.at('Options', 'awslogs-create-group').isTrue;
}
