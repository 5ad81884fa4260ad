import { Stack, Token } from 'aws-cdk-lib';
import { Connections, EgressRuleConfig, IngressRuleConfig, IPeer, PrefixList } from 'aws-cdk-lib/aws-ec2';
import { Construct, IConstruct } from 'constructs';
import { validationError } from '../core/private/errors';
import { guard } from '../core/private/guard';
import { isUnknown } from '../core/private/unknown';

const NAME = 'com.amazonaws.global.cloudfront.origin-facing';
const ID = 'CloudFrontPrefixList';

/**
 * The addresses from which CloudFront calls its origins: the managed prefix list `com.amazonaws.global.cloudfront.origin-facing`, as a peer
 * of a side.
 *
 * A security group counts the list as 55 rules of its quota of 60
 * (https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html#aws-managed-prefix-list-weights), so a side
 * with HTTPS admits it on port 443 only.
 *
 * Distributions of all AWS accounts call from these addresses. An internal load balancer is reached only by those that have a VPC origin of
 * it; an internet-facing one by every distribution, so its routes must require a header that only yours sends (warning `AnyDistribution`).
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 *
 * const gateway = new DualAlbGateway(this, 'Gateway', {
 *   network: mesh,
 *   internal: InternalSide.https({ certificate, peers: [CloudFrontPrefixList.fromLookup(this)] }),
 * });
 */
export class CloudFrontPrefixList implements IPeer {
  /** The number of rules of a security group as which a rule with the list counts. */
  public static readonly WEIGHT = 55;

  /**
   * Looks up the list in the account and Region of the stack, which must be specified (`env`). The ID is stored in `cdk.context.json`.
   *
   * @param scope any construct of the stack
   */
  public static fromLookup(scope: Construct): CloudFrontPrefixList {
    const stack = Stack.of(scope);
    if (Token.isUnresolved(stack.account) || Token.isUnresolved(stack.region)) {
      throw validationError(scope, ID, {
        prop: 'env',
        must: 'be specified for the stack in which the prefix list is looked up',
        fix: 'set `env: { account, region }` of the stack, or use `CloudFrontPrefixList.fromPrefixListId`',
      });
    }
    const known = stack.node.tryFindChild(ID) as PrefixList | undefined;
    const { prefixListId } = known ?? PrefixList.fromLookup(stack, ID, { prefixListName: NAME });
    return new CloudFrontPrefixList(prefixListId);
  }

  /**
   * Uses the ID of the list, which differs by Region: `aws ec2 describe-managed-prefix-lists` lists it.
   *
   * @param prefixListId ID of the list in the Region of the stack, such as `pl-4fa04526`
   */
  public static fromPrefixListId(prefixListId: string): CloudFrontPrefixList {
    return new CloudFrontPrefixList(prefixListId);
  }

  /** Indicates whether a rule can be part of a security group: not if the ID is known only at deployment. */
  public readonly canInlineRule: boolean;
  /** The ID of the prefix list, which identifies the peer. */
  public readonly uniqueId: string;
  /** The connections of the peer, which have no security group. */
  public readonly connections: Connections;

  private constructor(
    /** The ID of the prefix list. */
    public readonly prefixListId: string,
  ) {
    this.canInlineRule = !Token.isUnresolved(prefixListId);
    this.uniqueId = prefixListId;
    this.connections = new Connections({ peer: this });
  }

  /** Returns the source of a rule for inbound traffic. */
  public toIngressRuleConfig(): IngressRuleConfig {
    return { sourcePrefixListId: this.prefixListId };
  }

  /** Returns the destination of a rule for outbound traffic. */
  public toEgressRuleConfig(): EgressRuleConfig {
    return { destinationPrefixListId: this.prefixListId };
  }

  /** @internal */
  public _validate(scope: IConstruct, prop: string): void {
    if (isUnknown(this.prefixListId) || /^pl-[0-9a-zA-Z]+$/.test(this.prefixListId)) return;
    throw validationError(scope, ID, {
      prop,
      must: 'have the ID of a prefix list',
      got: this.prefixListId,
      fix: 'copy it from `aws ec2 describe-managed-prefix-lists`, such as "pl-4fa04526"',
    });
  }
}

guard({ CloudFrontPrefixList });
