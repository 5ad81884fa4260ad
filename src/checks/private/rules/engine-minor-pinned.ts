import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { managedVersion } from '../managed-version';
import { Rule, verdict } from '../rule';

/** Parts of a major version. Aurora is not included: none of its documentation says that it accepts a major version alone. */
const PARTS_OF_MAJOR: Readonly<Record<string, number>> = { 'rds/postgres': 1, 'rds/mysql': 2, 'rds/mariadb': 2 };

export const engineMinorPinned: Rule = {
  id: 'EngineMinorPinned',
  trap: 'T29',
  level: NagMessageLevel.WARN,
  info: 'The database specifies a minor version of its engine.',
  explanation:
    'RDS supports a minor version for about a year and then creates no more instances with it: you cannot create the same stack again, in another account or after a disaster. Specify only the major version, such as PostgresEngineVersion.VER_17, and let RDS choose the minor version.',
  check: (resource) => {
    const { product, version } = managedVersion(resource);
    const parts = PARTS_OF_MAJOR[product];
    if (version === undefined || parts === undefined) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(version.split('.').length > parts);
  },
};
