import { IConnectable } from 'aws-cdk-lib/aws-ec2';
import { BaseService } from 'aws-cdk-lib/aws-ecs';
import { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { DnsRegistration } from './dns-registration';
import { IMesh } from '../../core/mesh';
import { Compute } from '../compute';
import { ServiceConnect } from '../service-connect';

/** What a port needs of the service that it belongs to. */
export interface PortHost extends Construct, IConnectable {
  readonly mesh: IMesh;
  readonly compute: Compute;
  readonly service: BaseService;
  readonly serviceConnect: ServiceConnect;

  /** @internal */
  readonly _dns?: DnsRegistration;

  /** @internal */
  _onRoute(targetGroup: ApplicationTargetGroup): void;
}
