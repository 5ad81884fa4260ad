import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { Resource } from '../../../template/private/app-templates';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';

const KINDS = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'];

export const taskBeforeRolePolicy: Rule = {
  id: 'TaskBeforeRolePolicy',
  trap: 'T15',
  level: NagMessageLevel.WARN,
  info: 'Tasks can start before the policy of their task role or execution role exists.',
  explanation:
    'A policy is a separate resource. Without it, tasks cannot pull their image, read their secrets or call AWS; they fail, and the circuit breaker counts the failures. Add service.node.addDependency(taskDefinition.executionRole!, taskDefinition.taskRole).',
  check: (resource) => {
    const definition = EcsService.of(resource)?.taskDefinition;
    const roles = definition ? [definition.at('TaskRoleArn').resource, definition.at('ExecutionRoleArn').resource] : [];
    const named = roles.flatMap((role) => (role ? KINDS.flatMap((type) => resource.app.referring(role, type, 'Roles')) : []));
    const policies = named.filter((policy) => isFor(policy, roles));
    if (policies.length === 0) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(policies.some((policy) => !resource.waitsFor(policy)));
  },
};

function isFor(policy: Resource, roles: (Resource | undefined)[]): boolean {
  return policy.at('Roles').items.some((role) => role.resource && roles.includes(role.resource));
}
