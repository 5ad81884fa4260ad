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
    'AWS refuses to make new ones of such a version, upgrades those that are there in a maintenance window, or bills Extended Support. Name a version of docs/ends-of-support.md that goes on; of a database best the major version alone.',
  check: (resource) => {
    const { product, version } = managedVersion(resource);
    if (version === undefined || !findEnding(product, version)) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(findEnded(product, version) !== undefined);
  },
};
