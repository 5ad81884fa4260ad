import { CfnResource, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { countAlarmActions } from './alarm-count';
import { warnOfSilentAlarms } from './alarm-topics';
import { ConstructState } from './construct-state';
import { countEcsParts } from './ecs-count';
import { validateAtSynth } from './errors';
import { countListenerParts } from './listener-count';
import { claimNames } from './name-count';
import { countPolicies } from './policy-count';
import { countInRegions } from './region-count';
import { countSecurityGroupRules } from './security-group-count';
import { countTargets } from './target-count';

/** Counts at the end of synthesis what fills a quota of AWS, wherever in the app it is declared, and reads what alarms need. */
export function countQuotas(scope: IConstruct): void {
  counted.of(Stage.of(scope) ?? scope.node.root);
}

const counted = new ConstructState('quotas', (stage) => {
  let resources: CfnResource[];
  // CDK calls the checks of a construct in the order of this list, so that one walk serves all.
  validateAtSynth(stage, 'SecurityGroupRules', () => {
    resources = stage.node.findAll().filter((node) => CfnResource.isCfnResource(node));
    return countSecurityGroupRules(resources);
  });
  validateAtSynth(stage, 'ListenerRules', () => countListenerParts(resources));
  validateAtSynth(stage, 'LoadBalancerTargets', () => countTargets(resources));
  validateAtSynth(stage, 'AlarmTopicPolicy', () => warnOfSilentAlarms(resources));
  validateAtSynth(stage, 'PolicySize', () => countPolicies(resources));
  validateAtSynth(stage, 'AlarmActions', () => countAlarmActions(resources));
  validateAtSynth(stage, 'EcsQuota', () => countEcsParts(resources));
  validateAtSynth(stage, 'EventRules', () => countInRegions(resources));
  validateAtSynth(stage, 'NameTwice', () => claimNames(resources));
  return true;
});
