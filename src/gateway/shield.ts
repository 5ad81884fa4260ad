import { Names } from 'aws-cdk-lib';
import { IApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnProtection } from 'aws-cdk-lib/aws-shield';
import { Construct } from 'constructs';
import { warn } from '../core/private/errors';
import { guard } from '../core/private/guard';

/**
 * The protection of the external load balancer against denial of service.
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
  /** AWS Shield Standard, which protects every load balancer free of charge. */
  public static standard(): Shield {
    return new Shield(() => {}, []);
  }

  /**
   * AWS Shield Advanced, which protects the load balancer and refunds the cost of scaling under an attack.
   *
   * It costs 3,000 USD a month for the whole organization, for at least one year, plus fees for outbound data
   * (https://aws.amazon.com/shield/pricing/). The stack does not subscribe: the deployment fails in an account without a subscription. It
   * includes the standard fees of AWS WAF for protected resources.
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

guard({ Shield });

function protect(scope: Construct, loadBalancer: IApplicationLoadBalancer): void {
  const protection = new CfnProtection(scope, 'Shield', {
    name: Names.uniqueResourceName(scope, { maxLength: 120, separator: '-' }),
    resourceArn: loadBalancer.loadBalancerArn,
  });
  warn(
    protection,
    'ShieldAdvanced',
    'Shield Advanced costs 3,000 USD a month for the organization, for at least one year, and this deployment fails unless the account has a subscription. Acknowledge the warning if you accept both, or leave `shield` out.',
  );
}
