import { CfnRuleGroup, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { validationError } from '../core/private/errors';
import { guard } from '../core/private/guard';
import { closest } from '../core/private/names';
import { isUnknown } from '../core/private/unknown';

/** Options for a rule group in a web ACL. */
export interface WafOtherRuleGroupOptions {
  /**
   * The names of rules of this group that count instead of block. AWS WAF ignores a name that the group does not have. The names are checked
   * if the group is in the app; those of other groups are not known.
   *
   * @default - every rule does what the group says
   */
  readonly countedRules?: string[];
}

/** The parts of a group that are known without a deployment. */
interface Known {
  readonly scope?: string;
  readonly capacity?: number;
  readonly rules?: string[];
}

type Render = (ruleActionOverrides: CfnWebACL.RuleActionOverrideProperty[] | undefined) => CfnWebACL.StatementProperty;

const REGIONAL = 'REGIONAL';

/**
 * A rule group that AWS does not maintain: one of your own, or of a vendor in AWS Marketplace.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-groups.html
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * declare const rules: wafv2.CfnRuleGroup;
 *
 * new DualAlbGateway(this, 'Gateway', {
 *   network: mesh,
 *   external: ExternalSide.https({
 *     certificate,
 *     waf: Waf.managedRules({ otherRuleGroups: [WafOtherRuleGroup.fromRuleGroup(rules, { countedRules: ['NoTenantHeader'] })] }),
 *   }),
 * });
 */
export class WafOtherRuleGroup {
  /**
   * A rule group of the app.
   *
   * @param ruleGroup regional rule group, in the Region of the gateway
   * @param options rules that count
   */
  public static fromRuleGroup(ruleGroup: CfnRuleGroup, options: WafOtherRuleGroupOptions = {}): WafOtherRuleGroup {
    const render: Render = (ruleActionOverrides) => ({
      ruleGroupReferenceStatement: { arn: ruleGroup.attrArn, ruleActionOverrides },
    });
    return new WafOtherRuleGroup(ruleGroup.node.id, options, render, () => knownOf(ruleGroup));
  }

  /**
   * An existing rule group.
   *
   * @param ruleGroupArn ARN of a regional rule group, in the Region of the gateway
   * @param options rules that count
   */
  public static fromArn(ruleGroupArn: string, options: WafOtherRuleGroupOptions = {}): WafOtherRuleGroup {
    const render: Render = (ruleActionOverrides) => ({ ruleGroupReferenceStatement: { arn: ruleGroupArn, ruleActionOverrides } });
    if (isUnknown(ruleGroupArn)) return new WafOtherRuleGroup('RuleGroup', options, render);
    const [, scope, name] = /^arn:[^:]+:wafv2:[^:]+:[^:]+:([^/]+)\/rulegroup\/([^/]+)\/.+/.exec(ruleGroupArn) ?? [];
    const found = { scope: scope === 'regional' ? REGIONAL : (scope ?? ruleGroupArn) };
    return new WafOtherRuleGroup(name ?? 'RuleGroup', options, render, () => found);
  }

  /**
   * A rule group of a vendor in AWS Marketplace, to which the account is subscribed.
   *
   * @param vendorName name of the vendor, as `aws wafv2 list-available-managed-rule-groups` shows it
   * @param groupName name of the rule group
   * @param options rules that count
   */
  public static marketplace(vendorName: string, groupName: string, options: WafOtherRuleGroupOptions = {}): WafOtherRuleGroup {
    const render: Render = (ruleActionOverrides) => ({
      managedRuleGroupStatement: { vendorName, name: groupName, ruleActionOverrides },
    });
    const isVendor = isUnknown(vendorName) || /^[\x20-\x7e]{1,128}$/.test(vendorName.trim());
    const names = isVendor ? [groupName] : [vendorName, groupName];
    return new WafOtherRuleGroup(isUnknown(groupName) ? 'RuleGroup' : groupName, options, render, () => ({}), names);
  }

  /** The name of the rule in the web ACL. @internal */
  public readonly _name: string;

  private constructor(
    name: string,
    private readonly options: WafOtherRuleGroupOptions,
    private readonly render: Render,
    private readonly known: () => Known = () => ({}),
    private readonly names: string[] = [],
  ) {
    // A number may follow, and 128 characters are the limit.
    this._name = name.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 120);
  }

  /** @internal */
  public get _capacity(): number {
    return this.known().capacity ?? 0;
  }

  /** @internal */
  public get _statement(): CfnWebACL.StatementProperty {
    const overrides = this.options.countedRules?.map((name) => ({ name, actionToUse: { count: {} } }));
    return this.render(overrides?.length ? overrides : undefined);
  }

  /** @internal */
  public _validate(scope: Construct, prop: string): void {
    const group = this.known();
    if (group.scope !== undefined && group.scope !== REGIONAL) {
      throw validationError(scope, 'WafRuleGroupScope', {
        prop,
        must: 'be a regional WAFv2 rule group',
        got: group.scope,
        fix: 'create it with the scope "REGIONAL"; a group for CloudFront (global) cannot be in the web ACL of a load balancer',
      });
    }
    this.requireNames(scope, prop);
    const wrong = group.rules && this.options.countedRules?.find((name) => !isUnknown(name) && !group.rules!.includes(name));
    if (wrong === undefined) return;
    const meant = closest(wrong, group.rules!);
    throw validationError(scope, 'WafCountedRule', {
      prop: `${prop}.countedRules`,
      must: `contain names of rules of ${this._name}, because the override of another one has no effect`,
      got: wrong,
      fix: meant ? `did you mean "${meant}"?` : `its rules are ${group.rules!.join(', ')}`,
    });
  }

  private requireNames(scope: Construct, prop: string): void {
    const wrong = [...this.names, ...(this.options.countedRules ?? [])].find((name) => !isUnknown(name) && !isName(name));
    if (wrong === undefined) return;
    throw validationError(scope, 'WafRuleGroupName', {
      prop,
      must: 'have names of 1 to 128 letters, digits, underscores and hyphens; that of a vendor can contain other characters',
      got: wrong,
      fix: 'copy them from `aws wafv2 list-available-managed-rule-groups --scope REGIONAL`',
    });
  }
}

function isName(name: string): boolean {
  return /^[A-Za-z0-9_-]{1,128}$/.test(name);
}

guard({ WafOtherRuleGroup });

function knownOf({ scope, capacity, rules }: CfnRuleGroup): Known {
  const names = Array.isArray(rules) ? rules.map((rule) => ('name' in rule ? rule.name : '')) : [''];
  return {
    scope: isUnknown(scope) ? undefined : scope,
    capacity: isUnknown(capacity) ? undefined : capacity,
    rules: names.every((name) => name !== '' && !isUnknown(name)) ? names : undefined,
  };
}
