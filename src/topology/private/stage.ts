import { Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Returns the app or the stage whose assembly contains `scope`. CDK's `Stage.of` of a stage is the one around it. */
export function assemblyScope(scope: IConstruct): IConstruct {
  return Stage.isStage(scope) ? scope : (Stage.of(scope) ?? scope.node.root);
}
