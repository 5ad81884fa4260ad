import { ApplicationListenerRule, ApplicationTargetGroup, IApplicationListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';

/** The rules of one route whose traffic moves between two target groups. */
export interface ShiftedRoute {
  readonly live: ApplicationTargetGroup;
  readonly next: ApplicationTargetGroup;
  readonly rule: ApplicationListenerRule;
  readonly testRule?: ApplicationListenerRule;
  /** Listener of the test rule, where it is not the production listener. */
  readonly testListener?: IApplicationListener;
}
