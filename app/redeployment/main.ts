/* eslint-disable import/no-unresolved -- the runtime of Lambda has them */
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { ECS } from '@aws-sdk/client-ecs';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
/* eslint-enable import/no-unresolved */
import { handle, Rotated } from './handler';

const [ecs, secretsManager, cloudFormation] = [new ECS(), new SecretsManager(), new CloudFormation()];

/** Called by EventBridge with the input of the rule's target. */
export const handler = (rotated: Rotated) =>
  handle(rotated, {
    ecs,
    secretsManager,
    cloudFormation,
    // eslint-disable-next-line no-console
    log: (text) => console.log(text),
  });
