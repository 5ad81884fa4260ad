import { CfnResource } from 'aws-cdk-lib';
import { CfnAlarm, CfnCompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Violation } from './errors';
import { QUOTAS } from './quotas';
import { lengthOf } from './tally';

/** Returns the alarms with more actions for one state than CloudWatch allows. */
export function countAlarmActions(resources: CfnResource[]): Violation[] {
  const { limit, of, source } = QUOTAS.actionsOfAlarm;
  return resources.flatMap((node): Violation[] => {
    if (!(node instanceof CfnAlarm || node instanceof CfnCompositeAlarm)) return [];
    const actions = [node.alarmActions, node.okActions, node.insufficientDataActions].map((list) => lengthOf(node, list));
    const most = Math.max(...actions);
    if (most <= limit) return [];
    const must = `have at most ${limit} entries (${of}: ${source})`;
    const fix = 'send it to one topic, and subscribe the others to that';
    return [{ prop: `actions of ${node.node.path}`, must, got: most, fix }];
  });
}
