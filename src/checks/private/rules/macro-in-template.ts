import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { Resource } from '../../../template/private/app-templates';
import { Rule, verdict } from '../rule';

export const macroInTemplate: Rule = {
  id: 'MacroInTemplate',
  trap: 'T28',
  level: NagMessageLevel.WARN,
  info: 'A macro makes more of the template than it says.',
  explanation:
    'Such a template is refused without CAPABILITY_AUTO_EXPAND. Hosted rotation makes a nested stack, whose resources the deployment must be allowed to make, and a role without the permissions boundary of the app; a serverless application makes roles and a deployment too. Let RDS manage the password, rotate with a function of your own, or write the resources out.',
  check: (resource) => {
    if (needsMacro(resource)) return verdict(true);
    if (resource.type === ROTATION) return verdict(false);
    return isFirstOfExpanded(resource) ? verdict(true) : NagRuleCompliance.NOT_APPLICABLE;
  },
};

const ROTATION = 'AWS::SecretsManager::RotationSchedule';

function needsMacro(resource: Resource): boolean {
  const isHosted = resource.type === ROTATION && !resource.at('HostedRotationLambda').isAbsent;
  return isHosted || resource.type.startsWith('AWS::Serverless::') || resource.at().usesMacro;
}

/**
 * Returns true for the resource on which the macro is reported. A macro that transforms the whole template belongs to no resource, so it is
 * reported once, unless a resource is known to need it.
 */
function isFirstOfExpanded(resource: Resource): boolean {
  const { transforms, resources } = resource.template;
  return transforms.length > 0 && resources[0] === resource && !resources.some(needsMacro);
}
