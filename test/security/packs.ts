import { App } from 'aws-cdk-lib';
import { EcsMeshChecks } from 'cdk-ecs-mesh';
import { AwsSolutionsChecks, HIPAASecurityChecks, NagPack, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';

export const PACKS: Record<string, () => NagPack> = {
  AwsSolutions: () => new AwsSolutionsChecks(),
  'NIST 800-53 R5': () => new NIST80053R5Checks(),
  HIPAA: () => new HIPAASecurityChecks(),
  'PCI DSS 3.2.1': () => new PCIDSS321Checks(),
  EcsMesh: () => new EcsMeshChecks(),
};

/** A rule that a construct breaks, without the name of its pack. */
export interface Finding {
  readonly pack: string;
  readonly rule: string;
  readonly path: string;
}

/** What the packs, all five unless told otherwise, find in an app that nobody acknowledged. */
export function findingsOf(app: App, packs = Object.keys(PACKS)): Finding[] {
  app.synth();
  return packs.flatMap((pack) =>
    PACKS[pack]()
      .validateScope(app)
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath: path = '' }) => ({ pack, rule: ruleName.replace(/^[^-]*-/, ''), path })),
      ),
  );
}

/** As text, so that a test that fails says where. */
export const inWords = (findings: Finding[]) => findings.map(({ pack, rule, path }) => `${pack}: ${rule} at ${path}`);
