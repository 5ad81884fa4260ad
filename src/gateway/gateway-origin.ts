import { Duration } from 'aws-cdk-lib';
import { IOrigin, OriginBindConfig, OriginBindOptions, VpcOrigin } from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';
import { distributionOf, recordDistribution, requireHostHeader } from './private/distribution';
import { createOrigin, OriginChoices, OriginSide } from './private/side-origin';
import { guard } from '../core/private/guard';

/** Options for a side as the origin of a CloudFront distribution. */
export interface GatewayOriginOptions {
  /**
   * The name that CloudFront expects in the certificate of the side, and sends as `Host` unless the distribution forwards that of the viewer.
   * A VPC origin does not resolve it.
   *
   * @default - the DNS name of the load balancer, which is in no certificate: on a side with HTTPS, each behavior must then forward `Host`
   */
  readonly domainName?: string;

  /**
   * The time that CloudFront waits for the load balancer, 1 second to its idle timeout. Above 120 seconds, CloudFront requires a higher quota.
   *
   * @default - the idle timeout of the load balancer, at most 120 seconds
   */
  readonly readTimeout?: Duration;

  /**
   * The time that CloudFront keeps an idle connection open: at least 1 second, and less than the idle timeout of the load balancer, which
   * otherwise closes it while CloudFront sends the next request.
   *
   * @default - 5 seconds, or a second less than a shorter idle timeout
   */
  readonly keepaliveTimeout?: Duration;

  /**
   * The headers that CloudFront adds to each request, such as the one by which the routes of an internet-facing side recognize it.
   *
   * @default - none
   */
  readonly customHeaders?: { [name: string]: string };
}

/**
 * A side of a gateway as the origin of CloudFront distributions, from `gateway.internal.cloudFrontOrigin()`.
 *
 * @example
 * declare const gateway: DualAlbGateway;
 * declare const certificateInVirginia: acm.ICertificate;
 *
 * new cloudfront.Distribution(this, 'Distribution', {
 *   domainNames: ['www.example.com'],
 *   certificate: certificateInVirginia,
 *   defaultBehavior: {
 *     origin: gateway.internal.cloudFrontOrigin(),
 *     originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER,
 *     cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
 *     allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
 *     viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
 *   },
 * });
 */
export class GatewayOrigin implements IOrigin {
  /** @internal */
  public static _create(side: OriginSide, options: OriginChoices): GatewayOrigin {
    const { origin, vpcOrigin } = createOrigin(side, options);
    return new GatewayOrigin(side, options, origin, vpcOrigin);
  }

  private constructor(
    private readonly side: OriginSide,
    private readonly options: OriginChoices,
    private readonly origin: IOrigin,
    /** The VPC origin of an internal load balancer; undefined for an internet-facing one, which CloudFront calls at its public address. */
    public readonly vpcOrigin?: VpcOrigin,
  ) {}

  /**
   * Renders the origin for a distribution, and records the distribution in the topology. CDK calls it.
   *
   * @param scope scope of the origin in the distribution
   * @param options ID of the origin in the distribution
   */
  public bind(scope: Construct, options: OriginBindOptions): OriginBindConfig {
    const config = this.origin.bind(scope, options);
    const distribution = distributionOf(scope);
    recordDistribution(distribution, this.side);
    requireHostHeader(distribution, config.originProperty?.id ?? options.originId, this.side, this.options);
    return config;
  }
}

guard({ GatewayOrigin });
