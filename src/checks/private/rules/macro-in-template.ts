import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { Resource } from '../../../template/private/app-templates';
import { Rule, verdict } from '../rule';

export const macroInTemplate: Rule = {
  id: 'MacroInTemplate',
  trap: 'T28',
  level: NagMessageLevel.WARN,
  info: 'The template uses a macro that adds resources or permissions to it.',
  explanation:
    'CloudFormation rejects the template without CAPABILITY_AUTO_EXPAND. Hosted rotation creates a nested stack, whose resources the deployment must be allowed to create, and a role without the permissions boundary of the app; a serverless application also creates roles and a deployment. Let RDS manage the password, rotate it with your own function, or define the resources explicitly.',
  check: (resource) => {
    if (needsMacro(resource)) return verdict(true);
    if (resource.type === ROTATION) return verdict(false);
    return isFirstOfExpanded(resource) ? verdict(true) : NagRuleCompliance.NOT_APPLICABLE;
  },
};

const ROTATION = 'AWS::SecretsManager::RotationSchedule';

function needsMacro(resource: Resource): boolean {
  const isHosted = resource.type === ROTATION && !resource.at('HostedRotationLambda').isAbsent;
  return isHosted || resource.type.startsWith('AWS::Serverless::') || (resource.app.hasMacros && resource.at().usesMacro);
}

/**
 * Returns true for the resource on which the macro is reported. A macro that transforms the whole template belongs to no resource, so it is
 * reported once, unless a resource is known to need it.
 */
function isFirstOfExpanded(resource: Resource): boolean {
  const { transforms, resources } = resource.template;
  return transforms.length > 0 && resources[0] === resource && !resources.some(needsMacro);
}
