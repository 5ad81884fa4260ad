import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { findEnded, findEnding } from '../../../core/private/ends-of-support';
import { imageVersion } from '../../../core/private/image-version';
import { Rule, verdict } from '../rule';

export const imageVersionEnded: Rule = {
  id: 'ImageVersionEnded',
  trap: 'T29',
  level: NagMessageLevel.WARN,
  info: 'A container runs an official image whose version is past its end of support.',
  explanation:
    'The image receives no more fixes, and tasks that start years later still run it. Choose a supported version: https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/ends-of-support.md lists them.',
  check: (resource) => {
    if (resource.type !== 'AWS::ECS::TaskDefinition') return NagRuleCompliance.NOT_APPLICABLE;
    const images = resource.at('ContainerDefinitions').items.map((container) => imageVersion(container.at('Image').pattern));
    const known = images.filter((image) => image !== undefined && findEnding(image.product, image.version) !== undefined);
    if (known.length === 0) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(known.some((image) => findEnded(image!.product, image!.version) !== undefined));
  },
};
