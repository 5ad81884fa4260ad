import { Names } from 'aws-cdk-lib';
import { IApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnProtection } from 'aws-cdk-lib/aws-shield';
import { Construct } from 'constructs';
import { warn } from '../core/private/errors';

/**
 * Protection of the external load balancer against denial of service.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 *
 * new DualAlbGateway(this, 'Gateway', {
 *   network: mesh,
 *   external: ExternalSide.https({ certificate, shield: Shield.advanced() }),
 * });
 */
export class Shield {
  /** What AWS gives to every load balancer free of charge. */
  public static standard(): Shield {
    return new Shield(() => {}, []);
  }

  /**
   * AWS Shield Advanced protects the load balancer, and refunds what scaling under an attack costs.
   *
   * Costs 3,000 USD a month for the whole organization, for at least a year, and fees for data that goes out
   * (https://aws.amazon.com/shield/pricing/). The stack does not subscribe: deployment fails in an account without subscription. Standard fees
   * of AWS WAF for protected resources are included in it.
   */
  public static advanced(): Shield {
    return new Shield(protect, ['Shield Advanced']);
  }

  private constructor(
    /** @internal */
    public readonly _attach: (scope: Construct, loadBalancer: IApplicationLoadBalancer) => void,
    /** @internal */
    public readonly _details: string[],
  ) {}
}

function protect(scope: Construct, loadBalancer: IApplicationLoadBalancer): void {
  const protection = new CfnProtection(scope, 'Shield', {
    name: Names.uniqueResourceName(scope, { maxLength: 120, separator: '-' }),
    resourceArn: loadBalancer.loadBalancerArn,
  });
  warn(
    protection,
    'ShieldAdvanced',
    'Shield Advanced costs 3,000 USD a month for the organization, for at least a year, and this deployment fails unless the account has subscribed. Acknowledge the warning if both are known, or leave `shield` out.',
  );
}
