import { createHash } from 'node:crypto';
import { Stack } from 'aws-cdk-lib';
import { ApplicationListenerRule, CfnListenerRule } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { validateAtSynth } from '../../core/private/errors';

/** The context key of the production rules that an app has deployed: their paths and fingerprints. */
const CONTEXT = 'cdk-ecs-mesh:productionRules';

/**
 * Removes the tags. Otherwise, a change to the tags of an app or a stack would make CloudFormation update the rule and reset its weights.
 */
export function withoutTags(rule: ApplicationListenerRule): void {
  (rule.node.defaultChild as CfnListenerRule).addPropertyDeletionOverride('Tags');
}

/**
 * Guards a production rule. CloudFormation does not update a rule whose template has not changed, whatever its live weights; any change
 * applies the weights of the template. An app that keeps a record in its context cannot change such a rule by accident.
 */
export function guardProductionRule(rule: ApplicationListenerRule): void {
  validateAtSynth(rule, 'ProductionRuleChanged', () => {
    const record = rule.node.tryGetContext(CONTEXT) as Record<string, string> | undefined;
    if (!record) return [];
    const now = fingerprint(rule);
    const known = record[rule.node.path];
    if (known === now) return [];
    return [
      {
        prop: `context["${CONTEXT}"]["${rule.node.path}"]`,
        must: `be ${JSON.stringify(now)}, the fingerprint of the production rule`,
        got: known ?? null,
        fix:
          known === undefined
            ? 'if the rule is new, record it'
            : 'a changed rule gets the weights of the template: check that the first target group is live (https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/rollouts.md), then record it',
      },
    ];
  });
}

/** Returns a fingerprint of everything in the template that reaches the load balancer. */
function fingerprint(rule: ApplicationListenerRule): string {
  const resource = rule.node.defaultChild as CfnListenerRule;
  const { actions, conditions, listenerArn, priority, transforms } = resource;
  const stack = Stack.of(rule);
  const text = JSON.stringify(stack.resolve({ id: resource.logicalId, actions, conditions, listenerArn, priority, transforms }));
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
