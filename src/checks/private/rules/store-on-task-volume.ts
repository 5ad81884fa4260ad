import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';
import { storeVolumes } from '../stores';

export const storeOnTaskVolume: Rule = {
  id: 'StoreOnTaskVolume',
  trap: 'T18',
  level: NagMessageLevel.ERROR,
  info: 'A data store keeps its files on a volume that is deleted with its task.',
  explanation:
    'ECS creates a new EBS volume for each task of a service and deletes it with the task, in every deployment. Store the files on EFS, or on a volume of a separate instance.',
  check: (resource) => {
    const service = EcsService.of(resource);
    const volumes = service ? storeVolumes(service) : [];
    if (!service || volumes.length === 0) return NagRuleCompliance.NOT_APPLICABLE;
    const managed = resource.at('VolumeConfigurations').items.filter((volume) => !volume.at('ManagedEBSVolume').isAbsent);
    return verdict(managed.some((volume) => volumes.includes(volume.at('Name').text ?? '')));
  },
};
