import { EcsService } from './ecs-service';
import { Resource } from '../../template/private/app-templates';

/** Returns the services that a scaling policy scales; empty for other resources. */
export function scaledServices(policy: Resource): EcsService[] {
  if (policy.type !== 'AWS::ApplicationAutoScaling::ScalingPolicy') return [];
  const target = policy.at('ScalingTargetId').resource;
  const named = new Set(target?.at('ResourceId').references);
  return [...named]
    .flatMap((resource) => (resource.exists ? (EcsService.of(resource) ?? []) : []))
    .filter((service) => service.scalableTargets.includes(target!));
}
