import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';
import { scaledServices } from '../scaling';

/** A queue worker is a service that receives the address of a queue and that nothing calls. */
export const queueWorkerScalesOnCpu: Rule = {
  id: 'QueueWorkerScalesOnCpu',
  trap: 'T26',
  level: NagMessageLevel.WARN,
  info: 'A queue worker scales on its CPU.',
  explanation:
    'Scale-in stops tasks when CPU utilization falls, even while they process long messages, and a worker that waits for other services uses little CPU although its queue is full. Scale on the backlog per task, and use task protection.',
  check: (resource) => {
    const workers = scaledServices(resource).filter(isWorker);
    const metric = resource.at('TargetTrackingScalingPolicyConfiguration', 'PredefinedMetricSpecification', 'PredefinedMetricType');
    if (workers.length === 0) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(metric.text === 'ECSServiceAverageCPUUtilization');
  },
};

function isWorker(service: EcsService): boolean {
  const isCalled = service.targets.length > 0 || (service.serviceConnect?.at('Services').items.length ?? 0) > 0;
  // A port that has a name waits for callers, also where nobody connects to it yet.
  const isServer = service.portMappings.some((mapping) => !mapping.at('Name').isAbsent);
  const variables = service.containers.flatMap((container) => container.at('Environment').references);
  return !isCalled && !isServer && variables.some((found) => found.type === 'AWS::SQS::Queue');
}
