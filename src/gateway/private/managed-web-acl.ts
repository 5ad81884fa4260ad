import { ArnFormat, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnIPSet, CfnLoggingConfiguration, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { capacityOf, COUNTED_WITH_SIGN_IN, renderRules, visibility, WafRuleChoices } from './waf-rules';
import { warn } from '../../core/private/errors';
import { createLogGroup } from '../../core/private/log-group';

/** The capacity that the base price of a web ACL includes. */
const INCLUDED_CAPACITY = 1500;

interface ManagedWebAclProps extends Omit<WafRuleChoices, 'trusted' | 'blocked'> {
  readonly trustedAddresses: string[];
  readonly blockedAddresses: string[];
  readonly logRetention?: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

/** Makes the web ACL of a side count what the sign-in of a route sends, and not block it. Another web ACL stays as it is. */
export function countSignIn(webAcl: CfnWebACL | undefined): void {
  const owner = webAcl?.node.scope;
  if (owner instanceof ManagedWebAcl) owner.countSignIn();
}

/** The web ACL of a gateway, with its log. */
export class ManagedWebAcl extends Construct {
  public readonly webAcl: CfnWebACL;

  private readonly choices: WafRuleChoices;
  private readonly uniqueName = Names.uniqueResourceName(this, { maxLength: 100, separator: '-' });

  constructor(scope: Construct, id: string, props: ManagedWebAclProps) {
    super(scope, id);
    this.choices = this.choose(props);
    this.webAcl = this.createWebAcl();
    this.createLog(props);
  }

  public countSignIn(): void {
    const countedRules = [...new Set([...this.choices.countedRules, ...COUNTED_WITH_SIGN_IN])];
    this.webAcl.rules = renderRules({ ...this.choices, countedRules });
  }

  private choose(props: ManagedWebAclProps): WafRuleChoices {
    return {
      ...props,
      trusted: this.createAddresses('TrustedAddresses', props.trustedAddresses),
      blocked: this.createAddresses('BlockedAddresses', props.blockedAddresses),
    };
  }

  private createWebAcl(): CfnWebACL {
    this.warnOfCapacity(this.choices);
    return new CfnWebACL(this, 'Resource', {
      name: this.uniqueName,
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility(this.uniqueName),
      rules: renderRules(this.choices),
    });
  }

  private createAddresses(id: string, addresses: string[]): string | undefined {
    if (addresses.length === 0) return undefined;
    return new CfnIPSet(this, id, { scope: 'REGIONAL', ipAddressVersion: 'IPV4', addresses }).attrArn;
  }

  private warnOfCapacity(choices: WafRuleChoices): void {
    const capacity = capacityOf(choices);
    if (capacity <= INCLUDED_CAPACITY) return;
    warn(
      this,
      'WafCapacity',
      `The rules of the web ACL have about ${capacity} capacity units; AWS charges more per request for those over ${INCLUDED_CAPACITY}. Leave out rule groups that the services do not need.`,
    );
  }

  private createLog({ logRetention, removalPolicy }: ManagedWebAclProps): void {
    const logGroup = createLogGroup(this, 'LogGroup', {
      // WAF writes only to groups of this prefix.
      logGroupName: `aws-waf-logs-${this.uniqueName}`,
      retention: logRetention,
      disposable: removalPolicy === RemovalPolicy.DESTROY,
      keep: true,
    });
    new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: this.webAcl.attrArn,
      logDestinationConfigs: [
        // The ARN attribute of a log group ends with `:*`, which WAF refuses.
        Stack.of(this).formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: logGroup.logGroupName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      // Every request is in the access logs already; here only those that a rule matched, or the log costs more than the web ACL.
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: ['BLOCK', 'COUNT'].map((Action) => ({ ActionCondition: { Action } })),
          },
        ],
      },
      redactedFields: [{ singleHeader: { Name: 'authorization' } }, { singleHeader: { Name: 'cookie' } }],
    });
  }
}
