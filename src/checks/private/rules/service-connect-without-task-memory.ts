import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';

export const serviceConnectWithoutTaskMemory: Rule = {
  id: 'ServiceConnectWithoutTaskMemory',
  trap: 'T8',
  level: NagMessageLevel.ERROR,
  info: 'The service uses Service Connect, but its task definition has no task-level memory.',
  explanation:
    'The proxy is a container that uses memory of the task. Ec2TaskDefinition does not support task-level memory: use new TaskDefinition(this, id, { compatibility: Compatibility.EC2, cpu, memoryMiB, networkMode }).',
  check: (resource) => {
    const service = EcsService.of(resource);
    if (!service?.serviceConnect || !service.taskDefinition) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(service.taskDefinition.at('Memory').isAbsent);
  },
};
