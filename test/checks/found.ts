import { App } from 'aws-cdk-lib';
import { EcsMeshChecks } from 'cdk-ecs-mesh';

/** Findings of an app as `id path`, in the order of the alphabet. */
export function found(app: App, pack = new EcsMeshChecks()): string[] {
  app.synth();
  return pack
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) => violatingResources.map((r) => `${ruleName} ${r.constructPath}`))
    .sort();
}
