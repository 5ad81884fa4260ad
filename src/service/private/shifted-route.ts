import { ApplicationListenerRule, ApplicationTargetGroup, IApplicationListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';

/** The rules of one route whose traffic shifts between two target groups. */
export interface ShiftedRoute {
  readonly live: ApplicationTargetGroup;
  readonly next: ApplicationTargetGroup;
  readonly rule: ApplicationListenerRule;
  readonly testRule?: ApplicationListenerRule;
  /** The listener of the test rule, if it is not the production listener. */
  readonly testListener?: IApplicationListener;
}
