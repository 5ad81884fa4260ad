import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { WafClientAddress } from './waf-client-address';
import { WafOtherRuleGroup } from './waf-other-rule-group';
import { guard } from '../core/private/guard';

/**
 * The AWS managed rule groups for the technologies that services use.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
 */
export enum WafRuleGroup {
  /** Administrative pages that are exposed by mistake. */
  ADMIN_PROTECTION = 'AWSManagedRulesAdminProtectionRuleSet',

  /** Clients that hide their location: proxies, Tor, hosting providers. It also blocks clients in other clouds. */
  ANONYMOUS_IP_LIST = 'AWSManagedRulesAnonymousIpList',

  /** Services that run on Linux. */
  LINUX = 'AWSManagedRulesLinuxRuleSet',

  /** Services written in PHP. */
  PHP = 'AWSManagedRulesPHPRuleSet',

  /** Services that run on any POSIX system. */
  POSIX = 'AWSManagedRulesUnixRuleSet',

  /** Services with an SQL database. */
  SQL_DATABASE = 'AWSManagedRulesSQLiRuleSet',

  /** Services that run on Windows. */
  WINDOWS = 'AWSManagedRulesWindowsRuleSet',

  /** WordPress sites. */
  WORDPRESS = 'AWSManagedRulesWordPressRuleSet',
}

/** Specifies what happens to requests that a rule of the web ACL matches. */
export enum WafMode {
  /** Requests are blocked with status 403. */
  BLOCK = 'block',

  /** Requests are counted and logged, and allowed. */
  COUNT = 'count',
}

/**
 * The countries from which requests are allowed.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 *
 * new DualAlbGateway(this, 'Gateway', {
 *   network: mesh,
 *   external: ExternalSide.https({ certificate, waf: Waf.managedRules({ countries: WafCountries.only(['DE', 'AT', 'CH']) }) }),
 * });
 */
export class WafCountries {
  /**
   * Allows only requests from these countries.
   *
   * @param codes two-letter codes of ISO 3166, such as `DE`
   */
  public static only(codes: string[]): WafCountries {
    return new WafCountries(codes, true);
  }

  /**
   * Allows requests from all countries except these.
   *
   * @param codes two-letter codes of ISO 3166, such as `DE`
   */
  public static except(codes: string[]): WafCountries {
    return new WafCountries(codes, false);
  }

  private constructor(
    /** @internal */
    public readonly _codes: string[],
    /** @internal */
    public readonly _onlyThese: boolean,
  ) {}
}

guard({ WafCountries });

/** Paths on which a rule of an AWS managed rule group does not block. */
export interface WafExemptPaths {
  /** The name of the rule, such as `SizeRestrictions_BODY`: of the three groups that are always included, or of `ruleGroups`. */
  readonly rule: string;

  /**
   * The paths, such as `/uploads/*` or `/hooks/github`: a `*` is possible at the end only. A path counts as it is sent and as it reads
   * decoded and without `..`, so that `/uploads/../admin` is not exempt. A value that is known only at deployment is a single path.
   */
  readonly paths: string[];
}

/** Options for the web ACL that a gateway creates. */
export interface ManagedRulesOptions {
  /**
   * The number of requests that one IP address can send in 5 minutes before it is blocked, 10 to 2,000,000,000. Offices and mobile networks
   * share addresses.
   *
   * @default 2000
   */
  readonly rateLimit?: number;

  /**
   * The names of rules that count instead of block, on every side, such as `SizeRestrictions_BODY`, which blocks bodies over 8 KB: rules of
   * the three groups that are always included and of `ruleGroups`
   * (https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html). A name that is almost that of a rule is an
   * error, and one that no group had when this version was released the warning `WafRuleNotListed`.
   *
   * @default - every rule blocks
   */
  readonly countedRules?: string[];

  /**
   * The paths on which single rules count, while they block on all others: uploads, webhooks, editors. The rule counts in its group and adds
   * its label, and a rule after the groups blocks requests with that label on any other path. It costs 1 USD a month for each rule, and
   * 1 capacity unit and 24 for each path. A rule that counts everywhere, as some do on the internal side or with a sign-in, stays so.
   *
   * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-labels.html
   * @default - every rule blocks on every path
   */
  readonly exemptPaths?: WafExemptPaths[];

  /**
   * The names of additional rules that count on the internal side, which has a web ACL too with
   * `Compliance.strict()`: services send requests that browsers do not, and blocking one causes an outage. With an empty list, only
   * `countedRules` count.
   *
   * @default - `NoUserAgent_HEADER`, `SizeRestrictions_BODY`, the four rules of `EC2MetaDataSSRF` and the three of `GenericRFI`
   */
  readonly internalCountedRules?: string[];

  /**
   * The retention period of the web ACL's log.
   *
   * @default - one month; with `Compliance.strict()`, its log retention
   */
  readonly logRetention?: RetentionDays;

  /**
   * AWS managed rule groups in addition to the three that are always included. Each costs 1 USD a month.
   *
   * @default - none
   */
  readonly ruleGroups?: WafRuleGroup[];

  /**
   * Rule groups of your own or of AWS Marketplace. They are evaluated in this order after the managed groups, whose labels they can use. Each
   * costs 1 USD a month, and those of AWS Marketplace what the vendor charges.
   *
   * @default - none
   */
  readonly otherRuleGroups?: WafOtherRuleGroup[];

  /**
   * Specifies whether rules block requests, or only count and log those that they would have blocked.
   *
   * @default WafMode.BLOCK
   */
  readonly mode?: WafMode;

  /**
   * The address that the rate limit, the countries and the address lists judge. Behind a content delivery network, specify the header in which
   * it forwards the address of its client.
   *
   * @default WafClientAddress.connection()
   */
  readonly clientAddress?: WafClientAddress;

  /**
   * The countries from which requests are allowed, by `clientAddress`.
   *
   * @default - all countries
   */
  readonly countries?: WafCountries;

  /**
   * The IPv4 ranges that bypass all other rules: no rate limit, no inspection.
   *
   * @default - none
   */
  readonly trustedAddresses?: string[];

  /**
   * The IPv4 ranges whose requests are blocked, unless they are trusted.
   *
   * @default - none
   */
  readonly blockedAddresses?: string[];
}
