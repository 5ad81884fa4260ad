import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';
import { storeVolumes } from '../stores';

/**
 * Finds data stores that write to the same volume. It considers only images whose names identify a data store, because other programs can
 * share files safely.
 */
export const twoWritersOnOneVolume: Rule = {
  id: 'TwoWritersOnOneVolume',
  trap: 'T18',
  level: NagMessageLevel.ERROR,
  info: 'Two tasks of a data store can write to the same files.',
  explanation:
    'More than one task, or a deployment that starts the new task before the old one has stopped, corrupts the files with concurrent writes. Run one task, with minHealthyPercent: 0 and maxHealthyPercent: 100.',
  check: (resource) => {
    const service = EcsService.of(resource);
    const volumes = service ? storeVolumes(service) : [];
    const isShared = service?.taskDefinition
      ?.at('Volumes')
      .items.some((volume) => volumes.includes(volume.at('Name').text ?? '') && !volume.at('EFSVolumeConfiguration').isAbsent);
    if (!service || !isShared || service.tasks === undefined) return NagRuleCompliance.NOT_APPLICABLE;
    const most = service.deployment.at('MaximumPercent');
    const limits = service.scalableTargets.map((target) => target.at('MaxCapacity').number ?? 0);
    return verdict(Math.max(service.tasks, ...limits) > 1 || (!most.isUnknown && (most.number ?? 200) > 100));
  },
};
