import { ArnFormat, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';

interface ManagedWebAclProps {
  readonly rateLimit: number;
  readonly countedRules: string[];
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

/** The web ACL of a gateway, with its log. */
export class ManagedWebAcl extends Construct {
  public readonly webAcl: CfnWebACL;

  private readonly uniqueName = Names.uniqueResourceName(this, { maxLength: 100, separator: '-' });

  public constructor(scope: Construct, id: string, props: ManagedWebAclProps) {
    super(scope, id);
    this.webAcl = this.createWebAcl(props);
    this.createLog(props);
  }

  private createWebAcl({ rateLimit, countedRules }: ManagedWebAclProps): CfnWebACL {
    return new CfnWebACL(this, 'Resource', {
      name: this.uniqueName,
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility(this.uniqueName),
      rules: [
        this.renderRateLimit(rateLimit),
        this.renderManagedGroup(1, 'AWSManagedRulesAmazonIpReputationList', []),
        this.renderManagedGroup(2, 'AWSManagedRulesCommonRuleSet', countedRules),
        this.renderManagedGroup(3, 'AWSManagedRulesKnownBadInputsRuleSet', []),
      ],
    });
  }

  private createLog({ logRetention, removalPolicy }: ManagedWebAclProps): void {
    const logGroup = new LogGroup(this, 'LogGroup', {
      // WAF writes only to groups of this prefix.
      logGroupName: `aws-waf-logs-${this.uniqueName}`,
      retention: logRetention,
      // A named group that survived a failed first deployment would make the second attempt fail.
      removalPolicy: removalPolicy === RemovalPolicy.DESTROY ? removalPolicy : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
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

  private renderRateLimit(limit: number): CfnWebACL.RuleProperty {
    return {
      name: 'RateLimit',
      priority: 0,
      action: { block: {} },
      statement: { rateBasedStatement: { aggregateKeyType: 'IP', evaluationWindowSec: 300, limit } },
      visibilityConfig: visibility('RateLimit'),
    };
  }

  private renderManagedGroup(priority: number, name: string, countedRules: string[]): CfnWebACL.RuleProperty {
    return {
      name,
      priority,
      overrideAction: { none: {} },
      statement: {
        managedRuleGroupStatement: {
          vendorName: 'AWS',
          name,
          ruleActionOverrides:
            countedRules.length > 0 ? countedRules.map((rule) => ({ name: rule, actionToUse: { count: {} } })) : undefined,
        },
      },
      visibilityConfig: visibility(name),
    };
  }
}

function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
