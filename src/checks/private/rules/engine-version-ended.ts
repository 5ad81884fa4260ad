import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { findEnded, findEnding } from '../../../core/private/ends-of-support';
import { managedVersion } from '../managed-version';
import { Rule, verdict } from '../rule';

export const engineVersionEnded: Rule = {
  id: 'EngineVersionEnded',
  trap: 'T29',
  level: NagMessageLevel.ERROR,
  info: 'The version of the database, cache or function is past its end of support.',
  explanation:
    'AWS no longer creates resources with this version, upgrades existing ones in a maintenance window, or bills Extended Support. Choose a supported version, and for a database only the major version: https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/ends-of-support.md lists them.',
  check: (resource) => {
    const { product, version } = managedVersion(resource);
    if (version === undefined || !findEnding(product, version)) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(findEnded(product, version) !== undefined);
  },
};
