import { Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { countAlarmActions } from './alarm-count';
import { warnOfSilentAlarms } from './alarm-topics';
import { ConstructState } from './construct-state';
import { validateAtSynth } from './errors';
import { countListenerParts } from './listener-count';
import { claimNames } from './name-count';
import { countPolicies } from './policy-count';
import { countSecurityGroupRules } from './security-group-count';

/** Counts at the end of synthesis what fills a quota of AWS, wherever in the app it is declared, and reads what alarms need. */
export function countQuotas(scope: IConstruct): void {
  counted.of(Stage.of(scope) ?? scope.node.root);
}

const counted = new ConstructState('quotas', (stage) => {
  const nodes = () => stage.node.findAll();
  validateAtSynth(stage, 'PolicySize', () => {
    countSecurityGroupRules(nodes());
    countListenerParts(nodes());
    warnOfSilentAlarms(nodes());
    return countPolicies(nodes());
  });
  validateAtSynth(stage, 'AlarmActions', () => countAlarmActions(nodes()));
  validateAtSynth(stage, 'NameTwice', () => claimNames(nodes()));
  return true;
});
