import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { Violation, warn } from './errors';
import { QUOTAS } from './quotas';
import { targetOf } from './tally';

/** Warns of event buses with more rules than the default quota, such as those that report failed runs of schedules. */
export function countEventRules(resources: CfnResource[]): Violation[] {
  const buses = new Map<unknown, CfnRule[]>();
  for (const rule of resources) {
    if (!(rule instanceof CfnRule)) continue;
    const bus = busOf(rule);
    buses.set(bus, [...(buses.get(bus) ?? []), rule]);
  }
  const { limit, source } = QUOTAS.rulesOfEventBus;
  for (const rules of buses.values()) {
    if (rules.length <= limit) continue;
    const stack = Stack.of(rules[limit]);
    warn(
      stack,
      'EventRules',
      `The stacks up to ${stack.node.path} have ${rules.length} rules on one event bus; a bus has at most ${limit} unless the quota was raised, in some ` +
        `Regions 100 (${source}). Raise it before you deploy, or deploy some of the stacks to another account or Region.`,
    );
  }
  return [];
}

/** Returns the bus in the app, or the place and name of another one. Stacks without a known place may be in one. */
function busOf(rule: CfnRule): unknown {
  const { eventBusName = 'default' } = rule;
  const { account, region } = Stack.of(rule);
  const place = [account, region].map((part) => (Token.isUnresolved(part) ? '' : part));
  return targetOf(rule, eventBusName) ?? [...place, eventBusName].join(' ');
}
