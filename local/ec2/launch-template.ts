import { Resource } from '../assembly/stack-template';
import { Reader } from '../intrinsics/reader';
import { Resolver } from '../intrinsics/resolver';

/** The launch template that an instance or an auto scaling group names, by its id or its name. */
export function launchTemplateOf(resolver: Resolver, machine: Resource): Reader | undefined {
  const props = resolver.read(machine);
  const direct = props.get('LaunchTemplate');
  const specification = direct.exists
    ? direct
    : props.get('MixedInstancesPolicy').get('LaunchTemplate').get('LaunchTemplateSpecification');
  if (!specification.exists) return undefined;
  const [id, name] = [specification.get('LaunchTemplateId').optional(), specification.get('LaunchTemplateName').optional()];
  const template = resolver.resources('AWS::EC2::LaunchTemplate').find((candidate) => {
    return (
      candidate.logicalId === id || (name !== undefined && resolver.read(candidate).get('LaunchTemplateName').string('') === name)
    );
  });
  return template && resolver.read(template).get('LaunchTemplateData');
}
