import { RemovalPolicy, Token } from 'aws-cdk-lib';
import { IApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { ManagedWebAcl } from './private/managed-web-acl';
import { invalid, requireInteger } from '../core/private/errors';

/** Choices for the web ACL that a gateway makes. */
export interface ManagedRulesOptions {
  /**
   * Requests that one IP address may send in 5 minutes before it is blocked, 10 to 2,000,000,000. Offices and mobile networks share
   * addresses.
   *
   * @default 2000
   */
  readonly rateLimit?: number;

  /**
   * Names of rules of AWSManagedRulesCommonRuleSet that count instead of block, such as `SizeRestrictions_BODY`, which blocks bodies
   * over 8 KB (https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html).
   *
   * @default - every rule blocks
   */
  readonly countedRules?: string[];

  /**
   * How long the web ACL's log is kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
}

/** Puts a web ACL in front of a load balancer; gives back the one that was made. */
type Attach = (scope: Construct, loadBalancer: IApplicationLoadBalancer, policy: RemovalPolicy) => CfnWebACL | undefined;

/**
 * The AWS WAF web ACL in front of the external load balancer.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 *
 * new DualAlbGateway(this, 'Gateway', {
 *   vpc: mesh.vpc,
 *   certificate,
 *   waf: Waf.managedRules({ rateLimit: 10000, countedRules: ['SizeRestrictions_BODY'] }),
 * });
 */
export class Waf {
  /**
   * A web ACL of the gateway's own: a limit on requests per IP address, and the managed rule groups for addresses of bad reputation,
   * common attacks and known bad inputs. Requests that are blocked or counted are logged, without their `authorization` and `cookie` headers.
   *
   * Costs about 9 USD a month (web ACL 5, four rules 4) plus 0.60 USD per million requests (us-east-1 list prices, November 2026).
   *
   * @param options rate limit, exceptions and log retention
   */
  public static managedRules(options: ManagedRulesOptions = {}): Waf {
    const attach: Attach = (scope, loadBalancer, policy) => {
      const { webAcl } = new ManagedWebAcl(scope, 'Waf', {
        rateLimit: options.rateLimit ?? 2000,
        countedRules: options.countedRules ?? [],
        logRetention: options.logRetention ?? RetentionDays.ONE_MONTH,
        removalPolicy: policy,
      });
      associate(scope, loadBalancer, webAcl.attrArn);
      return webAcl;
    };
    return new Waf('WAF: managed rules', attach, (scope) => requireOptions(scope, options));
  }

  /**
   * A regional web ACL that exists, in the gateway's region.
   *
   * @param webAclArn ARN of the web ACL
   */
  public static fromArn(webAclArn: string): Waf {
    const attach: Attach = (scope, loadBalancer) => {
      associate(scope, loadBalancer, webAclArn);
      return undefined;
    };
    return new Waf('WAF', attach, (scope) => requireArn(scope, webAclArn));
  }

  /** No web ACL. The NIST and PCI checks then report the load balancer. */
  public static none(): Waf {
    return new Waf('no WAF', () => undefined);
  }

  private constructor(
    /** @internal */
    public readonly _label: string,
    /** @internal */
    public readonly _attach: Attach,
    /** @internal */
    public readonly _validate: (scope: Construct) => void = () => {},
  ) {}
}

function associate(scope: Construct, loadBalancer: IApplicationLoadBalancer, webAclArn: string): void {
  new CfnWebACLAssociation(scope, 'WafAssociation', { resourceArn: loadBalancer.loadBalancerArn, webAclArn });
}

function requireOptions(scope: Construct, { rateLimit, countedRules }: ManagedRulesOptions): void {
  requireInteger(scope, 'WafRateLimit', 'waf.rateLimit', rateLimit, 10, 2_000_000_000);
  const wrong = countedRules?.find((name) => !/^[A-Za-z0-9_-]{1,128}$/.test(name));
  if (wrong === undefined) return;
  throw invalid(scope, 'WafCountedRule', {
    prop: 'waf.countedRules',
    must: 'hold names of rules: letters, digits, `_` and `-`',
    got: wrong,
    fix: 'copy the name from the list of AWSManagedRulesCommonRuleSet, as in "SizeRestrictions_BODY"',
  });
}

function requireArn(scope: Construct, webAclArn: string): void {
  if (Token.isUnresolved(webAclArn) || /^arn:[^:]+:wafv2:[^:]+:[^:]+:regional\/webacl\/.+/.test(webAclArn)) return;
  throw invalid(scope, 'WafArn', {
    prop: 'waf',
    must: 'have the ARN of a regional WAFv2 web ACL',
    got: webAclArn,
    fix: 'copy it from the WAF console; a web ACL for CloudFront (global) cannot protect a load balancer',
  });
}
