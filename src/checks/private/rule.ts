import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { Resource } from '../../template/private/app-templates';

/** One rule of the pack. */
export interface Rule {
  /** The name of the fault, in one word. Prefixed with the name of the pack, it is the ID that users acknowledge, so it never changes. */
  readonly id: string;
  /** The trap of docs/checks.md that the rule detects. */
  readonly trap: string;
  readonly level: NagMessageLevel;
  /** A description of the fault. */
  readonly info: string;
  /** An explanation of the risk and the remedy. */
  readonly explanation: string;
  /** The check of one resource. If it depends on a value that is known only at deployment, the rule is not applicable. */
  readonly check: (resource: Resource) => NagRuleCompliance;
}

/** Returns the result for a resource that the rule applies to. */
export function verdict(isWrong: boolean): NagRuleCompliance {
  return isWrong ? NagRuleCompliance.NON_COMPLIANT : NagRuleCompliance.COMPLIANT;
}
