import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';

export const serviceConnectWithoutTaskMemory: Rule = {
  id: 'ServiceConnectWithoutTaskMemory',
  trap: 'T8',
  level: NagMessageLevel.ERROR,
  info: 'The service uses Service Connect, and its task definition has no memory of its own.',
  explanation:
    'The proxy is a container that takes its share of the task. Ec2TaskDefinition cannot say it: use new TaskDefinition(this, id, { compatibility: Compatibility.EC2, cpu, memoryMiB, networkMode }).',
  check: (resource) => {
    const service = EcsService.of(resource);
    if (!service?.serviceConnect || !service.taskDefinition) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(service.taskDefinition.at('Memory').isAbsent);
  },
};
