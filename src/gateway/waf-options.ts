import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/**
 * Managed rule groups of AWS for what a service is made of.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
 */
export enum WafRuleGroup {
  /** Pages for administrators that are exposed by mistake. */
  ADMIN_PROTECTION = 'AWSManagedRulesAdminProtectionRuleSet',

  /** Senders that hide where they are: proxies, Tor, hosting providers. Also blocks callers in other clouds. */
  ANONYMOUS_IP_LIST = 'AWSManagedRulesAnonymousIpList',

  /** Services that run on Linux. */
  LINUX = 'AWSManagedRulesLinuxRuleSet',

  /** Services in PHP. */
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

/** What happens to requests that a rule of the web ACL matches. */
export enum WafMode {
  /** They are refused with 403. */
  BLOCK = 'block',

  /** They are counted and logged, and let in. */
  COUNT = 'count',
}

/**
 * Countries whose requests are let in.
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
   * Requests from these countries and no others.
   *
   * @param codes two-letter codes of ISO 3166, such as `DE`
   */
  public static only(codes: string[]): WafCountries {
    return new WafCountries(codes, true);
  }

  /**
   * Requests from everywhere but these countries.
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
   * Names of rules of AWSManagedRulesCommonRuleSet that count instead of block, on every side, such as `SizeRestrictions_BODY`, which blocks bodies
   * over 8 KB (https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html).
   *
   * @default - every rule blocks
   */
  readonly countedRules?: string[];

  /**
   * Names of further rules of AWSManagedRulesCommonRuleSet that count on the internal side, where `Compliance.strict()` puts a web ACL too: services
   * send what browsers do not, and a request that is blocked there is an outage. An empty list counts `countedRules` only.
   *
   * @default - `NoUserAgent_HEADER`, `SizeRestrictions_BODY`, the four rules of `EC2MetaDataSSRF` and the three of `GenericRFI`
   */
  readonly internalCountedRules?: string[];

  /**
   * How long the web ACL's log is kept.
   *
   * @default - a month; with `Compliance.strict()` as long as that says
   */
  readonly logRetention?: RetentionDays;

  /**
   * Managed rule groups of AWS besides the three that are always there. Each costs 1 USD a month.
   *
   * @default - none
   */
  readonly ruleGroups?: WafRuleGroup[];

  /**
   * Whether rules block, or only count and log what they would have blocked, to try them out.
   *
   * @default WafMode.BLOCK
   */
  readonly mode?: WafMode;

  /**
   * Countries from which requests come in, by the address that AWS WAF sees.
   *
   * @default - all
   */
  readonly countries?: WafCountries;

  /**
   * IPv4 ranges that pass without any other rule: no limit, no inspection.
   *
   * @default - none
   */
  readonly trustedAddresses?: string[];

  /**
   * IPv4 ranges whose requests are blocked; trusted ones pass even so.
   *
   * @default - none
   */
  readonly blockedAddresses?: string[];
}
