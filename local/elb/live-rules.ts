import { Action, RulePlan, WeightedTarget } from './plan';

/**
 * The weights that ECS has set on rules of load balancers, in deployments that shift traffic. They stay until CloudFormation updates the
 * rule, which it does when the rule of the template changes.
 */
export class LiveRules {
  private readonly weights = new Map<string, readonly WeightedTarget[]>();

  public shift(ruleArn: string, targets: readonly WeightedTarget[]): void {
    this.weights.set(ruleArn, targets);
  }

  public forget(ruleArn: string): void {
    this.weights.delete(ruleArn);
  }

  public actionOf({ arn, action }: RulePlan): Action {
    const targets = this.weights.get(arn);
    return targets && action.kind === 'forward' ? { ...action, targets } : action;
  }
}
