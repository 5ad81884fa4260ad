import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { Resource } from '../../template/private/app-templates';

/** One rule of the pack. */
export interface Rule {
  /** What is wrong, in one word; with the name of the pack before it, this is the id that users acknowledge. It never changes. */
  readonly id: string;
  /** The trap of docs/checks.md that it sees. */
  readonly trap: string;
  readonly level: NagMessageLevel;
  /** What was found. */
  readonly info: string;
  /** Why it matters, and what to do. */
  readonly explanation: string;
  /** Looks at one resource; what is known only at deployment is not applicable. */
  readonly check: (resource: Resource) => NagRuleCompliance;
}

/** The result for a resource that the rule is about. */
export function verdict(isWrong: boolean): NagRuleCompliance {
  return isWrong ? NagRuleCompliance.NON_COMPLIANT : NagRuleCompliance.COMPLIANT;
}
