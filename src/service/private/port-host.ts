import { IConnectable } from 'aws-cdk-lib/aws-ec2';
import { BaseService } from 'aws-cdk-lib/aws-ecs';
import { ApplicationListenerRule, ApplicationTargetGroup, IApplicationListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { DnsRegistration } from './dns-registration';
import { IMesh } from '../../core/mesh';
import { Compute } from '../../tasks/compute';
import { Rollout } from '../rollout';
import { ServiceConnect } from '../service-connect';

/** The rules of one route whose traffic shifts between two target groups. */
export interface ShiftedRoute {
  readonly live: ApplicationTargetGroup;
  readonly next: ApplicationTargetGroup;
  readonly rule: ApplicationListenerRule;
  readonly testRule?: ApplicationListenerRule;
  /** The listener of the test rule, if it is not the production listener. */
  readonly testListener?: IApplicationListener;
}

/** The service of a port, as the port uses it. */
export interface PortHost extends Construct, IConnectable {
  readonly mesh: IMesh;
  readonly compute: Compute;
  readonly service: BaseService;
  readonly serviceConnect: ServiceConnect;
  readonly discoveryName: string;
  readonly rollout: Rollout;

  /** @internal */
  readonly _dns?: DnsRegistration;

  /** Called before any resource of a route is created. @internal */
  _beforeRoute(): void;

  /** @internal */
  _onRoute(targetGroup: ApplicationTargetGroup, listener: IApplicationListener, shifted?: ShiftedRoute): void;
}
